import TextCodecs

/// The end of a zip archive, which says where the list of its members is.
///
/// | bytes from the end | what |
/// | ---: | --- |
/// | 98 | the end record of zip64, if there is one |
/// | 42 | its locator |
/// | 22 | the end record |
///
/// An archive of several disks and one with a comment are refused. So are bytes between the list and its end record: two
/// readers could find two lists.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, 4.3.14 to 4.3.16.
struct ZipDirectory {
    private static let (endBytes, locatorBytes, longEndBytes) = (22, 20, 56)
    private static let (endSignature, locatorSignature): (UInt32, UInt32) = (0x0605_4B50, 0x0706_4B50)
    private static let longEndSignature: UInt32 = 0x0606_4B50
    private static let fullShort = Int(UInt16.max)

    /// The place of the list.
    let bytes: Range<Int>
    /// The number of members.
    let count: Int

    init(_ file: UnsafeRawBufferPointer) throws(TensorFileError) {
        let start = file.count - Self.endBytes
        let end = try ZipFields(
            file, start..<max(start, file.count), signature: Self.endSignature, "end record in the last 22 bytes")
        guard end.short(20) == 0 else { throw .header("the archive has a comment") }
        guard end.short(4) == 0, end.short(6) == 0, end.short(8) == end.short(10) else {
            throw .header("the archive is a part of several")
        }
        var (count, size, offset, limit) = (end.short(10), end.word(12), end.word(16), start)
        if let long = try Self.longEnd(file, before: start) {
            guard let longCount = long.long(32), let longSize = long.long(40), let longOffset = long.long(48),
                long.word(16) == 0, long.word(20) == 0, long.long(24) == longCount
            else { throw .header("the end record of zip64 is not that of one archive") }
            guard count == Self.fullShort || count == longCount, size == ZipSizes.inExtra || size == longSize,
                offset == ZipSizes.inExtra || offset == longOffset
            else { throw .header("the two end records differ") }
            (count, size, offset) = (longCount, longSize, longOffset)
            limit -= Self.locatorBytes + Self.longEndBytes
        }
        guard offset.checkedSum(size) == limit else {
            throw .header("the list of members does not end where its end record begins")
        }
        (bytes, self.count) = (offset..<limit, count)
    }

    /// The end record of zip64. Nil if there is no locator before the other.
    private static func longEnd(
        _ file: UnsafeRawBufferPointer, before end: Int
    ) throws(TensorFileError) -> ZipFields? {
        let start = end - locatorBytes
        guard start >= 0,
            let locator = try? ZipFields(file, start..<end, signature: locatorSignature, "locator of zip64")
        else { return nil }
        let place = start - longEndBytes
        guard locator.long(8) == place, place >= 0, locator.word(4) == 0, locator.word(16) == 1 else {
            throw .header("the locator of zip64 does not name the record before it")
        }
        let record = try ZipFields(
            file, place..<start, signature: longEndSignature, "end record of zip64 before its locator")
        guard record.long(4) == longEndBytes - 12 else { throw .header("the end record of zip64 has another length") }
        return record
    }
}
