import Dispatch
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// A client that speaks TLS (swift-nio-ssl) and whose calls block, as ``RawClient``'s do.
final class TLSClient: Sendable {
    enum Failure: Error {
        case timedOut
        case endedEarly(String)
    }

    private let channel: any Channel
    private let received: Received
    let version: TLSVersion?
    /// The server's certificate.
    let certificate: NIOSSLCertificate?

    static func file(_ name: String) -> String {
        Bundle.module.url(forResource: name, withExtension: "pem", subdirectory: "Certificates")?.path ?? name
    }

    /// Connects and shakes hands.
    ///
    /// - Parameters:
    ///   - versions: 10 for TLS 1.0 to 13 for 1.3.
    ///   - suites: those of TLS 1.2 that are offered, in OpenSSL's words; nil for all that are safe.
    ///   - identity: the name of the client's certificate among the files; its key's ends in "-key".
    /// - Throws: what the handshake failed with.
    init(_ port: Int, versions: ClosedRange<Int> = 12...13, suites: String? = nil, identity: String? = nil) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(Self.file("authority")))
        configuration.minimumTLSVersion = Self.version(versions.lowerBound)
        configuration.maximumTLSVersion = Self.version(versions.upperBound)
        if let suites { configuration.cipherSuites = suites }
        if let identity {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(Self.file(identity))
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(file: Self.file("\(identity)-key"), format: .pem))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let received = Received()
        self.received = received
        channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    try channel.pipeline.syncOperations.addHandler(Receiver(received))
                }
            }
            .connect(host: "127.0.0.1", port: port).wait()
        do {
            try received.wait { $0.isSecure || $0.isClosed }
            if let error = received.error { throw error }
            guard received.isSecure else { throw Failure.endedEarly("") }
            // Nil if the server has closed since.
            version = try? channel.nioSSL_tlsVersion().wait()
            certificate = try? channel.nioSSL_peerCertificate().wait()
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    deinit { channel.close(promise: nil) }

    private static func version(_ number: Int) -> TLSVersion {
        switch number {
        case 10: .tlsv1
        case 11: .tlsv11
        case 12: .tlsv12
        default: .tlsv13
        }
    }

    /// The certificate in one of the files.
    static func certificate(_ name: String) throws -> NIOSSLCertificate? {
        try NIOSSLCertificate.fromPEMFile(file(name)).first
    }

    /// Reads nothing more, so that whatever the server says is not answered.
    func endReading() throws { try channel.setOption(.autoRead, value: false).wait() }

    func send(_ text: String) throws {
        try channel.writeAndFlush(ByteBuffer(string: text)).wait()
    }

    /// Asks for the echo of `query` and returns the answer's text once that stands in it.
    func echo(_ query: String) throws -> String {
        try send("GET /echo?\(query) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try text { $0.hasSuffix("GET /echo \(query)\n") }
    }

    /// What has come since the last call, once `isEnough`.
    func text(_ isEnough: (String) -> Bool) throws -> String {
        try received.wait { isEnough($0.text) || $0.isClosed }
        let text = received.take()
        guard isEnough(text) else { throw Failure.endedEarly(text) }
        return text
    }

    /// What comes until the server closes.
    func rest() throws -> String {
        try received.wait(until: \.isClosed)
        return received.take()
    }

    fileprivate struct State {
        var text = ""
        var isSecure = false
        var isClosed = false
        var error: (any Error)?
    }

    /// What the channel's handler has seen.
    fileprivate final class Received: Sendable {
        private let state = Mutex(State())
        private let changes = DispatchSemaphore(value: 0)

        var isSecure: Bool { state.withLock { $0.isSecure } }
        var error: (any Error)? { state.withLock { $0.error } }

        func change(_ body: (inout State) -> Void) {
            state.withLock { body(&$0) }
            changes.signal()
        }

        func take() -> String {
            state.withLock { state in
                defer { state.text = "" }
                return state.text
            }
        }

        func wait(until isMet: (State) -> Bool) throws {
            while !state.withLock({ isMet($0) }) {
                guard changes.wait(timeout: .now() + 120) == .success else { throw Failure.timedOut }
            }
        }
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let received: Received

        init(_ received: Received) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            received.change { $0.text += text }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case TLSUserEvent.handshakeCompleted = event { received.change { $0.isSecure = true } }
            context.fireUserInboundEventTriggered(event)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            received.change { $0.error = $0.error ?? error }
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { received.change { $0.isClosed = true } }
    }
}
