package import Stopping
import TensorFiles
package import TensorJSON
import TextCodecs

/// The contract: requests become plans, and plans become answers.
///
/// An answer is a function of its request and, without a seed, of the system's random generator. Nothing is kept between
/// requests. Any thread may call any method.
package struct DropoutAPI: Sendable {
    let limits: ServiceLimits
    private let status: ServiceStatus
    let concurrency: Concurrency
    /// The version of the service, which is in every tag.
    let version: String

    /// - Parameter concurrency: threads for one large request. An answer does not depend on them.
    package init(
        limits: ServiceLimits = ServiceLimits(), status: ServiceStatus = ServiceStatus(),
        concurrency: Concurrency = .serial, version: String = ""
    ) {
        self.version = version
        self.limits = limits
        self.status = status
        self.concurrency = concurrency
    }

    /// Plans a request and computes its answer on this thread, whatever the price within the limits.
    ///
    /// A refusal is a problem document. No request traps, whatever its bytes.
    package func respond(to request: ServiceRequest, stop: StopFlag = .never) -> ServiceReply {
        switch plan(request, stop: stop) {
        case .reply(let reply): reply
        case .work(let work): work.run(stop)
        }
    }

    /// Parses and checks a request: an answer if nothing is to be computed, else a plan with its price.
    ///
    /// - Parameter stop: set if nobody wants the plan any more.
    package func plan(_ request: ServiceRequest, stop: StopFlag) -> ServicePlan {
        switch admit(request, to: Route.find(request.path)) {
        case .decided(let reply): .reply(reply)
        case .admitted(let admission): plan(request, admission, stop: stop)
        }
    }

    /// Parses and checks a request whose header is admitted.
    ///
    /// - Parameter stop: set if nobody wants the plan any more.
    package func plan(_ request: ServiceRequest, _ admission: Admission, stop: StopFlag) -> ServicePlan {
        let plan = plan(request, admission, stop)
        return admission.options.isPretty ? plan.brokenOverLines() : plan
    }

    private func plan(_ request: ServiceRequest, _ admission: Admission, _ stop: StopFlag) -> ServicePlan {
        switch admission.route.handler {
        case .reply(let reply):
            return .reply(varied(reply(status), admission.route))
        case .typed(let reply):
            return .reply(varied(reply(admission.types.answer, status), admission.route))
        case .work(let price, let reply):
            return .work(ServiceWork(price: price, questionBytes: 0) { [status] _ in reply(status) })
        case .item(let reply):
            do throws(Problem) {
                return .reply(try reply(admission.parameters, status))
            } catch {
                return .reply(error.reply(instance: request.path))
            }
        case .request(let plan):
            do {
                let read = RouteRequest(
                    parameters: admission.parameters, body: request.body,
                    inferenceHeaderLength: request.inferenceHeaderLength, limits: limits, concurrency: concurrency,
                    stop: stop)
                return work(try plan(read), request, admission.route, .noStore)
            } catch {
                return .reply(error.reply(instance: request.path))
            }
        case .question(let plan):
            do {
                if admission.hasLines {
                    return work(try lines(request, admission, plan, stop), request, admission.route, .noStore)
                }
                let question = try question(request, admission, stop)
                let plan = try plan(question, admission.parameters)
                return work(plan, request, admission.route, try caching(of: question, request, admission, stop))
            } catch {
                return .reply(error.reply(instance: request.path))
            }
        }
    }

    /// A reply with the field that decided its type, if a cache may keep it.
    private func varied(_ reply: ServiceReply, _ route: Route) -> ServiceReply {
        var reply = reply
        if reply.caching != .noStore { reply.headers += route.vary(withPage: status.showsPage) }
        return reply
    }

    /// The price of ``plan(_:stop:)`` for a body of so many bytes, before anything of it is read.
    ///
    /// The body of QUERY is hashed as well, for the tag of the answer.
    ///
    /// - Parameter admission: what the header has settled. Nil for a body in JSON.
    package func readingPrice(
        bodyBytes: Int, method: String = RouteMethod.post.rawValue, _ admission: Admission? = nil
    ) -> Price {
        if let body = admission?.types.body, body.isArrayFile {
            return filePrice(bodyBytes) + Price(nanoseconds: hashPrice(bodyBytes, method))
        }
        let (questions, values) =
            admission?.hasLines == true
            ? (min(bodyBytes / 3 + 1, LinesPlan.maximumLines), bodyBytes / Self.bytesPerValue)
            : (1, min(bodyBytes / Self.bytesPerValue, Self.pricedValues))
        // A text holds at most one number in two bytes. Each is read into eight bytes, in arrays that grow by halves.
        let numbers = admission?.hasLines == true ? bodyBytes / 2 : min(bodyBytes / 2, limits.maximumElements)
        return Price(
            nanoseconds: KernelPrice.question(questions).adding(KernelPrice.readText(bodyBytes))
                .adding(KernelPrice.readValue(values))
                .adding(hashPrice(bodyBytes, method)),
            heldBytes: numbers.times(16).adding(bodyBytes))
    }

    private func hashPrice(_ bodyBytes: Int, _ method: String) -> Int {
        method == RouteMethod.query.rawValue ? KernelPrice.hash(bodyBytes) : 0
    }

    /// The price of reading a file of arrays, whose header is at most ``SafetensorsFile/maximumHeaderBytes`` long.
    private func filePrice(_ bodyBytes: Int) -> Price {
        // An element has at least one byte. It is read into eight bytes, and column-major arrays are copied once more.
        let elements = min(bodyBytes, limits.maximumElements)
        let headerBytes = min(bodyBytes, SafetensorsFile.maximumHeaderBytes)
        return Price(
            nanoseconds: KernelPrice.question(1).adding(KernelPrice.readText(bodyBytes))
                .adding(KernelPrice.convert(elements))
                .adding(KernelPrice.readValue(min(headerBytes / Self.bytesPerValue, Self.pricedValues))),
            heldBytes: elements.times(16).adding(bodyBytes))
    }

    /// A layer with its name and its weights has as many bytes, and a text has so few values besides its arrays of numbers.
    private static let (bytesPerValue, pricedValues) = (25, 16_384)

    // MARK: The header

    /// Checks the header of a request, so that nobody need wait for a body that is not wanted.
    ///
    /// The header decides the answer for a path that is no route's, and for a method or a media type that the route does not take.
    /// It also decides if the request accepts no media type that the route answers.
    ///
    /// - Parameter match: the route of the request's path; nil if there is none.
    package func admit(_ request: ServiceRequest, to match: Route.Match?) -> HeaderVerdict {
        let options = QueryOptions(request.query)
        let verdict = verdict(on: request, match, options)
        guard options.isPretty, case .decided(let reply) = verdict else { return verdict }
        return .decided(reply.brokenOverLines())
    }

    private func verdict(on request: ServiceRequest, _ match: Route.Match?, _ options: QueryOptions) -> HeaderVerdict {
        let answers = match?.route.answers(withPage: status.showsPage) ?? []
        guard let match, !answers.isEmpty else {
            let hint =
                NearestName.find(request.path, in: Route.all.map(\.path))
                .map { "; did you mean \($0)?" } ?? "; GET / lists the routes"
            return .decided(
                Problem(.notFound, detail: "no route \(request.path.excerpt(200))\(hint)")
                    .reply(instance: request.path))
        }
        let route = match.route
        if request.method == "OPTIONS" {
            let acceptQuery = route.acceptQuery.map { [(name: "Accept-Query", value: $0)] } ?? []
            return .decided(
                ServiceReply(status: 204, headers: [("Allow", route.allow)] + acceptQuery, body: .bytes([])))
        }
        guard let method = RouteMethod(rawValue: request.method), route.methods.contains(method) else {
            return .decided(
                Problem(.methodNotAllowed, detail: "\(route.path) takes \(route.allow)")
                    .reply(instance: request.path, headers: [("Allow", route.allow)]))
        }
        do {
            return .admitted(Admission(match, method, try Negotiation(request, method, route, answers), options))
        } catch {
            return .decided(error.reply(instance: request.path))
        }
    }

    /// A plan as work for the server.
    private func work(
        _ plan: any Plan, _ request: ServiceRequest, _ route: Route, _ caching: Caching
    ) -> ServicePlan {
        let path = request.path
        let vary = caching == .noStore ? [] : route.vary(withPage: status.showsPage)
        let unchanged = caching == .noStore ? nil : ServiceReply.unchanged(vary, caching)
        // What waits holds its tensors, each of whose elements has a byte of the body at least, and the strings of the text at most.
        // What is drawn is not held yet.
        let questionBytes = min(plan.elements, request.body.count).times(8).adding(request.body.count)
        return .work(
            ServiceWork(
                price: plan.price, questionBytes: questionBytes, urgency: plan.urgency, unchanged: unchanged
            ) { stop in
                do throws(Problem) {
                    if stop.isSet { throw .stopped }
                    var reply =
                        switch try plan.compute(stop) {
                        case .text(let text): ServiceReply(text, elements: plan.elements, caching: caching)
                        case .file(let file): ServiceReply(file, elements: plan.elements, caching: caching)
                        case .tensors(let file):
                            ServiceReply(file, elements: plan.elements, caching: caching)
                        case .inference(let answer):
                            ServiceReply(answer, elements: plan.elements, caching: caching)
                        case .lines(let isDense, let heldBytes, let next):
                            ServiceReply(
                                status: 200, headers: [("Content-Type", MediaType.jsonLines.field)],
                                body: .chunks(next), elements: plan.elements, heldBytes: heldBytes, caching: caching,
                                isDense: isDense)
                        }
                    reply.headers += vary
                    return reply
                } catch {
                    return error.reply(instance: path)
                }
            })
    }
}
