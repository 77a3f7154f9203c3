import Testing

/// The figures of the routes of statistics, which the program counts.
@Suite(.timeLimit(.minutes(10))) struct InferenceStatisticsTests {
    @Test("Each inference is counted for its model, and no other name is")
    func eachInferenceIsCounted() throws {
        let program = try ServedProgram()
        let question = #"{"inputs":[{"name":"data","shape":[1],"datatype":"FP32","data":[1]}]}"#
        #expect(try program.ask("POST", "/v2/models/alpha_dropout/infer", [], question).status == 200)
        #expect(try program.ask("POST", "/v1/models/alpha_dropout:predict", [], #"{"instances":[1]}"#).status == 200)
        #expect(try program.ask("POST", "/v2/models/alpha_dropout/infer", [], "{}").status == 422)
        #expect(try program.ask("POST", "/v2/models/nothing/infer", [], question).status == 404)
        let own = try program.ask("GET", "/v2/models/alpha_dropout/stats").text
        #expect(own.contains(#""inference_count":2,"execution_count":2,"#))
        #expect(own.contains(#""fail":{"count":1,"#))
        #expect(!own.contains(#""last_inference":0,"#))
        let all = try program.ask("GET", "/v2/models/stats").text
        #expect(all.contains(#"{"name":"dropout","version":"1","last_inference":0,"inference_count":0,"#))
        #expect(!all.contains("nothing"))
        #expect(try program.end() == 0)
    }
}
