extension NestedPrinting {
    /// Prints the elements of one row with commas between them and returns the length of the text.
    @inline(__always)
    func printRow(_ first: Int, _ end: Int, at bytes: UnsafeMutablePointer<UInt8>) -> Int {
        var position = 0
        switch elements {
        case .doubles(let elements):
            return elements.withUnsafeBufferPointer { elements in
                Self.printRow(
                    elements[first..<end], PrintingScale.doubles, at: bytes, whole: { NumberPrinting.whole($0) },
                    digits: { NumberPrinting.digits($0, $1) },
                    print: { NumberPrinting.print($0, of: $1, to: $2, $3) })
            }
        case .floats(let elements):
            return elements.withUnsafeBufferPointer { elements in
                Self.printRow(
                    elements[first..<end], PrintingScale.floats, at: bytes, whole: { NumberPrinting.whole($0) },
                    digits: { NumberPrinting.digits($0, $1) },
                    print: { NumberPrinting.print($0, of: $1, to: $2, $3) })
            }
        case .halves(let elements, let type):
            for element in elements[first..<end] {
                position += NumberPrinting.print(element, type, to: bytes + position)
                bytes[position] = UInt8(ascii: ",")
                position += 1
            }
        case .bits(let elements, asBooleans: false):
            position = elements.withUnsafeBytes { Self.printBits($0[first..<end], at: bytes) }
        case .bits(let elements, asBooleans: true):
            return elements.withUnsafeBufferPointer { elements in
                var place = bytes
                for element in UnsafeBufferPointer(rebasing: elements[first..<end]) {
                    // `false,` or `true,` and bytes that the next word overwrites.
                    let isTrue = 0 &- UInt64(element & 1)
                    Word.store(0x2C_6573_6C61_66 ^ (0x2C_6573_6C61_66 ^ 0x2C_6575_7274) & isTrue, to: place)
                    place += 6 &- Int(element & 1)
                }
                return place - bytes - 1
            }
        case .empties:
            for _ in first..<end {
                (bytes[position], bytes[position + 1], bytes[position + 2]) = (0x5B, 0x5D, 0x2C)
                position += 3
            }
        }
        return position - 1
    }

    @inline(__always)
    private static func printRow<Element>(
        _ elements: Slice<UnsafeBufferPointer<Element>>, _ table: PrintingScale.Table,
        at bytes: UnsafeMutablePointer<UInt8>,
        whole: (Element) -> Int32?,
        digits: (Element, UnsafePointer<PrintingScale>) -> NumberPrinting.Digits,
        print: (NumberPrinting.Digits, Element, UnsafeMutablePointer<UInt8>, UnsafePointer<NumberLayout>) -> Int
    ) -> Int {
        withUnsafeTemporaryAllocation(of: NumberPrinting.Digits.self, capacity: NumberPrinting.blockCount) { block in
            table.withPointers { scales, layouts in
                var place = bytes
                var left = UnsafeBufferPointer(rebasing: elements)
                while !left.isEmpty {
                    let count = min(left.count, block.count)
                    if let length = NumberPrinting.printWhole(left[..<count], to: place, whole) {
                        place += length
                    } else {
                        for i in 0..<count { block[i] = digits(left[i], scales) }
                        for i in 0..<count {
                            place += print(block[i], left[i], place, layouts)
                            place.pointee = UInt8(ascii: ",")
                            place += 1
                        }
                    }
                    left = UnsafeBufferPointer(rebasing: left[count...])
                }
                return place - bytes - 1
            }
        }
    }

    /// Prints `0,` or `1,` for each bit, a vector of them at once.
    private static func printBits(
        _ bits: Slice<UnsafeRawBufferPointer>, at bytes: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let bits = UnsafeRawBufferPointer(rebasing: bits)
        let text = UnsafeMutableRawPointer(bytes)
        let pair = UInt16(UInt8(ascii: ",")) << 8 | 0x30
        var i = 0
        while i + 16 <= bits.count {
            let vector = bits.loadUnaligned(fromByteOffset: i, as: SIMD16<UInt8>.self)
            let pairs = SIMD16<UInt16>(truncatingIfNeeded: vector) | SIMD16(repeating: pair)
            text.storeBytes(of: pairs, toByteOffset: 2 * i, as: SIMD16<UInt16>.self)
            i += 16
        }
        while i < bits.count {
            bytes[2 * i] = 0x30 | bits[i]
            bytes[2 * i + 1] = UInt8(ascii: ",")
            i += 1
        }
        return 2 * i
    }

    func printElement(_ i: Int, at bytes: UnsafeMutablePointer<UInt8>) -> Int {
        switch elements {
        case .doubles, .floats, .halves: return printRow(i, i + 1, at: bytes)
        case .bits(let elements, asBooleans: false):
            bytes[0] = 0x30 | elements[i]
            return 1
        case .bits(let elements, asBooleans: true):
            let word: StaticString = elements[i] == 1 ? "true" : "false"
            bytes.update(from: word.utf8Start, count: word.utf8CodeUnitCount)
            return word.utf8CodeUnitCount
        case .empties:
            (bytes[0], bytes[1]) = (0x5B, 0x5D)
            return 2
        }
    }
}
