import DropoutService

/// Files of arrays through the routes. The first byte chooses the route and the type of the body, the second how the body is made of the
/// rest and what is accepted.
///
/// - The status is 200, 400 or 422.
/// - An answer is what it says: JSON, or a file that our readers read.
/// - Asked twice, the answer is the same byte for byte, since every question has a seed.
enum FileTarget {
    /// The lowest bit of the second byte: the lengths that a format has before its header are written here, so that the fuzzer need not
    /// find them. The header is what comes before the first line feed.
    private static let framed: UInt8 = 1
    /// The next bit: the answer is a file.
    private static let acceptsFile: UInt8 = 2

    private struct Carrier: Sendable {
        let path: String
        let query: String
        let type: String
        /// The type of an answer that is a file.
        let answer: String
        let frame: @Sendable (_ header: [UInt8], _ rest: [UInt8]) -> [UInt8]
    }

    private static let carriers = [
        Carrier(
            path: "/forward", query: "rate=0.5&seed=1", type: "application/x-npy", answer: "application/x-npy",
            frame: npy),
        Carrier(
            path: "/forward", query: "rate=0.5&seed=1", type: "application/vnd.safetensors",
            answer: "application/vnd.safetensors", frame: safetensors),
        Carrier(
            path: "/forward", query: "seed=1", type: "application/vnd.safetensors",
            answer: "application/vnd.safetensors",
            frame: safetensors),
        Carrier(
            path: "/train-step", query: "seed=1", type: "application/vnd.safetensors",
            answer: "application/vnd.safetensors", frame: safetensors),
        Carrier(
            path: "/verify", query: "", type: "multipart/form-data; boundary=b", answer: "application/json", frame: form
        ),
        Carrier(
            path: "/v2/models/dropout/infer", query: "", type: "application/octet-stream", answer: "*/*",
            frame: { $0 + $1 }),
        Carrier(
            path: "/forward", query: "", type: "application/x-ndjson", answer: "application/x-ndjson",
            frame: { $0 + [0x0A] + $1 + [0x0A] + $0 }),
    ]

    private static let service = DropoutAPI(
        limits: ServiceLimits(maximumElements: 1 << 12, maximumDepth: 64, maximumNanoseconds: 20_000_000))
    private static let statuses: Set = [200, 400, 422]

    static func run(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        guard input.count >= 2 else { return 0 }
        let (carrier, options) = (carriers[Int(input[0]) % carriers.count], input[1])
        let file = input.dropFirst(2)
        let header = file.prefix { $0 != 0x0A }
        let isFramed = options & framed != 0
        let body =
            isFramed ? carrier.frame(Array(header), Array(file.dropFirst(header.count + 1))) : Array(file)
        body.withUnsafeBufferPointer { bytes in
            let request = ServiceRequest(
                method: "POST", path: carrier.path, query: carrier.query, contentType: carrier.type,
                accept: options & acceptsFile != 0 ? carrier.answer : nil,
                inferenceHeaderLength: isFramed ? "\(header.count)" : nil, body: bytes)
            let first = ServiceTarget.Reply(service.respond(to: request))
            require(statuses.contains(first.status), "status \(first.status)", input: input)
            require(first.isWhatItSays, "an answer that is not what it says: \(first.text)", input: input)
            let second = ServiceTarget.Reply(service.respond(to: request))
            // An inference names its seed itself, and may not.
            guard !carrier.query.isEmpty || first.status >= 400 else { return }
            require(first == second, "two answers: \(first.text) and \(second.text)", input: input)
        }
        return 0
    }

    /// An array file of version 1.0.
    private static func npy(_ header: [UInt8], _ elements: [UInt8]) -> [UInt8] {
        [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(header.count, bytes: 2) + header + elements
    }

    private static func safetensors(_ header: [UInt8], _ elements: [UInt8]) -> [UInt8] {
        littleEndian(header.count, bytes: 8) + header + elements
    }

    /// The header is the numbers of an input of one axis, and the rest are further parts.
    private static func form(_ header: [UInt8], _ parts: [UInt8]) -> [UInt8] {
        let file = npy(Array("{'descr':'|u1','fortran_order':False,'shape':(\(header.count),)}".utf8), header)
        let names = ["input", "output"].flatMap { name in
            Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"x\"\r\n\r\n".utf8) + file
                + Array("\r\n".utf8)
        }
        return names + parts
    }

    private static func littleEndian(_ number: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
