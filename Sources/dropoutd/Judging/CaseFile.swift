import TensorFiles

/// A file of `dropoutd verify`, or the files that make one case together.
struct CaseFile {
    enum Kind: Equatable {
        /// A question in each line.
        case lines
        /// Arrays, each in a `.npy` file.
        case arrays
        /// A `.npz` archive with the arrays.
        case archive
        /// A safetensors file with the arrays.
        case tensors
    }

    let kind: Kind
    /// The file that reports name.
    private(set) var path: String
    /// What the case is called. Of no meaning for lines.
    let name: String
    /// The files of ``Kind/arrays``, each with the field whose array it has.
    private(set) var arrays: [(field: String, path: String)] = []

    private init(_ kind: Kind, _ path: String, _ name: String) {
        (self.kind, self.path, self.name) = (kind, path, name)
    }

    /// The files that are cases, in order. `CASE.input.npy` and `CASE.output.npy` are one, where the first of them is.
    static func list(_ paths: [String]) -> [CaseFile] {
        var files: [CaseFile] = []
        var places: [String: Int] = [:]
        for path in paths {
            let base = path.split(separator: "/").last.map(String.init) ?? path
            if base.hasSuffix(".npz") {
                files.append(CaseFile(.archive, path, String(base.dropLast(4))))
            } else if base.hasSuffix(".safetensors") {
                files.append(CaseFile(.tensors, path, String(base.dropLast(12))))
            } else if base.hasSuffix(".npy") {
                let stem = path.dropLast(4)
                let field = base.dropLast(4).split(separator: ".", omittingEmptySubsequences: false).last ?? ""
                let name = stem.dropLast(field.utf8.count + 1)
                let place = places[String(name)] ?? files.count
                if place == files.count {
                    let called = name.split(separator: "/").last.map(String.init) ?? base
                    files.append(CaseFile(.arrays, path, called))
                    places[String(name)] = place
                }
                files[place].arrays.append((String(field), path))
                // What is wrong is in the output.
                if field == "output" || field == "outputs" { files[place].path = path }
            } else {
                files.append(CaseFile(.lines, path, ""))
            }
        }
        return files
    }

    /// All paths.
    var paths: [String] { kind == .arrays ? arrays.map(\.path) : [path] }

    /// The question of a file with arrays.
    ///
    /// - Parameter given: the fields of the command line. A field that the file has itself is taken from the file.
    func question(_ given: [(name: String, text: String)]) throws -> CaseQuestion {
        var form = CaseForm()
        switch kind {
        case .lines: break
        case .arrays:
            for (field, path) in arrays {
                form.add(field, file: try InputFile(path).readAll(limit: CaseForm.maximumBytes))
            }
        case .archive: try form.add(archive: InputFile(path).readAll(limit: CaseForm.maximumBytes))
        case .tensors: try form.add(tensors: InputFile(path).readAll(limit: CaseForm.maximumBytes))
        }
        for (name, text) in given where !form.has(name) { form.add(name, text: text) }
        return form.question
    }
}

/// What `POST /verify` is asked.
struct CaseQuestion {
    let body: [UInt8]
    /// Nil for JSON.
    let contentType: String?
}
