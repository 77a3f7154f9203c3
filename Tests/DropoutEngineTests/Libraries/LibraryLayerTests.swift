import DropoutEngine
import Foundation
import Testing

/// Whole layers of libraries, mask and scaling, bit for bit.
@Suite struct LibraryLayerTests {
    /// A file of Vectors: inputs by shape, and what the library's layer made of them, as base64 of little-endian float32.
    private struct File: Decodable {
        struct Layer: Decodable {
            let seed: UInt64
            let draw: UInt64?
            let before: UInt64
            let rate: Double
            let shape: [Int]
            let output: String
        }

        let inputs: [String: String]
        let layers: [Layer]
    }

    struct Library: Sendable, CustomTestStringConvertible {
        let file: String
        let layers: Int
        let arithmetic: DropoutArithmetic
        let generator: @Sendable (_ seed: UInt64, _ draw: UInt64, _ before: UInt64) -> (any MaskGenerator)?

        var testDescription: String { file }
    }

    static let libraries = [
        Library(
            file: "torch-compile-layers", layers: 172,
            arithmetic: DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: true)
        ) { TorchCompile(seed: $0, skip: $2) },
        Library(
            file: "paddle-layers", layers: 166,
            arithmetic: DropoutArithmetic(.divideByComplement, keepsSignOfDropped: false)
        ) { Paddle(seed: $0, skip: $2) },
        Library(
            file: "mindspore-layers", layers: 150,
            arithmetic: DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: true, isFactorFloat32: true)
        ) { MindSpore(seed: UInt32($0), draw: $1, skip: $2) },
    ]

    @Test("A layer gives the bits that the library gave", arguments: libraries)
    func layer(library: Library) throws {
        let url = try #require(
            Bundle.module.url(forResource: library.file, withExtension: "json", subdirectory: "Vectors"))
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        #expect(file.layers.count == library.layers)
        for layer in file.layers {
            let shape = try Shape(layer.shape)
            let name = "[\(layer.shape.map(String.init).joined(separator: ","))]"
            let input = try floats(#require(file.inputs[name]))
            let probability = try KeepProbability(rate: layer.rate)
            let generator = try #require(library.generator(layer.seed, layer.draw ?? 0, layer.before))
            let mask = try Mask(
                drawing: generator, noise: NoiseShape(elementwise: shape),
                probability: probability, offset: 0)
            let output = try Dropout.forward(
                Tensor(input, shape: shape), mask: mask, probability: probability, mode: .train, scheme: .inverted,
                arithmetic: library.arithmetic)
            #expect(try bytes(output.elements) == bytes(floats(layer.output)), "seed \(layer.seed), rate \(layer.rate)")
        }
    }

    private func floats(_ text: String) throws -> [Float] {
        let data = try #require(Data(base64Encoded: text))
        return stride(from: 0, to: data.count, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[place + $1]) << UInt32(8 * $1) })
        }
    }
}
