/// The price of one kernel: nanoseconds of one core for each unit of its work.
///
/// The table is the only place that knows them. Each price is what `make bench` measures on the reference machine, 2 cores of
/// an AMD EPYC at some 3 GHz. It is multiplied by 1.3, a margin for slower memory and small shapes, and rounded.
///
/// The prices of drawing are in the generators' records. `make prices` compares the prices of random questions with the time
/// that they take.
package struct KernelPrice: Sendable {
    package let name: String
    /// Nanoseconds for each unit of work, the margin included.
    package let nanoseconds: Double

    init(_ name: String, _ nanoseconds: Double) {
        self.name = name
        self.nanoseconds = nanoseconds
    }

    /// The price of `count` units in nanoseconds, from 0 to `Int.max`.
    func callAsFunction(_ count: Int) -> Int {
        let price = (Double(max(0, count)) * nanoseconds).rounded(.up)
        return price < 0x1p62 ? Int(price) : .max
    }
}

extension KernelPrice {
    // MARK: Constants: one for each
    // The benchmark measures the engine's part of a layer, a step and a mask. The service adds its own part.
    static let question = KernelPrice("a question", 6000)
    static let pass = KernelPrice("a pass", 1500)
    static let layer = KernelPrice("a layer in a pass", 2000)
    static let step = KernelPrice("a training step", 4000)
    static let line = KernelPrice("a line of NDJSON", 600)
    static let exactMask = KernelPrice("a mask of an enumeration", 800)

    // MARK: Reading, by byte
    static let readText = KernelPrice("read a byte of text", 1.2)
    static let readValue = KernelPrice("read a value with its names", 2000)

    // MARK: Moving numbers, by element
    static let expand = KernelPrice("repeat a draw over the elements that share it", 2)
    static let convert = KernelPrice("convert an element to float64", 0.6)
    static let pack = KernelPrice("pack an element of a mask", 0.05)
    // A processor without instructions for SHA takes five times what one with them takes.
    static let hash = KernelPrice("SHA-256 of a byte", 2.5)
    static let kept = KernelPrice("index of a kept element", 0.6)

    // MARK: Applying, by element
    static let scale = KernelPrice("apply: scale", 0.7)
    static let affine = KernelPrice("apply: alpha", 0.6)
    static let multiply = KernelPrice("apply: multiply by a factor", 0.8)
    static let roundHalf = KernelPrice("apply: round the steps to 16 bits", 4)
    static let choose = KernelPrice("apply: zoneout", 0.6)
    static let widenBlock = KernelPrice("apply: widen drop block's anchors along one axis", 4)
    static let gaussianFactor = KernelPrice("a gaussian factor", 16)
    static let concreteMoments = KernelPrice("the moments of concrete noise", 500_000)
    static let concreteFactor = KernelPrice("a concrete factor", 90)

    // MARK: Checking, by element
    static let check = KernelPrice("check", 0.9)
    static let checkUnits = KernelPrice("check: sums of units", 2.5)
    static let checkMoments = KernelPrice("check: expectation and variance of a variant", 8)
    static let checkBlockPair = KernelPrice("check: a pair of drop block's places", 2.5)

    // MARK: Several passes, by element
    static let welford = KernelPrice("add a pass to the moments", 1)
    static let entropy = KernelPrice("entropy of a class probability", 22)
    static let finishMoments = KernelPrice("moments, intervals and z of an element", 8)
    // The service copies each bit several times. The engine's part alone is too short to be measured.
    static let drawBits = KernelPrice("the bit of an enumerated mask", 6)

    // MARK: Layers
    static let product32 = KernelPrice("multiply and add, float32", 0.055)
    static let product64 = KernelPrice("multiply and add, float64", 0.11)
    static let narrowProduct = KernelPrice("multiply and add of a narrow product", 0.35)
    static let exampleProduct = KernelPrice("multiply and add, weights for each example", 1.6)
    static let exampleRow = KernelPrice("a unit of an example with weights of its own", 120)
    static let operand = KernelPrice("an element of a factor or a product", 1.2)
    static let simpleActivation = KernelPrice("activation without a function", 0.7)
    // Softplus takes 45 ns, the others from 8 to 19.
    static let expActivation = KernelPrice("activation with exp or tanh", 22)
    static let erfActivation = KernelPrice("activation with erf, or with exp and log", 48)
    static let thin = KernelPrice("thin a weight", 0.8)
    static let squaredLoss = KernelPrice("squared error and derivative of an output", 1.5)
    static let entropyLoss = KernelPrice("cross-entropy and derivative of an output", 70)
    static let optimizer = KernelPrice("step of a weight", 9)
    static let norm = KernelPrice("norm of a weight", 4)

    // MARK: Judging, by element
    static let judgement = KernelPrice("a judgement of an output", 90_000)
    static let judge = KernelPrice("judge an element of an output", 70)
    static let judgeEvaluation = KernelPrice("judge an element of an evaluation", 20)
    static let judgeVariant = KernelPrice("judge an element of a variant by one law", 12)
    static let compare = KernelPrice("compare a unit with a candidate", 1.5)

    // MARK: Printing
    static let print64 = KernelPrice("print a float64", 21)
    static let print32 = KernelPrice("print a float32", 13)
    static let print16 = KernelPrice("print a number of 16 bits", 60)
    static let printBit = KernelPrice("print a bit", 0.8)
    static let printInteger = KernelPrice("print a whole number", 10)
    static let printBase64 = KernelPrice("print a byte as base64", 0.4)
    static let printBracket = KernelPrice("print a bracket", 10)
    static let breakLines = KernelPrice("break a byte of text over lines", 13)

    /// Every price, for the benchmark that measures them.
    package static let all: [KernelPrice] = [
        question, pass, layer, step, line, exactMask, readText, readValue, expand, convert, pack, hash, kept, scale,
        affine,
        multiply,
        roundHalf, choose, widenBlock, gaussianFactor, concreteMoments,
        concreteFactor, check, checkUnits, checkMoments, checkBlockPair, welford,
        entropy, finishMoments, drawBits, product32, product64, narrowProduct, exampleProduct, exampleRow, operand,
        simpleActivation, expActivation, erfActivation, thin, squaredLoss, entropyLoss,
        optimizer, norm, judgement, judge, judgeEvaluation, judgeVariant, compare, print64, print32, print16, printBit,
        printInteger,
        printBase64, printBracket, breakLines,
    ]
}
