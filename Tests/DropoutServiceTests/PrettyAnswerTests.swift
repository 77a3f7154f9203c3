import DropoutService
import Foundation
import Testing

/// Answers that `pretty=1` breaks over lines.
@Suite struct PrettyAnswerTests {
    private static let body = #"{"shape":[4,2],"keep_prob":0.8,"seed":42}"#
    /// `python3 -m json.tool` prints these lines, but for the rows, which it breaks too.
    private static let lines = """
        {
          "mask": [
            [1, 1],
            [1, 1],
            [0, 1],
            [1, 1]
          ]
        }

        """

    @Test(
        "pretty=1 breaks an answer over lines",
        arguments: [
            "/mask?shape=4,2&keep_prob=0.8&seed=42&include=mask&pretty=1",
            "/mask?pretty=true&shape=4,2&keep_prob=0.8&seed=42&include=mask",
            "/mask?shape=4,2&keep_prob=0.8&pretty&seed=42&include=mask",
            "/mask?shape=4,2&keep_prob=0.8&seed=42&include=mask&p%72etty=%31",
        ])
    func aGETIsBroken(_ target: String) { #expect(ask(target).text == Self.lines) }

    @Test("A POST in JSON and an array file take pretty in the query")
    func aPOSTIsBroken() {
        let body = Self.body.replacing("}", with: #","include":["mask"]}"#)
        #expect(ask("/mask?pretty=1", body).text == Self.lines)
        #expect(ask("/mask?pretty=0", body).text == ask("/mask", body).text)
    }

    @Test(
        "A long answer has the values of the one that is not broken",
        arguments: ["/mask?shape=100000,3&rate=0.5&seed=1", "/mask?shape=300,2,500&rate=0.5&seed=1&mask_format=packed"])
    func aLongAnswerHasTheSameValues(_ target: String) {
        let (plain, lines) = (ask(target), ask(target + "&pretty=1"))
        #expect(lines.text.filter { $0 != "\n" && $0 != " " } == plain.text.filter { $0 != "\n" })
        #expect(lines.text.split(separator: Character("\n")).count > 15)
    }

    @Test(
        "Every answer in JSON is broken, refusals too",
        arguments: [
            ("/generators", ""), ("/", ""), ("/healthz", ""), ("/nowhere", ""), ("/mask", ""),
            ("/forward", #"{"input":[1],"rate":2}"#), ("/generators", "{}"),
        ])
    func everyAnswerIsBroken(_ path: String, _ body: String) {
        let (plain, lines) = (ask(path, body), ask(path + "?pretty=1", body))
        #expect(lines.status == plain.status)
        #expect(lines.text.hasPrefix("{\n  \""))
        #expect(lines.object as NSDictionary == plain.object as NSDictionary)
    }

    @Test(
        "What is not one text of JSON stays as it is",
        arguments: [("/metrics", ""), ("/openapi.yaml", ""), ("/forward", Self.ndjson)])
    func otherTypesStay(_ path: String, _ body: String) {
        #expect(ask(path + "?pretty=1", body).text == ask(path, body).text)
    }

    private static let ndjson =
        #"{"input":[[1,2]],"rate":0.5,"seed":1,"samples":2,"samples_format":"ndjson","include":["samples"]}"#

    @Test("A value of pretty that is neither 1 nor 0 is refused", arguments: ["2", "yes", "%zz", "1&pretty=1"])
    func aWrongValueIsRefused(_ value: String) {
        for reply in [ask("/mask?shape=2&rate=3&pretty=\(value)"), ask("/mask?pretty=\(value)", Self.body)] {
            #expect(reply.status == 422)
            #expect(reply.pointers.contains("/pretty"))
        }
    }
}
