/// What is wrong with the files of certificates and keys.
package enum TLSError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(file: String, reason: String)
    case noCertificate(file: String)
    /// The certificate of this number in the file, from 1.
    case damagedCertificate(file: String, number: Int)
    case noKey(file: String)
    case encryptedKey(file: String)
    case damagedKey(file: String)
    case keyOfAnotherCertificate(keyFile: String, certificateFile: String)
    /// Something that TLS does not take, in the library's words.
    case unusable(reason: String)
    /// The program is built without the package trait TLS.
    case notBuilt

    package var description: String {
        switch self {
        case .unreadable(let file, let reason): "cannot read \(file): \(reason)"
        case .noCertificate(let file): "\(file) holds no certificate; PEM expected"
        case .damagedCertificate(let file, let number): "certificate \(number) in \(file) is damaged"
        case .noKey(let file): "\(file) holds no private key; PEM expected"
        case .encryptedKey(let file): "the key in \(file) is encrypted; a key without a passphrase expected"
        case .damagedKey(let file): "the key in \(file) is damaged or of a kind that is not known"
        case .keyOfAnotherCertificate(let keyFile, let certificateFile):
            "the key in \(keyFile) does not belong to the certificate in \(certificateFile)"
        case .unusable(let reason): "the certificates cannot be used: \(reason)"
        case .notBuilt: "this program was built without TLS"
        }
    }
}
