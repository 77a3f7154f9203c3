#if TLS
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// A server's certificates and key, read from PEM files.
struct CertificateFiles {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    /// The roots that a client's certificate must lead to; nil asks for none.
    let clientAuthorities: [NIOSSLCertificate]?

    /// - Throws: ``TLSError`` for a file that cannot be read or does not hold what it should.
    init(certificateFile: String, keyFile: String, clientAuthorityFile: String?) throws(TLSError) {
        chain = try Self.certificates(certificateFile)
        key = try Self.key(keyFile)
        clientAuthorities = try clientAuthorityFile.map { file throws(TLSError) in try Self.certificates(file) }
    }

    private static func certificates(_ file: String) throws(TLSError) -> [NIOSSLCertificate] {
        let texts = certificateTexts(in: try text(file))
        guard !texts.isEmpty else { throw .noCertificate(file: file) }
        var certificates: [NIOSSLCertificate] = []
        // One by one: the library takes an error that an earlier file has left for the end of this one.
        for (index, text) in texts.enumerated() {
            do {
                certificates.append(try NIOSSLCertificate(bytes: Array(text.utf8), format: .pem))
            } catch {
                throw .damagedCertificate(file: file, number: index + 1)
            }
        }
        return certificates
    }

    private static func key(_ file: String) throws(TLSError) -> NIOSSLPrivateKey {
        let text = try text(file)
        guard text.contains("PRIVATE KEY-----") else { throw .noKey(file: file) }
        guard !text.contains("ENCRYPTED") else { throw .encryptedKey(file: file) }
        do {
            return try NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem)
        } catch {
            throw .damagedKey(file: file)
        }
    }

    /// The blocks of PEM that hold a certificate, in order; one that is cut goes to the end of the text.
    private static func certificateTexts(in text: String) -> [Substring] {
        var (texts, rest) = ([Substring](), text[...])
        while let begin = rest.firstRange(of: "-----BEGIN ") {
            let block = rest[begin.lowerBound...]
            let end = block.firstRange(of: "-----END ").flatMap { end in
                block[end.upperBound...].firstIndex { $0.isNewline }
            }
            let kind = block.dropFirst("-----BEGIN ".count).prefix { !$0.isNewline }
            if kind.hasSuffix("CERTIFICATE-----") { texts.append(block[..<(end ?? block.endIndex)] + "\n") }
            rest = block[(end ?? block.endIndex)...]
        }
        return texts
    }

    private static let maximumBytes = 4 << 20

    private static func text(_ file: String) throws(TLSError) -> String {
        guard let stream = fopen(file, "rb") else {
            throw .unreadable(file: file, reason: String(cString: strerror(errno)))
        }
        defer { fclose(stream) }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else {
                throw .unreadable(file: file, reason: "more than \(maximumBytes) bytes")
            }
        }
        guard ferror(stream) == 0 else { throw .unreadable(file: file, reason: String(cString: strerror(errno))) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
#endif
