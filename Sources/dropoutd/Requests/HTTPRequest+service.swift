import DropoutService
import HTTPServer
import NIOCore
import Observability
import TensorJSON

// Conversions between the types of HTTPServer and those of the service.

extension HTTPRequest {
    /// Calls `answer` with this request in the terms of the service.
    func withServiceRequest<Answer>(_ answer: (ServiceRequest) -> Answer) -> Answer {
        body.withUnsafeReadableBytes { bytes in
            answer(
                ServiceRequest(
                    method: method, path: path, query: query, contentType: header("Content-Type"),
                    accept: header("Accept"),
                    inferenceHeaderLength: header("Inference-Header-Content-Length"),
                    body: bytes.bindMemory(to: UInt8.self)))
        }
    }
}

extension HTTPPrice {
    init(_ price: Price) {
        self.init(
            nanoseconds: price.nanoseconds, heldBytes: price.heldBytes, printedBytes: price.printedBytes)
    }
}

extension HTTPBody {
    init(_ body: ServiceBody) {
        self =
            switch body {
            case .bytes(let bytes): .bytes(bytes)
            case .chunks(let next):
                .chunks {
                    next().map { chunk in
                        let isNextLong = !HTTPPrice(nanoseconds: chunk.nextNanoseconds).isShort
                        return HTTPChunk(chunk.bytes, isCut: chunk.isCut, isNextLong: isNextLong)
                    }
                }
            case .parts(let next):
                .parts {
                    next().map { part in
                        HTTPPart(maximumBytes: part.maximumBytes) { part.write(to: $0.bindMemory(to: UInt8.self)) }
                    }
                }
            }
    }
}

extension Observability.Refusal {
    init?(_ reason: HTTPRefusal.Reason) {
        switch reason {
        case .malformed: self = .malformed
        case .tooLarge: self = .tooLarge
        case .tooSlow: self = .tooSlow
        case .coding: self = .coding
        case .connections: self = .connectionLimit
        case .queue: self = .queueFull
        case .memory: self = .memory
        case .tooExpensive: self = .tooExpensive
        case .deadline: self = .deadline
        case .answer: return nil
        }
    }
}
