import Foundation
import Testing

/// Vectors/layers.json: float32 outputs of the libraries' own dropout layers on one input of shape [5, 3], recorded by
/// Tests/libraries/compare.py.
@Suite struct LibraryLayerTests {
    @Test("Every recorded layer of a library is answered bit for bit")
    func layers() throws {
        let url = try #require(Bundle.module.url(forResource: "layers", withExtension: "json", subdirectory: "Vectors"))
        let file = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let layers = try #require(file["layers"] as? [[String: Any]])
        var names: Set<String> = []
        for layer in layers {
            var question = try #require(layer["question"] as? [String: Any])
            names.insert(try #require(question["generator"] as? String))
            question["input"] = ["shape": [5, 3], "dtype": "float32", "base64": file["input"]]
            question["dtype"] = "float32"
            question["include"] = ["output"]
            let body = String(decoding: try JSONSerialization.data(withJSONObject: question), as: UTF8.self)
            let output = ask("/forward", body).object["output"] as? [String: Any]
            #expect(output?["base64"] as? String == layer["output"] as? String, "\(body)")
        }
        #expect(layers.count == 980)
        #expect(names.count == 26)
    }
}
