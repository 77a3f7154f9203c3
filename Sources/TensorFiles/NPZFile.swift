import CZlib
import TextCodecs

/// NumPy's archive of arrays, `.npz`: a zip archive with a `.npy` file for each array, stored or deflated.
///
/// The members cover all bytes before their list, in any order, without holes and without overlaps, and the list and the
/// records before the members say the same. So no two readers see two archives in one file.
package struct NPZFile: Sendable {
    /// One array.
    package struct Member: Sendable {
        /// The name without `.npy`.
        package let name: String
        /// The bytes of its file, after inflating.
        package let byteCount: Int
        fileprivate let method: ZipEntry.Method
        fileprivate let checksum: UInt32
        fileprivate let content: Range<Int>
    }

    private static let suffix = ".npy"
    /// A question has fewer arrays.
    static let maximumMembers = 1024

    /// In the order of the list.
    package let members: [Member]

    /// Reads the list of a whole file and checks the place of each member. Nothing is inflated.
    ///
    /// - Parameter maximumBytes: the most bytes of all members together, after inflating.
    /// - Throws: any ``TensorFileError`` but ``TensorFileError/stopped``.
    package init(_ file: UnsafeRawBufferPointer, maximumBytes: Int) throws(TensorFileError) {
        guard file.starts(with: "PK".utf8) else { throw .notTheFormat(".npz") }
        let directory = try ZipDirectory(file)
        guard directory.count <= Self.maximumMembers else {
            throw .header("the archive has \(directory.count) members; at most \(Self.maximumMembers) are read")
        }
        var members: [Member] = []
        var places: [(name: String, bytes: Range<Int>)] = []
        var (place, total) = (directory.bytes.lowerBound, 0)
        for _ in 0..<directory.count {
            let entry = try ZipEntry(file, at: place, directory: directory.bytes)
            place += entry.listedBytes
            total = total.adding(entry.inflatedBytes)
            guard total <= maximumBytes else {
                throw .header("the members have more than \(maximumBytes) bytes together")
            }
            guard entry.name.hasSuffix(Self.suffix) else { throw .header("\(entry.name) is not a \(Self.suffix) file") }
            let name = String(entry.name.dropLast(Self.suffix.count))
            places.append((entry.name, entry.whole))
            members.append(
                Member(
                    name: name, byteCount: entry.inflatedBytes, method: entry.method, checksum: entry.checksum,
                    content: entry.content))
        }
        guard place == directory.bytes.upperBound else { throw .header("the list has bytes after its last member") }
        guard Set(members.map(\.name)).count == members.count else {
            throw .header("the archive has two members of one name")
        }
        try Self.checkPlaces(places, end: directory.bytes.lowerBound)
        self.members = members
    }

    /// The members, in the order of the file, are one after another and cover what is before the list.
    private static func checkPlaces(
        _ members: [(name: String, bytes: Range<Int>)], end: Int
    ) throws(TensorFileError) {
        var place = 0
        for (name, bytes) in members.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
            guard bytes.lowerBound == place else {
                throw .header("\(name) \(bytes.lowerBound < place ? "overlaps the member" : "leaves a hole") before it")
            }
            place = bytes.upperBound
        }
        guard place == end else { throw .header("there are bytes of no member before the list") }
    }

    /// The bytes of a member's `.npy` file.
    ///
    /// - Parameter file: the bytes of the archive from its beginning.
    /// - Throws: ``TensorFileError/header(_:)`` if the member is not one whole stream of its size, or has another checksum.
    package func bytes(of member: Member, in file: UnsafeRawBufferPointer) throws(TensorFileError) -> [UInt8] {
        guard member.content.upperBound <= file.count else { throw .header("\(member.name) is not in the file") }
        let content = UnsafeRawBufferPointer(rebasing: file[member.content])
        let bytes: [UInt8]
        switch member.method {
        case .stored: bytes = Array(content)
        case .deflated:
            guard let inflated = RawInflater.inflate(content, byteCount: member.byteCount) else {
                throw .header("\(member.name) is not one whole stream of \(member.byteCount) bytes")
            }
            bytes = inflated
        }
        let checksum = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        // Zlib's checksum of nothing is 0 too, whatever the address.
        guard UInt32(truncatingIfNeeded: checksum) == member.checksum else {
            throw .header("the bytes of \(member.name) do not have its checksum")
        }
        return bytes
    }
}
