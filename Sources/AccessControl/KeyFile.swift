/// The keys file, which says who may call. Each line has one key.
///
///     # comment
///     alice:$sha256$<hash>
///     bob:$scrypt$ln=15,r=8,p=1$<salt>$<hash>
///     batch:$sha256$<hash> rate=100/s burst=200   # comment
///
/// - A name is 1 to 64 of A-Z a-z 0-9 . _ -. Each name is in the file once.
/// - The hash is that of the secret, which is the part of the token after its last dot. One file may have both kinds of hash.
/// - Options follow after spaces or tabs, each at most once. `rate=COUNT/UNIT` has the unit s, m, h or d. `rate=none` means
///   no limit. `burst=COUNT` needs a rate, and the count of the rate is its default.
/// - A file has 1 to 10,000 keys and at most 4 MiB. A line has at most 1024 bytes and may end with CR LF. The costs of a hash
///   are bounded by ``ScryptParameters``.
package struct KeyFile: Sendable {
    package struct Key: Sendable, Hashable {
        package let name: String
        package let hash: KeyHash
        package let rate: KeyRate

        package var identity: Identity { Identity(name: name, rate: rate) }
    }

    /// The keys in the order of the file.
    package let keys: [Key]

    private static let maximumKeys = 10_000
    private static let maximumLineBytes = 1024
    private static let maximumBytes = 4 << 20

    /// - Throws: The first line that is wrong, and what is wrong with it. The error never quotes a hash. A file without a key is
    ///   wrong too.
    package init(_ text: String) throws(KeyFileError) {
        guard text.utf8.count <= Self.maximumBytes else { throw KeyFileError(line: 0, reason: .fileTooLong) }
        var (keys, lines) = ([Key](), [String: Int]())
        let newline = UInt8(ascii: "\n")
        for (index, line) in text.utf8.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
            do throws(KeyFileError.Reason) {
                guard let key = try Self.key(line) else { continue }
                if let line = lines[key.name] { throw .duplicateName(key.name, line: line) }
                guard keys.count < Self.maximumKeys else { throw .tooManyKeys }
                lines[key.name] = index + 1
                keys.append(key)
            } catch {
                throw KeyFileError(line: index + 1, reason: error)
            }
        }
        guard !keys.isEmpty else { throw KeyFileError(line: 0, reason: .noKeys) }
        self.keys = keys
    }

    package static func isName(_ text: some Collection<UInt8>) -> Bool {
        (1...64).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func key(_ line: Substring.UTF8View) throws(KeyFileError.Reason) -> Key? {
        guard line.count <= maximumLineBytes else { throw .lineTooLong }
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
        let fields = line.split(whereSeparator: { blanks.contains($0) }).prefix { $0.first != UInt8(ascii: "#") }
        guard let first = fields.first else { return nil }
        guard let colon = first.firstIndex(of: UInt8(ascii: ":")) else { throw .noColon }
        guard isName(first[..<colon]) else { throw .wrongName }
        let hash = try KeyHash(text: String(Substring(first[first.index(after: colon)...])))
        return Key(name: String(Substring(first[..<colon])), hash: hash, rate: try rate(fields.dropFirst()))
    }

    private static func rate(_ options: ArraySlice<Substring.UTF8View>) throws(KeyFileError.Reason) -> KeyRate {
        var (rateText, burst) = (String?.none, Int?.none)
        for option in options {
            if option.starts(with: "rate=".utf8) {
                guard rateText == nil else { throw .repeatedOption("rate") }
                rateText = String(Substring(option.dropFirst(5)))
            } else if option.starts(with: "burst=".utf8) {
                guard burst == nil else { throw .repeatedOption("burst") }
                guard let value = DecimalNumber.read(option.dropFirst(6)), RequestRate.bounds.contains(value) else {
                    throw .wrongBurst
                }
                burst = value
            } else {
                throw .unknownOption
            }
        }
        guard let rateText else {
            if burst != nil { throw .burstWithoutRate }
            return .standard
        }
        if rateText == "none" {
            if burst != nil { throw .burstWithoutRate }
            return .unlimited
        }
        guard let rate = RequestRate(rateText, burst: burst) else { throw .wrongRate }
        return .limited(rate)
    }
}
