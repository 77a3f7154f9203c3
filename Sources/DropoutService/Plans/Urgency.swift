/// How soon a caller wants an answer. It changes nothing of the answer.
package struct Urgency: Sendable {
    /// The most time that the computation may take. Nil for the service's deadline.
    package var deadline: Duration?
    /// The rank among the waiting requests of the same caller. A lower one goes first, and no rank goes last.
    package var rank: UInt64?

    /// What a question says that names neither.
    package static let usual = Urgency()
}
