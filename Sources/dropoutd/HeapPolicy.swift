import CMalloc
import Glibc

/// Tells glibc's allocator what to do with memory that requests gave back.
enum HeapPolicy {
    /// Keeps the memory for the next request.
    ///
    /// Taking it from the system again, page by page, costs a third of the time of a large request. At most the memory that was
    /// in use at the same time is kept, which the memory budget bounds.
    static func keepForTheNext() {
        // The largest value that glibc accepts.
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 1 << 30)
    }

    /// Leaves most of a limited address space to requests. Must be called before there are threads.
    ///
    /// Otherwise the allocator reserves 64 MiB for each thread.
    static func saveAddressSpace() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < 1 << 36 else { return }
        mallopt(M_ARENA_MAX, Int32(clamping: max(1, limit.rlim_cur / (1 << 30))))
    }

    /// Returns the memory to the system, for a time without open requests.
    static func giveBack() { malloc_trim(0) }
}
