import DropoutService
import Foundation
import Testing
import Yams

/// What the generators take, refuse and echo.
@Suite struct GeneratorTests {
    private static func listed() throws -> [[String: Any]] {
        try #require(ask("/generators").object["generators"] as? [[String: Any]])
    }

    private static func schemas() throws -> [String: Any] {
        let document = try #require(try Yams.load(yaml: ask("/openapi.yaml").text) as? [String: Any])
        return try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
    }

    @Test("Every generator of openapi.yaml draws, and every one that draws is in openapi.yaml and listed")
    func namesAgree() throws {
        let documented = try #require((try Self.schemas()["Generator"] as? [String: Any])?["enum"] as? [String])
        let listed = try Self.listed().compactMap { $0["name"] as? String }
        #expect(documented == listed)
        #expect(listed == Generator.all.map(\.name))
        for name in documented {
            let reply = ask("/mask", "{\"shape\":[3],\"rate\":0.5,\"generator\":\"\(name)\"}")
            #expect(reply.status == 200 && reply.object["generator"] as? String == name, "\(name): \(reply.text)")
        }
    }

    @Test("Every parameter that a generator lists is a documented field of each question, echoed at its default")
    func parametersAgree() throws {
        let schemas = try Self.schemas()
        for generator in try Self.listed() {
            let name = try #require(generator["name"] as? String)
            let echo = ask("/mask", "{\"shape\":[3],\"rate\":0.5,\"generator\":\"\(name)\"}").object
            for parameter in try #require(generator["parameters"] as? [[String: String]]) {
                let field = try #require(parameter["name"])
                for question in ["MaskQuestion", "ForwardQuestion", "TrainStepQuestion", "Layer"] {
                    let properties = (schemas[question] as? [String: Any])?["properties"] as? [String: Any]
                    #expect(properties?[field] != nil, "\(question) lacks \(field)")
                }
                #expect(field == "key_data" || echo[field] != nil, "\(name) does not echo \(field)")
            }
        }
    }

    @Test(
        "A seed that the library refuses is refused with its reason",
        arguments: [
            ("philox", "-1"), ("philox", "18446744073709551616"), ("philox", "[1,2]"), ("philox", "1.5"),
            ("numpy-legacy", "-1"), ("numpy-legacy", "4294967296"), ("numpy-pcg64", "-1"), ("numpy-pcg64", "[1,-1]"),
            ("torch-cpu", #""18446744073709551616""#), ("torch-cpu", #""-9223372036854775809""#),
            ("jax", #""9223372036854775808""#), ("jax", #""-9223372036854775809""#),
            ("tf-stateless", "1"), ("tf-stateless", "[1]"), ("tf-stateless", #"[1,"9223372036854775808"]"#),
            ("keras-jax", "-1"), ("keras-jax", "4294967296"), ("keras-numpy", "-1"), ("keras-torch", "4294967296"),
            ("keras-torch", "-2147483649"), ("mlx", "-1"), ("onnxruntime", #""9223372036854775808""#),
            ("jax", "true"), ("numpy-pcg64", #""12a""#),
        ])
    func refusedSeeds(_ generator: String, _ seed: String) {
        let reply = ask("/mask", "{\"shape\":[3],\"rate\":0.5,\"generator\":\"\(generator)\",\"seed\":\(seed)}")
        #expect(reply.status == 422)
        #expect(reply.pointers == ["/seed"])
        #expect((reply.object["detail"] as? String)?.contains(generator) == true)
    }

    @Test(
        "A seed is echoed so that no reader loses a digit",
        arguments: [
            ("philox", #""9007199254740993""#, #""9007199254740993""#), ("torch-cpu", #""-5""#, "-5"),
            ("numpy-pcg64", #""1180591620717411303427""#, #""1180591620717411303427""#),
            ("numpy-pcg64", "1180591620717411303427", #""1180591620717411303427""#),
            ("numpy-philox", #"[1,"36893488147419103232",0]"#, #"[1,"36893488147419103232",0]"#),
            ("tf-stateless", #"["-9223372036854775808",7]"#, #"["-9223372036854775808",7]"#),
        ])
    func echoedSeeds(_ generator: String, _ seed: String, _ echo: String) {
        let reply = ask("/mask", "{\"shape\":[3],\"rate\":0.5,\"generator\":\"\(generator)\",\"seed\":\(seed)}")
        #expect(reply.text.contains("\"seed\":\(echo),"), "\(reply.text)")
    }

    @Test(
        "A parameter of another generator, or out of range, is refused at its place",
        arguments: [
            (#""generator":"jax","seed":1,"skip":3"#, ["/skip"]),
            (#""seed":1,"call":3"#, ["/call"]),
            (#""generator":"torch-cpu","seed":1,"step":1"#, ["/step"]),
            (#""generator":"jax","key_data":[1]"#, ["/key_data"]),
            (#""generator":"jax-threefry4x32","key_data":[1,2]"#, ["/key_data"]),
            (#""generator":"jax","key_data":[1,2],"seed":3"#, ["/seed"]),
            (#""generator":"jax","seed":1,"fold_in":[4294967296]"#, ["/fold_in/0"]),
            (#""generator":"jax","seed":1,"fold_in":7"#, ["/fold_in"]),
            (#""generator":"jax","seed":1,"rate_dtype":"float64""#, ["/rate_dtype"]),
            (#""generator":"jax","seed":1,"rate_dtype":"int8""#, ["/rate_dtype"]),
            (#""generator":"numpy-pcg64","seed":1,"draw_dtype":"float16""#, ["/draw_dtype"]),
            (#""generator":"flax-linen","seed":1,"path":"a""#, ["/path"]),
            (#""generator":"flax-linen","seed":1,"path":["a",1]"#, ["/path/1"]),
            (#""generator":"torch-cuda","seed":1,"offset_philox":3"#, ["/offset_philox"]),
            (#""generator":"torch-cuda","seed":1,"vector_width":3"#, ["/vector_width"]),
            (#""generator":"torch-cuda","seed":1,"multiprocessors":0"#, ["/multiprocessors"]),
            (#""generator":"keras-torch","seed":3735928559,"call":1"#, ["/seed"]),
            (#""generator":"jax-original","seed":1,"offset":1"#, ["/offset"]),
            (#""generator":"mlx","seed":1,"offset":1"#, ["/offset"]),
            (#""generator":"pytorch","seed":1"#, ["/generator"]),
        ])
    func refusedParameters(_ fields: String, _ pointers: [String]) {
        let reply = ask("/mask", "{\"shape\":[3],\"rate\":0.5,\(fields)}")
        #expect(reply.status == 422)
        #expect(reply.pointers == pointers, "\(reply.text)")
    }

    @Test("A generator that may start anywhere, or by drawing, gives shards that join to the whole")
    func shards() throws {
        for generator in try Self.listed() {
            let name = try #require(generator["name"] as? String)
            guard generator["offset"] as? String != "start" else { continue }
            let seed = name.hasPrefix("tf-stateless") ? "[7,8]" : "7"
            func bits(_ count: Int, _ offset: Int) -> [Int]? {
                ask(
                    "/mask",
                    "{\"shape\":[\(count)],\"rate\":0.4,\"seed\":\(seed),\"generator\":\"\(name)\",\"offset\":\(offset)}"
                ).object["mask"] as? [Int]
            }
            let whole = try #require(bits(700, 0))
            #expect(try #require(bits(313, 0)) + #require(bits(387, 313)) == whole, "\(name)")
        }
    }

    @Test("The mask that was only read in sources says so, the others do not")
    func unverifiedIsSaid() {
        let cuda = ask("/mask", #"{"shape":[4],"rate":0.5,"seed":1,"generator":"torch-cuda"}"#)
        #expect((cuda.object["generator_note"] as? String)?.contains("never run on a GPU") == true)
        #expect(ask("/mask", #"{"shape":[4],"rate":0.5,"seed":1,"generator":"jax"}"#).object["generator_note"] == nil)
    }

    @Test("A query takes the lists of a generator too")
    func query() {
        let posted = ask("/mask", #"{"shape":[9],"rate":0.5,"generator":"jax","seed":-3,"fold_in":[7,8]}"#)
        #expect(ask("/mask?shape=9&rate=0.5&generator=jax&seed=-3&fold_in=7,8").text == posted.text)
        let paired = ask("/mask", #"{"shape":[9],"rate":0.5,"generator":"tf-stateless","seed":[1,-2]}"#)
        #expect(ask("/mask?shape=9&rate=0.5&generator=tf-stateless&seed=1,-2").text == paired.text)
    }
}
