import Testing
import TextCodecs

@Suite("A moment's text")
struct CalendarTimeTests {
    /// The seconds are those of `date -u -d TEXT +%s`. The first text is the example of RFC 9110, section 5.6.7.
    @Test(
        "is HTTP's, to the second",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ])
    func http(seconds: Int64, text: String) {
        #expect(CalendarTime(milliseconds: seconds * 1000).httpDate == text)
        #expect(CalendarTime(milliseconds: seconds * 1000 + 999).httpDate == text)
    }

    /// The first two are examples of RFC 3339, section 5.8, with milliseconds and in UTC.
    @Test(
        "is RFC 3339's, to the millisecond",
        arguments: [
            (482_196_050_520, "1985-04-12T23:20:50.520Z"), (851_042_397_000, "1996-12-20T00:39:57.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (0, "1970-01-01T00:00:00.000Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (253_402_300_799_007, "9999-12-31T23:59:59.007Z"),
        ])
    func rfc3339(milliseconds: Int64, text: String) {
        #expect(CalendarTime(milliseconds: milliseconds).rfc3339 == text)
    }
}
