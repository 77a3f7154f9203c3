import Observability
import Testing

@Suite struct TraceContextTests {
    /// The recommendation's own examples (3.2, 4.3), and what its test suite sends.
    @Test(
        "A well formed field is continued",
        arguments: [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", false),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
            ("00-12345678901234567890123456789012-1234567890123456-ff", true),
            ("00-12345678901234567890123456789012-1234567890123456-02", false),
            ("cc-12345678901234567890123456789012-1234567890123456-01", true),
            ("cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like", true),
            ("00-00000000000000000000000000000001-0000000000000001-00", false),
        ])
    func aWellFormedFieldIsContinued(_ field: String, _ isSampled: Bool) throws {
        let context = try #require(TraceContext(traceparent: field))
        let parts = field.split(separator: "-").map(String.init)
        #expect(context.traceID == parts[1])
        #expect(context.spanID == parts[2])
        #expect(context.isSampled == isSampled)
        #expect(context.traceparent == "00-\(parts[1])-\(parts[2])-\(isSampled ? "01" : "00")")
    }

    @Test(
        "Any other field is as if there were none",
        arguments: [
            "", "00", "00-", "00-00000000000000000000000000000000-1234567890123456-01",
            "00-12345678901234567890123456789012-0000000000000000-01",
            "ff-12345678901234567890123456789012-1234567890123456-01",
            "00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
            "00-12345678901234567890123456789012-1234567890123456-01-",
            "cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-not-be-like",
            "00-ABCDEF78901234567890123456789012-1234567890123456-01",
            "00-12345678901234567890123456789012-123456789012345A-01",
            "00-1234567890123456789012345678901.-1234567890123456-01",
            "00-12345678901234567890123456789012-1234567890123456-.0",
            ".0-12345678901234567890123456789012-1234567890123456-01",
            "00_12345678901234567890123456789012_1234567890123456_01",
            "00-1234567890123456789012345678901-1234567890123456-01",
            "00-123456789012345678901234567890123-1234567890123456-01",
            "00-12345678901234567890123456789012-123456789012345-01",
            "00-12345678901234567890123456789012-1234567890123456-1",
            " 00-12345678901234567890123456789012-1234567890123456-01",
            "00-12345678901234567890123456789012-1234567890123456-01 ",
            "00-12345678901234567890123456789012-1234567890123456-01, 00-12345678901234567890123456789012-1234567890123456-01",
            "cc-12345678901234567890123456789012-1234567890123456-01-" + String(repeating: "x", count: 512),
            "00-1234567890123456789012345678901é-1234567890123456-01",
        ])
    func anyOtherFieldIsAsIfThereWereNone(_ field: String) {
        #expect(TraceContext(traceparent: field) == nil)
    }

    @Test("A child keeps the trace and the decision and has its own span")
    func aChildKeepsTheTraceAndTheDecisionAndHasItsOwnSpan() throws {
        var generator = FixedGenerator(1)
        for flags in ["00", "01"] {
            let parent = try #require(
                TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\(flags)"))
            let child = parent.child(using: &generator)
            #expect(child.traceID == parent.traceID)
            #expect(child.spanID != parent.spanID)
            #expect(child.isSampled == parent.isSampled)
        }
    }

    @Test("The spans of a trace differ and are well-formed")
    func manySpans() throws {
        var generator = FixedGenerator(2)
        let parent = try #require(TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        let children = (0..<100).map { _ in parent.child(using: &generator) }
        #expect(children.allSatisfy { TraceContext(traceparent: $0.traceparent) == $0 })
        #expect(Set(children.map(\.spanID)).count == 100)
    }

    @Test("A generator of zeros makes no span of zeros")
    func zeros() throws {
        var generator = ZerosFirst()
        let parent = try #require(TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        let child = parent.child(using: &generator)
        #expect(TraceContext(traceparent: child.traceparent) == child)
    }

    @Test(
        "A safe request ID is kept",
        arguments: [
            "a", "550e8400-e29b-41d4-a716-446655440000", "Root=1-67891233-abc/x:y@z_~+.",
            String(repeating: "9", count: 128),
        ])
    func aSafeRequestIDIsKept(_ given: String) {
        var generator = FixedGenerator(3)
        #expect(RequestID.accept(given, using: &generator) == given)
    }

    @Test(
        "Any other is replaced by 32 digits",
        arguments: [
            nil, "", " a", "a b", "a\"b", "a\nb", "a\\b", "a,b", "a;b", "é", "<a>", String(repeating: "9", count: 129),
        ])
    func anyOtherIsReplacedBy32Digits(_ given: String?) {
        var generator = FixedGenerator(4)
        let made = RequestID.accept(given, using: &generator)
        #expect(made != given)
        #expect(made.utf8.count == 32)
        #expect(made.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(made != RequestID.accept(given, using: &generator))
    }
}
