import DropoutService
import Testing

/// The numbers in an answer's fields.
@Suite struct JSONWriterFieldTests {
    /// JavaScript and other readers with float64 numbers hold each whole number up to 2^53 and no longer 2^53 + 1.
    @Test(
        "A whole number above 2^53 is printed as a string, and 2^53 as a number",
        arguments: [
            ("0", "0"), ("9007199254740991", "9007199254740991"), ("9007199254740992", "9007199254740992"),
            ("9007199254740993", #""9007199254740993""#), ("18446744073709551614", #""18446744073709551614""#),
        ], ["offset", "seed"])
    func naturals(_ number: (sent: String, printed: String), _ field: String) throws {
        let rest = field == "seed" ? "" : #","seed":1"#
        let reply = ask("/mask", #"{"shape":[1],"rate":0.5,"\#(field)":"\#(number.sent)"\#(rest)}"#)
        #expect(try reply.json(field) == number.printed)
    }
}
