import TextCodecs
import Testing

/// Lists of header fields (RFC 9110, 5.6.1 and 5.6.4).
@Suite struct QuotedListTests {
    @Test(
        "A separator in quotation marks separates nothing",
        arguments: [
            ("a,b", ["a", "b"]), ("a,,b,", ["a", "b"]), ("", []), (",", []), ("\"a,b\",c", ["\"a,b\"", "c"]),
            ("a=\"x,\\\",y\",b", ["a=\"x,\\\",y\"", "b"]), ("a\\,b", ["a\\", "b"]), ("\"a,b", ["\"a,b"]),
            ("\"\\\\\",b", ["\"\\\\\"", "b"]),
        ])
    func aQuotedSeparatorSeparatesNothing(_ text: String, _ members: [String]) {
        #expect(QuotedList.split(text[...], at: ",").map(String.init) == members)
    }
}
