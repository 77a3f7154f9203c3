/// The reason why a keys file cannot be used. The text names the line. It quotes at most a valid name.
package struct KeyFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The number of the line, from 1. 0 means the file as a whole.
    package let line: Int
    package let reason: Reason

    package init(line: Int, reason: Reason) { (self.line, self.reason) = (line, reason) }

    package var description: String { (line == 0 ? "" : "line \(line): ") + reason.description }

    package enum Reason: Error, Sendable, Equatable, CustomStringConvertible {
        case fileTooLong
        case noKeys
        case lineTooLong
        case tooManyKeys
        case noColon
        case wrongName
        case duplicateName(String, line: Int)
        case notAHash
        case unreadableCosts
        case costsOutOfBounds
        case wrongSalt
        case wrongDigest
        case wrongSHA256
        case unknownOption
        case repeatedOption(String)
        case wrongRate
        case wrongBurst
        case burstWithoutRate

        package var description: String {
            switch self {
            case .fileTooLong: "longer than 4 MiB"
            case .noKeys: "there is no key in the file, so nobody could call; `dropoutd hash-key NAME` makes one"
            case .lineTooLong: "longer than 1024 bytes"
            case .tooManyKeys: "more than 10000 keys"
            case .noColon: "no colon after the name; name:$sha256$... or name:$scrypt$... expected"
            case .wrongName: "a name has 1 to 64 of A-Z a-z 0-9 . _ -"
            case .duplicateName(let name, let line): "the name \(name) is on line \(line) already"
            case .notAHash:
                "the text after the colon is not a hash like $sha256$hash or $scrypt$ln=15,r=8,p=1$salt$hash; `dropoutd hash-key` makes one"
            case .unreadableCosts: "the costs of the hash are not like ln=15,r=8,p=1"
            case .costsOutOfBounds:
                "the costs of the hash are out of bounds: ln 1 to 20 and below 16r, r 1 to 32, p 1 to 16, "
                    + "at most 64 MiB (128 * r * 2^ln) and r * p * 2^ln at most 2^21"
            case .wrongSalt: "the salt is not 8 to 64 bytes in base64 without padding"
            case .wrongDigest: "the hash is not 16 to 64 bytes in base64 without padding"
            case .wrongSHA256: "the hash is not 32 bytes in base64 without padding"
            case .unknownOption: "an option is neither rate= nor burst="
            case .repeatedOption(let name): "\(name)= is there twice"
            case .wrongRate: "a rate is a count from 1 to 1000000 with /s, /m, /h or /d, as in rate=100/s, or rate=none"
            case .wrongBurst: "a burst is a count from 1 to 1000000"
            case .burstWithoutRate: "burst= needs a rate"
            }
        }
    }
}
