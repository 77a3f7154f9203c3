import PackagePlugin

/// Writes openapi.yaml as JSON into a Swift file of the target, so that the program needs no reader of YAML.
@main struct ContractAsJSON: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let contract = context.package.directoryURL.appending(path: "openapi.yaml")
        let source = context.pluginWorkDirectoryURL.appending(path: "ContractAsJSON.swift")
        return [
            .buildCommand(
                displayName: "Writing openapi.yaml as JSON",
                executable: try context.tool(named: "contract-as-json").url,
                arguments: [contract.path(), source.path()], inputFiles: [contract], outputFiles: [source])
        ]
    }
}
