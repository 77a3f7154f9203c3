import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// Writes log lines to a file descriptor, for example standard error.
///
/// Each line is one write(2), so that lines of several threads do not mix. Up to ``LogLine/maximumBytes`` the lines of several
/// processes do not mix either. A line that the descriptor does not take at once is dropped and counted, for example if a pipe
/// or a disk is full. Before the next line that is taken, a line says how many are missing. So the log never makes a request
/// wait. The caller must ignore SIGPIPE.
package final class LogSink: Sendable {
    /// A sink for standard error that does not wait for its reader.
    package static func standardError(_ format: LogFormat) -> LogSink {
        LogSink(descriptor: nonBlocking(2), format: format)
    }

    private struct State {
        var dropped: UInt64 = 0
        /// The number of dropped lines that the log has reported.
        var reported: UInt64 = 0
        /// Whether the last line was written in part, so that the next one must begin with a newline.
        var isTorn = false
    }

    /// The form of the lines.
    package let format: LogFormat
    private let descriptor: Int32
    private let state = Mutex(State())

    /// - Parameter descriptor: The caller closes it.
    package init(descriptor: Int32, format: LogFormat = .json) {
        self.descriptor = descriptor
        self.format = format
    }

    /// Opens the pipe or terminal of `descriptor` again, without blocking. The result is `descriptor` itself for other files.
    ///
    /// A terminal that nobody reads may say that it takes a line, and then block in the middle of the line. O_NONBLOCK on
    /// `descriptor` itself would affect every process that shares it.
    package static func nonBlocking(_ descriptor: Int32) -> Int32 {
        var status = stat()
        guard fstat(descriptor, &status) == 0, [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT) else {
            return descriptor
        }
        let opened = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        return opened >= 0 ? opened : descriptor
    }

    /// The number of lines that were dropped since the start.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    package func add(_ line: [UInt8]) {
        state.withLock { state in
            if state.dropped > state.reported {
                let count = state.dropped - state.reported
                if put(Self.notice(count, format, at: .now), &state) { state.reported += count }
            }
            if !put(line, &state) { state.dropped &+= 1 }
        }
    }

    /// The line that reports dropped lines.
    package static func notice(_ dropped: UInt64, _ format: LogFormat, at time: WallTime) -> [UInt8] {
        var line = LogLine(format)
        line.add("time", .text(time.text))
        line.add("level", .text("warning"))
        line.add("message", .text("log lines were dropped"))
        line.add("dropped", .unsigned(dropped))
        return line.finish()
    }

    /// Writes a line. Returns whether all of it was taken.
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
