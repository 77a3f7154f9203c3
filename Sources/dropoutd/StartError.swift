import AccessControl
import FoundationEssentials
import HTTPServer

/// The reason why the server does not start, in one line.
struct StartError: Error, CustomStringConvertible {
    let text: String

    var description: String { text }

    static func tls(_ files: EffectiveSettings.TLSFiles) throws(StartError) -> TLSSettings {
        do {
            return try TLSSettings(
                certificateFile: files.certificate, keyFile: files.key, clientAuthorityFile: files.clientAuthority)
        } catch {
            throw StartError(text: error.description)
        }
    }

    static func keys(_ path: String) throws(StartError) -> KeyRing {
        guard let ring = KeyRing(try keyFile(path)) else { throw StartError(text: "libcrypto has no random bytes") }
        return ring
    }

    /// Reads the keys file. The error names the line that is wrong. It does not quote the line.
    static func keyFile(_ path: String) throws(StartError) -> KeyFile {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw StartError(text: "cannot read the keys file \(path)")
        }
        do {
            return try KeyFile(text)
        } catch {
            throw StartError(text: "\(path): \(error)")
        }
    }
}
