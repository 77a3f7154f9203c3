import Foundation
import Testing
import Yams

/// openapi.yaml is the contract: its examples are sent and their answers compared.
@Suite struct OpenAPITests {
    private static func document() throws -> [String: Any] {
        try #require(try Yams.load(yaml: ask("/openapi.yaml").text) as? [String: Any])
    }

    private static func member(_ value: Any?, _ path: String...) -> Any? {
        path.reduce(value) { ($0 as? [String: Any])?[$1] }
    }

    @Test("Every example is answered as it says")
    func everyExampleIsAnsweredAsItSays() throws {
        let paths = try #require(try Self.document()["paths"] as? [String: Any])
        var count = 0
        for (path, operations) in paths {
            let post = Self.member(operations, "post")
            let questions =
                Self.member(post, "requestBody", "content", "application/json", "examples") as? [String: Any] ?? [:]
            for (name, question) in questions {
                let body = try JSONSerialization.data(withJSONObject: try #require(Self.member(question, "value")))
                let reply = ask(path, String(decoding: body, as: UTF8.self))
                let expected = Self.member(
                    post, "responses", "200", "content", "application/json", "examples", name, "value")
                let text = try JSONSerialization.data(withJSONObject: try #require(expected), options: .sortedKeys)
                let answered = try JSONSerialization.data(withJSONObject: reply.object, options: .sortedKeys)
                #expect(answered == text, "\(path) \(name): \(reply.text)")
                count += 1
            }
        }
        #expect(count >= 8)
    }

    @Test("The contract as JSON says what the one in YAML says")
    func theContractAsJSONIsTheSame() throws {
        let json = ask("/openapi.json")
        #expect(json.headers["Content-Type"] == "application/json")
        let read = try JSONDecoder().decode(JSONNode.self, from: Data(json.text.utf8))
        #expect(read == SchemaCheck.contract)
        #expect(read.member("info", "title") == .string("dropout-service"))
    }

    @Test("Members of the contract as JSON have the order of YAML")
    func membersHaveTheirOrder() throws {
        let paths = ask("/").object["routes"] as? [[String: Any]] ?? []
        let yaml = ask("/openapi.yaml").text
        let json = ask("/openapi.json").text
        let names = paths.compactMap { $0["path"] as? String }
        func sorted(_ text: String, _ form: (String) -> String) -> [String] {
            names.compactMap { name in text.range(of: form(name)).map { (name, $0.lowerBound) } }
                .sorted { $0.1 < $1.1 }.map(\.0)
        }
        #expect(sorted(json) { "\"\($0)\":{\"parameters\":" } == sorted(yaml) { "\n  \($0):\n" })
        #expect(sorted(yaml) { "\n  \($0):\n" }.count == names.count)
    }

    @Test("Every route is documented")
    func everyRouteIsDocumented() throws {
        let paths = try #require(try Self.document()["paths"] as? [String: Any])
        let routes = try #require(ask("/").object["routes"] as? [[String: Any]])
        #expect(Set(paths.keys) == Set(routes.compactMap { $0["path"] as? String }))
    }
}
