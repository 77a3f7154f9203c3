/// Refusals by the HTTP server, in the same form as those of the contract.
extension DropoutAPI {
    /// Writes a refusal whose status is all that is known of it.
    package func refuse(status: Int, detail: String, instance: String?) -> ServiceReply {
        Problem(.transport(status: status), detail: detail).reply(instance: instance)
    }

    /// Answers 500 for what cannot happen. The log has the reason.
    package func fail(_ reason: String, instance: String?) -> ServiceReply {
        Problem.fault(reason).reply(instance: instance)
    }

    /// Refuses a question whose computation would hold more memory than there is.
    package func refuseExpensive(heldBytes: Int, limitBytes: Int, detail: String, instance: String?) -> ServiceReply {
        Problem(
            .tooExpensive(.bytes(heldBytes, limit: limitBytes)), detail: detail,
            entries: [.init(pointer: "", detail: detail)]
        ).reply(instance: instance)
    }

    /// Refuses a question whose computation was stopped because it took too long.
    package func refuseLate(detail: String, instance: String?) -> ServiceReply {
        Problem(.deadline, detail: detail).reply(instance: instance)
    }
}
