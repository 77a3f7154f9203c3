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

    /// The next bytes that are not empty; nil at the end. If the source is cut or zlib fails, the last chunk is cut, and the
    /// stream has no end.
    @Sendable func next() -> HTTPChunk? {
        state.withLock { state in
            while !state.hasEnded {
                let chunk = source()
                let isCut = chunk?.isCut ?? false
                state.hasEnded = chunk == nil || isCut
                guard let bytes = state.deflater.deflate(chunk?.bytes ?? [], isLast: chunk == nil, isFlushed: isCut)
                else {
                    state.hasEnded = true
                    return HTTPChunk([], isCut: true)
                }
                if !bytes.isEmpty || isCut {
                    return HTTPChunk(bytes, isCut: isCut, isNextLong: chunk?.isNextLong ?? false)
                }
            }
            return nil
        }
    }
}
