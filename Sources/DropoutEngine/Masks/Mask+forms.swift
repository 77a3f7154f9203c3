package import Stopping

extension Mask {
    /// The row-major indices of the kept elements, ascending.
    package func keptIndices(stop: StopFlag = .never) throws(DropoutError) -> [Int] {
        // One place more, to which an element that is not kept may write.
        try [Int](capacity: keptCount + 1) { (span: inout OutputSpan<Int>) throws(DropoutError) in
            try span.withUnsafeMutableBufferPointer { indices, initializedCount throws(DropoutError) in
                let last = indices.count - 1
                var next = 0
                for block in Blocks(kept.indices) {
                    try stop.ask()
                    kept.withUnsafeBufferPointer { kept in
                        for index in block {
                            indices[min(next, last)] = index
                            next += Int(kept[index])
                        }
                    }
                }
                initializedCount = min(next, last)
            }
        }
    }

    /// The elements in row-major order, 8 in a byte, the first in the highest bit. The last byte is padded with zeros.
    package func packed(stop: StopFlag = .never) throws(DropoutError) -> [UInt8] {
        let count = kept.count
        return try kept.withUnsafeBufferPointer { kept throws(DropoutError) in
            let bytes = UnsafeRawBufferPointer(kept)
            var packed = try [UInt8](count: count / 8, stop: stop) { group in
                // Byte j of the word, 0 or 1, lands in bit 7 - j of the product's highest byte.
                let word = UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: group &* 8, as: UInt64.self))
                return UInt8(truncatingIfNeeded: (word &* 0x8040_2010_0804_0201) &>> 56)
            }
            if count % 8 != 0 {
                var last: UInt8 = 0
                for i in count / 8 * 8..<count { last |= bytes[i] << UInt8(7 - i % 8) }
                packed.append(last)
            }
            return packed
        }
    }
}

extension Mask {
    /// Computes `kept(i)` for each kept element i of `count`, and `dropped(i)` for each other.
    ///
    /// Both are computed and one is selected, so that no branch follows the mask and the loop is vectorised.
    @inline(__always)
    func select<Scalar: DropoutScalar>(
        _ count: Int, _ stop: StopFlag, kept keptValue: (Int) -> Scalar, dropped droppedValue: (Int) -> Scalar
    ) throws(DropoutError) -> [Scalar] {
        guard count == kept.count else {
            throw .impossible("a mask of \(kept.count) elements is applied to \(count)")
        }
        return try kept.withUnsafeBufferPointer { kept throws(DropoutError) in
            try [Scalar](count: count, stop: stop) { i in
                let (y, rest) = (keptValue(i), droppedValue(i))
                return kept[i] == 1 ? y : rest
            }
        }
    }
}

extension [UInt8] {
    /// The sum of bytes that are 0 or 1 each.
    ///
    /// Complexity: O(count), 64 bytes a step.
    func sumOfBits(stop: StopFlag = .never) throws(DropoutError) -> Int {
        try withUnsafeBufferPointer { numbers throws(DropoutError) in
            let bytes = UnsafeRawBufferPointer(numbers)
            var (sum, place) = (0, 0)
            while bytes.count - place >= 64 {
                try stop.ask()
                // At most 255 additions, so no lane overflows.
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
