import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// A minimal HTTP/1.1 server on sockets: it frames, bounds and times requests, and has them answered by an ``HTTPApplication``.
package final class HTTPListener: Sendable {
    /// The port that is listened on.
    package let port: Int
    private let listener: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let workers: WorkerPool
    private let connections: Connections
    private let configuration: HTTPServerConfiguration
    private let stopping = Mutex<Task<Void, Never>?>(nil)
    private let isCut = Atomic(false)

    /// Listens. Requests are answered from here on.
    ///
    /// - Parameter workers: the threads that compute, which the server stops when it stops.
    /// - Throws: `IOError` if the address cannot be had.
    package static func start(
        _ configuration: HTTPServerConfiguration, _ application: any HTTPApplication, _ workers: WorkerPool
    ) async throws -> HTTPListener {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopCount)
        let connections = Connections(configuration)
        let dates = DateField()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause()) }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The system takes what it can send soon and no more, so that what it has taken shows the reader's pace.
            .childChannelOption(.tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), value: 1 << 17)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 1 << 18)
            )
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 16, high: 1 << 18))
            .childChannelInitializer { channel in
                let activity = ConnectionActivity()
                let admission = connections.admit(channel, activity)
                guard admission != .refused else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    let gate = RequestGate(activity)
                    let connection = ConnectionHandler(
                        configuration, application, workers, dates, gate, isSurplus: admission == .surplus)
                    try configure(channel, configuration, gate, connection)
                }
            }
        do {
            let listener = try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
            return HTTPListener(
                listener: listener, group: group, workers: workers, connections: connections,
                configuration: configuration)
        } catch {
            await workers.stop()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(
        listener: any Channel, group: MultiThreadedEventLoopGroup, workers: WorkerPool, connections: Connections,
        configuration: HTTPServerConfiguration
    ) {
        self.listener = listener
        self.group = group
        self.workers = workers
        self.connections = connections
        self.configuration = configuration
        port = listener.localAddress?.port ?? 0
    }

    private static func configure(
        _ channel: any Channel, _ configuration: HTTPServerConfiguration, _ gate: RequestGate,
        _ connection: ConnectionHandler
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls = configuration.tls { try pipeline.addHandler(tls.handler()) }
        try pipeline.addHandler(gate)
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(configuration)))
        try pipeline.addHandler(connection)
    }

    package var figures: HTTPServerFigures {
        HTTPServerFigures(
            connections: connections.figures, waiting: workers.waitingCount,
            heldBytes: workers.budget.usedBytes, computingBytes: workers.budget.computingBytes,
            longRunning: workers.longRunningCount)
    }

    /// The most bytes that requests held at once since this was last asked for.
    package func takePeakOfHeldBytes() -> Int { workers.budget.takePeak() }

    /// Stops listening, lets what is in work finish, closes everything and returns. What is still busy after the drain
    /// deadline is cut, and nothing more is waited for. To stop again waits for the first.
    package func stop() async {
        let task = stopping.withLock { stopping in
            let task = stopping ?? Task { await drain() }
            stopping = task
            return task
        }
        await task.value
    }

    private func drain() async {
        try? await listener.close()
        connections.drain()
        let cut = group.next().scheduleTask(in: TimeAmount(configuration.drainDeadline)) { [self] in
            isCut.store(true, ordering: .relaxed)
            // Whatever thread computes.
            workers.stopAll()
            connections.closeAll()
        }
        await connections.allClosed()
        cut.cancel()
        let ending = Task { [workers, group] in
            await workers.stop()
            try? await group.shutdownGracefully()
        }
        // A computation that has not stopped yet has no client any more. It ends with the process.
        if !isCut.load(ordering: .relaxed) { await ending.value }
    }
}
