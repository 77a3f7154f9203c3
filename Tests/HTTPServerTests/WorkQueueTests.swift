import HTTPServer
import Testing

/// The order of waiting work: the callers in turn, each caller's own in order.
@Suite struct WorkQueueTests {
    private static func item(_ caller: String, _ isRequest: Bool = true, rank: UInt64 = .max) -> WorkItem {
        let evict: @Sendable () -> Void = {}
        return WorkItem(caller: caller, kind: .short, rank: rank, isRequest: isRequest, evict: isRequest ? evict : nil)
        {
            _ in
        }
    }

    /// The callers in the order in which their items are taken.
    private static func order(_ queue: WorkQueue, unless isPassed: (WorkItem) -> Bool = { _ in false }) -> [String] {
        var queue = queue
        var order: [String] = []
        while let item = queue.take({ isPassed($0) ? .pass : .take }) { order.append(item.caller) }
        return order
    }

    private static func queue(_ callers: String) -> WorkQueue {
        var queue = WorkQueue()
        for caller in callers { queue.add(item(String(caller))) }
        return queue
    }

    @Test(
        "The callers take turns",
        arguments: [
            ("", ""), ("a", "a"), ("aaa", "aaa"), ("aab", "aba"), ("aaabbc", "abcaba"), ("abcabc", "abcabc"),
        ])
    func theCallersTakeTurns(_ added: String, _ taken: String) {
        #expect(Self.order(Self.queue(added)).joined() == taken)
    }

    @Test("A caller's own items keep their order")
    func aCallersOwnItemsKeepTheirOrder() {
        let items = (0..<5).map { _ in Self.item("a") }
        var queue = WorkQueue()
        for item in items { queue.add(item) }
        let taken = items.map { _ in queue.take { _ in .take } }
        #expect(zip(taken, items).allSatisfy { $0 === $1 })
        #expect(queue.isEmpty)
    }

    @Test("A rank orders a caller's own items, and leaves the turns of the callers as they are")
    func aRankOrdersACallersOwnItems() {
        let ranks: [UInt64] = [.max, 2, 1, .max, 2, 1]
        let items = ranks.map { Self.item("a", rank: $0) }
        var queue = WorkQueue()
        for item in items { queue.add(item) }
        let other = Self.item("b")
        queue.add(other)
        var taken: [WorkItem] = []
        while let item = queue.take({ _ in .take }) { taken.append(item) }
        let expected = [items[2], other, items[5], items[1], items[4], items[0], items[3]]
        #expect(zip(taken, expected).allSatisfy { $0 === $1 })
        #expect(taken.count == expected.count)
    }

    @Test("A caller that is passed keeps its turn")
    func aCallerThatIsPassedKeepsItsTurn() {
        var queue = Self.queue("aabbcc")
        let second = queue.take { $0.caller == "a" ? .pass : .take }
        #expect(second?.caller == "b")
        #expect(Self.order(queue).joined() == "acbac")
        #expect(Self.order(queue, unless: { $0.caller == "c" }).joined() == "aba")
    }

    @Test("A late caller is next after those who wait")
    func whoComesLateIsNextButForThoseWhoWait() {
        var queue = Self.queue("aaab")
        _ = queue.take { _ in .take }
        queue.add(Self.item("c"))
        #expect(Self.order(queue).joined() == "baca")
    }

    @Test("An item that is taken out leaves the others in order", arguments: [(0, "abb"), (1, "abb"), (2, "aba")])
    func anItemThatIsTakenOutLeavesTheOthersInOrder(_ place: Int, _ rest: String) {
        let items = ["a", "a", "b"].map { Self.item($0) }
        var queue = WorkQueue()
        for item in items { queue.add(item) }
        queue.add(Self.item("b"))
        let removed = [queue.remove(items[place]), queue.remove(items[place])]
        #expect(removed == [true, false])
        #expect(queue.count == 3)
        #expect(Self.order(queue).joined() == rest)
    }

    @Test("The caller with the most requests is the greediest")
    func theCallerWithTheMostRequestsIsTheGreediest() {
        var queue = Self.queue("abbbcc")
        let last = Self.item("b")
        queue.add(last)
        for _ in 0..<9 { queue.add(Self.item("c", false)) }
        #expect(queue.greediest()?.item === last)
        #expect(queue.greediest()?.count == 4)
        #expect(queue.waitingRequests(of: "c") == 2)
        #expect(queue.requestCount == 7 && queue.count == 16)
        #expect(WorkQueue().greediest() == nil)
    }
}
