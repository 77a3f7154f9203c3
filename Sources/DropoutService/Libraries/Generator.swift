package import DropoutEngine

/// A library's generator: the one record of all that this service knows about it.
///
/// The records of a library are in the file of its name, together with the streams that they draw from. `GET /generators`, the
/// reading of fields, prices, `next` and the search of `/verify` all ask the record. Nothing else knows a generator by name.
package final class Generator: Sendable {
    /// Where a mask may start in the stream.
    enum Entry: String, Sendable {
        /// Any element, reached in constant or logarithmic time.
        case anywhere
        /// The start of the stream only.
        case start
    }

    /// How it is known that the masks are the library's.
    enum Verification: Sendable {
        case publishedAnswers
        case libraryMasks(Int)
        case sourceOnly
    }

    /// Uniforms of the form K · 2^-bits.
    enum Uniforms: Sendable {
        /// 53 bits, compared in float64.
        case doubles
        /// 53 bits for float64, and for float32 24 bits, compared in float32.
        case ofDrawType
        /// 24 bits, compared in float32.
        case floats
        /// As many bits as JAX's type of the probability has.
        case ofRateType
    }

    /// The comparison that makes a mask of uniform numbers, by the question's parameters.
    typealias Comparison = @Sendable (GeneratorParameters) -> UniformComparison

    typealias Stream = @Sendable (Randomness, DrawSchedule) throws(DropoutError) -> any DrawStream

    /// The name on the wire.
    package let name: String
    let library: String
    let versions: String
    /// The line of code whose mask is drawn.
    let draws: String
    let seed: SeedRule
    /// The state of the library's generator that may be given instead of a seed. Nil if it takes none.
    let states: StateRule?
    /// The words of a JAX key, which may be given instead of a seed.
    let keyWords: Int?
    /// The implementations of JAX's keys that it runs with.
    let keyTypes: [JAXKeyType]
    /// What the generator takes besides its seed.
    package let parameters: [GeneratorParameter]
    /// The types in which it draws, the default first. None: the generator has one type only.
    package let drawTypes: [DrawType]
    /// How the library compares its uniform numbers with the probability. Nil if it compares integers or does not compare.
    let comparison: Comparison?
    /// The uniforms that a program can compare in several ways, and the type to which it rounds the rate.
    let uniforms: Uniforms?
    /// The uniforms that alpha dropout compares with `u >= rate` instead. Nil if it draws as dropout does.
    let alphaUniforms: Uniforms?
    let entry: Entry
    let arithmetic: DropoutArithmetic
    /// Whether a dropped element loses its sign at rate 1, if it keeps it at other rates.
    let clearsSignAtRate1: Bool
    /// Whether it draws numbers in (0, 1) as well as masks, which the variants with factors need.
    let drawsNumbers: Bool
    /// How draws follow each other.
    let order: DrawOrder
    /// The order of draws for a question with an op seed. Nil if it is the same.
    let orderWithOpSeed: DrawOrder?
    /// The rates at which a layer with a key of its own does not count a call.
    let uncounted: DrawLength.Silence
    /// How draws follow each other, in words.
    let next: String
    /// Makes the stream of a question, from which each pass of a schedule draws.
    let stream: Stream
    let price: GeneratorPrice
    let verification: Verification

    init(
        _ name: String, library: String, versions: String, draws: String, seed: SeedRule, states: StateRule? = nil,
        keyWords: Int? = nil, keyTypes: [JAXKeyType] = [], parameters: [GeneratorParameter],
        drawTypes: [DrawType] = [], comparison: Comparison?, uniforms: Uniforms? = nil, alphaUniforms: Uniforms? = nil,
        entry: Entry,
        arithmetic: DropoutArithmetic, clearsSignAtRate1: Bool = false, drawsNumbers: Bool = false, order: DrawOrder,
        orderWithOpSeed: DrawOrder? = nil, uncounted: DrawLength.Silence = [], next: String, stream: @escaping Stream,
        price: GeneratorPrice,
        verification: Verification
    ) {
        (self.name, self.library, self.versions, self.draws) = (name, library, versions, draws)
        (self.seed, self.states, self.keyWords, self.keyTypes) = (seed, states, keyWords, keyTypes)
        (self.parameters, self.drawTypes) = (parameters, drawTypes)
        self.comparison = comparison
        (self.uniforms, self.alphaUniforms) = (uniforms, alphaUniforms)
        (self.entry, self.arithmetic, self.order, self.next) = (entry, arithmetic, order, next)
        (self.orderWithOpSeed, self.uncounted, self.stream) = (orderWithOpSeed, uncounted, stream)
        (self.clearsSignAtRate1, self.drawsNumbers) = (clearsSignAtRate1, drawsNumbers)
        (self.price, self.verification) = (price, verification)
    }

    /// All generators, in the order of `GET /generators`.
    package static let all: [Generator] =
        philoxGenerators + numPyGenerators + onnxReferenceGenerators + torchGenerators + jaxGenerators + flaxGenerators
        + tensorFlowGenerators + kerasGenerators + mlxGenerators + tinygradGenerators + onnxRuntimeGenerators
        + paddleGenerators + mindSporeGenerators

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The generator of this name. Nil if there is none.
    package static func named(_ name: String) -> Generator? { byName[name] }

    /// The words of a JAX key for a question with these parameters. Nil if the generator takes no key.
    func keyWords(_ parameters: GeneratorParameters) -> Int? {
        keyTypes.isEmpty || keyWords == nil ? keyWords : parameters.keyType.words
    }

    /// How the draws of a question with these parameters follow each other.
    func order(_ parameters: GeneratorParameters) -> DrawOrder {
        parameters.opSeed == nil ? order : orderWithOpSeed ?? order
    }
}

extension Generator: Hashable {
    package static func == (one: Generator, other: Generator) -> Bool { one === other }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Generator: CustomStringConvertible {
    package var description: String { name }
}

extension Generator.Verification {
    var text: String {
        switch self {
        case .publishedAnswers: "the generator's published known answers"
        case .libraryMasks(let count): "\(count) masks drawn by the library itself, all equal"
        case .sourceOnly: "read in the sources and compared with an emulation of its launches; never run on a GPU"
        }
    }
}

extension Question {
    /// The generator that a field names.
    func generator(_ name: String) -> Generator? {
        guard let text = string(name) else { return nil }
        guard let generator = Generator.named(text) else {
            wrong(name, GeneratorHint.detail(text))
            return nil
        }
        return generator
    }
}

extension Generator.Uniforms {
    /// The bits of a uniform and the type in which it is compared.
    func comparison(_ parameters: GeneratorParameters) -> (bits: Int, type: DrawType) {
        switch self {
        case .doubles: (53, .float64)
        case .floats: (24, .float32)
        case .ofDrawType: parameters.drawType == .float64 ? (53, .float64) : (24, .float32)
        case .ofRateType: (parameters.rateType.significandBits, parameters.rateType)
        }
    }
}
