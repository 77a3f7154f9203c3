import HTTPServer
import Testing

/// The halves of the budget, each caller's share, and the reserve.
@Suite struct MemoryBudgetTests {
    /// 1000 bytes a half, besides a reserve of 100 for each of two workers, where a request of up to 25 is small.
    private static func budget() -> MemoryBudget { MemoryBudget(shares, workerCount: 2) }

    private static let shares = MemoryShares(budgetBytes: 1600, workerCount: 2)

    @Test(
        "The shares are the whole budget",
        arguments: [
            (1 << 30, 2), (1 << 30, 8), (1 << 20, 1), (1600, 2), (1, 1), (0, 1), (100, 64), (1 << 50, 1024),
        ])
    func theSharesAreTheWholeBudget(_ budgetBytes: Int, _ workers: Int) {
        let shares = MemoryShares(budgetBytes: budgetBytes, workerCount: workers)
        #expect(shares.requestBytes + shares.computingBytes + 2 * shares.reserveBytes == budgetBytes)
        #expect(shares.requestBytes >= 0 && shares.computingBytes >= 0)
        #expect(shares.placeBytes <= 4 << 20)
    }

    @Test("A gigabyte for two workers has four mebibytes for each")
    func aGigabyteForTwoWorkersHasFourMebibytesForEach() {
        let shares = MemoryShares(budgetBytes: 1 << 30, workerCount: 2)
        #expect(shares.placeBytes == 4 << 20)
        #expect(shares.computingBytes == 504 << 20)
    }

    @Test("The numbers of these tests are those of the budget")
    func theNumbersOfTheseTests() {
        #expect(Self.shares.requestBytes == 600 && Self.shares.computingBytes == 600)
        #expect(Self.shares.placeBytes == 100 && Self.shares.reserveBytes == 200)
        #expect(Self.shares.smallRequestBytes == 25)
    }

    @Test("A single request may hold the whole half and no more")
    func aSingleRequestMayHoldTheWholeHalfAndNoMore() {
        let holding = MemoryHolding(Self.budget(), caller: "a")
        #expect(holding.take(600))
        #expect(!holding.take(1))
        #expect(!holding.hold(601))
        #expect(holding.hold(600))
    }

    @Test("The requests of one caller together hold half of the half")
    func theRequestsOfOneCallerTogetherHoldHalfOfTheHalf() {
        let budget = Self.budget()
        let (first, second, other) = (
            MemoryHolding(budget, caller: "a"), MemoryHolding(budget, caller: "a"), MemoryHolding(budget, caller: "b")
        )
        #expect(first.hold(200))
        #expect(!second.hold(101))
        #expect(second.hold(100))
        #expect(other.hold(300))
        #expect(budget.usedBytes == 600)
    }

    @Test("A small request finds room in the reserve")
    func aSmallRequestFindsRoomInTheReserve() {
        let budget = Self.budget()
        let large = MemoryHolding(budget, caller: "a")
        #expect(large.hold(600))
        let small = (0..<5).map { _ in MemoryHolding(budget, caller: "b") }
        #expect(!small[0].hold(26))
        // One caller has half of the reserve.
        #expect(small.map { $0.hold(25) } == [true, true, true, true, false])
        let other = MemoryHolding(budget, caller: "c")
        #expect(other.hold(25))
        #expect(budget.usedBytes == 725)
        large.release()
        #expect(small[4].hold(300))
    }

    @Test("To hold less always succeeds")
    func toHoldLessAlwaysSucceeds() {
        let budget = Self.budget()
        let (one, other) = (MemoryHolding(budget, caller: "a"), MemoryHolding(budget, caller: "b"))
        #expect(one.hold(500))
        other.holdAllocated(1000)
        #expect(budget.usedBytes == 1500)
        #expect(one.hold(499))
        #expect(!one.hold(500))
        #expect(other.hold(900))
        #expect(budget.usedBytes == 1399)
        one.release()
        other.release()
        #expect(budget.usedBytes == 0)
    }

    @Test("What is held is given back with the last reference")
    func whatIsHeldIsGivenBackWithTheLastReference() {
        let budget = Self.budget()
        do {
            let holding = MemoryHolding(budget, caller: "a")
            #expect(holding.hold(500))
            let grant = ComputingGrant(budget, bytes: 500)
            #expect(budget.usedBytes == 1000 && grant != nil)
        }
        #expect(budget.usedBytes == 0)
        #expect(budget.takePeak() == 1000)
        #expect(budget.takePeak() == 0)
    }

    @Test("Computations share the other half")
    func computationsShareTheOtherHalf() {
        let budget = Self.budget()
        #expect(ComputingGrant(budget, bytes: 601) == nil)
        let first = ComputingGrant(budget, bytes: 600)
        #expect(first != nil)
        #expect(ComputingGrant(budget, bytes: 101) == nil)
        // A reserved place for each worker.
        let places = (0..<3).map { _ in ComputingGrant(budget, bytes: 100) }
        #expect(places.map { $0 != nil } == [true, true, false])
        #expect(budget.computingBytes == 800)
        #expect(MemoryHolding(budget, caller: "a").hold(600))
        first?.end()
        #expect(budget.computingBytes == 200)
        #expect(ComputingGrant(budget, bytes: 600) != nil)
    }

    @Test("A computation may hold more or less")
    func aComputationMayHoldMoreOrLess() {
        let budget = Self.budget()
        let grant = ComputingGrant(budget, bytes: 100)
        let other = ComputingGrant(budget, bytes: 400)
        #expect(grant?.resize(to: 200) == true)
        #expect(grant?.resize(to: 201) == false)
        #expect(budget.computingBytes == 600)
        #expect(grant?.resize(to: 0) == true)
        #expect(budget.computingBytes == 400)
        grant?.end()
        grant?.end()
        other?.end()
        #expect(budget.computingBytes == 0)
    }
}
