/// `GET /docs`: the reference of all routes, as a page that reads `/openapi.json`.
enum DocsRoute {
    static let route = Route(
        "/docs", [.get, .head], answers: [.html], summary: "the reference of all routes, as a page", for: .readers,
        .reply { _ in page.document.reply })

    static let files = page.fileRoute("/docs/{name}", summary: "a file of the page /docs")

    private static let page = Page(
        PageFile("docs", .html, PackageResources.docs_html),
        files: [
            PageFile("docs.css", .css, PackageResources.docs_css),
            PageFile("docs.js", .javaScript, PackageResources.docs_js),
            PageFile("docs-dom.js", .javaScript, PackageResources.docs_dom_js),
            PageFile("docs-schema.js", .javaScript, PackageResources.docs_schema_js),
            PageFile("docs-try.js", .javaScript, PackageResources.docs_try_js),
        ])
}
