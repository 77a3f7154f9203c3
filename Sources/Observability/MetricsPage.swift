/// Writes a page of metrics in the text format 0.0.4 of Prometheus.
struct MetricsPage {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var bytes: [UInt8] = []
    private var name = ""

    /// Begins a family. All its samples must follow.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        bytes += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    mutating func sample(_ value: UInt64, _ labels: [(String, String)] = []) { write("", labels, "\(value)") }
    mutating func sample(_ value: Int, _ labels: [(String, String)] = []) { write("", labels, "\(value)") }
    mutating func sample(seconds: Double) { write("", [], Self.decimal(seconds)) }

    mutating func samples(_ histogram: DurationHistogram, _ labels: [(String, String)] = []) {
        let (cumulative, seconds) = histogram.snapshot
        let bounds = DurationHistogram.bounds.map(\.text) + ["+Inf"]
        for (bound, count) in zip(bounds, cumulative) { write("_bucket", labels + [("le", bound)], "\(count)") }
        write("_sum", labels, Self.decimal(seconds))
        write("_count", labels, "\(cumulative.last ?? 0)")
    }

    private mutating func write(_ suffix: String, _ labels: [(String, String)], _ value: String) {
        bytes += name.utf8
        bytes += suffix.utf8
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }
            bytes += "{\(pairs.joined(separator: ","))}".utf8
        }
        bytes += " \(value)\n".utf8
    }

    private static func decimal(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Escapes backslashes and newlines, and quotation marks if `quotes` is true.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n".unicodeScalars
            case "\\": escaped += "\\\\".unicodeScalars
            case "\"" where quotes: escaped += "\\\"".unicodeScalars
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
