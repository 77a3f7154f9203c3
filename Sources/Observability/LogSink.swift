import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Where log lines go: a file descriptor, standard error for one.
///
/// Each line is one write(2), so that lines of threads and, up to ``LogLine/maximumBytes``, of processes do not mix. A line that
/// the descriptor does not take at once (a full pipe, a closed reader, a full disk) is dropped and counted; the next line that
/// is taken follows one that tells how many are missing. So the log never makes a request wait. SIGPIPE is the caller's to ignore.
package final class LogSink: Sendable {
    package static let standardError = LogSink(descriptor: 2)

    private struct State {
        var dropped: UInt64 = 0
        /// Of these, told of in the log.
        var told: UInt64 = 0
        /// The last line was taken in part, so that the next begins on a new one.
        var isTorn = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// The descriptor stays the caller's to close.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// Lines dropped since the start.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    package func add(_ line: [UInt8]) {
        state.withLock { state in
            if state.dropped > state.told {
                let count = state.dropped - state.told
                if put(Self.notice(count, at: .now), &state) { state.told += count }
            }
            if !put(line, &state) { state.dropped &+= 1 }
        }
    }

    /// What stands in the log for lines that do not.
    package static func notice(_ dropped: UInt64, at time: WallTime) -> [UInt8] {
        var line = LogLine()
        line.add("time", .text(time.text))
        line.add("level", .text("warning"))
        line.add("message", .text("log lines were dropped"))
        line.add("dropped", .unsigned(dropped))
        return line.finish()
    }

    /// Whether all of `line` was taken.
    private func put(_ line: [UInt8], _ state: inout State) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&request, 1, 0) == 1, request.revents & Int16(POLLOUT) != 0 else { return false }
        let line = state.isTorn ? [UInt8(ascii: "\n")] + line : line
        while true {
            let written = write(descriptor, line, line.count)
            if written < 0, errno == EINTR { continue }
            if written > 0 { state.isTorn = written < line.count }
            return written == line.count
        }
    }
}
