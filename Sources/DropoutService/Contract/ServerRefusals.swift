/// Refusals by the HTTP server that have a type of their own, in the same form as ours.
extension DropoutService {
    /// The refusal of a question whose computation would hold more memory than there is.
    package func tooExpensive(heldBytes: Int, limitBytes: Int, detail: String, instance: String?) -> ServiceReply {
        Problem(
            .tooExpensive(.bytes(heldBytes, limit: limitBytes)), detail: detail,
            entries: [.init(pointer: "", detail: detail)]
        ).reply(instance: instance)
    }

    /// The refusal of a question whose computation was stopped because it took too long.
    package func deadline(detail: String, instance: String?) -> ServiceReply {
        Problem(.deadline, detail: detail).reply(instance: instance)
    }
}
