/// One request of the random tests, and what it is about.
package struct Question: Sendable {
    package enum Route: String, Sendable, CaseIterable {
        case tensor = "/forward tensor"
        case network = "/forward network"
        case maskByQuery = "GET /mask"
        case mask = "POST /mask"
        case trainStep = "/train-step"
        case verify = "/verify"

        package var path: String {
            switch self {
            case .tensor, .network: "/forward"
            case .maskByQuery, .mask: "/mask"
            case .trainStep: "/train-step"
            case .verify: "/verify"
            }
        }
    }

    package let route: Route
    /// The variant of its dropout, for a network that of its first layer.
    package let variant: String
    package let generator: String
    package let root: Node

    package var method: String { route == .maskByQuery ? "GET" : "POST" }
    package var query: String? { route == .maskByQuery ? root.query : nil }
    package var body: [UInt8] { route == .maskByQuery ? [] : root.bytes }

    /// The request in one line: method and target, and after a tab the body.
    package var line: [UInt8] {
        Array("\(method) \(route.path)\(query.map { "?\($0)" } ?? "")\t".utf8) + body
    }

    /// The same question with one to three of its fields made wrong, extreme, or absent.
    package func mistaken(_ choices: inout Choices, _ sizes: QuestionSizes) -> Question {
        var root = root
        for _ in 0...choices.below(3) { root = Mistake(sizes).made(in: root, &choices) }
        return Question(route: route, variant: variant, generator: generator, root: root)
    }
}

/// How large the parts of a question may be.
package struct QuestionSizes: Sendable {
    /// Elements of its largest tensor.
    package var elements: Int
    /// `samples`, `steps` and `loss_samples`.
    package var passes: Int
    /// How far `skip`, `call` and `offset` lead into a stream.
    package var moves: Int
    /// The sizes are what is wanted, not only the most.
    package var isExact: Bool
    /// Mistakes may name any number of passes. Only for questions that are planned and not computed.
    package var mayNameManyPasses: Bool

    package init(
        elements: Int, passes: Int, moves: Int, isExact: Bool = false, mayNameManyPasses: Bool = false
    ) {
        (self.elements, self.passes, self.moves) = (elements, passes, moves)
        (self.isExact, self.mayNameManyPasses) = (isExact, mayNameManyPasses)
    }

    /// Answered in microseconds.
    package static let small = QuestionSizes(elements: 24, passes: 5, moves: 40)

    func elements(_ choices: inout Choices) -> Int { isExact ? max(1, elements) : choices.magnitude(elements) }

    func passes(_ choices: inout Choices) -> Int { isExact ? max(1, passes) : choices.magnitude(passes) }

    func move(_ choices: inout Choices) -> Int { choices.chance(50) ? choices.magnitude(moves) : 0 }
}
