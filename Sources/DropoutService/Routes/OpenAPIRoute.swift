/// `GET /openapi.yaml` and `GET /openapi.json`: the contract itself.
enum OpenAPIRoute {
    static let yaml = Route(
        "/openapi.yaml", [.get, .head], answers: [.yaml], summary: "the contract of all routes",
        for: .readers, .reply { _ in yamlReply })
    static let json = Route(
        "/openapi.json", [.get, .head], answers: [.json], summary: "the contract of all routes as JSON",
        for: .readers, .reply { _ in jsonReply })

    private static let yamlReply = ServiceReply(fixed: PackageResources.openapi_yaml, .yaml)
    private static let jsonReply = ServiceReply(
        fixed: ContractAsJSON.text.withUTF8Buffer { Array($0) } + [0x0A], .json)
}
