package import NIOCore

#if TLS
import NIOSSL
#endif

/// TLS for a client that does not check the server's certificate: the server on this machine has one for another name.
package enum UncheckedTLSClient {
    /// A handler for one connection.
    ///
    /// - Throws: ``TLSError/notBuilt`` in a program without TLS, and what swift-nio-ssl throws.
    package static func handler() throws -> any ChannelHandler {
        #if TLS
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        return try NIOSSLClientHandler(context: NIOSSLContext(configuration: configuration), serverHostname: nil)
        #else
        throw TLSError.notBuilt
        #endif
    }
}
