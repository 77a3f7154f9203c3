import DropoutService
import Testing

/// The sums of a network's price: each operation of a layer has its part. That they are near the truth is measured by `make
/// prices`.
@Suite struct NetworkPriceTests {
    private static func matrix(_ rows: Int, _ columns: Int) -> String {
        let row = "[\([String](repeating: "1", count: columns).joined(separator: ","))]"
        return "[\([String](repeating: row, count: rows).joined(separator: ","))]"
    }

    /// Nanoseconds of a pass through layers, of which nothing is printed.
    private static func price(
        inputs: Int = 16, batch: Int = 16, _ layers: [String], _ fields: String = "", path: String = "/forward"
    ) throws -> Int {
        let members = "\"input\":\(matrix(inputs, batch)),\"layers\":[\(layers.joined(separator: ","))],\"include\":[]"
        guard case .work(let work) = plan(path, "{\(members)\(fields)}") else {
            throw Refused(text: ask(path, "{\(members)\(fields)}").text)
        }
        return work.price.nanoseconds
    }

    private struct Refused: Error { let text: String }

    private static func layer(_ units: Int, _ inputs: Int, _ fields: String = "") -> String {
        "{\"weights\":\(matrix(units, inputs))\(fields)}"
    }

    private static let training = ",\"target\":\(matrix(16, 16)),\"loss\":\"mse\",\"learning_rate\":1"

    @Test("An expensive activation is paid for each element, in passes and in training steps")
    func activation() throws {
        func price(_ units: Int, _ activation: String) throws -> Int {
            try Self.price([Self.layer(units, 16, ",\"activation\":\"\(activation)\"")])
        }
        let (one, two) = (try price(16, "gelu") - price(16, "relu"), try price(32, "gelu") - price(32, "relu"))
        #expect(one > 0)
        #expect(abs(two - 2 * one) <= 2)
        func step(_ activation: String) throws -> Int {
            let layers = [Self.layer(16, 16, ",\"activation\":\"\(activation)\"")]
            return try Self.price(layers, Self.training, path: "/train-step")
        }
        // Two evaluations, and forward and backward of the step.
        #expect(try abs(step("gelu") - step("relu") - 4 * one) <= 4)
    }

    @Test("A given mask is paid for each element")
    func mask() throws {
        func price(_ units: Int, _ mask: String) throws -> Int { try Self.price([Self.layer(units, 16, mask)]) }
        func masked(_ units: Int) throws -> Int {
            try price(units, ",\"rate\":0.5,\"mask\":\(Self.matrix(units, 16))") - price(units, "")
        }
        let (one, two) = (try masked(64), try masked(128))
        #expect(one > 0)
        #expect(two > one)
    }

    @Test("A network costs what its layers cost")
    func layers() throws {
        let one = try Self.price([Self.layer(16, 16)])
        let two = try Self.price([Self.layer(16, 16), Self.layer(16, 16)])
        let three = try Self.price([Self.layer(16, 16), Self.layer(16, 16), Self.layer(16, 16)])
        #expect(two > one)
        #expect(three - two == two - one)
    }

    @Test("A product is paid by its weights, its inputs and its outputs")
    func product() throws {
        func price(_ units: Int, _ inputs: Int, _ batch: Int) throws -> Int {
            try Self.price(inputs: inputs, batch: batch, [Self.layer(units, inputs)])
        }
        // The products are the same, 16 · 64 · 16; the weights, the inputs and the outputs are 16 · 64 twice and 16 · 16 once.
        let (manyInputs, manyUnits, manyExamples) = (
            try price(16, 64, 16), try price(64, 16, 16), try price(16, 16, 64)
        )
        // Outputs are activated as well.
        #expect(manyUnits == manyExamples)
        #expect(manyInputs < manyUnits)
        #expect(try price(128, 16, 16) - manyUnits > manyUnits - price(32, 16, 16))
        #expect(try price(32, 64, 16) > manyInputs)
    }

    @Test("The activations of all layers together are bounded")
    func activations() {
        var limits = ServiceLimits()
        limits.maximumElements = 40
        let layers = [Self.layer(4, 1), Self.layer(4, 4), Self.layer(4, 4)]
        func ask(_ batch: Int) -> Reply {
            let body = "{\"input\":\(Self.matrix(1, batch)),\"layers\":[\(layers.joined(separator: ","))]}"
            return DropoutServiceTests.ask("/forward", body, limits: limits)
        }
        #expect(ask(3).status == 200)
        #expect(ask(4).pointers == ["/layers"])
    }
}
