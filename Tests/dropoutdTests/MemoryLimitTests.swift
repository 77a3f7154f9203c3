import Testing
import dropoutd

/// The memory that the process may use, by files as the system has them.
@Suite struct MemoryLimitTests {
    private static func bytes(_ files: [String: String]) -> Int {
        MemoryLimit.bytes(physicalBytes: 16_000_000_000) { files[$0] }
    }

    @Test("Without control groups the limit is the machine's")
    func withoutControlGroupsItIsTheMachines() {
        #expect(Self.bytes([:]) == 16_000_000_000)
        #expect(Self.bytes(["/proc/self/cgroup": ""]) == 16_000_000_000)
        #expect(Self.bytes(["/proc/self/cgroup": "0::/a\n"]) == 16_000_000_000)
    }

    @Test(
        "A group of the second version has its limit",
        arguments: [
            ("512000000\n", 512_000_000), ("max\n", 16_000_000_000), ("32000000000\n", 16_000_000_000),
            ("9223372036854771712\n", 16_000_000_000), ("0\n", 16_000_000_000), ("-1\n", 16_000_000_000),
            ("x\n", 16_000_000_000), ("", 16_000_000_000), ("99999999999999999999999\n", 16_000_000_000),
        ])
    func aGroupOfTheSecondVersionHasItsLimit(_ text: String, _ bytes: Int) {
        #expect(
            Self.bytes([
                "/proc/self/cgroup": "0::/system.slice/a.service\n",
                "/sys/fs/cgroup/system.slice/a.service/memory.max": text,
            ]) == bytes)
    }

    @Test("The least of all groups above counts")
    func theLeastOfAllGroupsAboveCounts() {
        var files = [
            "/proc/self/cgroup": "0::/a/b/c\n", "/sys/fs/cgroup/a/memory.max": "3000000000\n",
            "/sys/fs/cgroup/a/b/memory.max": "2000000000\n", "/sys/fs/cgroup/a/b/c/memory.max": "max\n",
        ]
        #expect(Self.bytes(files) == 2_000_000_000)
        files["/sys/fs/cgroup/a/memory.max"] = "1000000000\n"
        #expect(Self.bytes(files) == 1_000_000_000)
        files["/sys/fs/cgroup/memory.max"] = "500000000\n"
        #expect(Self.bytes(files) == 500_000_000)
    }

    /// A container sees its own group at the root, whatever its path is called outside.
    @Test("A container's group is at the root")
    func aContainersGroupIsAtTheRoot() {
        #expect(
            Self.bytes([
                "/proc/self/cgroup": "0::/../../kubepods/pod1/x\n", "/sys/fs/cgroup/memory.max": "268435456\n",
            ]) == 268_435_456)
        #expect(
            Self.bytes(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "268435456\n"]) == 268_435_456)
    }

    @Test("A group of the first version is the memory controller's")
    func aGroupOfTheFirstVersionIsTheMemoryControllers() {
        let files = [
            "/proc/self/cgroup": "12:cpu,cpuacct:/c\n9:hugetlb,memory:/docker/d\n1:name=systemd:/s\n",
            "/sys/fs/cgroup/memory/docker/d/memory.limit_in_bytes": "1073741824\n",
            "/sys/fs/cgroup/memory/c/memory.limit_in_bytes": "1\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        ]
        #expect(Self.bytes(files) == 1_073_741_824)
    }

    @Test("Lines that are not of the form are not read", arguments: ["garbage", "0:/a", "::", "0::", "x:memory:y:z"])
    func linesThatAreNoneAreNotRead(_ line: String) {
        #expect(Self.bytes(["/proc/self/cgroup": line + "\n"]) == 16_000_000_000)
    }

    @Test("The process's own limits count")
    func theProcesssOwnLimitsCount() {
        let limits = """
            Limit                     Soft Limit           Hard Limit           Units
            Max cpu time              unlimited            unlimited            seconds
            Max data size             4000000000           unlimited            bytes
            Max resident set          1                    unlimited            bytes
            Max locked memory         8388608              8388608              bytes
            Max address space         2147483648           2147483648           bytes

            """
        // Half of the address space is no memory.
        #expect(Self.bytes(["/proc/self/limits": limits]) == 1_073_741_824)
        #expect(
            Self.bytes(["/proc/self/limits": limits.replacing("2147483648 ", with: "unlimited  ")]) == 4_000_000_000)
        #expect(Self.bytes(["/proc/self/limits": "Max address space         unlimited"]) == 16_000_000_000)
    }
}
