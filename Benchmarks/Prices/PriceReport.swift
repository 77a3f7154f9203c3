import DropoutService
import Questions

/// The worst ratios, by route, variant and generator, and the questions beyond the bounds.
struct PriceReport {
    let results: [PriceResult]
    let memory: [PeakResult]
    let left: PriceRun.Left
    let seconds: Double

    func print() {
        Swift.print(
            "\(results.count) questions in \(Int(seconds)) s; not reached: \(left.unreachable), refused when run: \(left.refused), "
                + "without a plan: \(left.unplanned)")
        table("route") { $0.question.question.route.rawValue }
        table("variant") { $0.question.question.variant }
        table("generator") { $0.question.question.generator }
        let reading = results.compactMap(\.readingRatio).max() ?? 0
        Swift.print("\nhighest time of reading and planning / price of reading: \(shown(reading))")
        if let worst = memory.max(by: { $0.excess < $1.excess }) {
            Swift.print(
                "\(memory.count) peaks of memory; highest peak - price: \(worst.excess >> 20) MiB, of a price of "
                    + "\(worst.price.heldBytes >> 20) MiB")
        }
        let faults =
            results.filter { $0.fault != nil }.sorted { $0.ratio > $1.ratio }.map {
                (
                    fault: $0.fault, question: $0.question,
                    text:
                        "\($0.price.nanoseconds) ns priced, \($0.nanoseconds) ns taken, reading \($0.readingNanoseconds ?? 0) ns"
                )
            }
            + memory.filter { $0.fault != nil }.sorted { $0.excess > $1.excess }.map {
                (fault: $0.fault, question: $0.question, text: "\($0.price.heldBytes >> 20) MiB priced, \($0.peak)")
            }
        Swift.print("\n\(faults.count) beyond a bound")
        for fault in faults.prefix(30) {
            let question = fault.question
            Swift.print(
                "- \(fault.fault ?? ""): \(fault.text)\n  prices --one \(question.numbers.joined(separator: " "))\n  "
                    + String(decoding: question.question.line.prefix(200), as: UTF8.self))
        }
    }

    private func table(_ name: String, by key: (PriceResult) -> String) {
        Swift.print("\n| \(name) | questions | highest time / price | median | lowest over 10 ms | beyond |")
        Swift.print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for (key, group) in Dictionary(grouping: results, by: key).sorted(by: { $0.key < $1.key }) {
            let ratios = group.map(\.ratio).sorted()
            let long = group.filter(\.isLong).map { Double($0.nanoseconds) / Double($0.price.nanoseconds) }
            let beyond = group.count { $0.fault != nil }
            Swift.print(
                "| \(key) | \(group.count) | \(shown(ratios.last ?? 0)) | \(shown(ratios[ratios.count / 2])) | "
                    + "\(long.min().map(shown) ?? "-") | \(beyond) |")
        }
    }

    private func shown(_ number: Double) -> String { String((number * 100).rounded() / 100) }
}
