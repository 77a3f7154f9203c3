import Foundation
import Testing

/// The version of the program against each place that repeats it.
@Suite struct VersionTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// What the program says of itself.
    private let version: String

    init() throws { version = try Program.run(["--version"]).output.trimmingCharacters(in: .newlines) }

    @Test("The metrics have the version as a label")
    func metrics() throws {
        let page = try ServedProgram().ask("GET", "/metrics").text
        #expect(page.contains("\ndropout_build_info{version=\"\(version)\"} 1\n"))
    }

    @Test("The version is that of openapi.yaml")
    func description() throws {
        let description = try Program.run(["answer", "/openapi.yaml"]).output
        let found = try #require(description.firstMatch(of: #/\ninfo:\n(?:  .*\n)*?  version: (\S+)\n/#))
        #expect(String(found.1) == version)
    }

    @Test("The version is the newest release of the changelog")
    func changelog() throws {
        let found = try #require(try Self.text("CHANGELOG.md").firstMatch(of: #/\n## \[(\d\S*)\] - \d{4}-\d\d-\d\d\n/#))
        #expect(String(found.1) == version)
    }

    @Test("The contract of the release is kept")
    func contract() throws {
        #expect(try Self.text("checks/openapi-\(version).yaml").contains("\n  version: \(version)\n"))
    }

    @Test(
        "The manifests and the pages name this version",
        arguments: [
            ("deploy/kubernetes/deployment.yaml", "image: dropout-service:"),
            ("deploy/kubernetes/kustomization.yaml", "newTag: "),
            ("docs/operations.md", "dropout_build_info{version=\""),
        ])
    func pages(_ path: String, _ before: String) throws {
        let text = try Self.text(path)
        let places = text.ranges(of: before)
        #expect(!places.isEmpty)
        for place in places { #expect(text[place.upperBound...].hasPrefix(version)) }
    }
}
