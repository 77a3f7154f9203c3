import Foundation
import TensorJSON

/// `JSONDocument.parse` and `reread` on any text: the lowest bit of the first byte chooses the type of the numbers, the rest is the text.
///
/// - Foundation's reader accepts what is accepted and refuses what is refused, where the two mean the same.
/// - What is read is written, read and written again to the same values and the same text.
/// - Read in segments by several threads, the outcome is the same.
/// - An array read again as the other type is the array that is there if the whole is read as that type.
/// - A refusal points into the text.
enum JSONTarget {
    static func run(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        guard let options = input.first else { return 0 }
        let text = UnsafeBufferPointer(rebasing: input.dropFirst())
        let elementType: ElementType = options & 1 == 0 ? .float64 : .float32
        do throws(JSONParseError) {
            let value = try JSONDocument.parse(text, elementType: elementType, limits: JSONLimits())
            require(FoundationReader.accepts(text, nil) != false, "Foundation refuses what is accepted", input: input)
            require(
                inSegments(text, elementType)?.shown == value.shown, "another value when read in segments", input: input
            )
            roundTrip(value, as: elementType, input)
            rereading(value, as: elementType == .float32 ? .float64 : .float32, text, input)
        } catch {
            require(inSegments(text, elementType) == nil, "accepted when read in segments", input: input)
            switch error {
            case .syntax(let error):
                require((0...text.count).contains(error.byteOffset), "a refusal outside of the text", input: input)
                require(
                    FoundationReader.accepts(text, error) != true,
                    "Foundation accepts what is refused: \(error.detail)", input: input)
            case .limit(let pointer, _):
                require(pointer.isEmpty || pointer.hasPrefix("/"), "a limit without a pointer", input: input)
            case .stopped: require(false, "stopped without a flag", input: input)
            }
        }
        return 0
    }

    /// The text read ahead in segments of a few bytes, the last one first; nil where it is refused.
    private static func inSegments(_ text: UnsafeBufferPointer<UInt8>, _ elementType: ElementType) -> JSONValue? {
        let concurrency = Concurrency(
            minimumPartBytes: 8, width: { 3 },
            run: { count, part in for number in (0..<count).reversed() { part(number) } })
        return try? JSONDocument.parse(text, elementType: elementType, limits: JSONLimits(), concurrency: concurrency)
    }

    private static func roundTrip(
        _ value: JSONValue, as elementType: ElementType, _ input: UnsafeBufferPointer<UInt8>
    ) {
        guard let written = JSONText.writing(value) else { return }
        let again: JSONValue
        do {
            again = try written.withUnsafeBufferPointer {
                try JSONDocument.parse($0, elementType: elementType, limits: JSONLimits())
            }
        } catch {
            stop("what was written is refused: \(error)", input: Array(input))
        }
        require(again.shown == value.shown, "\(value.shown) written and read is \(again.shown)", input: input)
        require(JSONText.writing(again) == written, "another text when written again", input: input)
    }

    private static func rereading(
        _ value: JSONValue, as other: ElementType, _ text: UnsafeBufferPointer<UInt8>,
        _ input: UnsafeBufferPointer<UInt8>
    ) {
        do {
            let expected = try JSONDocument.parse(text, elementType: other, limits: JSONLimits()).numberArrays
            let arrays = value.numberArrays
            // A list of values that has a number too large for one type is a list of numbers for it, with that problem.
            let isOverflow = (expected + arrays).contains { $0.problem?.detail.contains("too large") == true }
            require(
                isOverflow || expected.map(\.source) == arrays.map(\.source), "other arrays in the other type",
                input: input)
            for array in arrays {
                guard let expected = expected.first(where: { $0.source == array.source }) else { continue }
                let again = try JSONDocument.reread(array, as: other, in: text)
                require(
                    again.shown == expected.shown, "read again \(again.shown), read so at first \(expected.shown)",
                    input: input)
                require(
                    again.literals.map(\.text) == expected.literals.map(\.text), "other literals when read again",
                    input: input)
            }
        } catch {
            stop("refused when read again: \(error)", input: Array(input))
        }
    }
}
