import Testing
import TextCodecs

@Suite("A number that is not finite")
struct NonFiniteNumberTests {
    /// ECMA-262, Number::toString.
    @Test(
        "has ECMAScript's name", arguments: [(Double.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity")])
    func names(number: Double, name: String) throws {
        let found = try #require(NonFiniteNumber(number))
        #expect("\(found.quoted)" == "\"\(name)\"")
        #expect(NonFiniteNumber(name: name) == found)
        #expect(found == NonFiniteNumber(Float(number)))
        let value: Double = found.value()
        #expect(value == number || value.isNaN && number.isNaN)
        let single: Float = found.value()
        #expect(single == Float(number) || single.isNaN && number.isNaN)
    }

    @Test("has the same name with either sign if it is NaN")
    func signs() { #expect(NonFiniteNumber(-Double.nan) == .nan) }

    @Test("is no finite one", arguments: [0, -0.0, .greatestFiniteMagnitude, .leastNonzeroMagnitude] as [Double])
    func finite(number: Double) { #expect(NonFiniteNumber(number) == nil) }

    @Test("has no other name", arguments: ["nan", "inf", "-NaN", "+Infinity", "Infinity ", "", "\"NaN\""])
    func others(name: String) { #expect(NonFiniteNumber(name: name) == nil) }
}
