import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// Checks that the system gives the files, threads and memory that the settings need.
///
/// Without these checks the libraries would find out, and end the process without a clear message.
enum StartProbe {
    /// Descriptors in addition to those of connections and event loops: logs, signals, timers and the listener.
    private static let spareDescriptors = 8
    /// The descriptors of an event loop: epoll, a timer and an event.
    private static let descriptorsPerLoop = 3

    /// Raises the soft limit of open files as far as the settings need, and checks that it is enough for the event loops.
    ///
    /// - Returns: The number of descriptors that are left for connections.
    static func descriptors(loops: Int, connections: Int) throws(StartError) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return connections }
        let fixed = openDescriptors + descriptorsPerLoop * loops + spareDescriptors
        let wanted = rlim_t(fixed + connections)
        if limit.rlim_cur < wanted, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        guard limit.rlim_cur >= rlim_t(fixed) else {
            throw StartError(
                text:
                    "\(limit.rlim_cur) open files are allowed (ulimit -n); \(fixed) are needed with \(loops) event loops"
            )
        }
        return Int(clamping: limit.rlim_cur) - fixed
    }

    private static var openDescriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 16
    }

    /// Checks that `count` threads can run at the same time, with `memoryBytes` of address space in addition.
    ///
    /// The threads are really started, and ended again. Whether they start depends on the limits of processes, address space and
    /// data, and on the reserves of the allocator for each thread.
    static func threads(_ count: Int, memoryBytes: Int) throws(StartError) {
        let space = mmap(nil, memoryBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard space != MAP_FAILED else {
            throw StartError(
                text: "\(memoryBytes) bytes of memory cannot be had (ulimit -v): \(String(cString: strerror(errno)))")
        }
        defer { munmap(space, memoryBytes) }
        let hold = Hold()
        var threads: [pthread_t] = []
        defer {
            for _ in threads { hold.end.signal() }
            for thread in threads { pthread_join(thread, nil) }
        }
        for _ in 0..<count {
            var thread = pthread_t()
            let result = pthread_create(
                &thread, nil,
                { context in
                    // The thread owns one reference, which it releases.
                    guard let context else { return nil }
                    Unmanaged<Hold>.fromOpaque(context).takeRetainedValue().wait()
                    return nil
                }, Unmanaged.passRetained(hold).toOpaque())
            guard result == 0 else {
                Unmanaged.passUnretained(hold).release()
                throw StartError(
                    text: "\(count) threads cannot be started, with memory for each (ulimit -u, -v, -d): "
                        + String(cString: strerror(result)))
            }
            threads.append(thread)
            hold.begun.wait()
        }
        let data = mmap(nil, Self.dataBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard data != MAP_FAILED else {
            throw StartError(
                text: "\(Self.dataBytes) bytes of memory cannot be had (ulimit -v, -d): "
                    + String(cString: strerror(errno)))
        }
        munmap(data, Self.dataBytes)
    }

    /// The least memory that the program needs in addition to its threads.
    static let dataBytes = 16 << 20

    private final class Hold: Sendable {
        let begun = DispatchSemaphore(value: 0)
        let end = DispatchSemaphore(value: 0)
        private let held = Mutex<[[UInt8]]>([])

        func wait() {
            // An allocation makes the allocator reserve an arena for this thread.
            held.withLock { $0.append([UInt8](repeating: 0, count: $0.count + 1)) }
            begun.signal()
            end.wait()
        }
    }
}
