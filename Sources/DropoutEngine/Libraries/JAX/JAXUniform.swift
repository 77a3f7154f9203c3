/// How `jax.random.bernoulli` turns random bits into "kept", for one type of the probability.
///
/// It draws as many bits as the type has (bfloat16: only 8), puts the *top* ones of them into the significand of a
/// number in [1, 2), subtracts 1, and keeps if that uniform < p, strictly:
///
/// | type of p | bits drawn | of them used, from the top |
/// | --- | --- | --- |
/// | float32 | 32 | 23 |
/// | float64 | 64 | 52 |
/// | float16 | 16 | 10 |
/// | bfloat16 | 8 | 7 |
///
/// `p` is the probability to keep, 1 - rate taken in double and then rounded to the type. In integers:
/// `K · 2^-used < p` exactly if `K < ceil(p · 2^used)`.
///
/// Source: jax-ml/jax `jax/_src/random/core.py`, `_uniform` and `_bernoulli` (0.10.2).
struct JAXUniform {
    /// The number of bits drawn for an element: 8, 16, 32 or 64.
    let width: Int
    private let mask: UInt64
    private let unused: UInt64
    private let threshold: UInt64
    private let unit: Double

    /// The same bits for every probability.
    init(_ type: DrawType) { self.init(type, probability: .half) }

    init(_ type: DrawType, probability: KeepProbability) {
        let used = type.significandBits
        self.width =
            switch type {
            case .float64: 64
            case .float32: 32
            case .float16: 16
            case .bfloat16: 8
            }
        self.mask = UInt64.max >> UInt64(64 - width)
        self.unused = UInt64(width - used)
        self.threshold = type.threshold(probability.keep, bits: used)
        self.unit = Double(sign: .plus, exponent: -used, significand: 1)
    }

    /// Whether the element is kept whose bits are the lowest `width` of `word`, for a width below 64.
    @inline(__always)
    func keeps(_ word: UInt32) -> Bool {
        (word & mask.lowHalf) &>> unused.lowHalf < threshold.lowHalf
    }

    /// Whether the element is kept whose bits are the lowest `width` of `bits`.
    @inline(__always)
    func keeps(_ bits: UInt64) -> Bool { (bits & mask) &>> unused < threshold }

    /// The uniform of the element whose bits are the lowest `width` of `bits`.
    @inline(__always)
    func number(_ bits: UInt64) -> Double { Double((bits & mask) &>> unused) * unit }
}
