package import Logging

/// A swift-log handler that writes each record as one line in the format of its sink.
///
///     {"time":"2026-01-31T23:59:59.007Z","level":"info","label":"dropoutd","message":"listening","port":8080}
///     2026-01-31T23:59:59.007Z info dropoutd: listening port=8080
///
/// Metadata follows in the order of its names. The members of a dictionary are named `outer.inner`. Numbers and booleans in
/// `.stringConvertible` are written as numbers and booleans. An interpolated string stays a text. Metadata with the name of one
/// of the first four members is left out.
package struct LineLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata = Logger.Metadata()
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let sink: LogSink

    private static let maximumDepth = 8

    package init(label: String, sink: LogSink) {
        self.label = label
        self.sink = sink
    }

    package subscript(metadataKey name: String) -> Logger.Metadata.Value? {
        get { metadata[name] }
        set { metadata[name] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { $1 } }
        if let given = event.metadata { merged.merge(given) { $1 } }
        if let error = event.error { merged["error"] = "\(error)" }
        sink.add(
            Self.line(
                sink.format, at: .now, level: event.level, label: label, message: event.message.description,
                metadata: merged))
    }

    /// The line of one record, with its newline.
    package static func line(
        _ format: LogFormat, at time: WallTime, level: Logger.Level, label: String, message: String,
        metadata: Logger.Metadata
    ) -> [UInt8] {
        var line = LogLine(format)
        line.add("time", .text(time.text))
        line.add("level", .text(level.rawValue))
        line.add("label", .text(label))
        line.add("message", .text(message))
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { add(name, value, to: &line, depth: 0) }
        return line.finish()
    }

    private static func add(_ name: String, _ value: Logger.MetadataValue, to line: inout LogLine, depth: Int) {
        guard case .dictionary(let members) = value, depth < maximumDepth else {
            line.add(name, LogValue(value, depth: depth))
            return
        }
        for (inner, value) in members.sorted(by: { $0.key < $1.key }) {
            add("\(name).\(inner)", value, to: &line, depth: depth + 1)
        }
    }

    /// A value inside an array, or one that is nested too deep to be flattened.
    fileprivate static func nested(_ value: Logger.MetadataValue, depth: Int) -> LogValue {
        depth < maximumDepth ? LogValue(value, depth: depth) : .text("…")
    }
}

extension LogValue {
    fileprivate init(_ value: Logger.MetadataValue, depth: Int) {
        switch value {
        case .string(let text): self = .text(text)
        case .stringConvertible(let value): self = LogValue(value)
        case .array(let values): self = .array(values.map { LineLogHandler.nested($0, depth: depth + 1) })
        case .dictionary(let members):
            // The members of a dictionary in an array are a flat array: [name, value, name, value, ...].
            self = .array(
                members.sorted { $0.key < $1.key }
                    .flatMap { [.text($0.key), LineLogHandler.nested($0.value, depth: depth + 1)] })
        }
    }

    private init(_ value: any CustomStringConvertible) {
        switch value {
        case let value as Bool: self = .bool(value)
        case let value as Double: self = .number(value)
        case let value as Float: self = Double("\(value)").map { .number($0) } ?? .number(Double(value))
        case let value as any BinaryInteger:
            if let small = Int64(exactly: value) {
                self = .integer(small)
            } else if let large = UInt64(exactly: value) {
                self = .unsigned(large)
            } else {
                self = .text(value.description)
            }
        default: self = .text(value.description)
        }
    }
}
