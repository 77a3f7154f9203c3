import Synchronization
import TextCodecs

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// The Date field (RFC 9110, 6.6.1), made once a second.
final class DateField: Sendable {
    /// A date with the length of all dates of this form.
    static let placeholder = "Thu, 01 Jan 1970 00:00:00 GMT"

    private let state = Mutex<(second: time_t, text: String)>((0, ""))

    var value: String {
        let now = time(nil)
        return state.withLock { state in
            if state.second != now { state = (now, CalendarTime(milliseconds: Int64(now) * 1000).httpDate) }
            return state.text
        }
    }
}
