import DropoutEngine

/// What a client has to know about a generator: the row of `GET /generators`.
///
/// A row is made once. It is shared, since a request looks at it several times.
final class GeneratorProfile: Sendable {
    /// Which whole numbers are seeds. The library's own rule, so that what it refuses is refused here.
    enum SeedRule: Sendable {
        /// 0...2^bits - 1.
        case natural(bits: Int)
        /// -2^63...2^63 - 1.
        case signed
        /// -2^63...2^64 - 1, taken modulo 2^64.
        case wrapping
        /// -2^31...2^32 - 1.
        case word
        /// Any whole number from 0, or a list of them.
        case entropy
        /// Two numbers of -2^63...2^63 - 1.
        case pair
    }

    /// Where a mask may start in the stream.
    enum Entry: String, Sendable {
        /// In constant or logarithmic time.
        case anywhere
        /// By drawing what comes before and throwing it away.
        case byDrawing = "by-drawing"
        /// Nowhere but at its start.
        case start
    }

    enum Verification: Sendable {
        case publishedAnswers
        case libraryMasks(Int)
        case sourceOnly
    }

    let library: String
    let versions: String
    let draws: String
    let seed: SeedRule
    let parameters: [GeneratorParameter]
    let entry: Entry
    let arithmetic: DropoutArithmetic
    /// How the next layer and the next pass draw.
    let next: String
    /// The draws of a request, in order.
    let stream: @Sendable (Randomness, DrawSchedule) throws(DropoutError) -> any DrawStream
    let price: GeneratorPrice
    let verification: Verification

    init(
        library: String, versions: String, draws: String, seed: SeedRule, parameters: [GeneratorParameter],
        entry: Entry, arithmetic: DropoutArithmetic, next: String,
        stream: @escaping @Sendable (Randomness, DrawSchedule) throws(DropoutError) -> any DrawStream,
        price: GeneratorPrice, verification: Verification
    ) {
        (self.library, self.versions, self.draws, self.seed) = (library, versions, draws, seed)
        (self.parameters, self.entry, self.arithmetic, self.next) = (parameters, entry, arithmetic, next)
        (self.stream, self.price, self.verification) = (stream, price, verification)
    }
}

extension GeneratorProfile.SeedRule {
    var meaning: String {
        switch self {
        case .natural(let bits): "a whole number from 0 to 2^\(bits) - 1"
        case .signed: "a whole number from -2^63 to 2^63 - 1"
        case .wrapping: "a whole number from -2^63 to 2^64 - 1"
        case .word: "a whole number from -2^31 to 2^32 - 1 (from 2^31 only at call 0)"
        case .entropy: "a whole number from 0, of any size up to 128 digits, or a list of up to 64 of them"
        case .pair: "two whole numbers from -2^63 to 2^63 - 1"
        }
    }
}

extension GeneratorProfile.Verification {
    var text: String {
        switch self {
        case .publishedAnswers: "the generator's published known answers"
        case .libraryMasks(let count): "\(count) masks drawn by the library itself, all equal"
        case .sourceOnly: "read in the sources and compared with an emulation of its launches; never run on a GPU"
        }
    }
}
