import TextCodecs

/// One member of a zip archive, as the list at its end and the record before its bytes say alike.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, 4.3.7 to 4.3.12 and 4.5.3.
struct ZipEntry {
    enum Method: Int {
        case stored = 0
        case deflated = 8
    }

    private static let (listedBytes, localBytes) = (46, 30)
    private static let (listedSignature, localSignature): (UInt32, UInt32) = (0x0201_4B50, 0x0403_4B50)
    private static let descriptorSignature: UInt32 = 0x0807_4B50
    /// Two bits of the level, one for sizes after the bytes, one for names in UTF-8. The others encrypt or patch.
    private static let knownFlags = 0b1000_0000_1110
    private static let (descriptorFlag, utf8Flag) = (1 << 3, 1 << 11)
    private static let maximumNameBytes = 512
    /// Deflate makes at most 258 bytes of two bits.
    private static let maximumRatio = 1032

    let name: String
    let method: Method
    let checksum: UInt32
    let inflatedBytes: Int
    /// The place of the record and the bytes of the member, with the sizes after them.
    let whole: Range<Int>
    /// The place of the bytes.
    let content: Range<Int>
    /// The number of bytes of the member in the list.
    let listedBytes: Int

    /// - Parameters:
    ///   - place: the place of the member in the list.
    ///   - directory: the place of the list.
    init(
        _ file: UnsafeRawBufferPointer, at place: Int, directory: Range<Int>
    ) throws(TensorFileError) {
        let what = "member at byte \(place) of the list"
        guard directory.upperBound - place >= Self.listedBytes else { throw .header("the \(what) is cut") }
        let listed = try ZipFields(
            file, place..<place + Self.listedBytes, signature: Self.listedSignature, what)
        let (nameBytes, extraBytes, commentBytes) = (listed.short(28), listed.short(30), listed.short(32))
        listedBytes = Self.listedBytes + nameBytes + extraBytes + commentBytes
        guard listedBytes <= directory.upperBound - place else { throw .header("the \(what) is cut") }
        let nameStart = place + Self.listedBytes
        let nameRange = nameStart..<nameStart + nameBytes
        name = try Self.name(file, nameRange, isUTF8: listed.short(8) & Self.utf8Flag != 0, what)
        let (flags, methodCode) = (listed.short(8), listed.short(10))
        guard flags & ~Self.knownFlags == 0 else { throw .header("\(name) is encrypted, or packed in an unknown way") }
        guard let method = Method(rawValue: methodCode) else {
            throw .header("\(name) is compressed by method \(methodCode); stored and deflated members are read")
        }
        guard listed.short(34) == 0 else { throw .header("\(name) is on another disk") }
        let sizes = try ZipSizes(
            inflated: listed.word(24), stored: listed.word(20), offset: listed.word(42),
            extra: nameRange.upperBound..<nameRange.upperBound + extraBytes, in: file, name)
        let isPossible =
            switch method {
            case .stored: sizes.inflated == sizes.stored
            case .deflated: sizes.inflated <= sizes.stored.times(Self.maximumRatio)
            }
        guard isPossible else {
            throw .header("\(name) cannot have \(sizes.inflated) bytes, packed in \(sizes.stored)")
        }
        (self.method, checksum, inflatedBytes) = (method, listed.number(16, UInt32.self), sizes.inflated)

        // The record before the bytes.
        let start = sizes.offset ?? 0
        guard start <= directory.lowerBound - Self.localBytes else { throw .header("\(name) is not before the list") }
        let local = try ZipFields(
            file, start..<start + Self.localBytes, signature: Self.localSignature, "record of \(name)")
        let localName = start + Self.localBytes..<start + Self.localBytes + local.short(26)
        let contentStart = localName.upperBound + local.short(28)
        guard let end = contentStart.checkedSum(sizes.stored), end <= directory.lowerBound else {
            throw .header("\(name) reaches into the list")
        }
        guard local.short(6) == flags, local.short(8) == methodCode,
            file[localName].elementsEqual(file[nameRange])
        else { throw .header("the record of \(name) differs from the list") }
        content = contentStart..<end
        if flags & Self.descriptorFlag == 0 {
            let localSizes = try ZipSizes(
                inflated: local.word(22), stored: local.word(18), offset: nil,
                extra: localName.upperBound..<contentStart, in: file, name)
            guard localSizes.inflated == sizes.inflated, localSizes.stored == sizes.stored,
                local.number(14, UInt32.self) == checksum
            else { throw .header("the sizes before \(name) differ from the list") }
            whole = start..<end
        } else {
            whole = start..<(try Self.descriptorEnd(file, end, directory.lowerBound, sizes, checksum, name))
        }
    }

    private static func name(
        _ file: UnsafeRawBufferPointer, _ range: Range<Int>, isUTF8: Bool, _ what: String
    ) throws(TensorFileError) -> String {
        let bytes = UnsafeRawBufferPointer(rebasing: file[range])
        guard (1...maximumNameBytes).contains(bytes.count), isUTF8 || bytes.allSatisfy({ $0 < 0x80 }),
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let name = String(validating: bytes, as: UTF8.self)
        else { throw .header("the \(what) has no readable name") }
        return name
    }

    /// The end of the sizes that follow the bytes, with or without a signature, of four or of eight bytes each.
    private static func descriptorEnd(
        _ file: UnsafeRawBufferPointer, _ start: Int, _ limit: Int, _ sizes: ZipSizes, _ checksum: UInt32,
        _ name: String
    ) throws(TensorFileError) -> Int {
        func bytes(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        for signature in [bytes(Int(descriptorSignature), 4), []] {
            for count in [8, 4] {
                let expected =
                    signature + bytes(Int(checksum), 4) + bytes(sizes.stored, count) + bytes(sizes.inflated, count)
                if limit - start >= expected.count, file[start..<start + expected.count].elementsEqual(expected) {
                    return start + expected.count
                }
            }
        }
        throw .header("the sizes after \(name) differ from the list")
    }
}
