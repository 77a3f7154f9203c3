import TextCodecs

/// Reads the numbers of a zip record, lowest byte first. The caller has checked that the record is there.
struct ZipFields {
    private let bytes: UnsafeRawBufferPointer

    /// - Parameter range: a place in `file`.
    /// - Throws: ``TensorFileError/header(_:)`` if the place is not in the file, or if the record does not begin with
    ///   `signature`.
    init(
        _ file: UnsafeRawBufferPointer, _ range: Range<Int>, signature: UInt32, _ what: String
    ) throws(TensorFileError) {
        guard range.lowerBound >= 0, range.upperBound <= file.count else { throw .header("\(what) is not in the file") }
        bytes = UnsafeRawBufferPointer(rebasing: file[range])
        guard bytes.count >= 4, number(0, UInt32.self) == signature else { throw .header("there is no \(what)") }
    }

    func number<Word: FixedWidthInteger & BitwiseCopyable>(_ place: Int, _ type: Word.Type) -> Word {
        guard place >= 0, bytes.count - place >= MemoryLayout<Word>.size else { return 0 }
        return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Word.self))
    }

    func short(_ place: Int) -> Int { Int(number(place, UInt16.self)) }

    func word(_ place: Int) -> Int { Int(number(place, UInt32.self)) }

    /// A number of eight bytes. Nil if it does not fit an `Int`.
    func long(_ place: Int) -> Int? { Int(exactly: number(place, UInt64.self)) }
}

/// The sizes of a member, which a record has in four bytes or, if those are full, in its extra field for zip64.
struct ZipSizes {
    /// The number of four bytes that says: see the extra field.
    static let inExtra = Int(UInt32.max)
    private static let zip64: UInt16 = 1

    let inflated: Int
    let stored: Int
    /// Nil in a record that has no offset.
    let offset: Int?

    /// - Parameters:
    ///   - extra: the place of the record's extra fields.
    ///   - offset: the number of four bytes. Nil for a record without it.
    init(
        inflated: Int, stored: Int, offset: Int?, extra: Range<Int>, in file: UnsafeRawBufferPointer, _ name: String
    ) throws(TensorFileError) {
        var longs = try Self.zip64(extra, file, name)[...]
        func full(_ number: Int, _ what: String) throws(TensorFileError) -> Int {
            guard number == Self.inExtra else { return number }
            guard let long = longs.popFirst(), let size = Int(exactly: long) else {
                throw .header("the \(what) of \(name) is missing")
            }
            return size
        }
        self.inflated = try full(inflated, "size")
        self.stored = try full(stored, "compressed size")
        if let offset {
            self.offset = try full(offset, "place")
        } else {
            self.offset = nil
        }
    }

    /// The numbers of the extra field for zip64. Empty if there is none.
    private static func zip64(
        _ extra: Range<Int>, _ file: UnsafeRawBufferPointer, _ name: String
    ) throws(TensorFileError) -> [UInt64] {
        var place = extra.lowerBound
        var numbers: [UInt64]?
        while place < extra.upperBound {
            guard extra.upperBound - place >= 4 else { throw .header("an extra field of \(name) is cut") }
            let id = UInt16(littleEndian: file.loadUnaligned(fromByteOffset: place, as: UInt16.self))
            let count = Int(UInt16(littleEndian: file.loadUnaligned(fromByteOffset: place + 2, as: UInt16.self)))
            place += 4
            guard count <= extra.upperBound - place else { throw .header("an extra field of \(name) is cut") }
            if id == zip64 {
                guard numbers == nil else { throw .header("\(name) has its sizes twice") }
                numbers = (0..<count / 8).map {
                    UInt64(littleEndian: file.loadUnaligned(fromByteOffset: place + 8 * $0, as: UInt64.self))
                }
            }
            place += count
        }
        return numbers ?? []
    }
}
