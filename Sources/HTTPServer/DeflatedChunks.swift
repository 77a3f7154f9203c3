import Synchronization

/// The chunks of an answer, compressed as one stream: pulled by one worker at a time.
final class DeflatedChunks: Sendable {
    private let source: @Sendable () -> [UInt8]?
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let deflater: Deflater
        var hasEnded = false
    }

    init(_ coding: ContentCoding, _ source: @escaping @Sendable () -> [UInt8]?) {
        self.source = source
        state = Mutex(State(deflater: Deflater(coding)))
    }

    /// The next bytes that are not empty; nil at the end, and where zlib fails, which leaves the stream without its end.
    @Sendable func next() -> [UInt8]? {
        state.withLock { state in
            while !state.hasEnded {
                let chunk = source()
                state.hasEnded = chunk == nil
                guard let bytes = state.deflater.deflate(chunk ?? [], isLast: chunk == nil) else {
                    state.hasEnded = true
                    return nil
                }
                if !bytes.isEmpty { return bytes }
            }
            return nil
        }
    }
}
