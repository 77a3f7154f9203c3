import DropoutService
import Foundation
import TensorFiles
import TensorJSON

/// `DropoutAPI.respond` on any question: a line `METHOD TARGET`, with the values of Content-Type, of Accept and of
/// Inference-Header-Content-Length behind tabs if there are any, and then the body.
///
/// - The status is one of the contract's; nothing is a 500.
/// - An answer that says it is JSON is JSON for Foundation and for our reader, with the status in it where it is a problem.
/// - Asked twice, with a seed, the answer is the same byte for byte.
enum ServiceTarget {
    private static let service = DropoutAPI(
        limits: ServiceLimits(maximumElements: 1 << 12, maximumDepth: 64, maximumNanoseconds: 20_000_000))
    private static let statuses: Set = [200, 204, 400, 404, 405, 406, 415, 422]

    static func run(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        let line = input.prefix { $0 != 0x0A }
        let body = UnsafeBufferPointer(rebasing: input.dropFirst(line.count + 1))
        let fields = String(decoding: line, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false)
        let words = fields[0].split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let target = (words.count > 1 ? words[1] : "").split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = ServiceRequest(
            method: String(words[0]), path: String(target.first ?? ""),
            query: target.count > 1 ? String(target[1]) : nil,
            contentType: fields.count > 1 ? String(fields[1]) : nil, accept: fields.count > 2 ? String(fields[2]) : nil,
            inferenceHeaderLength: fields.count > 3 ? String(fields[3]) : nil, body: body)

        let first = Reply(service.respond(to: request))
        require(statuses.contains(first.status), "status \(first.status)", input: input)
        require(first.isWhatItSays, "an answer that is not what it says: \(first.text)", input: input)
        let second = Reply(service.respond(to: request))
        guard isDetermined(request) || first.status >= 400 else { return 0 }
        require(first == second, "two answers: \(first.text) and \(second.text)", input: input)
        return 0
    }

    /// Whether the request names its seed, so that its answer may not vary.
    private static func isDetermined(_ request: ServiceRequest) -> Bool {
        if request.path.hasPrefix("/v1/") || request.path.hasPrefix("/v2/") { return hasSeedParameter(request) }
        if request.method != "POST", request.method != "QUERY" {
            return request.path != "/mask" || request.query?.contains("seed=") == true
        }
        let isFile = ["npy", "safetensors", "multipart"].contains {
            request.contentType?.lowercased().contains($0) == true
        }
        if isFile { return request.query?.contains("seed=") == true }
        let value = try? JSONDocument.parse(request.body, elementType: .float64, limits: JSONLimits())
        guard case .object(let object) = value else { return true }
        return switch object["seed"] {
        case nil, .null: false
        default: true
        }
    }

    /// Whether the parameters of an inference name its seed. One that draws nothing needs none, and is not asked for twice.
    private static func hasSeedParameter(_ request: ServiceRequest) -> Bool {
        let length = request.inferenceHeaderLength.flatMap { Int($0) } ?? request.body.count
        let head = UnsafeBufferPointer(rebasing: request.body.prefix(max(0, length)))
        guard case .object(let object)? = try? JSONDocument.parse(head, elementType: .float64, limits: JSONLimits()),
            case .object(let parameters)? = object["parameters"]
        else { return false }
        return switch parameters["seed"] {
        case nil, .null: false
        default: true
        }
    }

    struct Reply: Equatable {
        let status: Int
        let mediaType: String?
        let headLength: Int?
        let bytes: [UInt8]

        init(_ reply: ServiceReply) {
            status = reply.status
            mediaType = reply.headers.first { $0.name == "Content-Type" }?.value
            headLength = reply.headers.first { $0.name == "Inference-Header-Content-Length" }.flatMap { Int($0.value) }
            var all: [UInt8] = []
            reply.body.forEachChunk { all += $0 }
            bytes = all
        }

        var text: String { String(decoding: bytes.prefix(500), as: UTF8.self) }

        var isWhatItSays: Bool {
            switch mediaType {
            case nil: status == 204 && bytes.isEmpty
            case "text/plain; version=0.0.4; charset=utf-8": status == 200
            case "application/json": status == 200 && isJSON(bytes[...])
            case "application/problem+json": isJSON(bytes[...]) && problemStatus == status
            case "application/x-ndjson":
                bytes.last == 0x0A
                    && bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false).allSatisfy(isJSON)
            case "application/octet-stream":
                status == 200 && headLength.map { $0 <= bytes.count && isJSON(bytes[..<$0]) } ?? false
            case "application/x-npy":
                status == 200 && bytes.withUnsafeBytes { (try? NPYFile.tensor($0, rawTypes: .bfloat16)) != nil }
            case "application/vnd.safetensors":
                status == 200
                    && bytes.withUnsafeBytes { (try? SafetensorsFile($0))?.metadata.map(\.name) == ["answer"] }
            case "application/yaml": status == 200 && !bytes.isEmpty
            default: false
            }
        }

        private var problemStatus: Int? {
            let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            return object?["status"] as? Int
        }

        private func isJSON(_ text: ArraySlice<UInt8>) -> Bool {
            let ours = text.withUnsafeBufferPointer {
                (try? JSONDocument.parse($0, elementType: .float64, limits: JSONLimits())) != nil
            }
            let other = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
            return ours && other != nil
        }
    }
}
