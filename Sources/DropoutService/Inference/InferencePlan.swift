import Stopping

/// The plan of an inference request: that of `/forward`, whose problems are at the request's own places.
struct InferencePlan: Plan {
    private let plan: any Plan
    private let places: InferencePlaces

    /// - Throws: a 400 for a body that cannot be read, a 422 with every wrong member or with the price of a question that costs
    ///   too much.
    init(_ request: RouteRequest, _ model: InferenceModel) throws(Problem) {
        let request = try InferenceRequest(request, model)
        places = request.places
        do {
            plan = try ForwardRoute.plan(request.question)
        } catch {
            throw places.problem(error)
        }
    }

    var price: Price { plan.price }
    var elements: Int { plan.elements }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        do {
            return try plan.compute(stop)
        } catch {
            throw places.problem(error)
        }
    }
}
