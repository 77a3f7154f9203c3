/// Every route on one screen.
extension Route {
    /// The routes in the order of `GET /`.
    ///
    /// Those about the process are here too. They are part of the contract: `GET /` and `openapi.yaml` have them, and they are
    /// refused like the others. What they say of the process comes from `ServiceStatus`.
    package static let all: [Route] = [
        ForwardRoute.route,
        MaskRoute.route,
        TrainStepRoute.route,
        VerifyRoute.route,
        GeneratorsRoute.route,
        InferRoute.route,
        InferRoute.versioned,
        ModelRoute.route,
        ModelRoute.versioned,
        ModelReadyRoute.route,
        ModelReadyRoute.versioned,
        ModelConfigurationRoute.route,
        ModelConfigurationRoute.versioned,
        ModelStatisticsRoute.all,
        ModelStatisticsRoute.route,
        ModelStatisticsRoute.versioned,
        RepositoryIndexRoute.route,
        InferenceServerRoute.route,
        PredictRoute.route,
        PredictRoute.versioned,
        PredictionModelRoute.route,
        PredictionModelRoute.versioned,
        PredictionModelsRoute.route,
        InferenceHealthRoute.live,
        InferenceHealthRoute.ready,
        HealthRoute.route,
        HealthRoute.live,
        ReadyRoute.route,
        MetricsRoute.route,
        OpenAPIRoute.yaml,
        OpenAPIRoute.json,
        DocsRoute.route,
        DocsRoute.files,
        LiveRoute.files,
        IndexRoute.route,
    ]

    private static let fixed = Dictionary(
        all.filter { $0.parameters(of: $0.path) == [:] }.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    private static let parameterized = all.filter { fixed[$0.path] == nil }

    /// The route of a path, and the parameters of the path.
    package struct Match: Sendable {
        package let route: Route
        package let parameters: [String: String]

        /// The model of an inference. Nil for any other request.
        package var inferenceModel: String? { route.isInference ? parameters["model"] : nil }
    }

    /// The route of a path, percent-decoded. Nil if there is none.
    ///
    /// A path without parameters wins over one with parameters.
    package static func find(_ path: String) -> Match? {
        if let route = fixed[path] { return Match(route: route, parameters: [:]) }
        for route in parameterized {
            if let parameters = route.parameters(of: path) { return Match(route: route, parameters: parameters) }
        }
        return nil
    }

    /// The value of `Allow` for the server as a whole: the methods that some route takes.
    package static let allowOfAll = RouteMethod.allow(
        RouteMethod.allCases.filter { method in all.contains { $0.methods.contains(method) } })
}
