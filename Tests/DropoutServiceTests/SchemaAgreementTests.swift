import DropoutService
import Foundation
import Testing

/// What openapi.yaml forbids is refused, and what it allows is taken.
@Suite struct SchemaAgreementTests {
    /// The members of a question, and whether it is one.
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let members: String
        let isValid: Bool

        var testDescription: String { "\(path) {\(members)}" }
    }

    private static func cases(_ path: String, _ base: String, valid: [String], invalid: [String]) -> [Case] {
        valid.map { Case(path: path, members: "\(base),\($0)", isValid: true) }
            + invalid.map { Case(path: path, members: "\(base),\($0)", isValid: false) }
    }

    private static let words = ["0", "-0", "3.0", "3e0", "30e-1", "4294967295", "null"]
    private static let noWords = [#""3""#, "-1", "3.5", "4294967296", "1e400", "true", "[3]", #"{"a":3}"#, #""NaN""#]

    private static let cases: [Case] = {
        let mask = #""shape":[2],"rate":0.5,"seed":1"#
        let forward = #""input":[1,2],"rate":0.5,"seed":1"#
        let network = #""input":[[1],[2]],"layers":[{"weights":[[1,2]]}]"#
        let train = #""target":[[1]],"loss":"mse","learning_rate":0.1,\#(network)"#
        var all: [Case] = []
        for name in ["step", "stream"] {
            all += cases(
                "/mask", mask, valid: words.map { #""\#(name)":\#($0)"# },
                invalid: noWords.map { #""\#(name)":\#($0)"# })
        }
        all += cases(
            "/mask", mask,
            valid: [
                #""offset":7"#, #""offset":"7""#, #""offset":"18446744073709551614""#, #""offset":-0"#,
                #""offset":2e0"#,
                #""x64":false"#, #""noise_shape":[1]"#, #""noise_shape":[2.0]"#, #""generator":null"#,
            ],
            invalid: [
                #""offset":"-7""#, #""offset":"7.0""#, #""offset":"" "#, #""offset":-1"#,
                #""offset":36893488147419103232"#,
                #""x64":"false""#, #""x64":0"#, #""noise_shape":["1"]"#, #""noise_shape":1"#, #""noise_shape":[[1]]"#,
                #""fold_in":["7"]"#, #""fold_in":7"#, #""layout":["rows"]"#, #""mask_format":"Numbers""#,
            ])
        all += cases(
            "/mask", #""shape":[2],"rate":0.5"#,
            valid: [#""seed":1"#, #""seed":"1""#, #""seed":-0"#, #""seed":1e3"#, #""seed":null"#],
            invalid: [#""seed":1.5"#, #""seed":"1.0""#, #""seed":"one""#, #""seed":true"#, #""seed":{"a":1}"#])
        let jax = #""shape":[2],"rate":0.5,"generator":"jax""#
        all += cases(
            "/mask", jax,
            valid: [#""fold_in":[1,2.0,4294967295]"#, #""key_data":[0,1]"#, #""fold_in":[]"#, #""fold_in":null"#],
            invalid: [
                #""fold_in":["1"]"#, #""fold_in":[1,"2"]"#, #""key_data":["0","1"]"#, #""fold_in":[-1]"#,
                #""fold_in":[4294967296]"#, #""fold_in":[1.5]"#, #""fold_in":[true]"#, #""fold_in":"1""#,
            ])
        let cuda = #""shape":[2],"rate":0.5,"generator":"torch-cuda","seed":1"#
        all += cases(
            "/mask", cuda,
            valid: [#""offset_philox":8"#, #""offset_philox":"8""#, #""vector_width":2"#, #""multiprocessors":1e2"#],
            invalid: [
                #""offset_philox":6"#, #""offset_philox":"x""#, #""vector_width":3"#, #""vector_width":"2""#,
                #""multiprocessors":0"#, #""multiprocessors":"108""#, #""threads_per_multiprocessor":255"#,
            ])
        let numpy = #""shape":[2],"rate":0.5,"generator":"numpy-pcg64""#
        all += cases(
            "/mask", numpy,
            valid: [
                #""seed":[1,"2"]"#, #""seed":[]"#, #""skip":5"#, #""skip":"5""#, #""skip":5.0"#,
                #""draw_dtype":"float32""#,
            ],
            invalid: [
                #""seed":[1,[2]]"#, #""skip":"5.0""#, #""skip":-1"#, #""draw_dtype":"float8""#, #""seed":[true]"#,
            ])
        all += states
        all += cases(
            "/mask", #""shape":[2],"rate":0.5,"generator":"tf-dropout","seed":1"#,
            valid: [#""op_seed":-5"#, #""op_seed":"-5""#, #""op_seed":null"#, #""call":3"#],
            invalid: [#""op_seed":"5.0""#, #""op_seed":1.5"#, #""call":"3""#, #""call":-1"#])
        all += cases(
            "/mask", #""shape":[2],"rate":0.5,"generator":"flax-linen","seed":1"#,
            valid: [#""path":["a"]"#, #""path":[]"#, #""path":null"#], invalid: [#""path":"a""#, #""path":[1]"#])
        all += cases(
            "/forward", forward,
            valid: [
                #""samples":2"#, #""samples":2.0"#, #""samples":1"#, #""exact":true"#, #""include":["output"]"#,
                #""include":[]"#, #""uniforms":[0.1,0.2]"#, #""mask":[true,false]"#,
                #""mask":{"shape":[2],"packed":"gA=="}"#, #""mask":"gA==""#, #""mask":{"shape":[2],"indices":[1]}"#,
                #""mask":{"shape":[2],"data":[true,false]}"#, #""mask":{"shape":[2],"indices":[]}"#,
                #""mask":{"shape":[2],"data":[true,false],"dtype":null}"#,
                #""mask":{"shape":[2],"data":[1,0]}"#, #""dtype":"float32""#, #""tensor_format":"flat""#,
            ],
            invalid: [
                #""samples":"2""#, #""samples":-1"#, #""samples":0"#, #""samples":1.5"#, #""exact":1"#,
                #""include":"output""#,
                #""include":["Output"]"#, #""mask":{"data":[true,false]}"#, #""mask":{"packed":"gA=="}"#,
                #""dtype":"float8""#,
                #""mask":{"shape":[2],"packed":"gA==","dtype":"float64"}"#, #""mask":{"indices":[1]}"#,
                #""mask":{"shape":[2],"indices":[0.5]}"#, #""mask":{"shape":[2],"indices":["0"]}"#,
                #""mask":{"shape":[2],"data":[true,false],"dtype":"float64"}"#, #""block_size":"7""#,
                #""temperature":"0.1""#,
                #""temperature":0"#, #""block_size":0"#, #""keep_prob":"0.5""#, #""keep_prob":1.5"#,
            ])
        for (tensor, isValid) in [
            (#"{"shape":[2],"data":[1,2]}"#, true), (#"{"shape":[2],"data":[1,2],"dtype":null}"#, true),
            (#"{"shape":[2],"data":[1,2],"base64":null}"#, true), (#"{"shape":[2.0],"data":[1,"NaN"]}"#, true),
            (#"{"shape":[2],"base64":"AACAPwAAAEA=","dtype":"float32"}"#, true),
            (#"{"shape":[1],"base64":"AAAAAAAA8D8="}"#, true), (#""Infinity""#, true), ("-0", true), ("1e3", true),
            (#"{"shape":[2],"data":[1,2],"dtype":"float64"}"#, false),
            (#"{"shape":[2],"data":[1,2],"dtype":7}"#, false),
            (#"{"shape":[2],"data":[1,2],"base64":"AAAAAAAA8D8="}"#, false), (#"{"shape":["2"],"data":[1,2]}"#, false),
            (#"{"shape":[2]}"#, false), (#"{"data":[1,2]}"#, false), (#"{"shape":[2],"data":[1,"2"]}"#, false),
            (#"{"shape":[2],"data":"1"}"#, false), (#""1""#, false), ("true", false), ("null", false),
            (#"{"shape":[1],"base64":"AAAAAAAA8D8=","dtype":"float8"}"#, false),
        ] {
            all.append(Case(path: "/forward", members: #""rate":0.5,"seed":1,"input":\#(tensor)"#, isValid: isValid))
        }
        all += cases(
            "/train-step", train,
            valid: [
                #""steps":2"#, #""steps":1e0"#, #""loss_samples":2"#, #""optimizer":"adam""#, #""optimizer":null"#,
                #""optimizer":{"name":"sgd","momentum":0.9,"nesterov":null}"#, #""optimizer_state":null"#,
                #""max_norm":1"#, #""optimizer":{"name":"adam","beta1":0.9,"weight_decay":null}"#,
                #""test_input":[[1],[2]],"test_target":[[1]]"#, #""eval_every":3"#, #""eval_every":null"#,
                #""test_input":null"#, #""include":["eval_history"]"#,
            ],
            invalid: [
                #""steps":"2""#, #""steps":0"#, #""steps":1000001"#, #""loss_samples":"2""#, #""loss_samples":0"#,
                #""max_norm":0"#, #""eval_every":0"#, #""eval_every":1000001"#, #""eval_every":"2""#,
                #""test_input":"x","test_target":[[1]]"#,
                #""optimizer":{"name":"sgd","beta1":0.9}"#, #""optimizer":{"momentum":0.9}"#, #""optimizer":["sgd"]"#,
                #""optimizer":{"name":"sgd","momentum":"0.9"}"#, #""mode":"train""#,
                #""optimizer_state":{"name":"sgd","step":"1","layers":[{}]}"#,
            ])
        all += cases(
            "/verify", #""input":[1,2],"output":[2,0]"#,
            valid: [
                #""tolerance":0.01"#, #""tolerance":1e-2"#, #""rate":0.5"#, #""mask_format":"indices","mask":[0]"#,
                #""mask":"gA==""#, #""mask":{"shape":[2],"indices":[0]}"#, #""mask":{"shape":[2],"data":[true,false]}"#,
            ],
            invalid: [#""tolerance":"0.01""#, #""tolerance":0.2"#, #""rate":"0.5""#, #""tensor_format":"flat""#])
        return all
    }()

    /// States of the libraries' generators and what are none.
    private static let states: [Case] = {
        func question(_ generator: String) -> String { #""shape":[2],"rate":0.5,"generator":"\#(generator)""# }
        let words = "[\([String](repeating: "4294967295", count: 624).joined(separator: ","))]"
        let bytes = "[\([String](repeating: "256", count: 5056).joined(separator: ","))]"
        let half = #""has_uint32":0,"uinteger":5"#
        let pcg64 =
            #""state":{"bit_generator":"PCG64","state":{"state":7,"inc":"340282366920938463463374607431768211455"}"#
        let philox =
            #""state":{"bit_generator":"Philox","state":{"counter":[1,2,"3",4],"key":[1,"18446744073709551615"]}"#
        return cases(
            "/mask", question("numpy-legacy"),
            valid: [
                #""state":null"#, #""state":["MT19937",\#(words),624]"#, #""state":["MT19937",\#(words),0,1,-0.5]"#,
                #""state":{"bit_generator":"MT19937","state":{"key":\#(words),"pos":3}}"#,
                #""state":{"bit_generator":"MT19937","state":{"key":\#(words),"pos":3},"has_gauss":0,"gauss":0.0}"#,
            ],
            invalid: [
                #""state":7"#, #""state":"words""#, #""state":[]"#, #""state":["PCG64",\#(words),624]"#,
                #""state":["MT19937",\#(words),625]"#, #""state":["MT19937",[1,2],5]"#,
                #""state":{"key":\#(words),"pos":3}"#,
                #""state":{"bit_generator":"MT19937","state":{"key":\#(words),"pos":3,"more":1}}"#,
            ])
            + cases(
                "/mask", question("numpy-pcg64"), valid: ["\(pcg64),\(half)}"],
                invalid: ["\(pcg64)}", "\(pcg64),\(half),\"more\":1}", #"\#(pcg64),"has_uint32":2,"uinteger":5}"#])
            + cases(
                "/mask", question("numpy-philox"), valid: [#"\#(philox),"buffer":[1,2,3,4],"buffer_pos":4,\#(half)}"#],
                invalid: [
                    "\(philox),\(half)}", #"\#(philox),"buffer":[1,2,3],"buffer_pos":4,\#(half)}"#,
                    #"\#(philox),"buffer":[1,2,3,4],"buffer_pos":5,\#(half)}"#,
                ])
            + cases(
                "/mask", question("torch-cpu"),
                valid: LibraryStates.pair("torch-cpu").map { #""state":\#($0)"# }
                    + [LibraryStates.states["torch2"] ?? ""].map { #""state":\#($0)"# },
                invalid: [#""state":"AAAA""#, #""state":\#(bytes)"#, #""state":[1,2,3]"#, #""state":true"#])
            + cases(
                "/mask", question("mlx"), valid: [#""state":[0,4294967295]"#],
                invalid: [#""state":[0]"#, #""state":[0,4294967296]"#, #""state":[0,1,2]"#, #""state":{"a":1}"#])
    }()

    @Test("The service takes what openapi.yaml allows, and nothing else", arguments: cases)
    func agreement(_ one: Case) throws {
        let operation = try #require(SchemaCheck.contract.member("paths", one.path, "post"))
        let schema = try #require(operation.member("requestBody", "content", "application/json", "schema"))
        let body = "{\(one.members)}"
        let value = try JSONDecoder().decode(JSONNode.self, from: Data(body.replacing("1e400", with: "0.5").utf8))
        #expect(try SchemaCheck.accepts(value, schema) == one.isValid)
        let reply = ask(one.path, body)
        #expect(reply.status == (one.isValid ? 200 : 422), "\(reply.text.prefix(300))")
    }

    @Test(
        "A list that is there several times is one list, as openapi.yaml has it",
        arguments: [
            ("seed=1&seed=2&generator=numpy-pcg64", "seed=1,2&generator=numpy-pcg64"),
            ("seed=1&seed=2&generator=tf-stateless", "seed=[1,2]&generator=tf-stateless"),
            ("seed=1&generator=numpy-philox&seed=2&seed=3", "seed=1,2,3&generator=numpy-philox"),
            ("path=7&generator=flax-linen&seed=1", "path=7&generator=flax-linen&seed=1"),
            ("path=a&path=b&generator=flax-linen&seed=1", "path=a,b&generator=flax-linen&seed=1"),
            ("shape=2&seed=1", "shape=4,2&seed=1"), ("shape=2&shape=3,1&seed=1", "shape=4,2,3,1&seed=1"),
            ("seed=1&shape=2&noise_shape=4&noise_shape=1", "shape=4,2&seed=1&noise_shape=4,1"),
            ("seed=1&include=mask&include=next", "seed=1&include=mask,next"),
            ("shape=2&seed=1&generator=torch-cpu&order=1&order=0", "shape=4,2&seed=1&generator=torch-cpu&order=1,0"),
            ("generator=jax&seed=1&fold_in=7&fold_in=8", "generator=jax&seed=1&fold_in=7,8"),
            ("generator=jax&key_data=7&key_data=8", "generator=jax&key_data=7,8"),
        ])
    func repeatedLists(_ query: String, _ same: String) {
        let reply = ask("/mask?shape=4&rate=0.5&\(query)")
        #expect(reply.status == 200, "\(reply.text)")
        let shape = same.hasPrefix("shape=") || same.contains("&shape=") ? "" : "shape=4&"
        #expect(reply.text == ask("/mask?rate=0.5&\(shape)\(same)").text)
    }

    @Test(
        "A list of seeds for a generator that takes one is refused at the seed, other repeated fields at theirs",
        arguments: [
            ("seed=1&seed=2", "/seed", "a whole number from 0 to 2^64 - 1"), ("step=1&step=2", "/step", "twice"),
            ("shape=x", "/shape", "a list of whole numbers"), ("rate=0.5", "/rate", "twice"),
        ])
    func repeatedFields(_ query: String, _ pointer: String, _ words: String) {
        let reply = ask("/mask?shape=4&rate=0.5&\(query)")
        #expect(reply.status == 422)
        #expect(reply.pointers == [pointer])
        #expect(reply.text.contains(words))
    }
}
