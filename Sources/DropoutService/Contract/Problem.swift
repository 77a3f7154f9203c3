import TensorJSON

/// A refusal, as RFC 9457 `application/problem+json`, with one entry for each place that is wrong.
package struct Problem: Error, Sendable, Equatable {
    /// One wrong place: an RFC 6901 pointer into the request (empty for the whole text) and what is wrong there.
    package struct Entry: Sendable, Equatable {
        package let pointer: String
        package let detail: String

        /// Longer texts are cut: both may quote what the client sent.
        package init(pointer: String, detail: String) {
            self.pointer = pointer.excerpt(256)
            self.detail = detail.excerpt(640)
        }

        /// The bytes of the entry in the document.
        fileprivate var printedByteCount: Int {
            pointer.printedByteCount + detail.printedByteCount + #"{"pointer":"","detail":""},"#.utf8.count
        }
    }

    package let kind: ProblemKind
    package let detail: String
    package let entries: [Entry]
    /// Why the service failed, for the log alone. The client gets the request's name, by which the log is searched.
    package let fault: String?

    static let mediaType = "application/problem+json"

    /// The most bytes of a problem document, whatever was asked. Line breaks are not counted.
    package static let maximumBytes = 12_288

    /// The most bytes of all entries together. What they leave of ``maximumBytes`` holds the other members.
    private static let maximumEntryBytes = 8192

    /// - Parameter entries: all that is wrong. The first ones are kept as far as the document has room.
    package init(_ kind: ProblemKind, detail: String, entries: [Entry] = [], fault: String? = nil) {
        self.kind = kind
        self.detail = detail.excerpt(900)
        var room = Self.maximumEntryBytes
        self.entries = Array(
            entries.prefix { entry in
                room -= entry.printedByteCount
                return room >= 0
            })
        self.fault = fault
    }

    /// The question was JSON, but not one that can be answered: all that is wrong with it, at least one entry.
    init(unanswerable entries: [Entry]) {
        let first = entries.first.map { $0.pointer.isEmpty ? $0.detail : "\($0.pointer): \($0.detail)" } ?? ""
        let more = entries.count > 1 ? " (and \(entries.count - 1) more)" : ""
        self.init(.unanswerable, detail: first + more, entries: entries)
    }

    /// The problem as an answer.
    ///
    /// - Parameter instance: the path that was asked.
    package func reply(instance: String?, headers: [(name: String, value: String)] = []) -> ServiceReply {
        var writer = JSONWriter()
        write(instance: instance, to: &writer)
        var text = writer.finish()
        return ServiceReply(
            status: kind.status, headers: [("Content-Type", Self.mediaType)] + headers,
            body: .bytes(text.allBytes() + [0x0A]), fault: fault)
    }

    /// The problem as a JSON object.
    func write(instance: String?, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        writer.string("urn:dropout-service:problem:\(kind.name)")
        writer.key("title")
        writer.string(kind.title)
        writer.key("status")
        writer.integer(Int64(kind.status))
        writer.key("detail")
        writer.string(detail)
        if let instance {
            writer.key("instance")
            writer.string(instance.excerpt(256))
        }
        writer.key("errors")
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            writer.key("pointer")
            writer.string(entry.pointer)
            writer.key("detail")
            writer.string(entry.detail)
            writer.endObject()
        }
        writer.endArray()
        kind.writeMembers(to: &writer)
        writer.key("error")
        writer.string(detail)
        writer.endObject()
    }
}
