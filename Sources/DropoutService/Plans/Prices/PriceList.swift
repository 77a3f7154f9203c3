import DropoutEngine
import TextCodecs

/// The price of a plan, added up item by item.
///
/// Each item names the field that makes it dear, so that a refusal points there.
struct PriceList {
    private(set) var total: Price
    private var dearest = (pointer: "", nanoseconds: 0)
    private var longest = (pointer: "", bytes: 0)

    /// - Parameter start: what every plan of the kind costs.
    init(_ start: Price = Price(nanoseconds: KernelPrice.question(1))) { total = start }

    /// Adds time that the field at `pointer` causes.
    mutating func compute(_ nanoseconds: Int, for pointer: String) {
        total.nanoseconds = total.nanoseconds.adding(nanoseconds)
        if nanoseconds > dearest.nanoseconds { dearest = (pointer, nanoseconds) }
    }

    /// Adds the enumeration of the masks of `units` units. Only masks that can be drawn have a pass.
    ///
    /// - Parameter decided: the units that are always kept or always dropped.
    mutating func enumerate(units: Int, decided: Int, pass: Int) {
        let units = min(units, ExactEnumeration.maximumUnits)
        let drawn = 1 << max(0, units - min(units, decided))
        compute(KernelPrice.drawBits(1).times(1 << units), for: "/exact")
        compute(
            KernelPrice.exactMask(1).adding(KernelPrice.drawBits(units)).adding(pass).times(drawn), for: "/exact")
    }

    /// Adds the list of the masks of an enumeration.
    ///
    /// - Parameters:
    ///   - entry: the price of printing one of them, with the bytes that it holds until then.
    ///   - units: the units that the probability does not decide.
    mutating func addSubnetworks(_ entry: Price, units: Int) {
        let count = 1 << max(0, min(units, PassFields.maximumListedUnits))
        let held = Price(heldBytes: entry.heldBytes.times(count))
        // The names and the probability.
        let text = Price(nanoseconds: entry.nanoseconds, printedBytes: entry.printedBytes.adding(50))
        add(text.times(count) + held, for: "/exact")
    }

    /// Adds bytes that are held at the same time as all others.
    mutating func hold(_ bytes: Int) { total.heldBytes = total.heldBytes.adding(bytes) }

    /// Adds the price of a part that was priced by itself.
    mutating func add(_ part: Price, for pointer: String) {
        compute(part.nanoseconds, for: pointer)
        total.heldBytes = total.heldBytes.adding(part.heldBytes)
        total.printedBytes = total.printedBytes.adding(part.printedBytes)
        if part.printedBytes > longest.bytes { longest = (pointer, part.printedBytes) }
    }

    /// - Throws: a 422 that names the price, the limit and the field, if the plan costs more than one request may.
    func check(_ limits: ServiceLimits) throws(Problem) {
        if total.nanoseconds > limits.maximumNanoseconds {
            throw Problem(
                .tooExpensive(.time(total.nanoseconds, limit: limits.maximumNanoseconds)),
                detail: "the question would take \(Self.seconds(total.nanoseconds)) s of one core; "
                    + "at most \(Self.seconds(limits.maximumNanoseconds)) s are allowed",
                entries: [
                    .init(
                        pointer: dearest.pointer, detail: "\(Self.seconds(dearest.nanoseconds)) s are due to this field"
                    )
                ])
        }
        if total.printedBytes > limits.maximumPrintedBytes {
            throw Problem(
                .tooExpensive(.bytes(total.printedBytes, limit: limits.maximumPrintedBytes)),
                detail: "the answer would have about \(Self.count(total.printedBytes)) bytes; "
                    + "at most \(limits.maximumPrintedBytes) are allowed",
                entries: [
                    .init(
                        pointer: longest.pointer,
                        detail: "ask for less, leave parts out with include, or choose tensor_format flat or base64")
                ])
        }
        if total.heldBytes > limits.maximumHeldBytes {
            throw Problem(
                .tooExpensive(.bytes(total.heldBytes, limit: limits.maximumHeldBytes)),
                detail: "the question would hold \(Self.count(total.heldBytes)) bytes of memory; "
                    + "at most \(limits.maximumHeldBytes) are allowed",
                entries: [.init(pointer: "", detail: "ask for smaller tensors")])
        }
    }

    private static func count(_ bytes: Int) -> String { bytes == .max ? "more than 9e18" : String(bytes) }

    /// Seconds with two significant digits or more, for messages.
    private static func seconds(_ nanoseconds: Int) -> String {
        if nanoseconds == .max { return "more than 9e9" }
        let milliseconds = nanoseconds / 1_000_000
        if milliseconds >= 10_000 { return "\(milliseconds / 1000)" }
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    }
}
