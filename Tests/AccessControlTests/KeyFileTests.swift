import AccessControl
import Testing

@Suite struct KeyFileTests {
    private static let hash = ScryptTests.foreign

    @Test("Lines are keys with their rates")
    func linesAreKeysWithTheirRates() throws {
        let file = try KeyFile(
            """
            # who may call

            alice:\(Self.hash)
              batch-2.x_:\(Self.hash)  rate=30/m\tburst=5 # slow\r
            fast:\(Self.hash) burst=200 rate=100/s
            free:\(Self.hash) rate=none
            """)
        #expect(file.keys.map(\.name) == ["alice", "batch-2.x_", "fast", "free"])
        #expect(file.keys[0].rate == .standard)
        #expect(file.keys[1].rate == .limited(try #require(RequestRate("30/m", burst: 5))))
        #expect(file.keys[2].rate == .limited(try #require(RequestRate("100/s", burst: 200))))
        #expect(file.keys[3].rate == .unlimited)
    }

    @Test("A file without a key is refused", arguments: ["", "\n", "# nobody\r\n\r\n", " \t\n#"])
    func noKey(_ text: String) {
        #expect(throws: KeyFileError(line: 0, reason: .noKeys)) { try KeyFile(text) }
    }

    @Test("Both kinds of hash may be in one file, and are written as they were read")
    func kinds() throws {
        let fast = "$sha256$QfhCsjGOAUZoYzsoUA9dHb4PwWd3O9yV8jTfv6BzP7o"
        let file = try KeyFile("alice:\(fast)\nbob:\(Self.hash)\n")
        #expect(file.keys.map(\.hash.text) == [fast, Self.hash])
    }

    @Test(
        "A wrong line is named",
        arguments: [
            ("alice", KeyFileError.Reason.noColon),
            (":HASH", .wrongName),
            ("al/ice:HASH", .wrongName),
            ("älice:HASH", .wrongName),
            (String(repeating: "a", count: 65) + ":HASH", .wrongName),
            ("alice:secret", .notAHash),
            ("alice: HASH", .notAHash),
            ("alice:$argon2id$v=19$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw", .notAHash),
            ("alice:$scrypt$ln=10,r=8$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw", .unreadableCosts),
            ("alice:$scrypt$r=8,ln=10,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw", .unreadableCosts),
            ("alice:$scrypt$ln=010,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw", .unreadableCosts),
            ("alice:$scrypt$ln=99999999999,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw", .unreadableCosts),
            ("alice:$scrypt$ln=17,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw", .costsOutOfBounds),
            ("alice:$scrypt$ln=10,r=8,p=1$AAECAwQF$AAECAwQFBgcICQoLDA0ODw", .wrongSalt),
            ("alice:$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw==$AAECAwQFBgcICQoLDA0ODw", .wrongSalt),
            ("alice:$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODx", .wrongDigest),
            ("alice:$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0OD", .wrongDigest),
            ("alice:$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODwAAA", .wrongDigest),
            ("alice:$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$", .wrongDigest),
            ("alice:$sha256$", .wrongSHA256),
            ("alice:$sha256$AAECAwQFBgcICQoLDA0ODw", .wrongSHA256),
            ("alice:$sha256$AAECAwQFBgcICQoLDA0ODw$QfhCsjGOAUZoYzsoUA9dHb4PwWd3O9yV8jTfv6BzP7o", .notAHash),
            ("alice:$sha256$QfhCsjGOAUZoYzsoUA9dHb4PwWd3O9yV8jTfv6BzP7o=", .wrongSHA256),
            ("alice:sha256$QfhCsjGOAUZoYzsoUA9dHb4PwWd3O9yV8jTfv6BzP7o", .notAHash),
            ("alice:HASH admin", .unknownOption),
            ("alice:HASH rate=100", .wrongRate),
            ("alice:HASH rate=0/s", .wrongRate),
            ("alice:HASH rate=1000001/s", .wrongRate),
            ("alice:HASH rate=100/w", .wrongRate),
            ("alice:HASH rate=-1/s", .wrongRate),
            ("alice:HASH rate=1/s burst=0", .wrongBurst),
            ("alice:HASH rate=1/s rate=2/s", .repeatedOption("rate")),
            ("alice:HASH rate=1/s burst=2 burst=2", .repeatedOption("burst")),
            ("alice:HASH burst=2", .burstWithoutRate),
            ("alice:HASH rate=none burst=2", .burstWithoutRate),
            ("bob:HASH", .duplicateName("bob", line: 2)),
            ("alice:HASH " + String(repeating: " ", count: 1024), .lineTooLong),
        ])
    func aWrongLineIsNamed(_ line: String, _ reason: KeyFileError.Reason) {
        let line = line.split(separator: "HASH", omittingEmptySubsequences: false).joined(separator: Self.hash)
        #expect(throws: KeyFileError(line: 3, reason: reason)) { try KeyFile("\nbob:\(Self.hash)\n\(line)\n") }
    }

    @Test("An error quotes nothing but a name")
    func anErrorQuotesNothingButAName() {
        let secret = "alice:$scrypt$ln=10,r=8,p=1$c2VjcmV0$c2VjcmV0 c2VjcmV0"
        let error = #expect(throws: KeyFileError.self) { try KeyFile(secret) }
        #expect(error?.description == "line 1: the salt is not 8 to 64 bytes in base64 without padding")
    }

    @Test("A file of more than ten thousand keys is refused")
    func aFileOfMoreThanTenThousandKeysIsRefused() throws {
        let lines = (0..<10_000).map { "k\($0):\(Self.hash)" }
        #expect(try KeyFile(lines.joined(separator: "\n")).keys.count == 10_000)
        #expect(throws: KeyFileError(line: 10_001, reason: .tooManyKeys)) {
            try KeyFile((lines + ["k:\(Self.hash)"]).joined(separator: "\n"))
        }
    }
}
