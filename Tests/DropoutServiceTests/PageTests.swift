import DropoutService
import Foundation
import Testing

/// The files of pages have the header fields that a browser needs, and name only files that exist.
@Suite struct PageTests {
    private static let files = ["docs.css", "docs.js", "docs-dom.js", "docs-schema.js", "docs-try.js"]

    @Test(
        "A file of a page has its type, a tag and a policy that allows nothing from outside",
        arguments: [("/docs", "text/html; charset=utf-8")]
            + files.map {
                ("/docs/\($0)", $0.hasSuffix("css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8")
            }
    )
    func aFileHasItsHeader(_ path: String, _ type: String) {
        let reply = ask(path)
        #expect(reply.status == 200)
        #expect(reply.headers["Content-Type"] == type)
        let policy = reply.headers["Content-Security-Policy"]?.components(separatedBy: "; ") ?? []
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("connect-src 'self'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.joined().contains("unsafe") && !policy.joined().contains("*"))
    }

    @Test("Each file that a file of the page loads exists")
    func everyLoadedFileExists() throws {
        let loaded = try NSRegularExpression(pattern: #"(?:src|href|from|import)(?:=|\s+)"([^":#]+)""#)
        var count = 0
        for path in ["/docs"] + Self.files.map({ "/docs/\($0)" }) {
            let text = ask(path).text
            for match in loaded.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
                let name = String(text[try #require(Range(match.range(at: 1), in: text))])
                let found = try #require(URL(string: name, relativeTo: URL(string: "http://host\(path)"))?.path)
                #expect(ask(found).status == 200, "\(path) loads \(name)")
                count += 1
            }
        }
        #expect(count >= 10)
    }

    @Test("No file of a page loads anything from another place, or has a script or a style in its markup")
    func nothingComesFromOutside() {
        for path in ["/docs"] + Self.files.map({ "/docs/\($0)" }) {
            let text = ask(path).text
            #expect(!text.contains("//cdn") && !text.contains("http://") && !text.contains("https://"), "\(path)")
            #expect(!text.contains("innerHTML") && !text.contains("eval("), "\(path)")
        }
        let document = ask("/docs").text
        #expect(!document.contains("<style") && !document.contains(" style=") && !document.contains(" onclick="))
        #expect(document.components(separatedBy: "<script").count == 2)
    }

    @Test(
        "A file that the page lacks is refused with the nearest name",
        arguments: [
            ("/docs/docs.cs", "did you mean docs.css?"), ("/docs/x", "docs.css, docs.js"), ("/docs/%00", "docs.css"),
        ])
    func anUnknownFileIsRefused(_ path: String, _ words: String) {
        let reply = ask(path)
        #expect(reply.status == 404)
        #expect((reply.object["detail"] as? String)?.contains(words) == true)
    }
}
