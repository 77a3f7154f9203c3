import TextCodecs

/// What the lines of one body take together. They are answered in batches, and all their questions are held until then.
struct LineSum {
    /// The bounds of a batch: one line, or lines of so much time for each thread and of so many bytes together.
    static let batchNanoseconds = 5_000_000
    static let batchBytes = 8 << 20
    static let batchLines = 256

    private let whole: ServiceLimits
    private(set) var elements = 0
    private var nanoseconds = 0
    private var printedBytes = 0
    /// The questions and the refusals that wait.
    private var waitingBytes = 0
    /// The most that a line holds while it is answered, with its text.
    private var largestBytes = 0
    private var batchBytes = 0

    init(_ limits: ServiceLimits) { whole = limits }

    var price: Price {
        Price(
            nanoseconds: nanoseconds,
            heldBytes: waitingBytes.adding(max(largestBytes, min(batchBytes, Self.batchBytes))),
            printedBytes: printedBytes)
    }

    /// Adds the plan of a line, whose text has so many bytes.
    ///
    /// - Throws: a 422 if the lines would take more than one request may. Nothing is added then.
    mutating func add(_ plan: any Plan, bytes textBytes: Int) throws(Problem) {
        var sum = self
        let bytes = plan.price.heldBytes.adding(plan.price.printedBytes)
        sum.elements = elements.adding(plan.elements)
        sum.nanoseconds = nanoseconds.adding(plan.price.nanoseconds)
        sum.printedBytes = printedBytes.adding(plan.price.printedBytes)
        // A text has at most one number in two bytes, and its strings.
        sum.waitingBytes = waitingBytes.adding(min(plan.elements, textBytes / 2).times(8))
            .adding(textBytes).adding(Self.planBytes)
        sum.largestBytes = max(largestBytes, bytes)
        sum.batchBytes = batchBytes.adding(bytes)
        do throws(Problem) {
            try PriceList(sum.price).check(whole)
        } catch {
            throw Problem(
                error.kind, detail: "with the lines before it, \(error.detail); send this line in another request",
                entries: [.init(pointer: "", detail: Self.bounds)])
        }
        self = sum
    }

    /// Why no further line is read: the wrong lines before it have taken all the time. Nil while there is time.
    var exhausted: Problem? {
        guard nanoseconds >= whole.maximumNanoseconds else { return nil }
        return Problem(
            .tooExpensive(.time(nanoseconds, limit: whole.maximumNanoseconds)),
            detail: "the lines before it take the computing time of one request; send this line in another request",
            entries: [.init(pointer: "", detail: Self.bounds)])
    }

    private static let bounds = "the lines of a body are together within the bounds of one request"

    /// Adds a line that is wrong: its text waits, and is read again for its problem.
    mutating func addWrong(_ problem: Problem, bytes: Int) {
        waitingBytes = waitingBytes.adding(bytes).adding(Self.planBytes)
        largestBytes = max(largestBytes, bytes.times(8).adding(Problem.maximumBytes))
        let reading = KernelPrice.question(1).adding(KernelPrice.readText(bytes))
            .adding(problem.entries.count.times(Self.entryNanoseconds))
        addRefusal(reading.times(2))
    }

    /// The time in which one wrong field is refused, most of it the search for the name that may be meant.
    private static let entryNanoseconds = 60_000

    /// Adds a line that goes beyond the bounds. Its problem waits.
    mutating func addBeyond() {
        waitingBytes = waitingBytes.adding(Self.planBytes)
        addRefusal(KernelPrice.question(1))
    }

    private mutating func addRefusal(_ time: Int) {
        nanoseconds = nanoseconds.adding(time)
        printedBytes = printedBytes.adding(Problem.maximumBytes)
    }

    /// The bytes of a plan without its tensors, or of a short problem.
    private static let planBytes = 4096
}
