import Foundation
import HTTPServer
import Testing

/// What is said of files of certificates and keys, and what TLS 1.2 may use.
@Suite(.timeLimit(.minutes(10))) struct TLSFileTests {
    /// A folder of files that is removed at the end.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "dropoutd-tests-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(at: url) }

        /// The path of a file with this text, in which the name of one of the certificates is replaced by its text.
        func file(_ name: String, _ text: String) throws -> String {
            let path = url.appending(path: name).path
            var text = text
            for name in ["server-key", "server", "second-server"] {
                text = text.replacing(
                    "<\(name)>", with: try String(contentsOfFile: TLSClient.file(name), encoding: .utf8))
            }
            try Data(text.utf8).write(to: URL(filePath: path))
            return path
        }
    }

    private static func error(_ certificate: String, _ key: String, _ authority: String? = nil) -> TLSError? {
        do throws(TLSError) {
            _ = try TLSSettings(certificateFile: certificate, keyFile: key, clientAuthorityFile: authority)
            return nil
        } catch {
            return error
        }
    }

    @Test("A key that does not belong to its certificate is reported")
    func aKeyThatDoesNotBelongToItsCertificateIsToldSo() {
        let (certificate, key) = (TLSClient.file("server"), TLSClient.file("second-server-key"))
        let error = Self.error(certificate, key)
        #expect(error == .keyOfAnotherCertificate(keyFile: key, certificateFile: certificate))
        #expect(error?.description == "the key in \(key) does not belong to the certificate in \(certificate)")
    }

    @Test("A missing file is named")
    func aMissingFileIsNamed() {
        let (certificate, key) = (TLSClient.file("server"), TLSClient.file("server-key"))
        let reason = "No such file or directory"
        #expect(Self.error("/nowhere/c.pem", key) == .unreadable(file: "/nowhere/c.pem", reason: reason))
        #expect(Self.error(certificate, "/nowhere/k.pem") == .unreadable(file: "/nowhere/k.pem", reason: reason))
        #expect(Self.error(certificate, key, "/nowhere/a.pem") == .unreadable(file: "/nowhere/a.pem", reason: reason))
        #expect(Self.error("/", key) == .unreadable(file: "/", reason: "Is a directory"))
    }

    @Test(
        "A file without a certificate is reported",
        arguments: ["", "no certificate", "<server-key>", "-----BEGIN CERTIFICATE REQUEST-----\nAA\n"])
    func aFileWithoutACertificateIsToldSo(_ text: String) throws {
        let folder = try Folder()
        let file = try folder.file("c.pem", text)
        #expect(Self.error(file, TLSClient.file("server-key")) == .noCertificate(file: file))
        #expect(Self.error(TLSClient.file("server"), TLSClient.file("server-key"), file) == .noCertificate(file: file))
    }

    @Test(
        "A damaged certificate is reported by its number",
        arguments: [
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 1), ("-----BEGIN CERTIFICATE-----", 1),
            ("<server>-----BEGIN CERTIFICATE-----\nMIIB\n", 2),
            ("<server><second-server>-----BEGIN CERTIFICATE-----\n", 3),
        ])
    func aDamagedCertificateIsToldByItsNumber(_ text: String, _ number: Int) throws {
        let folder = try Folder()
        let file = try folder.file("c.pem", text)
        #expect(
            Self.error(file, TLSClient.file("server-key")) == .damagedCertificate(file: file, number: number))
    }

    @Test(
        "What is wrong with a key is reported",
        arguments: [
            ("", "holds no private key"), ("<server>", "holds no private key"),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "is encrypted"),
            (
                "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAA\n",
                "is encrypted"
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "is damaged or of a kind that is not known"
            ),
        ])
    func whatIsWrongWithAKeyIsTold(_ text: String, _ words: String) throws {
        let folder = try Folder()
        let file = try folder.file("k.pem", text)
        let error = try #require(Self.error(TLSClient.file("server"), file)).description
        #expect(error.contains(words) && error.contains(file))
    }

    @Test(
        "Other parts of a file do not matter",
        arguments: ["A comment\n<server>\nAnother\n<second-server>", "<server-key><server>"])
    func whatElseStandsInAFileIsNoMatter(_ text: String) throws {
        let folder = try Folder()
        #expect(Self.error(try folder.file("c.pem", text), TLSClient.file("server-key")) == nil)
    }

    /// The library keeps the error of one file for the next that the same thread reads.
    @Test("Files that are right are read after files that were wrong")
    func filesThatAreRightAreReadAfterFilesThatWereWrong() throws {
        let folder = try Folder()
        let certificate = try folder.file("c.pem", "<server>")
        let key = try folder.file("k.pem", "<server-key>")
        let tls = try TLSSettings(certificateFile: certificate, keyFile: key, clientAuthorityFile: certificate)
        for text in ["nonsense", "<second-server>", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
            _ = try folder.file("c.pem", text)
            #expect(throws: TLSError.self) { try tls.reload() }
            _ = try folder.file("c.pem", "<server>")
            #expect(throws: Never.self) { try tls.reload() }
        }
    }

    @Test("Each certificate has its time")
    func eachCertificateHasItsTime() throws {
        func spans(_ name: String) throws -> [CertificateSpan] {
            try TLSSettings(
                certificateFile: TLSClient.file(name), keyFile: TLSClient.file("server-key"),
                clientAuthorityFile: TLSClient.file("client-authority")
            ).spans
        }
        let expired = try spans("expired")
        try #require(expired.count == 2)
        // 2000-01-01T00:00:00Z and 2001-02-03T04:05:06Z, by date(1).
        #expect(expired[0].notBefore == 946_684_800 && expired[0].notAfter == 981_173_106)
        #expect(expired[0].file == TLSClient.file("expired") && expired[0].number == 1)
        #expect(!expired[0].contains(946_684_799) && expired[0].contains(946_684_800))
        #expect(expired[0].contains(981_173_106) && !expired[0].contains(981_173_107))
        #expect(expired[1].file == TLSClient.file("client-authority"))
        let now = Int(Date().timeIntervalSince1970)
        #expect(!expired[0].contains(now) && expired[1].contains(now))
        #expect(try spans("early").map { $0.contains(now) } == [false, true])
        #expect(try spans("server").map { $0.contains(now) } == [true, true])
    }

    @Test(
        "Of TLS 1.2 only authenticated encryption is spoken",
        arguments: [
            ("ECDHE-ECDSA-AES128-GCM-SHA256", true), ("ECDHE-ECDSA-AES256-GCM-SHA384", true),
            ("ECDHE-ECDSA-CHACHA20-POLY1305", true), ("ECDHE-ECDSA-AES128-SHA", false),
            ("ECDHE-ECDSA-AES256-SHA", false),
        ])
    func ofTLS12OnlyAuthenticatedEncryptionIsSpoken(_ suite: String, _ isSpoken: Bool) async throws {
        let tls = try TLSSettings(
            certificateFile: TLSClient.file("server"), keyFile: TLSClient.file("server-key"), clientAuthorityFile: nil)
        let isAnswered = try await withServer({ $0.tls = tls }) { port in
            (try? TLSClient(port, versions: 12...12, suites: suite).echo("x").hasPrefix("HTTP/1.1 200")) == true
        }
        #expect(isAnswered == isSpoken)
    }
}
