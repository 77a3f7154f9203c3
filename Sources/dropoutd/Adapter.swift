import DropoutService
import HTTPServer
import NIOCore

extension HTTPHandler {
    /// The one place where HTTP and dropout meet.
    init(_ service: DropoutService) {
        self.init(
            isQuick: { request in
                service.isQuick(
                    method: request.method, path: request.path, query: request.query,
                    bodyBytes: request.body.readableBytes)
            },
            answer: { request in
                request.body.withUnsafeReadableBytes { bytes in
                    HTTPResponse(
                        service.answer(
                            ServiceRequest(
                                method: request.method, path: request.path, query: request.query,
                                contentType: request.header("Content-Type"), accept: request.header("Accept"),
                                body: bytes.bindMemory(to: UInt8.self))))
                }
            },
            refusal: { status, detail, path in
                HTTPResponse(service.problem(status: status, detail: detail, instance: path))
            })
    }
}

extension HTTPResponse {
    init(_ reply: ServiceReply) {
        let body: HTTPBody =
            switch reply.body {
            case .bytes(let bytes): .bytes(bytes)
            case .chunks(let next): .chunks(next)
            }
        self.init(status: reply.status, headers: reply.headers, body: body)
    }
}
