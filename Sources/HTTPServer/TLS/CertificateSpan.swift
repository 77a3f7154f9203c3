/// When a certificate is valid, in seconds since 1970.
package struct CertificateSpan: Sendable, Equatable {
    package let file: String
    /// The certificate's place in the file, from 1.
    package let number: Int
    package let notBefore: Int
    package let notAfter: Int

    package func contains(_ seconds: Int) -> Bool { (notBefore...max(notBefore, notAfter)).contains(seconds) }
}
