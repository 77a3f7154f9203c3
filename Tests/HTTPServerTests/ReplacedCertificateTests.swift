import Foundation
import HTTPServer
import Testing

/// What a timer's looks do with certificates that are replaced on disk. Each look is made by hand, so nothing waits.
@Suite(.timeLimit(.minutes(10))) struct ReplacedCertificateTests {
    /// A folder as the kubelet makes it for a Secret: the files are links into `..data`, which is a link to a folder.
    private final class Secret: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "dropoutd-tests-\(UUID().uuidString)")
        var certificate: String { url.appending(path: "tls.crt").path }
        var key: String { url.appending(path: "tls.key").path }

        init(_ name: String) throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try replace(name, key: "\(name)-key")
            for file in ["tls.crt", "tls.key"] {
                try FileManager.default.createSymbolicLink(
                    atPath: url.appending(path: file).path, withDestinationPath: "..data/\(file)")
            }
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        /// Writes a new folder and turns the link to it, as the kubelet does.
        func replace(_ name: String, key keyName: String) throws {
            let version = "..\(UUID().uuidString)"
            let folder = url.appending(path: version)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(contentsOf: URL(filePath: TLSClient.file(name))).write(to: folder.appending(path: "tls.crt"))
            try Data(contentsOf: URL(filePath: TLSClient.file(keyName))).write(to: folder.appending(path: "tls.key"))
            let (new, link) = (url.appending(path: "..data_tmp").path, url.appending(path: "..data").path)
            try FileManager.default.createSymbolicLink(atPath: new, withDestinationPath: version)
            #expect(rename(new, link) == 0)
        }

        /// Overwrites a file in its place.
        func put(_ text: Data, _ file: String) throws {
            try text.write(to: URL(filePath: file).resolvingSymlinksInPath())
        }

        func settings() throws -> TLSSettings {
            try TLSSettings(certificateFile: certificate, keyFile: key, clientAuthorityFile: nil)
        }
    }

    /// What a look does, in a word that can be compared.
    private static func look(_ tls: TLSSettings) -> String {
        do throws(TLSError) {
            return try tls.reloadIfReplaced() ? "read" : "unchanged"
        } catch {
            return "\(error)"
        }
    }

    private static func looks(_ tls: TLSSettings, _ count: Int) -> [String] { (0..<count).map { _ in look(tls) } }

    @Test("A Secret that is replaced is served without a signal, and old connections go on")
    func aSecretThatIsReplacedIsServedWithoutASignal() async throws {
        let secret = try Secret("server")
        let tls = try secret.settings()
        #expect(Self.looks(tls, 2) == ["unchanged", "unchanged"])
        let seen = try await withServer({ $0.tls = tls }) { port in
            let old = try TLSClient(port)
            _ = try old.echo("before")
            try secret.replace("second-server", key: "second-server-key")
            let looks = Self.looks(tls, 4)
            let new = try TLSClient(port)
            return [
                looks == ["unchanged", "read", "unchanged", "unchanged"],
                old.certificate == (try TLSClient.certificate("server")),
                new.certificate == (try TLSClient.certificate("second-server")),
                try old.echo("after").hasPrefix("HTTP/1.1 200"), try new.echo("x").hasPrefix("HTTP/1.1 200"),
            ]
        }
        #expect(seen == [true, true, true, true, true])
    }

    @Test("A pair that does not match is reported once, the old one stays, and the right one is taken")
    func aPairThatDoesNotMatchIsReportedOnce() async throws {
        let secret = try Secret("server")
        let tls = try secret.settings()
        let fault = "the key in \(secret.key) does not belong to the certificate in \(secret.certificate)"
        let seen = try await withServer({ $0.tls = tls }) { port in
            try secret.replace("second-server", key: "server-key")
            let looks = Self.looks(tls, 4)
            let isOld = try TLSClient(port).certificate == TLSClient.certificate("server")
            try secret.replace("second-server", key: "second-server-key")
            let later = Self.looks(tls, 3)
            let isNew = try TLSClient(port).certificate == TLSClient.certificate("second-server")
            return [
                looks == ["unchanged", fault, "unchanged", "unchanged"], isOld,
                later == ["unchanged", "read", "unchanged"], isNew,
            ]
        }
        #expect(seen == [true, true, true, true])
    }

    @Test("A certificate that is half written is not read until it holds still")
    func aCertificateThatIsHalfWrittenIsNotReadUntilItHoldsStill() throws {
        let secret = try Secret("server")
        let tls = try secret.settings()
        let whole = try Data(contentsOf: URL(filePath: TLSClient.file("server")))
        var looks: [String] = []
        for count in [1, 200, 300] {
            try secret.put(whole.prefix(count), secret.certificate)
            looks.append(Self.look(tls))
        }
        try secret.put(whole, secret.certificate)
        looks += Self.looks(tls, 3)
        #expect(looks == ["unchanged", "unchanged", "unchanged", "unchanged", "read", "unchanged"])
    }

    @Test("A certificate that is gone is reported once and taken when it is back")
    func aCertificateThatIsGoneIsReportedOnceAndTakenWhenItIsBack() throws {
        let secret = try Secret("server")
        let tls = try secret.settings()
        try FileManager.default.removeItem(atPath: secret.certificate)
        let fault = "cannot read \(secret.certificate): No such file or directory"
        #expect(Self.looks(tls, 4) == ["unchanged", fault, "unchanged", "unchanged"])
        try FileManager.default.createSymbolicLink(atPath: secret.certificate, withDestinationPath: "..data/tls.crt")
        #expect(Self.looks(tls, 3) == ["unchanged", "read", "unchanged"])
    }

    @Test("What a signal has read is not read again by a look")
    func whatASignalHasReadIsNotReadAgainByALook() throws {
        let secret = try Secret("server")
        let tls = try secret.settings()
        try secret.replace("second-server", key: "second-server-key")
        try tls.reload()
        #expect(Self.looks(tls, 3) == ["unchanged", "unchanged", "unchanged"])
        // A fault that the signal has reported is not reported again.
        try secret.replace("second-server", key: "server-key")
        #expect(throws: TLSError.self) { try tls.reload() }
        #expect(Self.looks(tls, 3) == ["unchanged", "unchanged", "unchanged"])
    }

    @Test("A client authority that is replaced is taken")
    func aClientAuthorityThatIsReplacedIsTaken() throws {
        let secret = try Secret("server")
        let authority = secret.url.appending(path: "ca.pem")
        try Data(contentsOf: URL(filePath: TLSClient.file("client-authority"))).write(to: authority)
        let tls = try TLSSettings(
            certificateFile: secret.certificate, keyFile: secret.key, clientAuthorityFile: authority.path)
        try Data(contentsOf: URL(filePath: TLSClient.file("authority"))).write(to: authority)
        #expect(Self.looks(tls, 3) == ["unchanged", "read", "unchanged"])
    }

    @Test("The expiry is that of the certificate in force")
    func theExpiryIsThatOfTheCertificateInForce() throws {
        let secret = try Secret("server")
        let tls = try secret.settings()
        let valid = try #require(tls.expiry)
        #expect(valid == tls.spans[0].notAfter)
        try secret.replace("expired", key: "second-server-key")
        #expect(Self.looks(tls, 2).last?.contains("does not belong") == true)
        #expect(tls.expiry == valid)
        try secret.replace("expired", key: "server-key")
        #expect(Self.looks(tls, 2) == ["unchanged", "read"])
        // 2001-02-03T04:05:06Z, by date(1).
        #expect(tls.expiry == 981_173_106)
    }
}
