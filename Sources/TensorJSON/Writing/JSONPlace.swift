/// The place of a value in a JSON text that is being written: `layers.0.weights`.
struct JSONPlace {
    private enum Level {
        /// An object, with the name of its current member.
        case member(String)
        /// An array, with the number of its current item.
        case item(Int)
    }

    private var levels: [Level] = []

    /// The names and the numbers that lead to the value.
    var name: String {
        levels.map { level in
            switch level {
            case .member(let name): name
            case .item(let index): String(index)
            }
        }.joined(separator: ".")
    }

    mutating func open(isArray: Bool) { levels.append(isArray ? .item(0) : .member("")) }
    mutating func close() { _ = levels.popLast() }

    /// The value of the member `name` follows.
    mutating func enter(_ name: String) {
        if levels.popLast() != nil { levels.append(.member(name)) }
    }

    /// Another value follows. Only in an array it has another place.
    mutating func enterNext() {
        guard case .item(let index)? = levels.last else { return }
        levels[levels.count - 1] = .item(index + 1)
    }
}
