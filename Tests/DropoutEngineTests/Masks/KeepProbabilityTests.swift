import DropoutEngine
import Testing

@Suite struct KeepProbabilityTests {
    @Test(
        "A keep probability and the rate that completes it are one value",
        arguments: [(0.8, 0.2), (0.9, 0.1), (0.7, 0.3), (0.5, 0.5), (0.75, 0.25), (0.999, 0.001), (1, 0), (0, 1)])
    func oneValue(keep: Double, rate: Double) throws {
        let byKeep = try KeepProbability(keep: keep)
        let byRate = try KeepProbability(rate: rate)
        #expect(byKeep == byRate)
        #expect(byKeep.keep == keep)
        #expect(byKeep.rate == rate)
    }

    @Test("What is given is held as given, and the other is its complement in float64")
    func complements() throws {
        for thousandth in 0...1000 {
            let given = Double(thousandth) / 1000
            let byRate = try KeepProbability(rate: given)
            #expect(byRate.rate == given)
            #expect(byRate.keep == 1 - given)
            let byKeep = try KeepProbability(keep: given)
            #expect(byKeep.keep == given)
            // Either the rounded complement or a shorter rate whose complement this keep is.
            #expect(byKeep.rate == 1 - given || 1 - byKeep.rate == given)
            #expect((byKeep.rate - (1 - given)).magnitude <= 0x1p-53)
        }
    }

    @Test("Keep 0.8 has the rate 0.2, not 0.19999999999999996")
    func shortRate() throws {
        #expect(1 - 0.8 == 0.19999999999999996)
        #expect(try KeepProbability(keep: 0.8).rate == 0.2)
    }

    @Test("The ends and the numbers next to them are held")
    func ends() throws {
        for value in [0, .leastNonzeroMagnitude, 0x1p-53, 1.0.nextDown, 1] {
            #expect(try KeepProbability(keep: value).keep == value)
            #expect(try KeepProbability(rate: value).rate == value)
        }
    }

    @Test(
        "NaN, infinities and everything outside 0...1 are refused",
        arguments: [
            -0.1, -.leastNonzeroMagnitude, 1.0.nextUp, 1.5, 2, -1, 1e308, -.infinity, .infinity, .nan, -.nan,
            .signalingNaN,
        ] as [Double])
    func refused(_ value: Double) {
        func isRefusal(_ error: any Error) -> Bool {
            guard case .probabilityOutOfRange(let found) = error as? DropoutError else { return false }
            return found == value || (found.isNaN && value.isNaN)
        }
        #expect(performing: { _ = try KeepProbability(keep: value) }, throws: isRefusal)
        #expect(performing: { _ = try KeepProbability(rate: value) }, throws: isRefusal)
    }
}
