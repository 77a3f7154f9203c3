import Synchronization

/// The chunks of an answer, compressed as one stream: pulled by one worker at a time.
final class DeflatedChunks: Sendable {
    private let source: @Sendable () -> HTTPChunk?
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let deflater: Deflater
        var hasEnded = false
    }

    init(_ coding: ContentCoding, _ source: @escaping @Sendable () -> HTTPChunk?) {
        self.source = source
        state = Mutex(State(deflater: Deflater(coding)))
    }

    /// The bytes of the next chunk, which may be none; nil at the end. If the source is cut or zlib fails, the last chunk is cut,
    /// and the stream has no end.
    ///
    /// Each call takes one chunk of the source, since a chunk may take long.
    @Sendable func next() -> HTTPChunk? {
        state.withLock { state in
            guard !state.hasEnded else { return nil }
            let chunk = source()
            let isCut = chunk?.isCut ?? false
            state.hasEnded = chunk == nil || isCut
            guard let bytes = state.deflater.deflate(chunk?.bytes ?? [], isLast: chunk == nil, isFlushed: isCut)
            else {
                state.hasEnded = true
                return HTTPChunk([], isCut: true)
            }
            return HTTPChunk(bytes, isCut: isCut, isNextLong: chunk?.isNextLong ?? false)
        }
    }
}
