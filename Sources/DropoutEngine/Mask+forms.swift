extension Mask {
    /// The row-major indices of the kept elements, ascending.
    package var keptIndices: [Int] {
        // One place more, which an element that is not kept may write to.
        [Int](unsafeUninitializedCapacity: keptCount + 1) { indices, initializedCount in
            kept.withUnsafeBufferPointer { kept in
                let last = indices.count - 1
                var next = 0
                for index in kept.indices {
                    indices[min(next, last)] = index
                    next += Int(kept[index])
                }
                initializedCount = min(next, last)
            }
        }
    }

    /// The elements packed 8 a byte, row-major, the first in the highest bit, the last byte padded with zeros.
    package func packed() -> [UInt8] {
        let count = kept.count
        return kept.withUnsafeBytes { bytes in
            [UInt8](unsafeUninitializedCapacity: (count + 7) / 8) { packed, initializedCount in
                for group in 0..<count / 8 {
                    // Byte j of the word, 0 or 1, lands in bit 7 - j of the product's highest byte.
                    let word = UInt64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: group &* 8, as: UInt64.self))
                    packed[group] = UInt8(truncatingIfNeeded: (word &* 0x8040_2010_0804_0201) &>> 56)
                }
                if count % 8 != 0 {
                    var last: UInt8 = 0
                    for i in count / 8 * 8..<count { last |= bytes[i] << UInt8(7 - i % 8) }
                    packed[count / 8] = last
                }
                initializedCount = (count + 7) / 8
            }
        }
    }
}

extension Mask {
    /// `kept(i)` for each kept element and `dropped(i)` for each other of the first `count`.
    ///
    /// Both are computed and one is selected, so that no branch follows the mask and the loop is vectorised.
    @inline(__always)
    func select<Scalar: DropoutScalar>(
        _ count: Int, kept keptValue: (Int) -> Scalar, dropped droppedValue: (Int) -> Scalar
    ) -> [Scalar] {
        let count = min(count, kept.count)
        return [Scalar](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            kept.withUnsafeBufferPointer { kept in
                for i in 0..<count {
                    let (y, rest) = (keptValue(i), droppedValue(i))
                    buffer[i] = kept[i] == 1 ? y : rest
                }
            }
            initializedCount = count
        }
    }
}

extension [UInt8] {
    /// The sum of bytes that are 0 or 1 each.
    ///
    /// Complexity: O(count), 64 bytes a step.
    var sumOfBits: Int {
        withUnsafeBytes { bytes in
            var (sum, place) = (0, 0)
            while bytes.count - place >= 64 {
                // No lane passes 255.
                let end = place + Swift.min((bytes.count - place) / 64, 255) * 64
                var lanes = SIMD64<UInt8>(repeating: 0)
                while place < end {
                    lanes &+= bytes.loadUnaligned(fromByteOffset: place, as: SIMD64<UInt8>.self)
                    place &+= 64
                }
                for lane in lanes.indices { sum += Int(lanes[lane]) }
            }
            for byte in bytes[place...] { sum += Int(byte) }
            return sum
        }
    }
}
