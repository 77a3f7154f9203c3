import Foundation
import TensorJSON

/// `JSONDocument.parse` and `reread` on any text: the lowest bit of the first byte chooses the type of the numbers, the rest is the text.
///
/// - Foundation's reader accepts what is accepted and refuses what is refused, where the two mean the same.
/// - What is read is written, read and written again to the same values and the same text.
/// - An array read again as the other type is the array that reading as that type gives.
/// - A refusal points into the text.
enum JSONTarget {
    static func run(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        guard let options = input.first else { return 0 }
        let text = UnsafeBufferPointer(rebasing: input.dropFirst())
        let elementType: ElementType = options & 1 == 0 ? .float64 : .float32
        do throws(JSONParseError) {
            let value = try JSONDocument.parse(text, elementType: elementType, limits: JSONLimits())
            require(FoundationReader.accepts(text, nil) != false, "Foundation refuses what is accepted", input: input)
            roundTrip(value, as: elementType, input)
            rereading(value, as: elementType == .float32 ? .float64 : .float32, text, input)
        } catch {
            switch error {
            case .syntax(let error):
                require((0...text.count).contains(error.byteOffset), "a refusal outside of the text", input: input)
                require(
                    FoundationReader.accepts(text, error) != true,
                    "Foundation accepts what is refused: \(error.detail)", input: input)
            case .limit(let pointer, _):
                require(pointer.isEmpty || pointer.hasPrefix("/"), "a limit without a pointer", input: input)
            }
        }
        return 0
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
        require(again.shown == value.shown, "another value after writing and reading", input: input)
        require(JSONText.writing(again) == written, "another text when written again", input: input)
    }

    private static func rereading(
        _ value: JSONValue, as other: ElementType, _ text: UnsafeBufferPointer<UInt8>, _ input: UnsafeBufferPointer<UInt8>
    ) {
        do {
            let expected = try JSONDocument.parse(text, elementType: other, limits: JSONLimits()).numberArrays
            let arrays = value.numberArrays
            require(expected.count == arrays.count, "another number of arrays in the other type", input: input)
            for (array, expected) in zip(arrays, expected) {
                let again = try JSONDocument.reread(array, as: other, in: text)
                require(again.shown == expected.shown, "another array when read again", input: input)
                require(again.source == expected.source, "another place when read again", input: input)
                require(
                    again.literals.map(\.text) == expected.literals.map(\.text), "other literals when read again",
                    input: input)
            }
        } catch {
            stop("refused when read again: \(error)", input: Array(input))
        }
    }
}
