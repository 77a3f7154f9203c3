import AccessControl
import Dispatch
import Foundation
import Synchronization
import Testing

@Suite struct KeyRingTests {
    /// A line for the keys file at costs that a test can pay.
    private static func line(_ name: String, _ secret: String, options: String = "", logN: Int = 10) throws -> String {
        let costs = try #require(ScryptParameters(logN: logN, r: 8, p: 1))
        let hash = try #require(ScryptHash(of: Array(secret.utf8), parameters: costs))
        return "\(name):\(hash.text)\(options)\n"
    }

    private static func ring(_ text: String, _ change: (inout VerificationLimits) -> Void = { _ in }) throws -> KeyRing
    {
        var limits = VerificationLimits()
        change(&limits)
        return try #require(KeyRing(KeyFile(text), limits: limits))
    }

    private static func name(_ answer: Verification?) -> String? {
        if case .accepted(let identity) = answer { identity.name } else { nil }
    }

    @Test("The right token is accepted and remembered with its rate")
    func theRightTokenIsAcceptedAndRememberedWithItsRate() throws {
        let ring = try Self.ring(Self.line("a.b", "s3cret_-~+/=", options: " rate=5/s"))
        #expect(ring.cached("a.b.s3cret_-~+/=") == nil)
        let answer = ring.verify("a.b.s3cret_-~+/=", address: "192.0.2.1", now: .zero)
        guard case .accepted(let identity) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(identity.name == "a.b")
        #expect(identity.rate == .limited(try #require(RequestRate("5/s"))))
        #expect(ring.cached("a.b.s3cret_-~+/=") == answer)
    }

    @Test(
        "A wrong token is refused and remembered",
        arguments: ["alice.wrong", "bob.secret", "alice.secre", "alice.secretx", "Alice.secret"])
    func aWrongTokenIsRefusedAndRemembered(_ token: String) throws {
        let ring = try Self.ring(Self.line("alice", "secret"))
        #expect(Self.name(ring.verify("alice.secret", address: "192.0.2.1", now: .zero)) == "alice")
        #expect(ring.cached(token) == nil)
        #expect(ring.verify(token, address: "192.0.2.1", now: .zero) == .refused)
        #expect(ring.cached(token) == .refused)
        #expect(Self.name(ring.cached("alice.secret")) == "alice")
    }

    @Test(
        "What cannot be a token costs nothing",
        arguments: [
            "", ".", "alice", "alice.", ".secret", "alice.sec ret", "al ice.secret", "alice.secret\0", "alice.sécret",
            "alice." + String(repeating: "x", count: 257), String(repeating: "a", count: 65) + ".x",
        ])
    func whatCannotBeATokenCostsNothing(_ token: String) throws {
        let ring = try Self.ring(Self.line("alice", "secret")) { $0.maximumConcurrent = 0 }
        #expect(ring.cached(token) == .refused)
        #expect(ring.verify(token, address: "192.0.2.1", now: .zero) == .refused)
    }

    /// The time that a check takes tells nothing of a name: without the work it would be a thousandth.
    @Test("An unknown name takes the time of a known one")
    func aNameThatThereIsNotTakesTheTimeOfOneThatThereIs() throws {
        let ring = try Self.ring(Self.line("alice", "secret"))
        func nanoseconds(_ token: String) -> Int {
            (0..<5).map { attempt in
                let start = Self.threadNanoseconds()
                #expect(ring.verify("\(token)\(attempt)", address: "192.0.2.1", now: .zero) == .refused)
                return Self.threadNanoseconds() - start
            }.min() ?? 0
        }
        let (known, unknown) = (nanoseconds("alice.wrong"), nanoseconds("nobody.wrong"))
        #expect(unknown > known / 3 && known > unknown / 3)
    }

    private static func threadNanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test("New tokens are checked at a limited rate")
    func newTokensAreCheckedAtALimitedRate() throws {
        let ring = try Self.ring(Self.line("alice", "secret") + Self.line("bob", "other")) {
            $0.callerRate = RequestRate("1/m", burst: 3) ?? $0.callerRate
        }
        #expect(Self.name(ring.verify("alice.secret", address: "192.0.2.1", now: .zero)) == "alice")
        #expect(ring.verify("alice.1", address: "192.0.2.1", now: .zero) == .refused)
        #expect(ring.verify("nobody.2", address: "192.0.2.1", now: .zero) == .refused)
        // A right token that was not seen waits like any other.
        #expect(ring.verify("bob.other", address: "192.0.2.1", now: .seconds(1)) == .busy(retryAfter: 59))
        // What is remembered is answered.
        #expect(Self.name(ring.verify("alice.secret", address: "192.0.2.1", now: .seconds(1))) == "alice")
        #expect(ring.verify("alice.1", address: "192.0.2.1", now: .seconds(1)) == .refused)
        #expect(Self.name(ring.verify("bob.other", address: "192.0.2.1", now: .seconds(60))) == "bob")
    }

    @Test("Wrong tokens are forgotten oldest first")
    func wrongTokensAreForgottenOldestFirst() throws {
        let ring = try Self.ring(Self.line("alice", "secret")) { $0.maximumRemembered = 2 }
        for secret in ["1", "2", "3"] {
            #expect(ring.verify("alice.\(secret)", address: "192.0.2.1", now: .zero) == .refused)
        }
        #expect(ring.cached("alice.1") == nil)
        #expect(ring.cached("alice.2") == .refused)
        #expect(ring.cached("alice.3") == .refused)
    }

    @Test("Replacing forgets what changed and keeps the rest")
    func replacingForgetsWhatChangedAndKeepsTheRest() throws {
        let (alice, bob) = try (Self.line("alice", "secret"), Self.line("bob", "other"))
        let ring = try Self.ring(alice + bob)
        for token in ["alice.secret", "bob.other", "carol.new"] {
            _ = ring.verify(token, address: "192.0.2.1", now: .zero)
        }
        let changed = try Self.line("alice", "secret")
        let file = try KeyFile(changed + bob.dropLast() + " rate=none\n" + Self.line("carol", "new"))
        ring.replace(file)
        // The same secret under another hash is checked anew.
        #expect(ring.cached("alice.secret") == nil)
        #expect(Self.name(ring.verify("alice.secret", address: "192.0.2.1", now: .zero)) == "alice")
        // The new options of an unchanged hash are in force.
        guard case .accepted(let identity) = ring.cached("bob.other") else {
            Issue.record("bob is forgotten")
            return
        }
        #expect(identity.rate == .unlimited)
        // A token that was wrong may be right now.
        #expect(ring.cached("carol.new") == nil)
        #expect(Self.name(ring.verify("carol.new", address: "192.0.2.1", now: .zero)) == "carol")
        ring.replace(try KeyFile(bob))
        #expect(ring.cached("alice.secret") == nil)
        #expect(ring.verify("alice.secret", address: "192.0.2.1", now: .zero) == .refused)
        #expect(Self.name(ring.cached("bob.other")) == "bob")
    }

    /// Sixteen threads with one new token: all are answered, and the budget pays for one check.
    @Test("Threads that share a new token share its check")
    func threadsThatShareANewTokenShareItsCheck() throws {
        let ring = try Self.ring(Self.line("alice", "secret", logN: 14)) {
            $0.callerRate = RequestRate("1/d", burst: 2) ?? $0.callerRate
            $0.maximumWaiting = 15
        }
        for token in ["alice.wrong", "alice.secret"] {
            let answers = Mutex<[Verification]>([])
            let threads = (0..<16).map { _ in
                Self.thread {
                    let answer = ring.verify(token, address: "192.0.2.1", now: .zero)
                    answers.withLock { $0.append(answer) }
                }
            }
            for thread in threads { thread.wait() }
            let names = answers.withLock { $0.map { Self.name($0) ?? ($0 == .refused ? "refused" : "busy") } }
            #expect(names == [String](repeating: token == "alice.secret" ? "alice" : "refused", count: 16))
        }
        #expect(ring.checksInProgress == 0)
        #expect(ring.verify("alice.other", address: "192.0.2.1", now: .zero) == .busy(retryAfter: 86_400))
    }

    /// What is found under keys that are replaced before the answer counts for nothing.
    @Test("Keys replaced during a check decide")
    func keysReplacedDuringACheckDecide() throws {
        let old = try KeyFile(Self.line("alice", "secret", logN: 15))
        let new = try KeyFile(Self.line("alice", "other", logN: 15) + Self.line("carol", "new"))
        for token in ["alice.secret", "carol.new"] {
            var wasReplacedInTime = false
            for _ in 0..<50 where !wasReplacedInTime {
                let ring = try #require(KeyRing(old))
                let answer = Mutex<Verification?>(nil)
                let thread = Self.thread {
                    let found = ring.verify(token, address: "192.0.2.1", now: .zero)
                    answer.withLock { $0 = found }
                }
                while ring.checksInProgress == 0, answer.withLock({ $0 == nil }) {}
                ring.replace(new)
                wasReplacedInTime = ring.checksInProgress == 1
                thread.wait()
                let found = answer.withLock { $0 }
                // A thread that had not come to its check yet found the new keys.
                if Self.name(found) == "carol" { wasReplacedInTime = false }
                guard wasReplacedInTime else { continue }
                #expect(found == .refused)
                // carol's token was wrong under the old keys, which is not held against it.
                if token == "carol.new" {
                    #expect(ring.cached(token) == nil)
                    #expect(Self.name(ring.verify(token, address: "192.0.2.1", now: .zero)) == "carol")
                } else {
                    #expect(ring.verify(token, address: "192.0.2.1", now: .zero) == .refused)
                    #expect(Self.name(ring.verify("alice.other", address: "192.0.2.1", now: .zero)) == "alice")
                }
            }
            #expect(wasReplacedInTime)
        }
    }

    /// A thread of its own, as the workers are.
    private static func thread(_ work: @escaping @Sendable () -> Void) -> DispatchGroup {
        let group = DispatchGroup()
        group.enter()
        Thread.detachNewThread {
            work()
            group.leave()
        }
        return group
    }

    @Test(
        "The token is taken from the authorization field",
        arguments: [
            ("Bearer a.b", "a.b"), ("bearer a.b", "a.b"), ("BEARER  a.b", "a.b"), ("Basic a.b", nil), ("Bearer", nil),
            ("Bearer a.b, Bearer c.d", nil), ("a.b", nil), ("", nil), ("Bearera.b", nil),
        ])
    func theTokenIsTakenFromTheAuthorizationField(_ field: String, _ token: String?) {
        #expect(BearerToken.text(authorization: field) == token)
    }

    @Test("Fresh secrets are long and differ")
    func freshSecretsAreLongAndDiffer() throws {
        let secrets = (0..<8).compactMap { _ in BearerToken.freshSecret() }
        #expect(Set(secrets).count == 8)
        #expect(secrets.allSatisfy { $0.utf8.count == 43 && BearerToken("x." + $0) != nil })
    }
}
