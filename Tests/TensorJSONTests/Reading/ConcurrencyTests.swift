import Foundation
import Synchronization
import TensorJSON
import Testing

/// One array read by several threads is the array that one thread reads.
@Suite struct ConcurrencyTests {
    /// Parts in one thread, last ones first or first ones first, and parts in threads, cut as finely as given.
    static let concurrencies: [Concurrency] = [
        Concurrency(minimumPartBytes: 1, width: { 16 }, run: { count, part in (0..<count).reversed().forEach(part) }),
        Concurrency(minimumPartBytes: 17, width: { 3 }, run: { count, part in (0..<count).forEach(part) }),
        Concurrency(
            minimumPartBytes: 64, width: { 2 },
            run: { count, part in DispatchQueue.concurrentPerform(iterations: count) { part($0) } }),
        Concurrency(
            minimumPartBytes: 300, width: { 5 },
            run: { count, part in DispatchQueue.concurrentPerform(iterations: count) { part($0) } }),
    ]

    /// All of the outcome: bits, shape, place, digits, problem or refusal.
    private func outcome(
        _ text: [UInt8], _ elementType: ElementType, _ concurrency: Concurrency, limits: JSONLimits = JSONLimits()
    ) -> String {
        let result = text.withUnsafeBufferPointer { text in
            Result { () throws(JSONParseError) in
                try JSONDocument.parse(text, elementType: elementType, limits: limits, concurrency: concurrency)
            }
        }
        switch result {
        case .failure(let error): return "\(error)"
        case .success(.object(let object)):
            return object.members.map { member in
                guard let array = member.value.numberArray else { return "\(member.name): \(member.value.shown)" }
                let problem = array.problem.map { "\($0.path) \($0.detail)" } ?? "none"
                return "\(member.name): \(array.shape) \(array.source) \(problem) \(array.shown)"
            }.joined(separator: "\n")
        case .success(let value): return value.shown
        }
    }

    private func nested(_ shape: ArraySlice<Int>, _ separator: String, _ random: inout SplitMix64) -> String {
        guard let extent = shape.first else {
            switch Int.random(in: 0..<12, using: &random) {
            case 0: return "0"
            case 1: return "\(Int.random(in: -999...999, using: &random))"
            case 2: return "\(Double.random(in: -1...1, using: &random))e-\(Int.random(in: 0...9, using: &random))"
            default: return "\(Float.random(in: -2...2, using: &random))"
            }
        }
        // A ragged row now and then.
        let count = Int.random(in: 0..<400, using: &random) == 0 ? extent + 1 : extent
        let rows = (0..<count).map { _ in nested(shape.dropFirst(), separator, &random) }
        return "[" + rows.joined(separator: separator) + "]"
    }

    static let shapes: [[Int]] = [
        [1], [300], [2, 150], [150, 2], [1, 300], [300, 1], [20, 15], [5, 6, 7], [40, 2, 3], [2, 3, 40], [3, 4, 5, 4],
        [12, 1, 1, 12],
    ]

    @Test("The outcome is the same with any cuts, for arrays of any shape and for mutated ones", arguments: shapes)
    func anyCuts(shape: [Int]) {
        var random = SplitMix64(seed: UInt64(shape.reduce(7) { $0 * 31 + $1 }))
        let telling = Array("[],\" -.0e5nt}{:\n".utf8)
        for round in 0..<12 {
            let array = nested(shape[...], [",", ", ", ",\n  ", " ,"][round % 4], &random)
            let other = nested([40], ",", &random)
            var text = Array(#"{"a":\#(array),"b":"],[1,2],[3","c":\#(other),"d":[true,false]}"#.utf8)
            for mutation in 0..<4 {
                let type: ElementType = mutation % 2 == 0 ? .float32 : .float64
                let alone = outcome(text, type, .serial)
                for concurrency in Self.concurrencies { #expect(outcome(text, type, concurrency) == alone) }
                text[Int.random(in: 0..<text.count, using: &random)] = telling.randomElement(using: &random) ?? 0
            }
        }
    }

    @Test("A limit of numbers is met at the same one", arguments: [0, 1, 2, 60, 149, 299, 300])
    func limit(maximum: Int) {
        var random = SplitMix64(seed: 5)
        var limits = JSONLimits()
        limits.maximumElements = maximum
        for shape in [[300], [20, 15], [5, 6, 10]] {
            let text = Array(#"{"a":\#(nested(shape[...], ",", &random))}"#.utf8)
            let alone = outcome(text, .float64, .serial, limits: limits)
            for concurrency in Self.concurrencies {
                #expect(outcome(text, .float64, concurrency, limits: limits) == alone)
            }
        }
    }

    @Test("A long array is read in parts, a short one and one for which no thread is free is not")
    func parts() {
        let counts = Counts()
        let text = Array("[[\((0..<2000).map { "\($0),0.5],[" }.joined())1,2]]".utf8)
        for width in [1, 4] {
            let concurrency = Concurrency(
                minimumPartBytes: 1000, width: { width },
                run: { count, part in
                    counts.append(count)
                    (0..<count).forEach(part)
                })
            #expect(outcome(text, .float32, concurrency) == outcome(text, .float32, .serial))
            #expect(outcome(Array(text.prefix(900)), .float32, concurrency).contains("the text ends"))
        }
        #expect(counts.all == [4])
    }

    /// The counts of parts, from any thread.
    private final class Counts: Sendable {
        private let state = Mutex<[Int]>([])
        func append(_ count: Int) { state.withLock { $0.append(count) } }
        var all: [Int] { state.withLock { $0 } }
    }
}
