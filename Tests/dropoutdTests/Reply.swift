import Foundation

/// One answer, read from a connection of its own up to its end.
struct Reply {
    struct Failure: Error { let text: String }

    let status: Int
    let fields: [(name: String, value: String)]
    let text: String

    init(_ port: Int, _ request: String) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failure(text: "no connection: \(errno)") }
        var bytes = Array(request.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var (received, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { received += buffer[..<count] }
        bytes = received
        let answer = String(decoding: bytes, as: UTF8.self)
        guard let end = answer.range(of: "\r\n\r\n") else { throw Failure(text: "no answer: \(answer)") }
        let lines = answer[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure(text: "no status: \(lines[0])")
        }
        self.status = status
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        text = String(answer[end.upperBound...])
    }

    subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// Whether this is a problem document (RFC 9457) of its status that has all members.
    var isProblem: Bool {
        guard self["Content-Type"] == "application/problem+json",
            let problem = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        else { return false }
        return problem["status"] as? Int == status && (problem["type"] as? String)?.hasPrefix("urn:") == true
            && problem["title"] is String && (problem["detail"] as? String)?.isEmpty == false
            && problem["instance"] is String && problem["errors"] is [Any]
            && problem["error"] as? String == problem["detail"] as? String
    }
}
