import Stopping
import Synchronization
import TensorJSON
import TextCodecs

/// A body of lines (`application/x-ndjson`): a question on each, and an answer or a problem on each line of the answer, in order.
///
/// A line has the answer that it would have alone. Together the lines are within the computing time, the memory and the text of one
/// request, see ``LineSum``, so that they hold a server no longer than one question may. A line that goes beyond is refused in its
/// place. Lines without a question are skipped.
struct LinesPlan: Plan {
    /// The most lines with a question.
    static let maximumLines = 10_000

    private enum Line {
        case plan(any Plan)
        /// The text of a line that is wrong. Its problem is longer, so it is found again when its turn comes.
        case wrong([UInt8])
        /// A line that goes beyond the bounds of all.
        case beyond(Problem)
    }

    /// Makes the plan of one line.
    typealias Reader = @Sendable (UnsafeBufferPointer<UInt8>, StopFlag) throws(Problem) -> any Plan

    private let lines: [Line]
    private let path: String
    private let concurrency: Concurrency
    private let reader: Reader
    let price: Price
    let elements: Int

    /// - Parameters:
    ///   - path: the path that was asked, for problems.
    /// - Throws: a 422 for no question and for too many; ``Problem/stopped``. What is wrong with a line is no error.
    init(
        _ body: UnsafeBufferPointer<UInt8>, path: String, limits: ServiceLimits, concurrency: Concurrency,
        stop: StopFlag, reader: @escaping Reader
    ) throws(Problem) {
        (self.path, self.concurrency, self.reader) = (path, concurrency, reader)
        var sum = LineSum(limits)
        var lines: [Line] = []
        for line in try Self.texts(body, stop) {
            if stop.isSet { throw .stopped }
            if let exhausted = sum.exhausted {
                lines.append(.beyond(exhausted))
                sum.addBeyond()
                continue
            }
            let text = UnsafeBufferPointer(rebasing: body[line])
            let plan: any Plan
            do throws(Problem) {
                plan = try reader(text, stop)
            } catch {
                if error == .stopped { throw error }
                lines.append(.wrong(Array(text)))
                sum.addWrong(error, bytes: text.count)
                continue
            }
            do throws(Problem) {
                try sum.add(plan, bytes: text.count)
                lines.append(.plan(plan))
            } catch {
                lines.append(.beyond(error))
                sum.addBeyond()
            }
        }
        self.lines = lines
        (price, elements) = (sum.price, sum.elements)
    }

    /// The lines of a body that are not blank, without their ends.
    private static func texts(
        _ body: UnsafeBufferPointer<UInt8>, _ stop: StopFlag
    ) throws(Problem) -> [Range<Int>] {
        var texts: [Range<Int>] = []
        var start = 0
        while start < body.count {
            if stop.isSet { throw .stopped }
            let end = body[start...].firstIndex(of: UInt8(ascii: "\n")) ?? body.count
            let isBlank = body[start..<end].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            if !isBlank { texts.append(start..<end) }
            guard texts.count <= maximumLines else {
                throw Problem(unanswerable: [
                    .init(
                        pointer: "", detail: "at most \(maximumLines) lines expected, more found; send several requests"
                    )
                ])
            }
            start = end + 1
        }
        guard !texts.isEmpty else {
            throw Problem(unanswerable: [.init(pointer: "", detail: "a question on each line expected, no line found")])
        }
        return texts
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        let next = Mutex(0)
        return .lines(isDense: false, heldBytes: price.heldBytes, { next.withLock { chunk(&$0, stop) } })
    }

    /// The answers to the next lines: as many as are worth a turn of a worker.
    private func chunk(_ next: inout Int, _ stop: StopFlag) -> ServiceChunk? {
        guard next < lines.count else { return nil }
        let batch = batch(from: next)
        next = batch.upperBound
        let answers = Mutex<[Result<[UInt8], Problem>?]>(.init(repeating: nil, count: batch.count))
        concurrency.run(batch.count) { index in
            let answer = Result { () throws(Problem) in try self.answer(batch.lowerBound + index, stop) }
            answers.withLock { $0[index] = answer }
        }
        var bytes: [UInt8] = []
        for answer in answers.withLock({ $0 }) {
            switch answer ?? .failure(.fault("a line was not answered")) {
            case .success(let line): bytes += line
            case .failure(let problem):
                next = lines.count
                bytes += Self.line { writer in
                    writer.beginObject()
                    writer.key("problem")
                    problem.write(instance: nil, to: &writer)
                    writer.endObject()
                }
                return ServiceChunk(bytes, isCut: true)
            }
        }
        return ServiceChunk(bytes, nextNanoseconds: nanoseconds(self.batch(from: next)))
    }

    private func nanoseconds(_ batch: Range<Int>) -> Int {
        lines[batch].reduce(0) { sum, line in
            if case .plan(let plan) = line { sum.adding(plan.price.nanoseconds) } else { sum }
        }
    }

    /// The lines whose answers are made at the same time, at least one.
    private func batch(from first: Int) -> Range<Int> {
        var (end, time, text) = (first, 0, 0)
        let width = concurrency.width()
        while end < lines.count, end - first < LineSum.batchLines {
            if case .plan(let plan) = lines[end] {
                time = time.adding(plan.price.nanoseconds)
                text = text.adding(plan.price.heldBytes).adding(plan.price.printedBytes)
                if end > first, time > LineSum.batchNanoseconds.times(width) || text > LineSum.batchBytes { break }
            }
            end += 1
        }
        return first..<end
    }

    /// The answer to a line, or its problem, with the end of the line.
    ///
    /// - Throws: ``Problem/stopped``, and a fault.
    private func answer(_ index: Int, _ stop: StopFlag) throws(Problem) -> [UInt8] {
        if stop.isSet { throw .stopped }
        let refusal: Problem
        do throws(Problem) {
            guard case .text(var text) = try plan(index, stop).compute(stop) else {
                throw .fault("the answer to a line is not one text")
            }
            return text.allBytes() + [0x0A]
        } catch {
            if error == .stopped || error.fault != nil { throw error }
            refusal = error
        }
        return Self.line { writer in refusal.write(instance: path, to: &writer) }
    }

    private func plan(_ index: Int, _ stop: StopFlag) throws(Problem) -> any Plan {
        switch lines[index] {
        case .plan(let plan): return plan
        case .wrong(let text):
            return try text.withUnsafeBufferPointer { text throws(Problem) in try reader(text, stop) }
        case .beyond(let problem): throw problem
        }
    }

    private static func line(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        write(&writer)
        var text = writer.finish()
        return text.allBytes() + [0x0A]
    }
}
