import DropoutService
import HTTPServer
import NIOCore
import TensorJSON

extension HTTPHandler {
    /// The one place where HTTP and dropout meet.
    init(_ service: DropoutService) {
        self.init(
            quickAnswer: { request in request.withServiceRequest { service.quickAnswer($0).map { HTTPResponse($0) } } },
            answer: { request in request.withServiceRequest { HTTPResponse(service.answer($0)) } },
            refusal: { status, detail, path in
                HTTPResponse(service.problem(status: status, detail: detail, instance: path))
            })
    }
}

extension HTTPRequest {
    fileprivate func withServiceRequest<Answer>(_ answer: (ServiceRequest) -> Answer) -> Answer {
        body.withUnsafeReadableBytes { bytes in
            answer(
                ServiceRequest(
                    method: method, path: path, query: query, contentType: header("Content-Type"),
                    accept: header("Accept"), body: bytes.bindMemory(to: UInt8.self)))
        }
    }
}

extension HTTPResponse {
    init(_ reply: ServiceReply) {
        let body: HTTPBody =
            switch reply.body {
            case .bytes(let bytes): .bytes(bytes)
            case .chunks(let next): .chunks(next)
            case .parts(let next):
                .parts {
                    next().map { part in
                        HTTPPart(maximumBytes: part.maximumBytes) { part.write(to: $0.bindMemory(to: UInt8.self)) }
                    }
                }
            }
        self.init(status: reply.status, headers: reply.headers, body: body)
    }
}
