/// A page for browsers: a document, and the files that it loads from the folder of its name.
///
/// A page links its files by relative paths, so that it works under any prefix of a proxy. Nobody needs a key to load it.
struct Page: Sendable {
    let document: PageFile
    private let files: [PageFile]

    init(_ document: PageFile, files: [PageFile]) {
        (self.document, self.files) = (document, files)
    }

    /// The route of the files.
    ///
    /// - Parameters:
    ///   - path: with the parameter `name`, such as `/docs/{name}`.
    ///   - isOptional: whether the route is there only if the server shows its page.
    func fileRoute(_ path: String, summary: String, isOptional: Bool = false) -> Route {
        Route(
            path, [.get, .head], answers: isOptional ? [] : types, pageAnswers: isOptional ? types : [],
            summary: summary, for: .readers,
            .item { [files] parameters, _ throws(Problem) in
                let name = parameters["name"] ?? ""
                guard let file = files.first(where: { $0.name == name }) else {
                    let known = files.map(\.name)
                    let hint =
                        NearestName.find(name, in: known).map { "did you mean \($0)?" }
                        ?? "\(known.joined(separator: ", ")) expected"
                    throw Problem(.notFound, detail: "the page has no file \(name.excerpt(200)); \(hint)")
                }
                return file.reply
            })
    }

    /// The types of the files, each once.
    private var types: [MediaType] {
        files.map(\.type).reduce(into: []) { types, type in if !types.contains(type) { types.append(type) } }
    }
}
