import DropoutService
import Foundation
import Synchronization
import TensorJSON
import Testing

/// Passes side by side, passes that start where they begin to differ, and a search that ends by its price.
@Suite struct PlanTests {
    private static let tensor = #""input":[[1,-2,3,0.5],[4,5,-6,7],[0.1,0.2,0.3,0.4]],"rate":0.4"#

    private static let network = """
        "input":[[0.5,1],[-1.5,0.25]],"layers":[{"weights":[[1,2],[3,-4],[0.1,0.3]],"activation":"tanh"},
        {"weights":[[0.3,0.7,-0.2],[1,-1,2]],"activation":"gelu","rate":0.4},
        {"weights":[[1,-0.7],[0.2,0.1]],"activation":"softmax"},{"weights":[[1,2]],"rate":0.2}]
        """

    /// Runs parts on several threads and keeps how many there were.
    private final class Threads: Sendable {
        private let most = Atomic(0)
        private let isReversed: Bool

        init(isReversed: Bool = false) { self.isReversed = isReversed }

        var mostParts: Int { most.load(ordering: .relaxed) }

        var concurrency: Concurrency {
            Concurrency(
                width: { 4 },
                run: { [self] count, part in
                    most.max(count, ordering: .relaxed)
                    if isReversed {
                        (0..<count).reversed().forEach(part)
                    } else {
                        DispatchQueue.concurrentPerform(iterations: count) { part($0) }
                    }
                })
        }
    }

    @Test(
        "Passes on four threads give the bytes of passes on one", arguments: Generator.all,
        ["", #","samples_format":"ndjson""#])
    func threads(_ generator: Generator, _ format: String) {
        let seed = generator.name.hasPrefix("tf-stateless") ? "[5,9]" : "5"
        for (question, samples) in [(Self.tensor, 300), (Self.network, 150)] {
            let body =
                "{\(question),\"samples\":\(samples)\(format),\"generator\":\"\(generator.name)\",\"seed\":\(seed)}"
            let alone = ask("/forward", body)
            #expect(alone.status == 200, "\(alone.text)")
            for isReversed in [false, true] {
                let threads = Threads(isReversed: isReversed)
                #expect(ask("/forward", body, concurrency: threads.concurrency).text == alone.text)
                #expect(threads.mostParts > 1)
            }
        }
    }

    @Test("The masks and layers of a network's passes on four threads are those on one")
    func threadsAndLayers() {
        let body =
            "{\(Self.network),\"samples\":150,\"samples_format\":\"ndjson\",\"seed\":3,\"include\":[\"masks\",\"layers\"]}"
        let threads = Threads()
        #expect(ask("/forward", body, concurrency: threads.concurrency).text == ask("/forward", body).text)
        #expect(threads.mostParts > 1)
    }

    @Test(
        "Passes of any noise on four threads give the bytes of passes on one",
        arguments: [
            #""variant":"gaussian""#, #""variant":"concrete""#, #""variant":"alpha""#, #""granularity":"unit""#,
            #""variant":"drop_path""#, #""dtype":"float32""#, #""tensor_format":"base64""#, #""scheme":"classic""#,
            #""mode":"eval""#, #""step":4294966700"#, #""include":["mask","check","samples"]"#,
        ])
    func threadsAndFields(_ fields: String) {
        for format in ["summary", "ndjson"] {
            let body = "{\(Self.tensor),\(fields),\"samples\":500,\"samples_format\":\"\(format)\",\"seed\":3}"
            let alone = ask("/forward", body)
            #expect(alone.status == 200, "\(alone.text)")
            let threads = Threads()
            #expect(ask("/forward", body, concurrency: threads.concurrency).text == alone.text)
            #expect(threads.mostParts > 1)
        }
    }

    @Test("Losses of many masks on four threads give the bytes of those on one", arguments: ["philox", "torch-cpu"])
    func lossesOnThreads(_ generator: String) {
        let body = """
            {\(Self.network),"target":[[1,0]],"loss":"mse","learning_rate":0.1,"seed":2,"loss_samples":300,
            "generator":"\(generator)"}
            """
        let alone = ask("/train-step", body)
        #expect(alone.status == 200, "\(alone.text)")
        let threads = Threads()
        #expect(ask("/train-step", body, concurrency: threads.concurrency).text == alone.text)
        #expect(threads.mostParts > 1)
    }

    @Test("Pass k of samples is the pass of a request whose step is k further", arguments: [tensor, network])
    func stepMoved(_ question: String) throws {
        let (first, count) = (7, 120)
        let fields = "\"seed\":11,\"step\":\(first)"
        for concurrency in [Concurrency.serial, Threads().concurrency] {
            let text = ask(
                "/forward", "{\(question),\(fields),\"samples\":\(count),\"samples_format\":\"ndjson\"}",
                concurrency: concurrency
            ).text
            let lines = text.split(separator: "\n")
            #expect(lines.count == count + 1)
            for pass in 0..<count {
                let alone = ask(
                    "/forward", "{\(question),\"seed\":11,\"step\":\(first + pass),\"include\":[\"output\"]}")
                #expect(lines[pass] == "{\"sample\":\(pass)," + alone.text.dropFirst().dropLast())
            }
        }
    }

    /// An answer of version 1.0.0, which computed every pass from the first layer on. Moments of float32 passes name their type since.
    struct Recorded: Decodable, CustomTestStringConvertible {
        let name: String
        let path: String
        let body: String
        let answer: String

        var testDescription: String { name }
    }

    private static func recorded() throws -> [Recorded] {
        let url = try #require(Bundle.module.url(forResource: "passes", withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode([Recorded].self, from: Data(contentsOf: url))
    }

    @Test("Layers before the first draw, computed once, give the bytes of layers computed in every pass")
    func computedOnce() throws {
        let recorded = try Self.recorded()
        #expect(recorded.count == 20)
        for case let one in recorded {
            for concurrency in [Concurrency.serial, Threads().concurrency] {
                #expect(ask(one.path, one.body, concurrency: concurrency).text == one.answer, "\(one.name)")
            }
        }
    }

    // MARK: The search of /verify

    /// A question whose output is 1, 2, ... dropped as `drawn` says, but for one element.
    private static func searched(_ count: Int, _ drawn: String, _ said: String, flipped: Int? = nil) throws -> String {
        let input = "[" + (1...count).map(String.init).joined(separator: ",") + "]"
        let forward = ask("/forward", "{\"input\":\(input),\"rate\":0.5,\"include\":[\"output\"],\(drawn)}")
        var output = try #require(forward.object["output"] as? [Double], "\(forward.text)")
        if let flipped { output[flipped] = output[flipped] == 0 ? 2 * Double(flipped + 1) : 0 }
        return "{\"input\":\(input),\"output\":\(output),\"rate\":0.5,\(said)}"
    }

    /// What was drawn, what is said of it, and what is found.
    struct Searched: Sendable, CustomTestStringConvertible {
        let drawn: String
        let said: String
        var count = 700
        var flipped: Int?
        /// The place of the first element that differs, nil for a match.
        let first: Int?
        /// The most that may be compared before the mask is found; nil if all that is near is compared in vain.
        var searched: Int?
        var found: String?

        var testDescription: String { "\(drawn) \(said) \(count) \(flipped ?? -1)" }
    }

    private static let philox = #""generator":"philox","seed":5"#
    private static let secondStep = #""generator":"philox","seed":5,"step":2"#
    private static let mlx = #""generator":"mlx","seed":5"#
    private static let torch = #""generator":"torch-cpu","seed":5"#
    private static let nextSeed = #""generator":"torch-cpu","seed":6"#
    private static let jaxOriginal = #""generator":"jax-original","seed":5"#

    static let searches: [Searched] = [
        Searched(drawn: philox, said: philox, count: 40, first: nil, searched: 1),
        Searched(drawn: secondStep, said: philox, count: 40, first: 0, searched: 6, found: "philox"),
        Searched(
            drawn: jaxOriginal, said: #""generator":"jax","seed":5"#, count: 40, first: 2, searched: 80,
            found: "jax-original"),
        Searched(drawn: nextSeed, said: torch, count: 40, first: 1, searched: 30, found: "torch-cpu"),
        Searched(drawn: #""generator":"onnxruntime","seed":99"#, said: mlx, count: 40, first: 0),
        Searched(
            drawn: #""generator":"tinygrad","seed":3"#, said: #""generator":"philox","seed":3"#, count: 40, first: 0,
            searched: 2000, found: "tinygrad"),
        Searched(drawn: philox, said: philox, first: nil, searched: 1),
        Searched(drawn: philox, said: philox, flipped: 600, first: 600),
        Searched(drawn: secondStep, said: philox, first: 0, searched: 6, found: "philox"),
        Searched(drawn: secondStep, said: philox, flipped: 600, first: 0),
        Searched(drawn: nextSeed, said: torch, first: 1, searched: 30, found: "torch-cpu"),
        Searched(drawn: nextSeed, said: torch, flipped: 512, first: 1),
        Searched(
            drawn: jaxOriginal, said: #""generator":"jax","seed":5"#, first: 1, searched: 80, found: "jax-original"),
        Searched(
            drawn: #""generator":"numpy-pcg64","seed":5,"skip":700"#, said: #""generator":"numpy-pcg64","seed":5"#,
            first: 0, searched: 4, found: "numpy-pcg64"),
        Searched(
            drawn: #""generator":"keras-tensorflow","seed":5"#, said: #""generator":"tf-dropout","seed":5"#, first: 0,
            searched: 90, found: "tf-stateless"),
        Searched(
            drawn: #""generator":"tf-dropout","seed":5,"op_seed":3,"call":1"#,
            said: #""generator":"tf-dropout","seed":5,"op_seed":3"#, first: 4, searched: 20, found: "tf-dropout"),
        // At keep 0.5 the binomial keeps where u > 0.5, which NumPy's `rand() > rate` does as well.
        Searched(
            drawn: #""generator":"numpy-legacy-binomial","seed":5"#, said: #""generator":"numpy-legacy","seed":5"#,
            first: 0, searched: 30, found: "numpy-legacy"),
    ]

    @Test("The search by prefixes finds what the search by whole masks found", arguments: searches)
    func found(_ search: Searched) throws {
        let body = try Self.searched(search.count, search.drawn, search.said, flipped: search.flipped)
        let reply = ask("/verify", body)
        let findings = reply.object["findings"] as? [[String: Any]] ?? []
        let evidence = findings.first { $0["mistake"] as? String == "other_mask" }?["evidence"] as? [String: Any]
        #expect(evidence?["first"] as? [Int] == search.first.map { [$0] }, "\(reply.text)")
        let searched = try #require(reply.member("generator", "searched") as? Int)
        if let most = search.searched { #expect(searched <= most) } else { #expect(searched > 500) }
        #expect(reply.member("generator", "found", "generator") as? String == search.found)
        #expect(reply.member("generator", "matches") as? Bool == (search.first == nil))
        #expect(reply.member("generator", "search_limited") == nil)
    }

    private static func price(_ body: String) throws -> Int {
        guard case .work(let work) = plan("/verify", body) else { throw CocoaError(.coderValueNotFound) }
        return work.price.nanoseconds
    }

    /// The price of the judgement alone, which a refusal names.
    private static func judgement(_ body: String) throws -> Int {
        let refusal = ask("/verify", body, limits: ServiceLimits(maximumNanoseconds: 1))
        #expect(refusal.status == 422)
        return Int((try #require(refusal.object["price_seconds"] as? Double) * 1e9).rounded())
    }

    /// Whether the search was limited, and how many generators it compared.
    private static func outcome(_ body: String, _ nanoseconds: Int) throws -> (isLimited: Bool?, searched: Int) {
        let reply = ask("/verify", body, limits: ServiceLimits(maximumNanoseconds: nanoseconds))
        return (
            reply.member("generator", "search_limited") as? Bool,
            try #require(reply.member("generator", "searched") as? Int, "\(reply.text)")
        )
    }

    @Test("A search that the price ends says so, and one that ends by itself does not", arguments: [40, 700])
    func limited(_ count: Int) throws {
        let body = try Self.searched(count, #""generator":"onnxruntime","seed":99"#, Self.mlx)
        let (judgement, whole) = (try Self.judgement(body), try Self.price(body))
        #expect(judgement < whole)
        let all = try Self.outcome(body, whole)
        #expect(all.isLimited == nil)
        #expect(try Self.outcome(body, whole - 1) == (true, all.searched - 1))
        #expect(try Self.outcome(body, judgement) == (true, 1))
        let refused = ask("/verify", body, limits: ServiceLimits(maximumNanoseconds: judgement - 1))
        #expect(refused.status == 422)
        var last = 1
        for limit in stride(from: judgement, to: whole, by: max(1, (whole - judgement) / 9)) {
            let (isLimited, searched) = try Self.outcome(body, limit)
            #expect(isLimited == true)
            #expect(searched >= last)
            last = searched
        }
        #expect(last > 1)
    }

    @Test("A limit beyond what is found, or that a match does not need, is not spoken of")
    func notLimited() throws {
        let near = try Self.searched(40, Self.secondStep, Self.philox)
        let whole = try Self.price(near)
        #expect(try Self.outcome(near, whole - 1) == (nil, 4))
        #expect(try Self.outcome(near, try Self.judgement(near)) == (true, 1))
        let match = try Self.searched(40, Self.philox, Self.philox)
        #expect(try Self.outcome(match, try Self.judgement(match)) == (nil, 1))
        // Two elements tell nothing, so nothing is searched.
        let few = #"{"input":[1,2],"output":[2,0],"rate":0.5,"generator":"jax","seed":1}"#
        #expect(try Self.outcome(few, try Self.judgement(few)) == (nil, 1))
    }

    @Test("A search whose candidates are far to walk ends by its share of the price, at the same one each time")
    func farSearch() throws {
        let output = "[" + (1...40).map { $0 % 2 == 0 ? "2" : "0" }.joined(separator: ",") + "]"
        let input = "[" + [String](repeating: "1", count: 40).joined(separator: ",") + "]"
        let body = """
            {"input":\(input),"output":\(output),"rate":0.5,"generator":"mlx","seed":5,"call":300000}
            """
        let (judgement, whole) = (try Self.judgement(body), try Self.price(body))
        #expect(whole == 6 * judgement)
        let first = try Self.outcome(body, 10_000_000_000)
        #expect(first.isLimited == true)
        #expect(first.searched > 1)
        #expect(try Self.outcome(body, 10_000_000_000) == first)
    }
}
