/// `GET /openapi.yaml`: the contract itself.
enum OpenAPIRoute {
    static let route = Route(
        "/openapi.yaml", [.get, .head], answers: [.yaml], summary: "the contract of all routes",
        for: .readers, .reply { _ in reply })

    private static let reply = ServiceReply(fixed: PackageResources.openapi_yaml, .yaml)
}
