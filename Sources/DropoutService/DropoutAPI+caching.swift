import Stopping
import TextCodecs

/// What a cache may do with the answer to a question, by the question alone: nothing has been computed yet.
extension DropoutAPI {
    /// A question that is asked safely and has a seed has one answer for ever.
    ///
    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    func caching(
        of question: Question, _ request: ServiceRequest, _ admission: Admission, _ stop: StopFlag
    ) throws(Problem) -> Caching {
        guard admission.method.isSafe, Seed.isGiven(question) else { return .noStore }
        let types = admission.types
        var parts = [version, admission.route.path, types.answer.name, question.query?.canonicalText ?? ""]
        if admission.method.place == .body {
            guard let digest = try Self.digest(request.body, stop) else { return .noStore }
            parts += [types.body.rawValue, digest]
        }
        return EntityTag.of(parts).map { .immutable(tag: $0) } ?? .noStore
    }

    private static func digest(
        _ body: UnsafeBufferPointer<UInt8>, _ stop: StopFlag
    ) throws(Problem) -> String? {
        do {
            return try Fingerprint.sha256(UnsafeRawBufferPointer(body), stop)
        } catch {
            throw .stopped
        }
    }
}
