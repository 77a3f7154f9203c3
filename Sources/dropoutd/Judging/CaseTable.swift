/// The results as a table for people.
struct CaseTable {
    private static let head = ["FILE", "CASE", "VERDICT", "DETAIL"]
    private static let (red, green, yellow, plain) = ("\u{1B}[31m", "\u{1B}[32m", "\u{1B}[33m", "\u{1B}[0m")

    let results: [CaseResult]
    let hasColours: Bool

    var text: String {
        let rows = results.map { [$0.file, $0.name, $0.verdict, $0.detail].map { PrintableText.line($0) } }
        var widths = Self.head.map(\.count)
        for row in rows { for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) } }
        var text = line(Self.head, widths, colour: nil)
        for (row, result) in zip(rows, results) { text += line(row, widths, colour: colour(result)) }
        let count = CaseCount(results)
        let cases = count.all == 1 ? "case" : "cases"
        text += "\n\(count.all) \(cases): \(count.right) right, \(count.wrong) wrong, \(count.unjudged) not judged\n"
        return text
    }

    private func colour(_ result: CaseResult) -> String? {
        guard hasColours else { return nil }
        return switch result.outcome {
        case .right: Self.green
        case .wrong: Self.red
        case .unjudged: Self.yellow
        }
    }

    private func line(_ cells: [String], _ widths: [Int], colour: String?) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() where column < 3 || !cell.isEmpty {
            let isLast = column == 3 || column == 2 && cells[3].isEmpty
            let padding = isLast ? "" : String(repeating: " ", count: widths[column] - cell.count + 2)
            if column == 2, let colour { line += colour + cell + Self.plain } else { line += cell }
            line += padding
        }
        return line + "\n"
    }
}
