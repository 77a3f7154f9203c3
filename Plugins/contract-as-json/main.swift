// Writes a YAML document as JSON into a Swift file: contract-as-json DOCUMENT.yaml FILE.swift
//
// The build runs it, by the plugin ContractAsJSON. Members keep their order, and what an alias names is written out.
import Foundation
import Yams

guard CommandLine.arguments.count == 3 else {
    FileHandle.standardError.write(Data("contract-as-json DOCUMENT.yaml FILE.swift\n".utf8))
    exit(2)
}
do {
    let text = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
    let json = try JSONDocument(yaml: text).text
    let source = """
        /// `openapi.yaml` as JSON. The build writes this file.
        enum ContractAsJSON { static let text: StaticString = ####"\(json)"#### }

        """
    try Data(source.utf8).write(to: URL(fileURLWithPath: CommandLine.arguments[2]))
} catch {
    FileHandle.standardError.write(Data("contract-as-json: \(error)\n".utf8))
    exit(1)
}
