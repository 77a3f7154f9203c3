import DropoutEngine
import Foundation
import Testing

/// One mask that a library drew, as a file in Vectors records it; which fields there are depends on the generator.
struct MaskVector: Decodable, Sendable {
    let shape: [Int]
    /// One of `keep` and `rate` is given.
    let keep: Double?
    let rate: Double?
    let seed: UInt64?
    /// The seed's 32-bit words, lowest first, where it has more than 64 bits.
    let entropy: [UInt32]?
    /// The tensor's shape where `shape` is a noise shape that is drawn and then shared; the mask is then the tensor's.
    let full: [Int]?
    let pair: [Int64]?
    let opSeed: Int64?
    let type: String?
    let path: [String]?
    let call: UInt32?
    /// MindSpore's dropouts since the seed was set.
    let draw: UInt64?
    /// What was drawn before: keys of nnx, words of tinygrad and torch, doubles of NumPy.
    let before: UInt64?
    /// The CUDA generator's offset before and after, and the launch.
    let offset: UInt64?
    let after: UInt64?
    let multiprocessors: UInt32?
    let threads: UInt32?
    let width: Int?
    /// The mask, '?' where the library's output does not tell; or else its digest.
    let mask: String?
    let kept: Int?
    let sha256: String?

    static func all(in file: String) throws -> [MaskVector] {
        let url = try #require(Bundle.module.url(forResource: file, withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode([MaskVector].self, from: Data(contentsOf: url))
    }

    var probability: KeepProbability {
        get throws {
            if let keep { return try KeepProbability(keep: keep) }
            return try KeepProbability(rate: #require(rate))
        }
    }

    var drawType: DrawType {
        get throws {
            guard let type else { return .float32 }
            return try #require(DrawType(rawValue: type))
        }
    }

    /// Whether `generator` draws the recorded mask.
    func isDrawn(by generator: some MaskGenerator) throws -> Bool {
        let noise = try NoiseShape(Shape(shape), for: Shape(full ?? shape))
        let drawn = try Mask(drawing: generator, noise: noise, probability: probability, offset: 0).kept
        if let mask {
            return drawn.count == mask.utf8.count
                && zip(drawn, mask.utf8).allSatisfy { byte, character in
                    character == UInt8(ascii: "?") || character == UInt8(ascii: "0") + byte
                }
        }
        return drawn.count { $0 == 1 } == kept && VectorDigest.hexadecimal(ofPacked: drawn) == sha256
    }
}
