import Foundation
import Testing

/// Float32 outputs of the libraries' own layers, recorded by checks/libraries/compare.py: dropout in layers.json, its variants
/// (PyTorch, torchvision, timm, Keras) in variants.json.
@Suite struct LibraryLayerTests {
    @Test(
        "Every recorded layer of a library is answered bit for bit",
        arguments: [("layers", 980, 26), ("variants", 160, 2)])
    func layers(_ name: String, _ count: Int, _ generators: Int) throws {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors"))
        let file = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let inputs = try #require(file["inputs"] as? [String: String])
        let layers = try #require(file["layers"] as? [[String: Any]])
        var names: Set<String> = []
        for layer in layers {
            var question = try #require(layer["question"] as? [String: Any])
            names.insert(try #require(question["generator"] as? String))
            let shape = try #require(layer["shape"] as? [Int])
            let input = inputs["[\(shape.map(String.init).joined(separator: ","))]"]
            question["input"] = ["shape": shape, "dtype": "float32", "base64": try #require(input)]
            question["dtype"] = "float32"
            question["include"] = ["output"]
            let body = String(decoding: try JSONSerialization.data(withJSONObject: question), as: UTF8.self)
            let output = ask("/forward", body).object["output"] as? [String: Any]
            #expect(output?["base64"] as? String == layer["output"] as? String, "\(body)")
        }
        #expect(layers.count == count)
        #expect(names.count == generators)
    }

    /// Layers of one element called eagerly and compiled, layers in float64, and Keras' AlphaDropout: types.json. Layers in float16
    /// and bfloat16: halves.json.
    @Test(
        "The way a layer was called and its type decide its last bits, as in the library",
        arguments: [("types", 770), ("halves", 1470)])
    func types(_ name: String, _ count: Int) throws {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors"))
        let file = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let layers = try #require(file["layers"] as? [[String: Any]])
        for layer in layers {
            var question = try #require(layer["question"] as? [String: Any])
            question["input"] = ["shape": layer["shape"], "dtype": question["dtype"], "base64": layer["input"]]
            question["include"] = ["output"]
            let body = String(decoding: try JSONSerialization.data(withJSONObject: question), as: UTF8.self)
            let reply = ask("/forward", body)
            let output = (reply.object["output"] as? [String: Any])?["base64"] as? String
            #expect(output == layer["output"] as? String, "\(body)")
        }
        #expect(layers.count == count)
    }
}
