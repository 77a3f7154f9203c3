import NIOCore
import NIOSSL
import Synchronization

/// TLS 1.2 and 1.3 with certificates that can be replaced while connections are open (swift-nio-ssl).
package final class TLSSettings: Sendable {
    private struct State {
        var context: NIOSSLContext
        var spans: [CertificateSpan]
    }

    private let certificateFile: String
    private let keyFile: String
    private let clientAuthorityFile: String?
    private let current: Mutex<State>

    /// Reads the files, all of them PEM.
    ///
    /// - Parameters:
    ///   - certificateFile: the server's certificate, then those between it and its root.
    ///   - clientAuthorityFile: the roots that a client's certificate must lead to; nil asks for none.
    /// - Throws: ``TLSError`` for a file that is missing or does not hold what it should, or a key that is not the
    ///   certificate's. A certificate out of its time is not an error.
    package init(certificateFile: String, keyFile: String, clientAuthorityFile: String?) throws(TLSError) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.clientAuthorityFile = clientAuthorityFile
        current = Mutex(try Self.read(certificateFile, keyFile, clientAuthorityFile))
    }

    /// Reads the files again, for connections from now on.
    ///
    /// - Throws: as ``init(certificateFile:keyFile:clientAuthorityFile:)``; what was read before stays in force.
    package func reload() throws(TLSError) {
        let state = try Self.read(certificateFile, keyFile, clientAuthorityFile)
        current.withLock { $0 = state }
    }

    /// When each certificate in force is valid.
    package var spans: [CertificateSpan] { current.withLock { $0.spans } }

    /// A handler for one connection.
    func handler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: current.withLock { $0.context }) }

    /// What TLS 1.2 may use: forward secrecy and authenticated encryption (RFC 9325, 4.2). Those of TLS 1.3 are all such.
    private static let cipherSuites = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ]

    private static func read(
        _ certificateFile: String, _ keyFile: String, _ clientAuthorityFile: String?
    ) throws(TLSError) -> State {
        let files = try CertificateFiles(
            certificateFile: certificateFile, keyFile: keyFile, clientAuthorityFile: clientAuthorityFile)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: files.chain.map { .certificate($0) }, privateKey: .privateKey(files.key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = cipherSuites.joined(separator: ":")
        configuration.applicationProtocols = ["http/1.1"]
        // Idle clients rarely answer a farewell.
        configuration.shutdownTimeout = .seconds(1)
        if let authorities = files.clientAuthorities {
            configuration.trustRoots = .certificates(authorities)
            // A client has no host name to check.
            configuration.certificateVerification = .noHostnameVerification
        }
        var spans = spans(files.chain, certificateFile)
        if let clientAuthorityFile, let authorities = files.clientAuthorities {
            spans += Self.spans(authorities, clientAuthorityFile)
        }
        do {
            return State(context: try NIOSSLContext(configuration: configuration), spans: spans)
        } catch NIOSSLError.failedToLoadPrivateKey {
            throw .keyOfAnotherCertificate(keyFile: keyFile, certificateFile: certificateFile)
        } catch {
            throw .unusable(reason: "\(error)")
        }
    }

    private static func spans(_ certificates: [NIOSSLCertificate], _ file: String) -> [CertificateSpan] {
        certificates.enumerated().map { index, certificate in
            CertificateSpan(
                file: file, number: index + 1, notBefore: Int(certificate.notValidBefore),
                notAfter: Int(certificate.notValidAfter))
        }
    }
}
