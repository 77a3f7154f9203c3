import DropoutService
import HTTPServer
import Observability
import Testing
import dropoutd

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

    @Test("Durations are summed in nanoseconds, those of refusals apart")
    func durations() {
        let statistics = InferenceStatistics()
        var outcome = HTTPOutcome()
        outcome.status = 200
        outcome.duration = .seconds(3) + .nanoseconds(141_592_653)
        outcome.queue = .seconds(1) + .nanoseconds(7)
        outcome.compute = .nanoseconds(589_793)
        statistics.add("dropout", outcome, at: WallTime(milliseconds: 1000))
        statistics.add("dropout", outcome, at: WallTime(milliseconds: 2000))
        var refusal = HTTPOutcome()
        refusal.status = 422
        refusal.duration = .seconds(2) + .nanoseconds(5)
        statistics.add("dropout", refusal, at: WallTime(milliseconds: 3000))
        let figures = statistics.figures(of: "dropout")
        #expect((figures.answered, figures.refused, figures.lastMilliseconds) == (2, 1, 3000))
        #expect(figures.answeredNanoseconds == 6_283_185_306)
        #expect(figures.queueNanoseconds == 2_000_000_014)
        #expect(figures.computeNanoseconds == 1_179_586)
        #expect(figures.refusedNanoseconds == 2_000_000_005)
        statistics.add("nothing", outcome, at: WallTime(milliseconds: 4000))
        #expect(statistics.figures(of: "nothing").answered == 0)
    }
}
