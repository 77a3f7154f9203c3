#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// The figures that Linux has of this process.
package struct ProcessFigures: Sendable, Equatable {
    package var residentBytes: Int
    package var virtualBytes: Int
    package var cpuSeconds: Double
    package var threads: Int
    /// The start of the process in seconds since 1970.
    package var startSeconds: Double
    package var openDescriptors: Int?
    /// Nil if there is no limit.
    package var maximumDescriptors: Int?

    /// Reads the texts of /proc/self/stat, /proc/self/limits and /proc/stat (proc(5)).
    ///
    /// Nil if the first or the last text is not as documented.
    package init?(
        stat: String, limits: String, systemStat: String, openDescriptors: Int?, ticksPerSecond: Int, pageBytes: Int
    ) {
        // The command's name, in parentheses, may hold blanks and parentheses; field 3 follows the last one.
        guard ticksPerSecond > 0, let close = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: close)...].split(whereSeparator: { $0 == " " || $0 == "\n" })
        func field(_ number: Int) -> Int? { number - 3 < fields.count ? Int(fields[number - 3]) : nil }
        guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
            let virtual = field(23), let pages = field(24), let boot = Self.value("btime", systemStat)
        else { return nil }
        let ticks = Double(ticksPerSecond)
        residentBytes = pages.multipliedReportingOverflow(by: pageBytes).partialValue
        virtualBytes = virtual
        cpuSeconds = (Double(user) + Double(system)) / ticks
        self.threads = threads
        startSeconds = Double(boot) + Double(start) / ticks
        self.openDescriptors = openDescriptors
        maximumDescriptors = Self.value("Max open files", limits)
    }

    /// The figures of this process now. Nil if there is no /proc. Reads three small files and a directory.
    package static func now() -> ProcessFigures? {
        guard let stat = text(of: "/proc/self/stat"), let systemStat = text(of: "/proc/stat") else { return nil }
        return ProcessFigures(
            stat: stat, limits: text(of: "/proc/self/limits") ?? "", systemStat: systemStat,
            openDescriptors: entries("/proc/self/fd"), ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)),
            pageBytes: sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The first number of the line that begins with `name`.
    private static func value(_ name: String, _ text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line?.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
    }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (text, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 16 << 10))
        while text.count < 4 << 20 {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            text += chunk.prefix(count)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The number of entries of a directory of descriptors, without the descriptor that reads the directory.
    private static func entries(_ path: String) -> Int? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
        }
        return max(0, count - 1)
    }
}

extension ProcessFigures {
    /// Adds the figures under the names that Prometheus' client libraries use.
    func add(to page: inout MetricsPage) {
        page.family("process_cpu_seconds_total", .counter, "CPU time, user and system.")
        page.sample(seconds: cpuSeconds)
        page.family("process_resident_memory_bytes", .gauge, "Resident memory.")
        page.sample(residentBytes)
        page.family("process_virtual_memory_bytes", .gauge, "Virtual memory.")
        page.sample(virtualBytes)
        page.family("process_start_time_seconds", .gauge, "Start of the process, since 1970.")
        page.sample(seconds: startSeconds)
        page.family("process_threads", .gauge, "Threads.")
        page.sample(threads)
        if let openDescriptors {
            page.family("process_open_fds", .gauge, "Open file descriptors.")
            page.sample(openDescriptors)
        }
        if let maximumDescriptors {
            page.family("process_max_fds", .gauge, "Most file descriptors that may be open.")
            page.sample(maximumDescriptors)
        }
    }
}
