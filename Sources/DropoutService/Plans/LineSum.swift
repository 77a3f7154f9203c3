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

    /// The limits of the next line: those of a request, but only the elements that are left.
    var limits: ServiceLimits {
        var limits = whole
        limits.maximumElements = max(0, whole.maximumElements - elements)
        return limits
    }

    var price: Price {
        Price(
            nanoseconds: nanoseconds,
            heldBytes: waitingBytes.adding(max(largestBytes, min(batchBytes, Self.batchBytes))),
            printedBytes: printedBytes)
    }

    /// Adds the plan of a line.
    ///
    /// - Throws: a 422 if the lines would take more than one request may. Nothing is added then.
    mutating func add(_ plan: any Plan) throws(Problem) {
        var sum = self
        let bytes = plan.price.heldBytes.adding(plan.price.printedBytes)
        sum.elements = elements.adding(plan.elements)
        sum.nanoseconds = nanoseconds.adding(plan.price.nanoseconds)
        sum.printedBytes = printedBytes.adding(plan.price.printedBytes)
        sum.waitingBytes = waitingBytes.adding(plan.elements.times(8)).adding(Self.planBytes)
        sum.largestBytes = max(largestBytes, bytes)
        sum.batchBytes = batchBytes.adding(bytes)
        do throws(Problem) {
            try PriceList(sum.price).check(whole)
        } catch {
            throw Problem(
                error.kind, detail: "with the lines before it, \(error.detail); send this line in another request",
                entries: [
                    .init(pointer: "", detail: "the lines of a body are together within the bounds of one request")
                ])
        }
        self = sum
    }

    /// Adds a line that is refused: its problem waits and is printed.
    mutating func addRefusal() {
        waitingBytes = waitingBytes.adding(Self.planBytes)
        printedBytes = printedBytes.adding(Problem.maximumBytes)
        nanoseconds = nanoseconds.adding(KernelPrice.question(1))
    }

    /// The bytes of a plan without its tensors, or of a problem.
    private static let planBytes = 4096
}
