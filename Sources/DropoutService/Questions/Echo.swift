/// The fields of an echo that say nothing to a question.
enum Echo {
    /// A remark on the generator. It may come back with the rest of the echo, and is ignored.
    static let note = "generator_note"
}
