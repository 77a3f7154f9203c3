import TensorJSON

/// Every route on one screen: path, methods, and what answers.
enum Route: String, CaseIterable {
    case forward = "/forward"
    case mask = "/mask"
    case trainStep = "/train-step"
    case verify = "/verify"
    case generators = "/generators"
    case health = "/healthz"
    case live = "/livez"
    case ready = "/readyz"
    case metrics = "/metrics"
    case openAPI = "/openapi.yaml"
    case index = "/"

    /// The methods besides OPTIONS, which every route takes; HEAD goes wherever GET goes.
    var methods: [String] {
        switch self {
        case .forward, .trainStep, .verify: ["POST"]
        case .mask: ["GET", "HEAD", "POST"]
        case .generators, .health, .live, .ready, .metrics, .openAPI, .index: ["GET", "HEAD"]
        }
    }

    var allow: String { (methods + ["OPTIONS"]).joined(separator: ", ") }

    var mediaType: String {
        switch self {
        case .forward, .mask, .trainStep, .verify, .generators, .health, .live, .ready, .index: "application/json"
        case .metrics: "text/plain; version=0.0.4; charset=utf-8"
        case .openAPI: "application/yaml"
        }
    }

    /// All that the route may answer, problems aside, without parameters.
    var mediaTypes: [String] {
        switch self {
        case .forward: [mediaType, "application/x-ndjson"]
        case .metrics: ["text/plain"]
        default: [mediaType]
        }
    }

    var summary: String {
        switch self {
        case .forward: "a dropout forward pass over a tensor or a network: output, mask, expected-value check"
        case .mask: "a dropout mask from a seed"
        case .trainStep: "forward, loss, backward and update with one mask"
        case .verify: "whether an output is dropout at a rate, and which known mistake it shows"
        case .generators: "the generators: which library's masks each draws, and what it takes"
        case .health, .live: "whether the process answers"
        case .ready: "whether the process takes requests: 503 from the order to stop on"
        case .metrics: "counts and durations for Prometheus"
        case .openAPI: "the contract of all routes"
        case .index: "this list"
        }
    }
}
