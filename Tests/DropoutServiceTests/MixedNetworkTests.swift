import Foundation
import Testing

/// The masks of networks whose layers have rates 0 and 1, given masks, variants and fields of their own: frozen, since a change
/// would be another stream for whoever goes on with an old one.
@Suite struct MixedNetworkTests {
    @Test("The masks of mixed networks are what they were, for every generator")
    func frozen() throws {
        let url = try #require(
            Bundle.module.url(forResource: "networks", withExtension: "json", subdirectory: "Vectors"))
        let file = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let networks = try #require(file["networks"] as? [[String: Any]])
        for network in networks {
            let body = String(
                decoding: try JSONSerialization.data(withJSONObject: try #require(network["request"])), as: UTF8.self)
            let layers = ask("/forward", body).object["layers"] as? [[String: Any]] ?? []
            let masks = layers.map { layer in
                (layer["mask"] as? [[Int]] ?? []).map { $0.map(String.init).joined() }.joined()
            }
            #expect(masks == network["masks"] as? [String], "\(network["network"] ?? ""): \(body)")
        }
        #expect(networks.count == 319)
    }
}
