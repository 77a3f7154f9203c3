import NIOCore
import Synchronization

/// TLS 1.2 and 1.3 with certificates that can be replaced while connections are open (swift-nio-ssl).
package final class TLSSettings: Sendable {
    private let certificateFile: String
    private let keyFile: String
    private let clientAuthorityFile: String?
    private let current: Mutex<TLSContext>
    /// Locked while the files are read, so that one reading follows the other. ``current`` is locked for a moment only.
    private let watch: Mutex<CertificateWatch>

    /// Reads the files, all of them PEM.
    ///
    /// - Parameters:
    ///   - certificateFile: the server's certificate, then those between it and its root.
    ///   - clientAuthorityFile: the roots that a client's certificate must lead to; nil asks for none.
    /// - Throws: ``TLSError`` for a file that is missing or does not hold what it should, or a key that is not the
    ///   certificate's; ``TLSError/notBuilt`` in a program without TLS. A certificate out of its time is not an error.
    package init(certificateFile: String, keyFile: String, clientAuthorityFile: String?) throws(TLSError) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.clientAuthorityFile = clientAuthorityFile
        watch = Mutex(CertificateWatch(read: Self.figures(certificateFile, keyFile, clientAuthorityFile)))
        current = Mutex(try TLSContext.read(certificateFile, keyFile, clientAuthorityFile))
    }

    /// Reads the files again, for connections from now on.
    ///
    /// - Throws: as ``init(certificateFile:keyFile:clientAuthorityFile:)``; what was read before stays in force.
    package func reload() throws(TLSError) {
        let fault = watch.withLock { watch in
            let figures = Self.figures(certificateFile, keyFile, clientAuthorityFile)
            let fault = take()
            _ = watch.hasRead(figures, fault: fault)
            return fault
        }
        if let fault { throw fault }
    }

    /// Reads the files again if they have been replaced since the last reading, as ``CertificateWatch`` decides. A timer
    /// calls this.
    ///
    /// - Returns: whether the files were read and are in force.
    /// - Throws: as ``reload()``, but only once for the same files and the same fault.
    package func reloadIfReplaced() throws(TLSError) -> Bool {
        let (isRead, fault) = watch.withLock { watch -> (Bool, TLSError?) in
            let figures = Self.figures(certificateFile, keyFile, clientAuthorityFile)
            guard watch.isReadingDue(figures) else { return (false, nil) }
            let fault = take()
            let isNews = watch.hasRead(figures, fault: fault)
            return (fault == nil, isNews ? fault : nil)
        }
        if let fault { throw fault }
        return isRead
    }

    /// When each certificate in force is valid.
    package var spans: [CertificateSpan] { current.withLock { $0.spans } }

    /// When the first certificate of the chain that is served expires, in seconds since 1970.
    package var expiry: Int? { current.withLock { $0.expiry } }

    /// A handler for one connection.
    func handler() throws(TLSError) -> any ChannelHandler { try current.withLock { $0 }.handler() }

    /// Reads the files and takes them if nothing is wrong with them.
    private func take() -> TLSError? {
        do throws(TLSError) {
            let context = try TLSContext.read(certificateFile, keyFile, clientAuthorityFile)
            current.withLock { $0 = context }
            return nil
        } catch {
            return error
        }
    }

    private static func figures(
        _ certificateFile: String, _ keyFile: String, _ clientAuthorityFile: String?
    ) -> [FileFigures?] {
        ([certificateFile, keyFile] + [clientAuthorityFile].compactMap(\.self)).map { FileFigures(of: $0) }
    }
}
