import Foundation
import Testing

/// What every answer keeps: one question, one text.
@Suite struct AnswerTests {
    @Test("Rate and keep probability are one question")
    func rateAndKeepProbabilityAreOneQuestion() {
        let rate = ask("/forward", #"{"input":[[1,2],[3,4]],"rate":0.2,"seed":9}"#)
        let keep = ask("/forward", #"{"input":[[1,2],[3,4]],"keep_prob":0.8,"seed":9}"#)
        let both = ask("/forward", #"{"input":[[1,2],[3,4]],"keep_prob":0.8,"rate":0.2,"seed":9}"#)
        #expect(rate.text == keep.text)
        #expect(rate.text == both.text)
    }

    @Test("One request has one answer on any thread")
    func oneRequestHasOneAnswerOnAnyThread() async {
        let body = #"{"input":[1,2,3,4,5,6,7,8],"rate":0.5,"seed":11,"samples":3}"#
        let expected = ask("/forward", body).text
        let answers = await withTaskGroup(of: Set<String>.self) { group in
            for _ in 0..<16 { group.addTask { Set((0..<63).map { _ in ask("/forward", body).text }) } }
            return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        }
        #expect(answers == [expected])
    }

    @Test("An absent seed is drawn and echoed")
    func anAbsentSeedIsDrawnAndEchoed() throws {
        let first = ask("/mask", #"{"shape":[64],"rate":0.5}"#)
        let seed = try #require(first.object["seed"] as? Int)
        let again = ask("/mask", "{\"shape\":[64],\"rate\":0.5,\"seed\":\(seed)}")
        #expect(first.text == again.text)
        #expect(ask("/mask", #"{"shape":[64],"rate":0.5}"#).object["seed"] as? Int != seed)
    }

    /// 200,000 elements print more than the text that is sent in one piece.
    @Test("One line feed ends an answer, be it sent in one piece or in parts", arguments: [8, 200_000])
    func oneLineFeedEndsAnAnswer(_ count: Int) {
        let reply = ask("/mask?shape=\(count)&rate=0.5&seed=1&include=mask")
        #expect(reply.text.hasPrefix("{\"mask\":[") && reply.text.hasSuffix("]}\n"))
        #expect(reply.text.utf8.count { $0 == 0x0A } == 1)
    }

    @Test("A large seed is taken and echoed as digits")
    func aLargeSeedIsTakenAndEchoedAsDigits() {
        let string = ask("/mask", #"{"shape":[4],"rate":0.5,"seed":"18446744073709551615"}"#)
        let number = ask("/mask", #"{"shape":[4],"rate":0.5,"seed":18446744073709551615}"#)
        #expect(string.object["seed"] as? String == "18446744073709551615")
        #expect(string.text == number.text)
    }

    @Test("A query is the same question as a body")
    func aQueryIsTheSameQuestionAsABody() {
        let query = ask("/mask?shape=4,2&keep_prob=0.8&seed=42&granularity=unit")
        let body = ask("/mask", #"{"shape":[4,2],"keep_prob":0.8,"seed":42,"granularity":"unit"}"#)
        #expect(query.status == 200)
        #expect(query.text == body.text)
    }

    @Test("Shards join to the whole")
    func shardsJoinToTheWhole() throws {
        let whole = try #require(
            ask("/mask", #"{"shape":[1000],"rate":0.3,"seed":5}"#).object["mask"] as? [Int])
        var joined: [Int] = []
        for (offset, count) in [(0, 1), (1, 6), (7, 400), (407, 593)] {
            let body = "{\"shape\":[\(count)],\"rate\":0.3,\"seed\":5,\"offset\":\(offset)}"
            joined += try #require(ask("/mask", body).object["mask"] as? [Int])
        }
        #expect(joined == whole)
    }

    @Test("Each mask format says the same", arguments: ["numbers", "booleans", "packed", "indices"])
    func eachMaskFormatSaysTheSame(_ format: String) throws {
        let plain = try #require(ask("/mask", #"{"shape":[19],"rate":0.5,"seed":2}"#).object["mask"] as? [Int])
        let value = ask("/mask", "{\"shape\":[19],\"rate\":0.5,\"seed\":2,\"mask_format\":\"\(format)\"}").object[
            "mask"]
        switch format {
        case "booleans": #expect((value as? [Bool])?.map { $0 ? 1 : 0 } == plain)
        case "indices": #expect(value as? [Int] == plain.indices.filter { plain[$0] == 1 })
        case "packed":
            let bytes = try #require(Data(base64Encoded: value as? String ?? ""))
            let bits: [Int] = (0..<19).map { (i: Int) -> Int in
                let byte = Int(bytes[i / 8])
                return (byte >> (7 - i % 8)) & 1
            }
            #expect(bits == plain)
        default: #expect(value as? [Int] == plain)
        }
    }

    @Test("Each tensor form holds the same numbers", arguments: ["float32", "float64"])
    func eachTensorFormHoldsTheSameNumbers(_ type: String) throws {
        let nested = ask("/forward", "{\"input\":[[1.5,2.25],[3,4]],\"rate\":0.5,\"seed\":1,\"dtype\":\"\(type)\"}")
        let flat = ask(
            "/forward",
            "{\"input\":{\"shape\":[2,2],\"data\":[1.5,2.25,3,4]},\"rate\":0.5,\"seed\":1,\"dtype\":\"\(type)\"}")
        let packed = ask(
            "/forward",
            "{\"input\":[[1.5,2.25],[3,4]],\"rate\":0.5,\"seed\":1,\"dtype\":\"\(type)\",\"tensor_format\":\"base64\"}")
        let expected = try #require(nested.matrix("output")).flatMap { $0 }
        #expect(flat.member("output", "data") as? [Double] == expected)
        let base64 = try #require(packed.member("output", "base64") as? String)
        let again = ask(
            "/forward",
            "{\"input\":{\"shape\":[4],\"dtype\":\"\(type)\",\"base64\":\"\(base64)\"},\"rate\":0,\"dtype\":\"\(type)\"}"
        )
        #expect(again.member("output", "base64") as? String == base64)
    }

    @Test("float32 is rounded once, wherever `dtype` is in the text")
    func float32IsRoundedOnceWhereverTheTypeStands() {
        // Halfway between two float32 numbers plus a hair: through float64 it would round down.
        let input = "1.00000005960464477540"
        let last = ask("/forward", "{\"input\":[\(input)],\"rate\":0,\"seed\":1,\"x\":0,\"dtype\":\"float32\"}")
        #expect(last.status == 422)
        let early = ask("/forward", "{\"dtype\":\"float32\",\"input\":[\(input)],\"rate\":0,\"seed\":1}")
        #expect(early.text.hasPrefix("{\"output\":[1.0000001]"))
        let padding = String(repeating: " ", count: 2000)
        let late = ask(
            "/forward", "{\"input\":[\(input)],\"rate\":0,\(padding)\"dtype\":\"float32\",\(padding)\"seed\":1}")
        #expect(late.text == early.text)
    }

    @Test("Empty and scalar tensors are answered")
    func emptyAndScalarTensorsAreAnswered() {
        #expect(ask("/forward", #"{"input":[],"rate":0.5,"seed":1}"#).text.hasPrefix(#"{"output":[],"mask":[],"#))
        #expect(ask("/forward", #"{"input":[[],[]],"rate":0.5,"seed":1}"#).text.hasPrefix(#"{"output":[[],[]],"#))
        #expect(ask("/forward", #"{"input":3,"keep_prob":1,"seed":1}"#).text.hasPrefix(#"{"output":3,"mask":1,"#))
    }

    @Test(
        "A negative zero is printed -0.0 in every form, so that a reader keeps its sign",
        arguments: [
            (#"[-0.0,1,0,-2]"#, #"[-0.0,1,0,-2]"#), ("[[-0.0],[0.5]]", "[[-0.0],[0.5]]"), ("-0.0", "-0.0"),
            (#"{"shape":[2],"data":[-0.0,0]}"#, #"{"shape":[2],"data":[-0.0,0]}"#),
            (
                #"{"shape":[1],"dtype":"float32","base64":"AAAAgA=="}"#,
                #"{"shape":[1],"dtype":"float32","base64":"AAAAgA=="}"#
            ),
        ], ["float32", "float64"])
    func negativeZero(_ tensor: (given: String, printed: String), _ type: String) {
        let body = #"{"input":\#(tensor.given),"keep_prob":1,"dtype":"\#(type)","include":["output"]}"#
        let printed = tensor.printed.replacingOccurrences(
            of: #""float32","base64":"AAAAgA==""#,
            with: type == "float32" ? #""float32","base64":"AAAAgA==""# : #""float64","base64":"AAAAAAAAAIA=""#)
        #expect(ask("/forward", body).text == "{\"output\":\(printed)}\n")
    }

    @Test(
        "The scale of a mask is 1 / keep, and null where that is no finite number",
        arguments: [
            ("keep_prob", "0.8", "1.25"), ("keep_prob", "1e-308", "1e308"), ("keep_prob", "5e-324", "null"),
            ("keep_prob", "0", "null"), ("rate", "1", "null"),
        ])
    func scaleOfAMask(_ field: String, _ value: String, _ scale: String) {
        let reply = ask("/mask", #"{"shape":[4],"\#(field)":\#(value),"seed":1}"#)
        #expect(reply.text.contains(#","scale":\#(scale),"seed":1"#), "\(reply.text)")
    }

    @Test("An optimizer's state travels")
    func anOptimizersStateTravels() throws {
        let layers = #"[{"weights":[[0.5,-0.25]],"bias":[0.1],"keep_prob":0.5}]"#
        let fixed = #""input":[[1],[2]],"target":[[3]],"loss":"mse","learning_rate":0.1,"optimizer":"adam","seed":4"#
        let two = ask("/train-step", "{\"layers\":\(layers),\(fixed),\"steps\":2,\"include\":[\"layers\"]}")
        let one = ask("/train-step", "{\"layers\":\(layers),\(fixed)}")
        func json(_ value: Any?) throws -> String {
            String(decoding: try JSONSerialization.data(withJSONObject: try #require(value)), as: UTF8.self)
        }
        let next = ask(
            "/train-step",
            """
            {"layers":\(try json(one.object["layers"])),\(fixed),"step":\(try #require(one.object["next_step"] as? Int)),
             "optimizer_state":\(try json(one.object["optimizer_state"])),"include":["layers"]}
            """)
        #expect(two.status == 200)
        #expect(next.text == two.text)
    }
}
