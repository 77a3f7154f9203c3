import AccessControl
import ArgumentParser

/// `dropoutd hash-key`: makes a key for the keys file.
struct HashKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-key",
        abstract: "Makes a key: its line for the keys file, and its token.",
        discussion: """
            The line goes to standard output, the token, once, to standard error: dropoutd hash-key alice >> keys
            The token is what the caller sends: Authorization: Bearer <token>. The file holds only its hash, so a token that \
            is lost is replaced, not found again.
            For a script: dropoutd hash-key alice >> keys 2> alice.token
            The secret is 32 random bytes, so its hash in the file is a SHA-256, which is checked in a microsecond.
            With --stdin the secret is read from standard input, and the token is NAME, a dot and the secret. Its hash is an \
            scrypt, since a secret that a person has chosen can be guessed. --ln alone asks for scrypt as well, for instance \
            for a file that an older dropoutd reads.
            """)

    @Argument(help: "Name of the key: 1 to 64 of A-Z a-z 0-9 . _ -")
    var name: String

    @Flag(name: .customLong("stdin"), help: "Hash the secret on standard input: 16 to 256 of A-Z a-z 0-9 - _ ~ + / =")
    var readsSecret = false

    @Option(help: "Requests allowed, as in 100/s, 30/m, 500/h or 10000/d; none: no limit. Default: the server's")
    var rate: String?

    @Option(help: "Requests allowed at once. Default: the rate's count")
    var burst: Int?

    @Option(
        name: .customLong("ln"), help: "Hash with scrypt, at the cost of 2^ln KiB of memory. Default with --stdin: 15")
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
        guard let hash else { throw ValidationError("libcrypto made no hash") }
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
        // A reader at a terminal is told what it is; a file gets the token alone.
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
