import AccessControl
import Testing

/// What wrong tokens cost those who present them, and nobody else.
@Suite struct CheckBudgetTests {
    private static func ring(_ names: [String], _ change: (inout VerificationLimits) -> Void = { _ in }) throws
        -> KeyRing
    {
        let costs = try #require(ScryptParameters(logN: 1, r: 1, p: 1))
        let lines = try names.map { name in
            "\(name):\(try #require(ScryptHash(of: Array("secret".utf8), parameters: costs)).text)"
        }
        var limits = VerificationLimits()
        change(&limits)
        return try #require(KeyRing(KeyFile(lines.joined(separator: "\n")), limits: limits))
    }

    private static func isAccepted(_ answer: Verification) -> Bool {
        if case .accepted = answer { true } else { false }
    }

    private static func isBusy(_ answer: Verification) -> Bool {
        if case .busy = answer { true } else { false }
    }

    enum Flood: CaseIterable { case unknownNames, oneUnknownName, theVictimsName }

    /// Each flooder presents a new wrong token every 20 ms.
    @Test("A right key is let in at its first try while others flood", arguments: Flood.allCases, [1, 4, 12])
    func flood(_ flood: Flood, _ flooders: Int) throws {
        let ring = try Self.ring((0..<20).map { "key\($0)" })
        var (checked, accepted) = (0, 0)
        for tick in 0..<3000 {
            let now = Duration.milliseconds(20 * tick)
            for flooder in 0..<flooders {
                let name =
                    switch flood {
                    case .unknownNames: "x\(tick)-\(flooder)"
                    case .oneUnknownName: "x"
                    case .theVictimsName: "key\(min(19, tick / 150))"
                    }
                let answer = ring.verify("\(name).wrong\(tick)-\(flooder)", address: "203.0.113.\(flooder)", now: now)
                checked += Self.isBusy(answer) ? 0 : 1
            }
            // One key after another, each for the first time, from an address of its own.
            guard tick % 150 == 149 else { continue }
            let victim = tick / 150
            accepted +=
                Self.isAccepted(ring.verify("key\(victim).secret", address: "192.0.2.\(victim)", now: now)) ? 1 : 0
        }
        #expect(accepted == 20)
        // 16 at once and 30 in the minute for each flooder; all of them together 4 a second and 8 of the quiet.
        #expect(checked <= min(47 * flooders, 48 + 60 * 12))
        #expect(checked >= 40)
    }

    @Test("An address that has spent its budget waits, and another does not") func address() throws {
        let ring = try Self.ring(["alice", "bob"])
        for attempt in 0..<16 {
            #expect(ring.verify("alice.\(attempt)", address: "a", now: .zero) == .refused)
        }
        #expect(ring.verify("bob.secret", address: "a", now: .zero) == .busy(retryAfter: 2))
        #expect(Self.isAccepted(ring.verify("bob.secret", address: "b", now: .zero)))
        // A key that is remembered costs nothing.
        #expect(Self.isAccepted(ring.verify("bob.secret", address: "a", now: .zero)))
        #expect(Self.isAccepted(ring.verify("alice.secret", address: "a", now: .seconds(2))))
    }

    @Test(
        "A name has a budget over all addresses that are not quiet, whether it is a key or not",
        arguments: ["alice", "nobody"])
    func name(_ name: String) throws {
        let ring = try Self.ring(["alice"]) {
            $0.rate = RequestRate("1000/s") ?? $0.rate
            $0.quietRate = RequestRate("1000/s") ?? $0.quietRate
        }
        var refused = 0
        for attempt in 0..<8 {
            for address in ["a", "b", "c", "d"] {
                let answer = ring.verify("\(name).\(address)\(attempt)", address: address, now: .zero)
                refused += answer == .refused ? 1 : 0
            }
        }
        #expect(refused == 16)
        #expect(ring.verify("\(name).late", address: "a", now: .zero) == .busy(retryAfter: 2))
        #expect(ring.verify("other.late", address: "a", now: .zero) == .refused)
        #expect(ring.verify("\(name).late", address: "quiet", now: .zero) == .refused)
    }

    @Test("What is counted of addresses and names is bounded") func bounded() throws {
        let ring = try Self.ring(["alice"]) {
            $0.maximumCounted = 100
            $0.quietRate = RequestRate("1000000/s") ?? $0.quietRate
        }
        for caller in 0..<5000 {
            _ = ring.verify("n\(caller).x", address: "a\(caller)", now: .zero)
            let counted = ring.counted
            #expect(counted.addresses <= 100 && counted.names <= 100)
        }
    }
}
