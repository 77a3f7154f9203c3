/// A moment in UTC by the proleptic Gregorian calendar, for the dates of HTTP and of logs.
package struct CalendarTime: Sendable, Equatable {
    private let year: Int64
    /// The month, from 1.
    private let month: Int64
    /// The day of the month, from 1.
    private let day: Int64
    /// The day of the week; 0 is Sunday.
    private let weekday: Int64
    private let millisecondOfDay: Int64

    /// - Parameter milliseconds: the time since 1970-01-01T00:00:00Z without leap seconds.
    package init(milliseconds: Int64) {
        let (days, rest) = milliseconds.quotientDown(86_400_000)
        (year, month, day) = Self.date(days)
        // 1970-01-01 was a Thursday.
        weekday = (days + 4).quotientDown(7).remainder
        millisecondOfDay = rest
    }

    /// RFC 3339 with milliseconds: `2026-01-31T23:59:59.007Z`. For the years 0 to 9999.
    package var rfc3339: String {
        "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))T\(clock)."
            + "\(Self.digits(millisecondOfDay % 1000, 3))Z"
    }

    /// The form of HTTP's fields (IMF-fixdate: RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. For the years 0 to 9999.
    package var httpDate: String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return
            "\(days[Int(weekday)]), \(Self.digits(day, 2)) \(months[Int(month) - 1]) \(Self.digits(year, 4)) \(clock) GMT"
    }

    private var clock: String {
        let seconds = millisecondOfDay / 1000
        return "\(Self.digits(seconds / 3600, 2)):\(Self.digits(seconds / 60 % 60, 2)):\(Self.digits(seconds % 60, 2))"
    }

    /// The date of a day since 1970-01-01.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientDown(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}

extension Int64 {
    /// The quotient rounded down, and the remainder, which is not negative.
    fileprivate func quotientDown(_ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
