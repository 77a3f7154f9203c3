import DropoutService
import Synchronization
import Testing

@Suite("Bodies of answers")
struct ServiceBodyTests {
    /// Chunks of one byte each, the last of them cut or not.
    private static func chunks(isCut: Bool) -> ServiceBody {
        let left = Mutex(3)
        return .chunks {
            left.withLock { left in
                guard left > 0 else { return nil }
                left -= 1
                return ServiceChunk([UInt8(left)], isCut: isCut && left == 1)
            }
        }
    }

    @Test("A body that is cut is not whole, and ends where it is cut")
    func cut() {
        var bytes: [UInt8] = []
        #expect(!Self.chunks(isCut: true).forEachChunk { bytes += $0 })
        #expect(bytes == [2, 1])
    }

    @Test("A body that is not cut is whole")
    func whole() {
        var bytes: [UInt8] = []
        #expect(Self.chunks(isCut: false).forEachChunk { bytes += $0 })
        #expect(ServiceBody.bytes([7]).forEachChunk { bytes += $0 })
        #expect(bytes == [2, 1, 0, 7])
    }
}
