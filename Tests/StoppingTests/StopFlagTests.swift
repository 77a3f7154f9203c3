import Stopping
import Synchronization
import Testing

@Suite("A stop flag")
struct StopFlagTests {
    @Test("lets the computation go on until it is set")
    func goesOn() throws {
        let flag = StopFlag()
        #expect(!flag.isSet)
        try flag.check()
    }

    @Test("makes every later check throw")
    func staysSet() {
        let flag = StopFlag()
        flag.set()
        #expect(flag.isSet)
        #expect(throws: Stopped()) { try flag.check() }
        #expect(throws: Stopped()) { try flag.check() }
    }

    @Test("lets others run once for each request, on the computing thread")
    func letsOthersRun() throws {
        let count = Atomic(0)
        let flag = StopFlag { count.add(1, ordering: .relaxed) }
        try flag.check()
        #expect(count.load(ordering: .relaxed) == 0)
        flag.askToLetOthersRun()
        try flag.check()
        try flag.check()
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test("does not let others run after it is set")
    func stopsFirst() {
        let count = Atomic(0)
        let flag = StopFlag { count.add(1, ordering: .relaxed) }
        flag.askToLetOthersRun()
        flag.set()
        #expect(throws: Stopped()) { try flag.check() }
        #expect(count.load(ordering: .relaxed) == 0)
    }

    @Test("that is set while others run stops the computation")
    func isSetWhileOthersRun() {
        let box = Mutex<StopFlag?>(nil)
        let flag = StopFlag { box.withLock { $0?.set() } }
        box.withLock { $0 = flag }
        flag.askToLetOthersRun()
        #expect(throws: Stopped()) { try flag.check() }
        box.withLock { $0 = nil }
    }

    @Test("of work that nobody stops cannot be set")
    func neverStops() throws {
        StopFlag.never.set()
        try StopFlag.never.check()
    }
}
