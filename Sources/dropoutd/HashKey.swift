import AccessControl
import ArgumentParser

/// `dropoutd hash-key`: makes a key for the keys file.
struct HashKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-key",
        abstract: "Makes a key: a line for the keys file and a token.",
        discussion: """
            The line goes to standard output. The token goes to standard error, once: dropoutd hash-key alice >> keys
            The caller sends the token: Authorization: Bearer <token>. The file has only the hash of the token, so a lost \
            token cannot be found again. Make a new key instead.
            In a script: dropoutd hash-key alice >> keys 2> alice.token
            The secret is 32 random bytes. Its hash is a SHA-256, which is checked in a microsecond.
            With --stdin the secret comes from standard input, and the token is NAME, a dot and the secret. The hash is an \
            scrypt hash, because a secret that a person has chosen can be guessed. --ln without --stdin makes an scrypt hash \
            too, for example for a file that an older dropoutd reads.
            """)

    @Argument(help: "Name of the key: 1 to 64 of A-Z a-z 0-9 . _ -")
    var name: String

    @Flag(name: .customLong("stdin"), help: "Take the secret from standard input: 16 to 256 of A-Z a-z 0-9 - _ ~ + / =")
    var readsSecret = false

    @Option(
        help:
            "Most requests of this key, for example 100/s, 30/m, 500/h or 10000/d, or none for no limit. (default: --rate-limit of the server)"
    )
    var rate: String?

    @Option(help: "Most requests that this key may send at once. (default: the count of --rate)")
    var burst: Int?

    @Option(
        name: .customLong("ln"), help: "Make an scrypt hash that takes 2^ln KiB of memory. (default with --stdin: 15)")
    var logN: Int?

    func run() throws {
        guard KeyFile.isName(name.utf8) else { throw refusal(.wrongName) }
        let standard = ScryptParameters.standard
        guard let parameters = ScryptParameters(logN: logN ?? standard.logN, r: standard.r, p: standard.p) else {
            throw refusal(.costsOutOfBounds)
        }
        let secret = readsSecret ? try givenSecret() : try freshSecret()
        let bytes = Array(secret.utf8)
        let hash =
            readsSecret || logN != nil
            ? ScryptHash(of: bytes, parameters: parameters).map(KeyHash.scrypt)
            : SHA256Hash(of: bytes).map(KeyHash.sha256)
        guard let hash else { throw ValidationError("libcrypto cannot make a hash, perhaps because memory is short") }
        var line = "\(name):\(hash.text)"
        if let rate { line += " rate=\(rate)" }
        if let burst { line += " burst=\(burst)" }
        do {
            guard try KeyFile(line).keys.count == 1 else { throw refusal(.wrongRate) }
        } catch let error as KeyFileError {
            throw refusal(error.reason)
        }
        try StandardStream.output.write((line + "\n").utf8)
        guard !readsSecret else { return }
        // A person at a terminal needs the words. A file gets the token alone.
        let words = StandardStream.error.isTerminal ? "The token, shown this once: " : ""
        try StandardStream.error.write("\(words)\(name).\(secret)\n".utf8)
    }

    private func freshSecret() throws -> String {
        guard let secret = BearerToken.freshSecret() else { throw ValidationError("libcrypto has no random bytes") }
        return secret
    }

    private func givenSecret() throws -> String {
        // The longest secret, with CR LF.
        var bytes = try StandardStream.input.read(enough: BearerToken.maximumSecretBytes + 2)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard bytes.count >= 16, BearerToken.isSecret(bytes) else {
            throw ValidationError("the secret on standard input is not 16 to 256 characters of A-Z a-z 0-9 - _ ~ + / =")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func refusal(_ reason: KeyFileError.Reason) -> ValidationError { ValidationError(reason.description) }
}
