import CMalloc
import Glibc

/// What happens to memory that a request has given back.
enum HeapPolicy {
    /// Keeps it for the next request: to take it from the system anew costs a third of a large request's time, page by
    /// page. What is kept is at most what was in use at once, which the memory budget bounds.
    static func keepForTheNext() {
        // The largest that glibc takes.
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 1 << 30)
    }

    /// Leaves most of a limited address space to requests: the allocator lays 64 MiB by for each thread. To be called before
    /// there are threads.
    static func saveAddressSpace() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < 1 << 36 else { return }
        mallopt(M_ARENA_MAX, Int32(clamping: max(1, limit.rlim_cur / (1 << 30))))
    }

    /// Gives it back to the system, for when nothing is in work.
    static func giveBack() { malloc_trim(0) }
}
