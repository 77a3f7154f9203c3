import DropoutService
import Testing

/// The type of an answer by `Accept` (RFC 9110, 12.4.2 and 12.5.1), on a route that answers JSON and array files.
@Suite struct AcceptTests {
    private static let (json, npy) = ("application/json", "application/x-npy")

    @Test(
        "The type with the highest weight is answered, and JSON of two with one weight",
        arguments: [
            (nil, json), ("", json), ("*/*", json), ("application/*", json), (json, json), (npy, npy),
            // The most specific range decides on a type, wherever it is in the list.
            ("application/x-npy;q=0.9, */*;q=0.1", npy), ("*/*;q=0.1, application/x-npy;q=0.9", npy),
            ("*/*, application/x-npy;q=0.5", json), ("*/*;q=0.5, application/json;q=0.1", npy),
            ("application/*;q=0.2, */*;q=0.9", json), ("application/json;q=0.1, application/*;q=0.2", npy),
            ("application/*, application/json;q=0", npy), ("*/*, application/json;q=0", npy),
            // Weights with three decimals, with white space and in upper case.
            ("application/json;q=0.899, application/x-npy;q=0.9", npy),
            ("application/x-npy ; Q=0.3,application/json;q=0.2", npy),
            ("APPLICATION/X-NPY, Application/Json;q=0.9", npy), ("application/json;q=0.001, text/html", json),
            // One weight for both.
            ("application/x-npy, application/json", json), ("application/x-npy;q=0.5, application/json;q=0.5", json),
            // Other types do not matter, as browsers send them.
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", json),
            ("text/html, application/x-npy;q=0.1", npy), ("text/html, application/x-npy;q=0.2, */*;q=0.1", npy),
            // Parameters, and separators in quotation marks.
            ("application/json;charset=utf-8, application/x-npy;q=0.5", json),
            ("application/json;profile=x, application/json;q=0.1, application/x-npy;q=0.5", npy),
            ("application/json;profile=\"a,b;q=1\";q=0.2, application/x-npy;q=0.5", npy),
            ("application/json;profile=\"\\\",\";q=0.2, application/x-npy;q=0.5", npy),
            // A member with a broken weight is ignored.
            ("application/json;q=x, application/x-npy;q=0.1", npy),
            ("application/x-npy;q=, application/json;q=0.1", json),
        ] as [(String?, String)])
    func theHighestWeightIsAnswered(_ accept: String?, _ type: String) {
        let reply = ask("/mask?shape=4&rate=0.5&seed=1", accept: accept)
        #expect(reply.headers["Content-Type"] == type)
    }

    @Test(
        "A list that takes neither type is refused with both names",
        arguments: [
            "text/html", "application/json;q=0, application/x-npy;q=0", "*/*;q=0", "application/*;q=0, */*",
            "image/*, text/*;q=0.5", "application/jsonx", "x-npy", "application/json;q=0.000, text/csv",
        ])
    func neitherTypeIsRefused(_ accept: String) {
        let reply = ask("/mask?shape=4&rate=0.5&seed=1", accept: accept)
        #expect(reply.status == 406)
        #expect(reply.text.contains("application/json or application/x-npy"))
    }
}
