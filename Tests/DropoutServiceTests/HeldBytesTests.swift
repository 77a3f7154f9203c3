import DropoutService
import Foundation
import Testing

/// What a plan holds is the sum of what is known to be there.
@Suite struct HeldBytesTests {
    private static func heldBytes(_ body: String) throws -> Int {
        guard case .work(let work) = plan("/forward", body) else { throw CocoaError(.coderValueNotFound) }
        return work.price.heldBytes
    }

    private static func network(_ activation: String, _ fields: String) -> String {
        let input = [[Int]](repeating: [Int](repeating: 1, count: 200), count: 3)
        return #"{"input":\#(input),"layers":[{"weights":[[1,2,3]],"activation":"\#(activation)"},"#
            + #"{"weights":[[1],[2]],"rate":0.5,"activation":"\#(activation)"}]\#(fields)}"#
    }

    @Test("The moments of passes hold a sum, a sum of squares and six printed tensors for each output")
    func moments() throws {
        // 2 outputs of 200 examples.
        let one = try Self.heldBytes(Self.network("relu", ""))
        let passes = try Self.heldBytes(Self.network("relu", #","samples":2"#))
        #expect(passes - one >= 400 * (16 + 48))
    }

    @Test("Entropies hold three further numbers for each output")
    func entropies() throws {
        let fields = #","samples":2"#
        let (plain, softmax) = try (
            Self.heldBytes(Self.network("relu", fields)), Self.heldBytes(Self.network("softmax", fields))
        )
        #expect(softmax - plain >= 400 * 24)
    }

    @Test("A question that waits holds the tensors of its body, and not what is drawn")
    func questionBytes() throws {
        struct Refused: Error {}
        func waiting(_ target: String, _ body: String = "") throws -> Int {
            guard case .work(let work) = plan(target, body) else { throw Refused() }
            return work.questionBytes
        }
        #expect(try waiting("/mask?shape=16000000&rate=0.5&seed=1&include=statistics") == 0)
        let mask = #"{"shape":[16000000],"rate":0.5,"seed":1}"#
        #expect(try waiting("/mask", mask) == 9 * mask.utf8.count)
        let input =
            "{\"input\":[\([String](repeating: "1", count: 1000).joined(separator: ","))],\"rate\":0.5,\"seed\":1}"
        #expect(try waiting("/forward", input) == 8000 + input.utf8.count)
    }

    @Test("A state of PyTorch holds its bytes and its words")
    func state() throws {
        // After torch.manual_seed(7): left is 1, the words follow; here all words are 1.
        var bytes = [UInt8](repeating: 0, count: 5056)
        bytes[8] = 1
        bytes[12] = 1
        for word in 0..<624 { bytes[24 + 8 * word] = 1 }
        let state = Data(bytes).base64EncodedString()
        let question = { (source: String) in #"{"input":[1,2],"rate":0.5,"generator":"torch-cpu",\#(source)}"# }
        let seeded = try Self.heldBytes(question(#""seed":7"#))
        let stated = try Self.heldBytes(question(#""state":"\#(state)""#))
        #expect(stated - seeded >= 5056 + 4 * 624)
    }
}
