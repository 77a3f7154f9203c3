import FoundationEssentials

/// The memory that the process may use.
package enum MemoryLimit {
    /// The least of these: the memory of the machine, the limits of the control groups of the process (cgroup v2 and v1), the
    /// limit of data and half of the limit of address space (getrlimit).
    ///
    /// Code, stacks and reserves of the allocator take the other half of the address space.
    ///
    /// - Parameters:
    ///   - physicalBytes: The memory of the machine.
    ///   - read: Reads the text of a file. Nil if there is no such file.
    package static func bytes(physicalBytes: Int, read: (String) -> String?) -> Int {
        var limit = physicalBytes
        for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
            // hierarchy:controllers:path
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isV2 = parts[1].isEmpty
            guard isV2 || parts[1].split(separator: ",").contains("memory") else { continue }
            let (root, file) =
                isV2 ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            // In a container the path may not exist. The container's own group is then at the root.
            for folder in folders(parts[2]) {
                if let text = read("\(root)\(folder)/\(file)"), let bytes = number(text) { limit = min(limit, bytes) }
            }
        }
        for line in (read("/proc/self/limits") ?? "").split(separator: "\n") {
            for (name, share) in [("Max address space ", 2), ("Max data size ", 1)] where line.hasPrefix(name) {
                // The soft limit, the hard one, the unit.
                let soft = line.dropFirst(name.utf8.count).split(separator: " ").first
                if let bytes = soft.flatMap({ number(String($0)) }) { limit = min(limit, bytes / share) }
            }
        }
        return limit
    }

    /// The limit of this process.
    static var current: Int {
        bytes(physicalBytes: Int(clamping: ProcessInfo.processInfo.physicalMemory)) { path in
            try? String(contentsOfFile: path, encoding: .utf8)
        }
    }

    /// The path and all paths above it: "", "/a" and "/a/b" for "/a/b".
    private static func folders(_ path: Substring) -> [String] {
        var folders = [""]
        for name in path.split(separator: "/") { folders.append("\(folders.last ?? "")/\(name)") }
        return folders
    }

    /// The number of a limit. Nil for "max", for "unlimited" and for the large number that means no limit in v1.
    private static func number(_ text: String) -> Int? {
        guard let word = text.split(whereSeparator: \.isWhitespace).first, let number = Int(word) else { return nil }
        return (1..<(1 << 60)).contains(number) ? number : nil
    }
}
