import AccessControl
import Testing

/// Keys that `hash-key` makes: a SHA-256 of 256 random bits.
@Suite struct FastKeyTests {
    private static func ring(_ lines: String...) throws -> KeyRing {
        var limits = VerificationLimits()
        // A check by scrypt would be refused.
        (limits.maximumConcurrent, limits.maximumQueued) = (0, 0)
        return try #require(KeyRing(KeyFile(lines.joined(separator: "\n")), limits: limits))
    }

    private static func line(_ name: String, _ secret: String) throws -> String {
        "\(name):\(try #require(SHA256Hash(of: Array(secret.utf8))).text)"
    }

    private static func name(_ answer: Verification?) -> String? {
        if case .accepted(let identity) = answer { identity.name } else { nil }
    }

    /// FIPS 180-4, the example of "abc".
    @Test("The hash is SHA-256") func vector() throws {
        #expect(
            try #require(SHA256Hash(of: Array("abc".utf8))).text
                == "$sha256$ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0")
    }

    @Test("A token is checked at once and without a budget, however many wrong ones come")
    func atOnce() throws {
        let ring = try Self.ring(Self.line("alice", "secret"), Self.line("b.ob", "other") + " rate=none")
        for attempt in 0..<5000 {
            #expect(ring.cached("alice.wrong\(attempt)") == .refused)
            #expect(ring.cached("nobody\(attempt).secret") == .refused)
        }
        #expect(Self.name(ring.cached("alice.secret")) == "alice")
        #expect(Self.name(ring.cached("b.ob.other")) == "b.ob")
        #expect(ring.cached("alice.other") == .refused && ring.cached("b.ob.secret") == .refused)
        #expect(ring.counted == (0, 0))
    }

    @Test("A key that is gone is refused from the replacement on") func replaced() throws {
        let ring = try Self.ring(Self.line("alice", "secret"))
        #expect(Self.name(ring.cached("alice.secret")) == "alice")
        ring.replace(try KeyFile(Self.line("bob", "secret")))
        #expect(ring.cached("alice.secret") == .refused)
        #expect(Self.name(ring.cached("bob.secret")) == "bob")
    }

    /// If a file has lines of both kinds, a name is checked at once, or by scrypt, for which `cached` gives nil.
    @Test("The kind of work of a name stays the same, on each replica, and unknown names take both kinds")
    func decoys() throws {
        let costs = try #require(ScryptParameters(logN: 4, r: 8, p: 1))
        let slow = try (0..<4).map { index in
            "slow\(index):\(try #require(ScryptHash(of: [UInt8(index)], parameters: costs)).text)"
        }
        let lines = try slow + (0..<4).map { try Self.line("fast\($0)", "secret\($0)") }
        let file = try KeyFile(lines.joined(separator: "\n"))
        let rings = try (0..<2).map { _ in try #require(KeyRing(file)) }
        var fastCount = 0
        for name in (0..<400).map({ "unknown\($0)" }) {
            let isFast = rings[0].cached(name + ".x") != nil
            fastCount += isFast ? 1 : 0
            for ring in rings {
                for secret in ["x", "y", "secret1"] { #expect((ring.cached("\(name).\(secret)") != nil) == isFast) }
            }
        }
        // Half of the lines are fast; ten standard deviations are 100.
        #expect((100...300).contains(fastCount))
        for index in 0..<4 {
            #expect(rings[0].cached("fast\(index).x") == .refused && rings[0].cached("slow\(index).x") == nil)
        }
    }
}
