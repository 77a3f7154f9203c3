import Foundation
import TensorJSON
import Testing

/// Texts near to JSON: each is read or refused, and Foundation's reader agrees.
@Suite struct MutationTests {
    static let texts: [String] = [
        #"{"shape":[4,2],"keep_prob":0.8,"seed":42}"#,
        #"{"input":[[1,2],[3,4]],"rate":0.2,"seed":9}"#,
        #"{"input":{"shape":[2,3],"data":[1,2,3,4,5,6]},"keep_prob":0.5}"#,
        #"{"input":{"shape":[1],"dtype":"float32","base64":"AACAPw=="},"rate":5e-1}"#,
        #"{"input":[["NaN",1],["Infinity","-Infinity"]],"keep_prob":1}"#,
        #"{"seed":"18446744073709551615","shape":[3]}"#,
        #"{"mask":[[true,false],[false,true]],"input":[[1.5,2.5],[-3.5,4e0]]}"#,
        #"{"layers":[{"weights":[[1,2],[3,4]],"bias":[0,0],"activation":"relu","keep_prob":0.9}],"input":[[1],[2]]}"#,
        #"{"layers":[{"weights":[[0.1]]},{"weights":[[0.2]],"granularity":"unit"}],"samples":100}"#,
        #" { "a" : [ 1 , 2 ] , "b" : { } , "c" : [ ] } "#,
        "{\n\t\"input\": [\r\n1,\r\n2\r\n]\n}",
        #"["a","b\n\t\"\\\/\b\f\r","\u00e9\ud83d\ude00","é€😀"]"#,
        #"{"é":1,"\u0000":2,"":3,"a\/b":4}"#,
        "[0,-0,0.0,-0.0,1e5,1E+5,1e-5,1.25E-10]",
        "[1.7976931348623157e308,4.9e-324,2.2250738585072014e-308]",
        "[123456789012345678901234567890,0.1234567890123456789012345678901234567890]",
        "[[[1,2],[3,4]],[[5,6],[7,8]]]",
        "[[],[],[]]", "[[[]]]", "[[1,2],[3]]", "[1,[2,[3,[4]]]]", "[1,null,true,\"a\",{},[]]",
        "[{\"a\":[1]},{\"a\":[2]}]",
        "[1,{\"a\":[1,{\"a\":[1,{\"a\":1}]}]}]",
        #"[true,false,null]"#, "null", "true", "-12.5e+3", "\"text\"", "[]", "{}",
        #"{"a":{"b":{"c":{"d":[{"e":[[[0]]]}]}}}}"#,
        #"{"optimizer_state":{"step":1,"m":[[0.1]],"v":[[1e-8]]},"optimizer":"adam"}"#,
    ]

    /// Bytes that mean something in JSON or in UTF-8.
    private static let telling =
        Array("{}[],:\"\\/ \t\n\r0123456789+-.eEuNItfnlabd".utf8) + [
            0x00, 0x1F, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xED, 0xF0, 0xFF,
        ]

    private func mutated(_ text: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let position = Int.random(in: 0...text.count, using: &random)
            let length = min(Int.random(in: 1...8, using: &random), text.count - position)
            let byte = Self.telling.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<9, using: &random) {
            case 0: text.insert(byte, at: position)
            case 1, 2: if position < text.count { text[position] = byte }
            case 3: if position < text.count { text[position] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
            case 4: if position < text.count { text.remove(at: position) }
            case 5: text.removeSubrange(position..<position + length)
            case 6: text.insert(contentsOf: Array(text[position..<position + length]), at: position)
            case 7:
                text.insert(
                    contentsOf: text[position...].prefix(length).reversed(),
                    at: Int.random(in: 0...text.count, using: &random))
            default: if Bool.random(using: &random) { text.removeSubrange(position...) }
            }
        }
        return text
    }

    /// Foundation's answer; nil where it means something else by the text: names that stand twice and numbers that are too
    /// large have no answer in common, and a byte 0 or 0xFE, 0xFF makes it think of UTF-16.
    private func foundationAccepts(_ text: [UInt8], _ refusal: JSONParseError?) -> Bool? {
        if case .syntax(let error) = refusal {
            if error.detail.hasSuffix("stands twice in one object") { return nil }
            // Foundation lets a list or an object end in a comma.
            let before = text[..<error.byteOffset].last { !" \t\n\r".utf8.contains($0) }
            let isClosing = error.detail.hasSuffix("']' found") || error.detail.hasSuffix("'}' found")
            if isClosing, before == UInt8(ascii: ",") { return nil }
        }
        if text.contains(0) || text.starts(with: [0xEF, 0xBB, 0xBF]) || text.first ?? 0 >= 0xFE { return nil }
        do {
            _ = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
            return true
        } catch {
            let reason = (error as NSError).userInfo["NSDebugDescription"] as? String
            return reason?.contains("not representable") == true ? nil : false
        }
    }

    @Test(
        "Mutated texts are read or refused at a place in them, as Foundation reads or refuses them",
        arguments: 0..<4 as Range<UInt64>)
    func mutations(seed: UInt64) {
        var random = SplitMix64(seed: 100 + seed)
        var accepted = 0
        for round in 0..<200 {
            for text in Self.texts {
                let mutated = mutated(Array(text.utf8), &random)
                let elementType: ElementType = round % 2 == 0 ? .float64 : .float32
                let refusal = refusal(mutated, as: elementType)
                if case .syntax(let error) = refusal { #expect((0...mutated.count).contains(error.byteOffset)) }
                if case .limit = refusal { Issue.record("a limit of \(String(decoding: mutated, as: UTF8.self))") }
                accepted += refusal == nil ? 1 : 0
                if let other = foundationAccepts(mutated, refusal), other != (refusal == nil) {
                    Issue.record(
                        "\(String(decoding: mutated, as: UTF8.self).debugDescription): \(refusal.debugDescription)")
                }
            }
        }
        // Both answers are met.
        #expect(accepted > 200 && accepted < 6000)
    }

    @Test("What is read stays the same when white space is put around its tokens")
    func whitespace() throws {
        for text in Self.texts {
            var spaced: [UInt8] = []
            var (inString, isEscaped) = (false, false)
            for byte in text.utf8 {
                let isStructure = !inString && "{}[],:".utf8.contains(byte)
                spaced += isStructure ? [0x0A, byte, 0x20, 0x0D, 0x09] : [byte]
                if byte == UInt8(ascii: "\""), !isEscaped { inString.toggle() }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            }
            #expect(try parse(spaced).shown == parse(text).shown)
        }
    }
}
