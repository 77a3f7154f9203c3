/// Decides from the figures of the certificate files whether they are read again. Reads nothing and has no clock.
///
/// The figures are those of every file, in the same order each time, and nil for a file that is missing. Files are read if
/// two looks in a row find the same figures, and these are not the figures of the last reading. So a pair that is copied
/// file by file, or a file that is half written, is left alone until it is whole. Files that could not be used are tried
/// again at each look, because the reason may be a shortage in this process instead of the files.
package struct CertificateWatch: Sendable, Equatable {
    /// The figures before the last reading.
    private var read: [FileFigures?]
    /// The figures at the last look.
    private var seen: [FileFigures?]
    /// What was wrong at the last reading; nil if these files are in force.
    private var fault: TLSError?

    /// A watch of files that were just read.
    package init(read figures: [FileFigures?]) {
        (read, seen) = (figures, figures)
    }

    /// Takes a look at the figures. Says whether the files should be read now.
    package mutating func isReadingDue(_ figures: [FileFigures?]) -> Bool {
        defer { seen = figures }
        return figures == seen && (figures != read || fault != nil)
    }

    /// Notes a reading and what was wrong with it. The figures are those before the reading, so that a file that was
    /// replaced in between is noticed at the next look.
    ///
    /// - Returns: whether this is news: false if the same files had the same fault before.
    package mutating func hasRead(_ figures: [FileFigures?], fault newFault: TLSError?) -> Bool {
        defer { (read, fault) = (figures, newFault) }
        return newFault == nil || newFault != fault || figures != read
    }
}
