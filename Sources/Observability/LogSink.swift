import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// Where log lines go: a file descriptor, for example standard error.
///
/// Each line is one write(2), so that lines of threads and, up to ``LogLine/maximumBytes``, of processes do not mix. A line that
/// the descriptor does not take at once (a full pipe, a closed reader, a full disk) is dropped and counted; the next line that
/// is taken follows one that tells how many are missing. So the log never makes a request wait. SIGPIPE is the caller's to ignore.
package final class LogSink: Sendable {
    /// Standard error, without waiting for its reader.
    package static func standardError(_ format: LogFormat) -> LogSink {
        LogSink(descriptor: nonBlocking(2), format: format)
    }

    private struct State {
        var dropped: UInt64 = 0
        /// Of these, told of in the log.
        var told: UInt64 = 0
        /// The last line was taken in part, so that the next begins on a new one.
        var isTorn = false
    }

    /// The form of the lines, and of the one that says how many are missing.
    package let format: LogFormat
    private let descriptor: Int32
    private let state = Mutex(State())

    /// The descriptor stays the caller's to close.
    package init(descriptor: Int32, format: LogFormat = .json) {
        self.descriptor = descriptor
        self.format = format
    }

    /// A second, non-blocking way to the pipe or terminal that `descriptor` writes to; else `descriptor` itself.
    ///
    /// A terminal that nobody reads says that it takes a line and then blocks in the middle of it. O_NONBLOCK on the
    /// descriptor itself would hold for every process that shares it, so the file is opened again.
    package static func nonBlocking(_ descriptor: Int32) -> Int32 {
        var status = stat()
        guard fstat(descriptor, &status) == 0, [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT) else {
            return descriptor
        }
        let opened = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        return opened >= 0 ? opened : descriptor
    }

    /// Lines dropped since the start.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    package func add(_ line: [UInt8]) {
        state.withLock { state in
            if state.dropped > state.told {
                let count = state.dropped - state.told
                if put(Self.notice(count, format, at: .now), &state) { state.told += count }
            }
            if !put(line, &state) { state.dropped &+= 1 }
        }
    }

    /// What stands in the log for lines that do not.
    package static func notice(_ dropped: UInt64, _ format: LogFormat, at time: WallTime) -> [UInt8] {
        var line = LogLine(format)
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
