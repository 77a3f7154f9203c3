/// `GET /openapi.yaml`: the contract itself.
enum OpenAPIRoute {
    static let route = Route(
        "/openapi.yaml", [.get, .head], answers: [.yaml], summary: "the contract of all routes",
        .reply { _ in ServiceReply(bytes: PackageResources.openapi_yaml, .yaml, caching: .revalidated) })
}
