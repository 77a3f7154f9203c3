import NIOCore

#if TLS
import NIOSSL

/// What connections need of the certificates in force (swift-nio-ssl).
struct TLSContext: Sendable {
    private let context: NIOSSLContext
    /// When each certificate is valid.
    let spans: [CertificateSpan]
    /// When the first certificate of the chain that is served expires, in seconds since 1970.
    let expiry: Int?

    /// A handler for one connection.
    func handler() throws(TLSError) -> any ChannelHandler { NIOSSLServerHandler(context: context) }

    /// What TLS 1.2 may use: forward secrecy and authenticated encryption (RFC 9325, 4.2). Those of TLS 1.3 are all such.
    private static let cipherSuites = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ]

    /// Reads the files.
    ///
    /// - Throws: as ``TLSSettings/init(certificateFile:keyFile:clientAuthorityFile:)``.
    static func read(
        _ certificateFile: String, _ keyFile: String, _ clientAuthorityFile: String?
    ) throws(TLSError) -> TLSContext {
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
        let expiry = spans.map(\.notAfter).min()
        if let clientAuthorityFile, let authorities = files.clientAuthorities {
            spans += Self.spans(authorities, clientAuthorityFile)
        }
        do {
            return TLSContext(
                context: try NIOSSLContext(configuration: configuration), spans: spans, expiry: expiry)
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

#else

/// A program that is built without the package trait TLS has no context: ``read(_:_:_:)`` throws.
struct TLSContext: Sendable {
    let spans: [CertificateSpan]
    let expiry: Int?

    static func read(
        _ certificateFile: String, _ keyFile: String, _ clientAuthorityFile: String?
    ) throws(TLSError) -> TLSContext { throw .notBuilt }

    func handler() throws(TLSError) -> any ChannelHandler { throw .notBuilt }
}
#endif
