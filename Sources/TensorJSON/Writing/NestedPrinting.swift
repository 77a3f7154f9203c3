import TextCodecs

// Printing, step 1 of 4: brackets and commas. ``JSONWriter`` hands the array over and ``JSONText`` cuts it into parts. The numbers
// of a row are printed by ``NumberPrinting``.

/// A nested (or flat) array. Each range of its elements can be printed alone.
struct NestedPrinting: Sendable {
    enum Elements: Sendable {
        case doubles([Double])
        case floats([Float])
        case halves([Float], HalfType)
        case bits([UInt8], asBooleans: Bool)
        /// This number of rows without elements, each printed as `[]`.
        case empties(Int)

        var count: Int {
            switch self {
            case .doubles(let elements): elements.count
            case .floats(let elements): elements.count
            case .halves(let elements, _): elements.count
            case .bits(let elements, _): elements.count
            case .empties(let count): count
            }
        }

        /// The elements of one part. They have about 200 KB of text, so that a part stays in the cache of a core.
        var countPerPart: Int {
            switch self {
            case .doubles: 8192
            case .floats: 16_384
            case .halves: 8192
            case .bits: 131_072
            case .empties: 65_536
            }
        }

        var byteCount: Int {
            switch self {
            case .doubles: 8 * count
            case .floats, .halves: 4 * count
            case .bits: count
            case .empties: 0
            }
        }
    }

    let elements: Elements
    /// The number of elements in a row of each level, innermost first. At its multiples brackets open and close.
    private let rows: [Int]

    /// An array of another number of elements than `shape` has is printed as a flat list.
    ///
    /// An array without elements has the text of its rows: `[]` for [0], `[[],[]]` for [2, 0] and for [2, 0, 3].
    init(_ elements: Elements, shape: [Int]) {
        var shape = Self.count(of: shape) == elements.count ? shape : [elements.count]
        if let empty = shape.firstIndex(of: 0), let count = Self.count(of: Array(shape[..<empty])) {
            shape = Array(shape[..<empty])
            self.elements = .empties(count)
        } else if shape.contains(0) {
            // The number of rows overflows, so no price allows to print them.
            (self.elements, shape) = (.empties(1), [])
        } else {
            self.elements = elements
        }
        var size = 1
        rows = shape.reversed().map {
            size = size &* $0
            return size
        }
    }

    /// The product of the extents; nil if it overflows.
    private static func count(of shape: [Int]) -> Int? {
        if shape.contains(0) { return 0 }
        return shape.reduce(1 as Int?) { count, extent in count?.checkedProduct(extent) }
    }

    /// The elements of one part. Short rows of many levels have more brackets than numbers, so their parts have fewer elements. A part
    /// takes less than half a millisecond for every shape.
    var countPerPart: Int {
        // Nanoseconds: 400,000 for a part of elements alone, and 5 for each level at both ends of an innermost row.
        let brackets = 10 * rows.count / max(rows.first ?? 1, 1)
        let element = 400_000 / elements.countPerPart
        return brackets <= element ? elements.countPerPart : max(1, 400_000 / (element + brackets))
    }

    /// An estimate of the bytes of the text after the first `count` elements.
    func bytesEstimate(after count: Int) -> Int {
        let left = elements.count - count
        let width =
            switch elements {
            case .doubles: 20
            case .floats, .halves: 12
            case .bits(_, let asBooleans): asBooleans ? 6 : 2
            case .empties: 3
            }
        return left * width + rows.reduce(0) { $0 + 2 * (left / max($1, 1) + 1) }
    }

    /// The most bytes that the text of the elements in `range` takes.
    func room(_ range: Range<Int>) -> Int {
        let width: Int
        switch elements {
        case .doubles, .floats, .halves: width = NumberPrinting.maximumLength
        case .bits(_, let asBooleans): width = asBooleans ? 5 : 1
        case .empties: width = 2
        }
        // A row has at most one bracket of each level at either end.
        let innermost = max(rows.first ?? 1, 1)
        let rowCount = range.count / innermost + 2
        return range.count * (width + 1) + rowCount * 2 * rows.count + 16
    }

    /// Writes the text of the elements in `range` with the brackets around them and the comma after them.
    ///
    /// - Parameter memory: has at least ``room(_:)`` bytes.
    /// - Returns: The number of bytes of the text.
    func write(_ range: Range<Int>, to memory: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let base = memory.baseAddress, memory.count >= room(range) else { return 0 }
        return print(from: range.lowerBound, to: range.upperBound, at: base)
    }

    private func print(from first: Int, to end: Int, at bytes: UnsafeMutablePointer<UInt8>) -> Int {
        var position = 0
        guard let innermost = rows.first else {
            return first < end ? printElement(first, at: bytes) : 0
        }
        var i = first
        while i < end {
            for size in rows where i % size == 0 {
                bytes[position] = UInt8(ascii: "[")
                position += 1
            }
            let rowEnd = min(end, (i / innermost + 1) * innermost)
            position += printRow(i, rowEnd, at: bytes + position)
            i = rowEnd
            for size in rows where i % size == 0 {
                bytes[position] = UInt8(ascii: "]")
                position += 1
            }
            if i < elements.count {
                bytes[position] = UInt8(ascii: ",")
                position += 1
            }
        }
        return position
    }
}
