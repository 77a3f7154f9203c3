import DropoutEngine
import Stopping
import Synchronization
import TensorJSON
import TextCodecs

/// Runs passes on the threads that are free and hands over their results in the order of the passes.
///
/// The results do not depend on the number of threads.
struct PassRunner<Output: Sendable>: Sendable {
    /// The passes of this runner draw from here.
    private var draws: Draws
    private let concurrency: Concurrency
    /// One pass, whose dropouts are ready to be drawn.
    private let run: @Sendable ([ReadyDraw?], StopFlag) throws(Problem) -> Output
    private let passesPerPart: Int
    private let maximumInFlight: Int

    /// A part of this length is worth handing to another thread.
    private static var partNanoseconds: Int { 200_000 }
    /// The results of this many parts may wait for their turn at most.
    private static var maximumParts: Int { 8 }
    /// The results that wait take at most this much memory, or are one pass.
    private static var maximumBytes: Int { 64 << 20 }

    /// - Parameter pass: the price of one pass; its bytes are those that it holds until its result is taken.
    init(
        _ draws: Draws, pass: Price, concurrency: Concurrency,
        run: @escaping @Sendable ([ReadyDraw?], StopFlag) throws(Problem) -> Output
    ) {
        self.draws = draws
        self.concurrency = concurrency
        self.run = run
        passesPerPart = Self.passesPerPart(pass)
        maximumInFlight = Self.inFlight(pass)
    }

    private static func passesPerPart(_ pass: Price) -> Int {
        min(1024, max(1, partNanoseconds / max(1, pass.nanoseconds)))
    }

    /// How many passes may be in work at once, whatever the number of threads.
    static func inFlight(_ pass: Price) -> Int {
        max(1, min(maximumParts.times(passesPerPart(pass)), maximumBytes / max(1, pass.heldBytes)))
    }

    /// Runs `count` passes and gives each result to `take`, in order.
    mutating func forEach(
        _ count: Int, _ stop: StopFlag, take: (Output) throws(Problem) -> Void
    ) throws(Problem) {
        var left = count
        while left > 0 {
            let results = try next(left, stop)
            for result in results { try take(result) }
            left -= results.count
        }
    }

    /// Runs the next passes, at least one and at most `maximum`, and returns their results in order.
    mutating func next(_ maximum: Int, _ stop: StopFlag) throws(Problem) -> [Output] {
        do { try stop.check() } catch { throw .stopped }
        let count = min(maximum, maximumInFlight, concurrency.width().times(passesPerPart))
        var ready: [[ReadyDraw?]] = []
        for _ in 0..<max(1, count) { ready.append(try draws.next(stop)) }
        let parts = (ready.count + passesPerPart - 1) / passesPerPart
        guard parts > 1 else { return try Self.run(ready[...], run, stop) }
        let results = Mutex<[Result<[Output], Problem>?]>(.init(repeating: nil, count: parts))
        let (passes, passesPerPart, run) = (ready, passesPerPart, run)
        concurrency.run(parts) { part in
            let slice = passes[part * passesPerPart..<min(passes.count, (part + 1) * passesPerPart)]
            let result = Result { () throws(Problem) in try Self.run(slice, run, stop) }
            results.withLock { $0[part] = result }
        }
        var outputs: [Output] = []
        for result in results.withLock({ $0 }) {
            guard let result else { throw .fault("a part of the passes was not run") }
            outputs += try result.get()
        }
        return outputs
    }

    private static func run(
        _ passes: ArraySlice<[ReadyDraw?]>, _ run: ([ReadyDraw?], StopFlag) throws(Problem) -> Output, _ stop: StopFlag
    ) throws(Problem) -> [Output] {
        var outputs: [Output] = []
        for pass in passes {
            do { try stop.check() } catch { throw .stopped }
            outputs.append(try run(pass, stop))
        }
        return outputs
    }
}
