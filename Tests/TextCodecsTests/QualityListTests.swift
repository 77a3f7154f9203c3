import Testing
import TextCodecs

@Suite("A quality list")
struct QualityListTests {
    private typealias Member = QualityList.Member

    /// The examples of RFC 9110, sections 12.4.3, 12.5.1 and 12.5.3.
    @Test("has the weights of the RFC's examples")
    func examples() {
        #expect(
            QualityList("compress, gzip").members
                == [Member(name: "compress", weight: 1), Member(name: "gzip", weight: 1)])
        #expect(QualityList("").members == [])
        #expect(
            QualityList("gzip;q=1.0, identity; q=0.5, *;q=0").members
                == [
                    Member(name: "gzip", weight: 1), Member(name: "identity", weight: 0.5),
                    Member(name: "*", weight: 0),
                ])
        #expect(
            QualityList("audio/*; q=0.2, audio/basic").members
                == [Member(name: "audio/*", weight: 0.2), Member(name: "audio/basic", weight: 1)])
        #expect(
            QualityList("text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.5").members
                == [
                    Member(name: "text/*", weight: 0.3), Member(name: "text/plain", weight: 0.7),
                    Member(name: "text/plain", weight: 1, hasParameters: true), Member(name: "*/*", weight: 0.5),
                ])
    }

    /// RFC 9110, 12.4.2: `weight = OWS ";" OWS "q=" qvalue`, and a qvalue is a number.
    @Test(
        "has no member whose weight is no number",
        arguments: [
            "gzip;q=", "gzip;q=x", "gzip;q=nan", "gzip;q=0.5.1", "gzip;q=\"0\"",
            "gzip;q= 0",
        ])
    func malformed(field: String) { #expect(QualityList(field).members.isEmpty) }

    @Test(
        "keeps a weight within 0 and 1", arguments: [("-1", 0), ("2", 1), ("1.000", 1), ("0.000", 0), ("0.001", 0.001)])
    func range(text: String, weight: Double) {
        #expect(QualityList("a;q=\(text)").members == [Member(name: "a", weight: weight)])
    }

    @Test("ignores empty members, and case")
    func empty() {
        #expect(QualityList(" , ,GZip;Q=0.5 ,,").members == [Member(name: "gzip", weight: 0.5)])
        #expect(QualityList(" , \t").members == [])
    }

    @Test("has at most 64 members")
    func bounded() {
        #expect(QualityList(String(repeating: "a,", count: 100)).members.count == 64)
    }
}
