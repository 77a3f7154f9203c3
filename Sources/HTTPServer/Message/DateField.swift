import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// The Date field (RFC 9110, 6.6.1), made once a second.
final class DateField: Sendable {
    private let state = Mutex<(second: time_t, text: String)>((0, ""))

    var value: String {
        let now = time(nil)
        return state.withLock { state in
            if state.second != now { state = (now, Self.format(now)) }
            return state.text
        }
    }

    /// For instance "Sun, 06 Nov 1994 08:49:37 GMT".
    static func format(_ seconds: time_t) -> String {
        var (seconds, parts) = (seconds, tm())
        gmtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
