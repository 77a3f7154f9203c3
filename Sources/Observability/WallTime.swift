import TextCodecs

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// A moment in UTC.
package struct WallTime: Sendable, Equatable {
    /// The milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The time in RFC 3339 with milliseconds: `2026-01-31T23:59:59.007Z`. Holds for the years 0 to 9999.
    package var text: String { CalendarTime(milliseconds: milliseconds).rfc3339 }
}
