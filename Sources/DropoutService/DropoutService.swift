package import Stopping
package import TensorJSON
import TextCodecs

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
    ///
    /// It is computed on this thread, whatever its price within the limits.
    package func answer(_ request: ServiceRequest, stop: StopFlag = .never) -> ServiceReply {
        switch plan(request, stop: stop) {
        case .reply(let reply): reply
        case .work(let work): work.run(stop)
        }
    }

    /// Parses and checks a request: an answer if nothing is to be computed, else a plan with its price.
    ///
    /// - Parameter stop: set if nobody wants the plan any more.
    package func plan(_ request: ServiceRequest, stop: StopFlag) -> ServicePlan {
        switch routed(request) {
        case .decided(let reply): return .reply(reply)
        case .asked(let route):
            do {
                return try plan(request, route, stop)
            } catch {
                return .reply(error.reply(instance: request.path))
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
                .map { "; did you mean \($0)?" } ?? "; GET / lists the routes"
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

    /// What ``plan(_:stop:)`` costs for a body of so many bytes, before anything of it is read.
    package func readingPrice(bodyBytes: Int) -> Price {
        // A text of numbers holds one in two bytes at most; each is read into eight bytes, in arrays that grow by halves.
        let numbers = min(bodyBytes / 2, limits.maximumElements)
        return Price(
            nanoseconds: KernelPrice.question(1).adding(KernelPrice.readText(bodyBytes))
                .adding(KernelPrice.readValue(min(bodyBytes / Self.bytesPerValue, Self.pricedValues))),
            heldBytes: numbers.times(16).adding(bodyBytes))
    }

    /// A layer with its name and its weights has as many bytes, and a text has so few values besides its arrays of numbers.
    private static let (bytesPerValue, pricedValues) = (25, 16_384)

    /// Whether a route takes a body, with POST.
    package static func takesBody(path: String) -> Bool { Route(rawValue: path)?.methods.contains("POST") ?? false }

    /// A refusal by the HTTP server itself, in the same form as ours.
    package func problem(status: Int, detail: String, instance: String?) -> ServiceReply {
        Problem(.transport(status: status), detail: detail).reply(instance: instance)
    }

    private func plan(_ request: ServiceRequest, _ route: Route, _ stop: StopFlag) throws(Problem) -> ServicePlan {
        switch route {
        case .forward:
            let question = try question(request, stop)
            return work(try ForwardRoute.plan(question), request)
        case .trainStep:
            let question = try question(request, stop)
            let presentation = Presentation(question)
            switch presentation.type {
            case .float64: return work(try TrainPlan<Double>(question, presentation), request)
            case .float32: return work(try TrainPlan<Float>(question, presentation), request)
            }
        case .verify:
            let question = try question(request, stop)
            let presentation = Presentation(question)
            switch presentation.type {
            case .float64:
                return work(try VerifyPlan<Double>(question, presentation), request)
            case .float32: return work(try VerifyPlan<Float>(question, presentation), request)
            }
        case .mask:
            let question = try question(request, stop)
            // Without a seed each answer is another.
            let isFunction = request.method != "POST" && question.has("seed")
            return work(try MaskPlan(question), request, isFunction ? .revalidated : .noStore)
        case .metrics:
            // It reads figures of the process from files, so a worker makes it.
            return .work(
                ServiceWork(
                    price: Price(nanoseconds: 1_000_000, heldBytes: 1 << 16, printedBytes: 1 << 15), questionBytes: 0
                ) { _ in
                    ServiceReply(
                        status: 200, headers: [("Content-Type", route.mediaType)], body: .bytes(status.metrics()))
                })
        case .generators: return .reply(fixed(GeneratorsRoute.answer, route, .revalidated))
        case .health, .live: return .reply(fixed("{\"status\":\"ok\"}\n", route))
        case .ready:
            return .reply(
                status.isReady()
                    ? fixed("{\"status\":\"ready\"}\n", route)
                    : ServiceReply(
                        status: 503, headers: [("Content-Type", route.mediaType), ("Retry-After", "1")],
                        body: .bytes(Array("{\"status\":\"stopping\"}\n".utf8))))
        case .index: return .reply(fixed(Self.index, route, .revalidated))
        case .openAPI:
            return .reply(
                ServiceReply(
                    status: 200, headers: [("Content-Type", route.mediaType)],
                    body: .bytes(PackageResources.openapi_yaml), caching: .revalidated))
        }
    }

    /// A plan as work for the server.
    private func work(
        _ plan: some Plan, _ request: ServiceRequest, _ caching: ServiceReply.Caching = .noStore
    ) -> ServicePlan {
        let path = request.path
        // What waits holds its tensors, and the strings of the text at most.
        let questionBytes = plan.elements.times(8).adding(request.body.count)
        return .work(
            ServiceWork(price: plan.price, questionBytes: questionBytes) { stop in
                do throws(Problem) {
                    if stop.isSet { throw .stopped }
                    switch try plan.answer(stop) {
                    case .text(let text): return reply(text, plan.elements, caching)
                    case .lines(let next):
                        return ServiceReply(
                            status: 200, headers: [("Content-Type", "application/x-ndjson")], body: .chunks(next),
                            elements: plan.elements)
                    }
                } catch {
                    return error.reply(instance: path)
                }
            })
    }

    private func question(_ request: ServiceRequest, _ stop: StopFlag) throws(Problem) -> Question {
        guard request.method == "POST" else { return try Question(query: request.query ?? "", limits: limits) }
        let text = RequestText(request.body, limits: limits.json, concurrency: concurrency, stop: stop)
        return try Question(text, limits: limits)
    }

    /// Up to this many bytes of text are printed at once, since to hand over parts costs more.
    private static let wholeBytes = 1 << 18

    private func reply(_ text: JSONText, _ elements: Int, _ caching: ServiceReply.Caching) -> ServiceReply {
        let headers = [(name: "Content-Type", value: "application/json")]
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
