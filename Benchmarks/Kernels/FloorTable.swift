import DropoutService

/// Whole answers without HTTP, on one thread: the least that a request costs a server.
enum FloorTable {
    static func run() throws {
        let count = 1_000_000
        let body = forwardBody(rows: 1000, columns: 1000)
        Measure.head("Answers", "request", "ns/element")
        Measure.row(
            "floor of POST /forward 1000x1000",
            Measure.nanoseconds(count) { Measure.keep(answer("/forward", body)) })
        for format in ["numbers", "packed"] {
            let body = maskBody(count, format: format)
            Measure.row(
                "floor of POST /mask 1000000 \(format)",
                Measure.nanoseconds(count) { Measure.keep(answer("/mask", body)) })
        }
    }

    /// float32, numbers of 7 digits, nested.
    static func forwardBody(rows: Int, columns: Int) -> [UInt8] {
        Array("{\"dtype\":\"float32\",\"keep_prob\":0.8,\"seed\":42,\"input\":".utf8)
            + SampleData(count: rows * columns).text(rows: rows) + Array("}".utf8)
    }

    static func maskBody(_ count: Int, format: String) -> [UInt8] {
        Array(
            "{\"shape\":[\(count)],\"keep_prob\":0.8,\"seed\":42,\"mask_format\":\"\(format)\"}".utf8)
    }

    /// The bytes of the whole answer, all chunks pulled; 0 for a refusal.
    static func answer(_ path: String, _ body: [UInt8]) -> Int {
        body.withUnsafeBufferPointer { body in
            let reply = DropoutAPI().respond(
                to: ServiceRequest(method: "POST", path: path, contentType: "application/json", body: body))
            guard reply.status == 200 else { return 0 }
            var count = 0
            reply.body.forEachChunk { count += $0.count }
            return count
        }
    }
}
