import TensorJSON

/// Every route on one screen: path, methods, and what answers.
enum Route: String, CaseIterable {
    case forward = "/forward"
    case mask = "/mask"
    case trainStep = "/train-step"
    case verify = "/verify"
    case generators = "/generators"
    case health = "/healthz"
    case openAPI = "/openapi.yaml"
    case index = "/"

    /// The methods besides OPTIONS, which every route takes; HEAD goes wherever GET goes.
    var methods: [String] {
        switch self {
        case .forward, .trainStep, .verify: ["POST"]
        case .mask: ["GET", "HEAD", "POST"]
        case .generators, .health, .openAPI, .index: ["GET", "HEAD"]
        }
    }

    var allow: String { (methods + ["OPTIONS"]).joined(separator: ", ") }

    var mediaType: String {
        switch self {
        case .forward, .mask, .trainStep, .verify, .generators, .health, .index: "application/json"
        case .openAPI: "application/yaml"
        }
    }

    /// All that the route may answer, problems aside.
    var mediaTypes: [String] { self == .forward ? [mediaType, "application/x-ndjson"] : [mediaType] }

    var summary: String {
        switch self {
        case .forward: "a dropout forward pass over a tensor or a network: output, mask, expected-value check"
        case .mask: "a dropout mask from a seed"
        case .trainStep: "forward, loss, backward and update with one mask"
        case .verify: "whether an output is dropout at a rate, and which known mistake it shows"
        case .generators: "the generators: which library's masks each draws, and what it takes"
        case .health: "whether the process answers"
        case .openAPI: "the contract of all routes"
        case .index: "this list"
        }
    }
}
