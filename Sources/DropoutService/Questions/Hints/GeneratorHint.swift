/// What is said about a name that no generator has.
enum GeneratorHint {
    /// More names than this help nobody.
    private static let maximumNames = 6

    /// What was found, and the generators that are meant: those of the library that the text names, or the nearest one.
    static func detail(_ text: String) -> String {
        let found = "no generator has the name \"\(text.excerpt())\""
        let small = text.utf8.count <= 64 ? text.lowercased() : ""
        if let exact = Generator.named(small) { return "\(found); did you mean \(exact.name)?" }
        let (meant, isWhole) = meant(small)
        if let nearest = NearestName.find(small, in: Generator.all.map(\.name)),
            meant.isEmpty || !isWhole && meant.contains(where: { $0.name == nearest })
        {
            return "\(found); did you mean \(nearest)?"
        }
        guard let first = meant.first else {
            let libraries = Generator.all.map { name(ofLibrary: $0) }.reduce(into: [String]()) { names, name in
                if !names.contains(name), name != ownLibrary { names.append(name) }
            }
            return "\(found); GET /generators lists those of \(listed(libraries)); without the field it is philox"
        }
        guard meant.count > 1 else { return "\(found); did you mean \(first.name)?" }
        let names = meant.map(\.name)
        let isOneLibrary = meant.allSatisfy { name(ofLibrary: $0) == name(ofLibrary: first) }
        let whose = isOneLibrary ? "\(name(ofLibrary: first)) has" : "there are"
        let shown =
            names.count > maximumNames
            ? names.prefix(maximumNames - 1) + ["\(names.count - maximumNames + 1) more"] : names
        return "\(found); \(whose) \(listed(Array(shown))): GET /generators says what each one draws"
    }

    /// The generators that fit most words of the text, and whether all its words fit.
    private static func meant(_ text: String) -> (generators: [Generator], isWhole: Bool) {
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        let scored = Generator.all.map { generator in
            (generator: generator, scores: words.map { score($0, generator) })
        }
        guard let best = scored.map({ $0.scores.reduce(0, +) }).max(), best >= 2 else { return ([], false) }
        let top = scored.filter { $0.scores.reduce(0, +) == best }
        return (top.map(\.generator), top.allSatisfy { $0.scores.allSatisfy { $0 > 0 } })
    }

    /// How well a word fits: the library's first word best, then a word of the generator's name, then the library's others.
    private static func score(_ word: String, _ generator: Generator) -> Int {
        let words = [word, Meanings.libraryWords[word] ?? word]
        let library = generator.library.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
        if words.contains(library[0]) { return 4 }
        if generator.name.split(separator: "-").contains(where: { words.contains(String($0)) }) { return 2 }
        return library.contains(where: words.contains) ? 1 : 0
    }

    private static let ownLibrary = "this"

    /// The first word of the library's name: that of "Keras 3 on JAX" is Keras.
    private static func name(ofLibrary generator: Generator) -> String {
        String(generator.library.prefix { $0 != " " && $0 != "," })
    }

    private static func listed(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// Which generators have a parameter: "; numpy-pcg64 and numpy-philox have it".
    static func having(_ parameter: GeneratorParameter) -> String {
        let names = Generator.all.filter { $0.parameters.contains(parameter) }.map(\.name)
        guard let first = names.first else { return "" }
        if names.count == 1 { return "; \(first) has it" }
        let shown = names.count > 4 ? names.prefix(3) + ["\(names.count - 3) more"] : names
        return "; \(listed(Array(shown))) have it"
    }
}
