import Stopping

/// The plan of an inference request: that of `/forward`, whose problems are at the request's own places.
struct InferencePlan: Plan {
    private let plan: any Plan
    private let places: InferencePlaces
    let urgency: Urgency

    /// - Throws: a 422 with every wrong member, or with the price of a question that costs too much.
    init(_ question: Question, _ places: InferencePlaces, _ urgency: Urgency) throws(Problem) {
        (self.places, self.urgency) = (places, urgency)
        do {
            plan = try ForwardRoute.plan(question)
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
