import NIOCore
import NIOSSL
import Synchronization

/// TLS 1.2 and 1.3 with certificates that can be replaced while connections are open (swift-nio-ssl).
package final class TLSConfiguration: Sendable {
    private let certificateFile: String
    private let keyFile: String
    private let clientAuthorityFile: String?
    private let current: Mutex<NIOSSLContext>

    /// Reads the files, all of them PEM.
    ///
    /// - Parameters:
    ///   - certificateFile: the server's certificate, then those between it and its root.
    ///   - clientAuthorityFile: the roots that a client's certificate must lead to; nil asks for none.
    /// - Throws: what swift-nio-ssl says of a file that is not there or not what it should be, or of a key that is not the
    ///   certificate's.
    package init(certificateFile: String, keyFile: String, clientAuthorityFile: String?) throws {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.clientAuthorityFile = clientAuthorityFile
        current = Mutex(try Self.context(certificateFile, keyFile, clientAuthorityFile))
    }

    /// Reads the files again, for connections from now on.
    ///
    /// - Throws: as ``init(certificateFile:keyFile:clientAuthorityFile:)``; then what was read before stays in force.
    package func reload() throws {
        let context = try Self.context(certificateFile, keyFile, clientAuthorityFile)
        current.withLock { $0 = context }
    }

    /// A handler for one connection.
    func handler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: current.withLock { $0 }) }

    private static func context(
        _ certificateFile: String, _ keyFile: String, _ clientAuthorityFile: String?
    ) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificateFile).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
        var configuration = NIOSSL.TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // Idle clients rarely answer a farewell.
        configuration.shutdownTimeout = .seconds(1)
        if let clientAuthorityFile {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(clientAuthorityFile))
            // A client has no host name to check.
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
