import AccessControl
import Testing

@Suite struct RateLimitTests {
    /// One request at a time of milliseconds: allowed or not, remaining, seconds to the next.
    struct Step: Sendable {
        let at: Int
        let isAllowed: Bool
        let remaining: Int
        let reset: Int

        init(_ at: Int, _ isAllowed: Bool, _ remaining: Int, _ reset: Int) {
            (self.at, self.isAllowed, self.remaining, self.reset) = (at, isAllowed, remaining, reset)
        }
    }

    @Test(
        "A bucket allows its rate and its burst",
        arguments: [
            // Two a second, three at once.
            (
                "2/s", 3, 2, 4,
                [
                    Step(0, true, 2, 1), Step(0, true, 1, 1), Step(0, true, 0, 1), Step(0, false, 0, 1),
                    Step(499, false, 0, 1), Step(500, true, 0, 1), Step(999, false, 0, 1), Step(1000, true, 0, 1),
                    Step(9000, true, 2, 1),
                ]
            ),
            // One a minute.
            (
                "1/m", 1, 60, 1,
                [
                    Step(5000, true, 0, 60), Step(5001, false, 0, 60), Step(6000, false, 0, 59),
                    Step(64_999, false, 0, 1),
                    Step(65_000, true, 0, 60),
                ]
            ),
            // Seven a minute, which no unit divides: a token each 8571.43 ms.
            ("7/m", 1, 9, 1, [Step(0, true, 0, 9), Step(8571, false, 0, 1), Step(8572, true, 0, 9)]),
            // A clock that goes back: a little adds nothing and takes nothing, a lot starts from there.
            (
                "1/s", 2, 2, 2,
                [
                    Step(10_000, true, 1, 1), Step(9500, true, 0, 1), Step(10_500, false, 0, 1),
                    Step(11_000, true, 0, 1),
                    Step(2000, false, 0, 1), Step(3000, true, 0, 1), Step(-3_600_000, false, 0, 1),
                    Step(-3_599_000, true, 0, 1),
                ]
            ),
            // A clock that leaps ahead fills the bucket and no more.
            (
                "1000000/s", 1_000_000, 1, 1_000_000,
                [Step(0, true, 999_999, 1), Step(.max / 2_000_000, true, 999_999, 1)]
            ),
        ])
    func aBucketAllowsItsRateAndItsBurst(
        _ rate: String, _ burst: Int, _ window: Int, _ limit: Int, _ steps: [Step]
    ) throws {
        let limiter = RateLimiter(standard: RequestRate(rate, burst: burst))
        for step in steps {
            let decision = limiter.take(.anonymous(""), now: .milliseconds(step.at))
            #expect(
                decision
                    == RateDecision(
                        isAllowed: step.isAllowed, remaining: step.remaining, limit: limit, window: window,
                        reset: step.reset), "at \(step.at) ms")
        }
    }

    /// In any stretch of time a caller gets at most its burst and what the rate gives.
    @Test("A busy caller gets the rate exactly", arguments: [("100/s", 20), ("7/s", 2), ("59/m", 13), ("1000/h", 1)])
    func aBusyCallerGetsTheRateExactly(_ text: String, _ burst: Int) throws {
        let rate = try #require(RequestRate(text, burst: burst))
        let limiter = RateLimiter(standard: rate)
        let milliseconds = 20_000
        var allowed = 0
        for now in 0...milliseconds where limiter.take(.anonymous("a"), now: .milliseconds(now))?.isAllowed == true {
            allowed += 1
        }
        #expect(allowed == burst + rate.count * milliseconds / 1000 / rate.windowSeconds)
    }

    @Test(
        "The advertised quota holds the burst",
        arguments: [
            ("100/s", 100, 100, 1), ("100/s", 200, 200, 2), ("100/s", 10, 100, 1), ("100/s", 150, 200, 2),
            ("30/m", 30, 30, 60), ("30/m", 5, 5, 10), ("1/h", 1, 1, 3600), ("7/m", 1, 1, 9),
            ("10000/d", 10_000, 10_000, 86_400),
        ])
    func theAdvertisedQuotaHoldsTheBurst(_ text: String, _ burst: Int, _ quota: Int, _ window: Int) throws {
        let rate = try #require(RequestRate(text, burst: burst))
        #expect(rate.advertisedQuota == quota)
        #expect(rate.advertisedWindow == window)
    }

    @Test("The fields are those of the draft")
    func theFieldsAreTheDrafts() throws {
        let limiter = RateLimiter(standard: RequestRate("2/m", burst: 1))
        let allowed = try #require(limiter.take(.anonymous(""), now: .zero))
        #expect(
            allowed.fields.map { "\($0.name): \($0.value)" } == [
                #"RateLimit-Policy: "default";q=1;w=30"#, #"RateLimit: "default";r=0;t=30"#,
            ])
        let refused = try #require(limiter.take(.anonymous(""), now: .milliseconds(1500)))
        #expect(
            refused.fields.map { "\($0.name): \($0.value)" } == [
                #"RateLimit-Policy: "default";q=1;w=30"#, #"RateLimit: "default";r=0;t=29"#, "Retry-After: 29",
            ])
    }

    @Test("Callers do not share a bucket")
    func callersDoNotShareABucket() throws {
        let limiter = RateLimiter(standard: RequestRate("1/d"))
        #expect(limiter.take(.anonymous("a"), now: .zero)?.isAllowed == true)
        #expect(limiter.take(.anonymous("b"), now: .zero)?.isAllowed == true)
        #expect(limiter.take(.anonymous("a"), now: .zero)?.isAllowed == false)
    }

    @Test("A key's own rate goes before the standard and counts anew when it changes")
    func aKeysOwnRateGoesBeforeTheStandardAndCountsAnewWhenItChanges() throws {
        let limiter = RateLimiter(standard: RequestRate("1/d"))
        func identity(_ options: String) throws -> Identity {
            let costs = try #require(ScryptParameters(logN: 4, r: 8, p: 1))
            let hash = try #require(ScryptHash(of: [1], parameters: costs)).text
            return try #require(try KeyFile("a:\(hash)\(options)").keys.first?.identity)
        }
        let (slow, fast) = try (identity(" rate=1/h"), identity(" rate=2/h"))
        #expect(limiter.take(slow, now: .zero)?.limit == 1)
        #expect(limiter.take(slow, now: .zero)?.isAllowed == false)
        #expect(limiter.take(fast, now: .zero)?.remaining == 1)
        #expect(limiter.take(fast, now: .zero)?.remaining == 0)
        #expect(limiter.take(fast, now: .zero)?.isAllowed == false)
        #expect(try limiter.take(identity(" rate=none"), now: .zero) == nil)
        #expect(try limiter.take(identity(""), now: .zero)?.window == 86_400)
    }

    @Test("Without a rate there is no limit")
    func withoutARateThereIsNoLimit() {
        #expect(RateLimiter(standard: nil).take(.anonymous(""), now: .zero) == nil)
    }

    @Test("A flood of callers is bounded and keeps the latest")
    func aFloodOfCallersIsBoundedAndKeepsTheLatest() throws {
        let limiter = RateLimiter(standard: RequestRate("1/h"), maximumBuckets: 100)
        for caller in 0..<10_000 {
            _ = limiter.take(.anonymous("\(caller)"), now: .milliseconds(caller))
            #expect(limiter.count <= 100)
        }
        for caller in 9_950..<10_000 {
            #expect(limiter.take(.anonymous("\(caller)"), now: .seconds(11))?.isAllowed == false)
        }
    }

    @Test("Full buckets go first")
    func fullBucketsGoFirst() throws {
        let limiter = RateLimiter(standard: RequestRate("1/s"), maximumBuckets: 4)
        for caller in ["a", "b", "c"] { _ = limiter.take(.anonymous(caller), now: .zero) }
        _ = limiter.take(.anonymous("d"), now: .milliseconds(1500))
        _ = limiter.take(.anonymous("e"), now: .milliseconds(1600))
        #expect(limiter.count == 2)
        #expect(limiter.take(.anonymous("d"), now: .milliseconds(1600))?.isAllowed == false)
    }

    @Test("Threads get the burst together and not one more")
    func threadsGetTheBurstTogetherAndNotOneMore() async throws {
        let limiter = RateLimiter(standard: RequestRate("1/d", burst: 1000))
        let allowed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<500).count { _ in limiter.take(.anonymous(""), now: .zero)?.isAllowed == true }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(allowed == 1000)
    }
}
