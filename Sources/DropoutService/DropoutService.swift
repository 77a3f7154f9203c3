package import Stopping
package import TensorJSON

/// The contract: a request in, an answer out; a pure function of the request and, without a seed, of the system's
/// generator. It keeps nothing between requests and may be called from any thread.
package struct DropoutService: Sendable {
    private let limits: ServiceLimits
    private let status: ServiceStatus
    private let concurrency: Concurrency

    /// - Parameter concurrency: threads for one large request; an answer does not depend on them.
    package init(
        limits: ServiceLimits = ServiceLimits(), status: ServiceStatus = ServiceStatus(),
        concurrency: Concurrency = .serial
    ) {
        self.limits = limits
        self.status = status
        self.concurrency = concurrency
    }

    /// The path of the route that `path` is, nil where it is none.
    package static func route(_ path: String) -> String? { Route(rawValue: path)?.rawValue }

    /// The paths of all routes.
    package static var routes: [String] { Route.allCases.map(\.rawValue) }

    /// The answer, which is a problem document where the request is refused. Never traps, whatever the bytes.
    package func answer(_ request: ServiceRequest) -> ServiceReply {
        switch routed(request) {
        case .decided(let reply): return reply
        case .asked(let route):
            do {
                return try answer(request, route)
            } catch {
                return error.reply(instance: request.path)
            }
        }
    }

    /// The answer where the header alone decides it, so that nobody need wait for the body: no such route, a method that
    /// it does not take, a media type that it neither takes nor has. Nil where the body is wanted.
    package func answer(beforeBodyOf request: ServiceRequest) -> ServiceReply? {
        switch routed(request) {
        case .decided(let reply): reply
        case .asked: nil
        }
    }

    private enum Routed {
        case decided(ServiceReply)
        case asked(Route)
    }

    private func routed(_ request: ServiceRequest) -> Routed {
        guard let route = Route(rawValue: request.path) else {
            let hint =
                NearestName.find(request.path, in: Route.allCases.map(\.rawValue))
                .map { "; did you mean \($0)?" } ?? ""
            return .decided(
                Problem(.notFound, detail: "no route \(request.path.excerpt(200))\(hint)")
                    .reply(instance: request.path))
        }
        if request.method == "OPTIONS" {
            return .decided(ServiceReply(status: 204, headers: [("Allow", route.allow)], body: .bytes([])))
        }
        guard route.methods.contains(request.method) else {
            return .decided(
                Problem(.methodNotAllowed, detail: "\(route.rawValue) takes \(route.allow)")
                    .reply(instance: request.path, headers: [("Allow", route.allow)]))
        }
        do {
            try Negotiation.check(request, route)
            return .asked(route)
        } catch {
            return .decided(error.reply(instance: request.path))
        }
    }

    /// The answer where it takes well under a millisecond, so that it may be made where the request arrived; nil where it
    /// must be made elsewhere.
    ///
    /// A short text may ask for much, so it is answered within small limits; what they refuse is asked again with the
    /// others. An answer depends on no limit.
    package func quickAnswer(_ request: ServiceRequest) -> ServiceReply? {
        switch Route(rawValue: request.path) {
        // Figures for operators among them: they are wanted most when all threads are busy.
        case .generators, .health, .live, .ready, .metrics, .index, .openAPI, nil: return answer(request)
        // How far its search goes is a matter of the limits.
        case .verify: return nil
        case .forward, .mask, .trainStep:
            guard request.body.count <= ServiceLimits.quickBodyBytes else { return nil }
            let reply = DropoutService(limits: limits.quick, status: status).answer(request)
            return reply.status < 400 ? reply : nil
        }
    }

    /// Parses and checks a request: an answer where nothing is to be computed, else a plan with its price.
    ///
    /// - Parameter stop: set where nobody wants the plan any more.
    package func plan(_ request: ServiceRequest, stop: StopFlag) -> ServicePlan { .reply(answer(request)) }

    /// What ``plan(_:stop:)`` costs for a body of so many bytes, before anything of it is read.
    package func readingPrice(bodyBytes: Int) -> Price {
        Price(nanoseconds: bodyBytes.times(10), heldBytes: min(bodyBytes / 2, limits.maximumElements).times(16))
    }

    /// Whether a route takes a body, with POST.
    package static func takesBody(path: String) -> Bool { Route(rawValue: path)?.methods.contains("POST") ?? false }

    /// A refusal by the HTTP server itself, in the same form as ours.
    package func problem(status: Int, detail: String, instance: String?) -> ServiceReply {
        Problem(.transport(status: status), detail: detail).reply(instance: instance)
    }

    private func answer(_ request: ServiceRequest, _ route: Route) throws(Problem) -> ServiceReply {
        switch route {
        case .forward:
            let question = try question(request)
            switch try ForwardRoute.answer(question.reader, text: question.text, limits: limits) {
            case .text(let text): return reply(text, question.reader)
            case .lines(let next):
                return ServiceReply(
                    status: 200, headers: [("Content-Type", "application/x-ndjson")],
                    body: .chunks { next().map { ServiceChunk($0) } },
                    elements: question.reader.elements.value)
            }
        case .trainStep:
            let question = try question(request)
            return reply(
                try TrainStepRoute.answer(question.reader, text: question.text, limits: limits), question.reader)
        case .verify:
            let question = try question(request)
            return reply(try VerifyRoute.answer(question.reader, text: question.text, limits: limits), question.reader)
        case .mask:
            let reader = request.method == "POST" ? try question(request).reader : try query(request)
            return reply(
                try MaskRoute.answer(try MaskRoute.Question(reader, limits: limits)), reader,
                // Without a seed each answer is another.
                caching: request.method != "POST" && reader.has("seed") ? .revalidated : .noStore)
        case .generators:
            return fixed(GeneratorsRoute.answer, route, .revalidated)
        case .health, .live:
            return fixed("{\"status\":\"ok\"}\n", route)
        case .ready:
            return status.isReady()
                ? fixed("{\"status\":\"ready\"}\n", route)
                : ServiceReply(
                    status: 503, headers: [("Content-Type", route.mediaType), ("Retry-After", "1")],
                    body: .bytes(Array("{\"status\":\"stopping\"}\n".utf8)))
        case .metrics:
            return ServiceReply(
                status: 200, headers: [("Content-Type", route.mediaType)], body: .bytes(status.metrics()))
        case .index:
            return fixed(Self.index, route, .revalidated)
        case .openAPI:
            return ServiceReply(
                status: 200, headers: [("Content-Type", route.mediaType)], body: .bytes(PackageResources.openapi_yaml),
                caching: .revalidated)
        }
    }

    private func question(_ request: ServiceRequest) throws(Problem) -> (reader: FieldReader, text: RequestText) {
        let text = RequestText(request.body, limits: limits.json, concurrency: concurrency)
        let value = try text.parse(elementType: JSONDocument.elementTypeHint(request.body))
        guard case .object(let object) = value else {
            throw Problem(
                unanswerable: [.init(pointer: "", detail: "an object expected, \(value.kindName) found")])
        }
        let reader = FieldReader(object: object, pointer: "", problems: ProblemList(), elements: ElementCount())
        return (reader, text)
    }

    private func query(_ request: ServiceRequest) throws(Problem) -> FieldReader {
        let object = try QueryFields.object(request.query ?? "", lists: MaskRoute.lists, limits: limits.json)
        return FieldReader(object: object, pointer: "", problems: ProblemList(), elements: ElementCount())
    }

    /// Up to this many bytes of text are printed at once, since to hand over parts costs more.
    private static let wholeBytes = 1 << 18

    private func reply(
        _ text: JSONText, _ question: FieldReader, caching: ServiceReply.Caching = .noStore
    ) -> ServiceReply {
        let headers = [(name: "Content-Type", value: "application/json")]
        let elements = question.elements.value
        var text = text
        if text.printedBytesEstimate <= Self.wholeBytes {
            return ServiceReply(
                status: 200, headers: headers, body: .bytes(text.allBytes() + [0x0A]), elements: elements,
                caching: caching)
        }
        let source = PartSource(text)
        return ServiceReply(
            status: 200, headers: headers, body: .parts { source.next() }, elements: elements,
            heldBytes: text.heldBytes, caching: caching)
    }

    private func fixed(
        _ text: String, _ route: Route, _ caching: ServiceReply.Caching = .noStore
    ) -> ServiceReply {
        ServiceReply(
            status: 200, headers: [("Content-Type", route.mediaType)], body: .bytes(Array(text.utf8)), caching: caching)
    }

    /// The list of the routes.
    private static let index: String = {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("service", "dropout-service")
        writer.key("routes")
        writer.beginArray()
        for route in Route.allCases {
            writer.beginObject()
            writer.field("path", route.rawValue)
            writer.field("methods", route.allow)
            writer.field("answer", route.summary)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        var text = writer.finish()
        return String(decoding: text.allBytes(), as: UTF8.self) + "\n"
    }()
}
