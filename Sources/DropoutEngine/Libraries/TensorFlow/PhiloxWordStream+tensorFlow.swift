import Stopping

extension PhiloxWordStream {
    /// The stream of TensorFlow's stateless operations for a pair of seeds.
    ///
    /// The seeds are scrambled by one block, Philox4x32-10 of counter [s0 low, s0 high, s1 low, s1 high] under the
    /// key [0x3EC8F720, 0x02461E29]; of its words [a, b, c, d] the key is [a, b] and the first counter [0, 0, c, d].
    ///
    /// Source: tensorflow/tensorflow `core/kernels/stateless_random_ops.cc`, `GenerateKey` (2.21.0).
    init(scrambling seeds: (UInt64, UInt64)) {
        let words = Philox4x32.block(
            (seeds.0.lowHalf, seeds.0.highHalf, seeds.1.lowHalf, seeds.1.highHalf),
            key: (0x3EC8_F720, 0x0246_1E29))
        self.init(
            key: (words.0, words.1), counterLow: 0, counterHigh: UInt64(highHalf: words.3, lowHalf: words.2))
    }

    /// The mask that TensorFlow's eager kernels make of this stream.
    func eagerMask(
        count: Int, offset: UInt64, type: DrawType, probability: KeepProbability, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = TFUniform(eager: type, probability: probability)
        guard type == .float64 else {
            return try maskOfWords(count: count, offset: offset, stop: stop) { word in uniform.keeps(word) }
        }
        return try maskOfPairs(count: count, offset: offset, stop: stop) { first, second in
            uniform.keeps(UInt64(highHalf: first, lowHalf: second))
        }
    }

    /// The mask that XLA's bit generator makes of this stream under TensorFlow's stateless operations.
    func xlaMask(
        count: Int, offset: UInt64, type: DrawType, probability: KeepProbability, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = TFUniform(xla: type, probability: probability)
        guard type == .float64 else {
            return try maskOfWords(count: count, offset: offset, stop: stop) { word in uniform.keeps(word) }
        }
        return try maskOfPairs(count: count, offset: offset, stop: stop) { first, second in
            uniform.keeps(UInt64(highHalf: second, lowHalf: first))
        }
    }

    /// The uniforms that ``eagerMask(count:offset:type:probability:stop:)`` compares.
    func eagerUniforms(count: Int, offset: UInt64, type: DrawType, stop: StopFlag) throws(DropoutError) -> [Double] {
        let uniform = TFUniform(eager: type, probability: .half)
        guard type == .float64 else {
            return try valuesOfWords(count: count, offset: offset, stop: stop) { word in uniform.number(UInt64(word)) }
        }
        return try valuesOfPairs(count: count, offset: offset, stop: stop) { first, second in
            uniform.number(UInt64(highHalf: first, lowHalf: second))
        }
    }

    /// The uniforms that ``xlaMask(count:offset:type:probability:stop:)`` compares.
    func xlaUniforms(count: Int, offset: UInt64, type: DrawType, stop: StopFlag) throws(DropoutError) -> [Double] {
        let uniform = TFUniform(xla: type, probability: .half)
        guard type == .float64 else {
            return try valuesOfWords(count: count, offset: offset, stop: stop) { word in uniform.number(UInt64(word)) }
        }
        return try valuesOfPairs(count: count, offset: offset, stop: stop) { first, second in
            uniform.number(UInt64(highHalf: second, lowHalf: first))
        }
    }
}
