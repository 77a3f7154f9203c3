import Foundation

/// One answer as it stood on the wire.
struct RawResponse: Sendable, Equatable {
    struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// What told where the body ends.
    enum Framing: Sendable {
        case none, length, chunked, untilClose
    }

    let version: String
    let status: Int
    let fields: [Field]
    let framing: Framing
    let body: [UInt8]

    /// The value of the field of this name; all values, joined, where there is more than one.
    subscript(name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The members of a problem document; empty where the answer is none.
    var problem: [String: Any] {
        guard self["Content-Type"] == "application/problem+json" else { return [:] }
        return (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    /// Whether this is a refusal by the server that ends the connection, in full form.
    func isFinalProblem(_ status: Int) -> Bool {
        self.status == status && problem["status"] as? Int == status && !(problem["detail"] as? String ?? "").isEmpty
            && self["Connection"] == "close" && self["Date"] != nil
    }

    /// The answer without what no two answers need have in common.
    var withoutTimes: RawResponse {
        RawResponse(
            version: version, status: status, fields: fields.filter { $0.name != "Server-Timing" && $0.name != "Date" },
            framing: framing, body: body)
    }

    func with(_ framing: Framing, _ body: [UInt8]) -> RawResponse {
        RawResponse(version: version, status: status, fields: fields, framing: framing, body: body)
    }
}
