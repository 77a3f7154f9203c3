import DropoutService
import Testing

/// What is refused, with which status, and where the pointers lead.
@Suite struct RefusalTests {
    @Test(
        "A wrong question is answered with 422 and pointers",
        arguments: [
            ("/forward", #"{"input":[1],"keep_prop":0.8,"rate":0.2}"#, ["/keep_prop"]),
            ("/forward", #"{"input":[1],"rate":0.2,"keep_prob":0.7}"#, ["/rate"]),
            ("/forward", #"{"input":[1]}"#, [""]),
            ("/forward", #"{"rate":0.5}"#, [""]),
            ("/forward", #"{"input":[[1,2],[3]],"rate":0.5}"#, ["/input/1"]),
            ("/forward", #"{"input":[[1,2],[3,"x"]],"rate":0.5}"#, ["/input/1/1"]),
            ("/forward", #"{"input":[[1,2],3],"rate":0.5}"#, ["/input/1"]),
            ("/forward", #"{"input":[1e400],"rate":0.5}"#, ["/input/0"]),
            ("/forward", #"{"input":[1e39],"rate":0.5,"dtype":"float32"}"#, ["/input/0"]),
            ("/forward", #"{"input":[1,2,1e400],"rate":0.5}"#, ["/input/2"]),
            ("/forward", #"{"input":["NaN",1,"x"],"rate":0.5}"#, ["/input/2"]),
            ("/mask", #"{"shape":[4,1e-400],"rate":0.5}"#, ["/shape/1"]),
            ("/forward", #"{"input":{"shape":[2,2],"data":[1,2,3]},"rate":0.5}"#, ["/input/shape"]),
            ("/forward", #"{"input":[1,2],"rate":0.5,"mask":[1,2]}"#, ["/mask"]),
            ("/forward", #"{"input":[1,2],"rate":0.5,"mask":[1]}"#, ["/mask"]),
            ("/forward", #"{"input":[1,2],"rate":0.5,"uniforms":[0.5,1]}"#, ["/uniforms"]),
            ("/forward", #"{"input":[1,2],"rate":2,"seed":-1,"mode":"trian"}"#, ["/mode", "/seed", "/rate"]),
            ("/forward", #"{"input":[[1]],"layers":[{"weights":[[1,2]]}]}"#, ["/layers/0/weights"]),
            (
                "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"activation":"rleu"}]}"#,
                ["/layers/0/activation"]
            ),
            (
                "/forward",
                #"{"input":[[]],"layers":[{"weights":{"shape":[9223372036854775807,0],"data":[]}}]}"#,
                ["/layers/0/weights"]
            ),
            (
                "/forward",
                #"{"input":{"shape":[9223372036854775807,0],"data":[]},"layers":[{"weights":{"shape":[0,9223372036854775807],"data":[]}}]}"#,
                ["/layers/0/weights"]
            ),
            (
                "/mask", #"{"shape":[2],"rate":0.5,"seed":1,"offset":18446744073709551615}"#, ["/offset"]
            ),
            ("/mask", #"{"shape":[1000000,1000000],"rate":0.5}"#, ["/shape"]),
            ("/mask", #"{"shape":[4294967296,4294967296,4294967296],"rate":0.5}"#, ["/shape"]),
            ("/mask", #"{"shape":[-1],"rate":0.5}"#, ["/shape/0"]),
            ("/mask", #"{"shape":[2],"rate":0.5,"seed":18446744073709551616}"#, ["/seed"]),
            ("/mask", #"{"shape":[2],"rate":0.5,"noise_shape":[3]}"#, ["/noise_shape"]),
            (
                "/train-step",
                #"{"input":[[1]],"layers":[{"weights":[[1]]}],"target":[[1,2]],"loss":"mse","learning_rate":1}"#,
                ["/target"]
            ),
        ])
    func aWrongQuestionIsAnsweredWith422AndPointers(_ path: String, _ body: String, _ pointers: [String]) {
        let reply = ask(path, body)
        #expect(reply.status == 422)
        #expect(reply.pointers == pointers)
        #expect(reply.headers["Content-Type"] == "application/problem+json")
    }

    @Test(
        "A text that is not JSON is answered with 400",
        arguments: [
            "", "{", "[1,2", "nul", #"{"input":[01]}"#, #"{"a":1,"a":2}"#, #"{"input":[NaN]}"#, "{} x",
            "\u{FEFF}", "\u{FEFF}\u{FEFF}{}", "{}\u{FEFF}",
        ])
    func aTextThatIsNoJSONIsAnsweredWith400(_ body: String) {
        #expect(ask("/forward", body, method: "POST").status == 400)
    }

    /// RFC 8259, 8.1: a reader may ignore a byte order mark.
    @Test("A byte order mark before the text is skipped")
    func aByteOrderMarkIsSkipped() {
        let body = #"{"shape":[4,2],"keep_prob":0.8,"seed":42}"#
        #expect(ask("/mask", "\u{FEFF}" + body).text == ask("/mask", body).text)
    }

    @Test("Numbers after a byte order mark are read again from their own bytes")
    func numbersAfterAByteOrderMarkAreReadAgain() {
        // The hint of the type is found late, so the array is read as float64 first.
        let body = #"{"input":[0.1,16777217],"keep_prob":1,"dtype":"float32","include":["output"]}"#
        #expect(ask("/forward", "\u{FEFF}" + body).text == ask("/forward", body).text)
    }

    @Test("A fault after a byte order mark has its place in the body")
    func aFaultAfterAByteOrderMarkHasItsPlace() {
        #expect(ask("/mask", "\u{FEFF}{x").text.contains("byte 4: "))
    }

    @Test(
        "A query parameter of a question in a body is refused",
        arguments: [
            ("/mask?rate=0.5", ["/rate"]), ("/mask?a~b=1&x", ["/a~0b", "/x"]), ("/forward?shape=2", ["/shape"]),
            ("/mask?seed=1&seed=2", ["/seed"]), ("/mask?x=1&x=2", ["/x"]),
        ])
    func aQueryParameterOfAQuestionInABodyIsRefused(_ target: String, _ pointers: [String]) {
        let body =
            target.hasPrefix("/mask") ? #"{"shape":[2],"rate":0.5,"seed":1}"# : #"{"input":[1],"rate":0.5,"seed":1}"#
        let reply = ask(target, body)
        #expect(reply.status == 422)
        #expect(reply.pointers == pointers)
    }

    @Test("A query parameter and a wrong field are in one refusal")
    func aQueryParameterAndAWrongFieldAreInOneRefusal() {
        #expect(ask("/mask?colour=red", #"{"shape":[2],"rate":3}"#).pointers == ["/colour", "/rate"])
    }

    @Test("The nearest name of a query parameter is named")
    func theNearestNameOfAQueryParameterIsNamed() {
        let text = ask("/mask?prety=1", #"{"shape":[2],"rate":0.5}"#).text
        #expect(text.contains("did you mean pretty?"))
    }

    @Test("An empty query of a question in a body is no parameter", arguments: ["/mask?", "/mask?&&"])
    func anEmptyQueryIsNoParameter(_ target: String) {
        #expect(ask(target, #"{"shape":[2],"rate":0.5,"seed":1}"#).status == 200)
    }

    /// RFC 6901, 3: `~` is `~0` in a pointer, and `/` is `~1`.
    @Test(
        "A pointer to a field of the query is escaped",
        arguments: ["/mask?shape=2&rate=0.5&a~b=1", "/mask?shape=2&rate=0.5&a~b=1&a%7Eb=2"])
    func aPointerToAFieldOfTheQueryIsEscaped(_ target: String) {
        let reply = ask(target)
        #expect(reply.status == 422)
        #expect(reply.pointers == ["/a~0b"])
    }

    @Test("Neither probability names both")
    func neitherProbabilityNamesBoth() {
        let detail = ask("/forward", #"{"input":[1]}"#).object["detail"] as? String ?? ""
        #expect(detail.contains("keep_prob") && detail.contains("rate"))
    }

    @Test("The nearest name is named")
    func theNearestNameIsNamed() {
        let detail = ask("/forward", #"{"input":[1],"keep_prop":0.8}"#).object["detail"] as? String ?? ""
        #expect(detail.contains("did you mean keep_prob?"))
    }

    @Test("A wrong type in the millionth element is found")
    func aWrongTypeInTheMillionthElementIsFound() {
        let numbers = String(repeating: "1,", count: 999_999)
        #expect(ask("/forward", "{\"rate\":0.5,\"input\":[\(numbers)true]}").pointers == ["/input/999999"])
    }

    @Test("Too many elements are refused at the first one over")
    func tooManyElementsAreRefusedAtTheFirstOneOver() {
        let limits = ServiceLimits(maximumElements: 3)
        #expect(ask("/forward", #"{"rate":0.5,"input":[1,2,3,4]}"#, limits: limits).pointers == ["/input/3"])
    }

    @Test("Too many activations are refused")
    func tooManyActivationsAreRefused() {
        // Five numbers are given, six are computed.
        for layers in [#"{"weights":[[1],[1]]}"#, #"{"weights":[[1]]},{"weights":[[1]]}"#] {
            let body = "{\"input\":[[1,1,1]],\"layers\":[\(layers)]}"
            #expect(ask("/forward", body, limits: ServiceLimits(maximumElements: 5)).pointers == ["/layers"])
            #expect(ask("/forward", body, limits: ServiceLimits(maximumElements: 6)).status == 200)
        }
    }

    @Test(
        "More steps than the budget are refused beforehand",
        arguments: [
            #"{"input":[1,2],"rate":0.5,"samples":4294967295}"#,
            #"{"input":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"rate":0.5,"exact":true}"#,
        ])
    func moreStepsThanTheBudgetAreRefusedBeforehand(_ body: String) {
        #expect(ask("/forward", body).status == 422)
    }

    @Test(
        "Routes and methods are known",
        arguments: [
            ("/nowhere", "GET", 404), ("/forward", "GET", 405), ("/mask", "DELETE", 405), ("/healthz", "POST", 405),
            ("/forward", "OPTIONS", 204),
        ])
    func routesAndMethodsAreKnown(_ path: String, _ method: String, _ status: Int) {
        let reply = ask(path, method: method)
        #expect(reply.status == status)
        #expect((reply.headers["Allow"] != nil) == (status == 405 || status == 204))
    }

    @Test("Media types are checked")
    func mediaTypesAreChecked() {
        let body = #"{"shape":[1],"rate":0.5}"#
        #expect(ask("/mask", body, contentType: "text/plain;charset=UTF-8").status == 200)
        #expect(ask("/mask", body, contentType: "text/plain; charset=utf-16").status == 415)
        #expect(ask("/mask", body, contentType: "text/csv").status == 415)
        #expect(ask("/mask", body, contentType: "application/json; charset=latin1").status == 415)
        #expect(ask("/mask", body, contentType: "Application/JSON; charset=UTF-8").status == 200)
        #expect(ask("/mask", body, accept: "text/html").status == 406)
        #expect(ask("/mask", body, accept: "text/html, */*;q=0.1").status == 200)
        #expect(ask("/mask", body, accept: "application/json;q=0, text/*").status == 406)
    }
}
