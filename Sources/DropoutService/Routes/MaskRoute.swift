/// `GET /mask`, `POST /mask` and `QUERY /mask`: a mask alone.
enum MaskRoute {
    static let route = Route(
        "/mask", [.get, .head, .post, .query], takes: [.json, .lines], answers: [.json, .npy],
        summary: "a dropout mask from a seed",
        .question { question, _ throws(Problem) in try MaskPlan(question) })
}
