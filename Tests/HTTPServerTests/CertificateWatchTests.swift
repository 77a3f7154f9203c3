import HTTPServer
import Testing

/// When certificates that were replaced are read: first the decision from literal figures, then real files.
@Suite struct CertificateWatchTests {
    /// The figures of one file, told apart by its inode.
    private static func file(_ inode: UInt64) -> FileFigures {
        var figures = FileFigures()
        figures.inode = inode
        return figures
    }

    private static let damaged = TLSError.damagedKey(file: "k.pem")

    /// What each look says.
    private static func looks(_ watch: inout CertificateWatch, _ figures: [[FileFigures?]]) -> [Bool] {
        figures.map { watch.isReadingDue($0) }
    }

    @Test("Files that stay the same are not read again")
    func filesThatStayTheSameAreNotReadAgain() {
        let files: [FileFigures?] = [Self.file(1), Self.file(2)]
        var watch = CertificateWatch(read: files)
        let looks = Self.looks(&watch, [files, files, files])
        #expect(looks == [false, false, false])
    }

    @Test("New files are read at the second look that finds them, and once")
    func newFilesAreReadAtTheSecondLookThatFindsThemAndOnce() {
        var watch = CertificateWatch(read: [Self.file(1), Self.file(2)])
        let new: [FileFigures?] = [Self.file(3), Self.file(4)]
        let looks = Self.looks(&watch, [new, new])
        #expect(looks == [false, true])
        let isNews = watch.hasRead(new, fault: nil)
        #expect(isNews)
        let later = Self.looks(&watch, [new, new])
        #expect(later == [false, false])
    }

    @Test("A pair that is replaced file by file is read when both files are there")
    func aPairThatIsReplacedFileByFileIsReadWhenBothFilesAreThere() {
        var watch = CertificateWatch(read: [Self.file(1), Self.file(2)])
        let looks = Self.looks(
            &watch,
            [
                [nil, Self.file(2)], [Self.file(3), Self.file(2)], [Self.file(3), Self.file(4)],
                [Self.file(3), Self.file(4)],
            ])
        #expect(looks == [false, false, false, true])
    }

    @Test("A file that was replaced while it was read is read again")
    func aFileThatWasReplacedWhileItWasReadIsReadAgain() {
        var watch = CertificateWatch(read: [Self.file(1)])
        _ = Self.looks(&watch, [[Self.file(3)], [Self.file(3)]])
        _ = watch.hasRead([Self.file(3)], fault: nil)
        let looks = Self.looks(&watch, [[Self.file(4)], [Self.file(4)]])
        #expect(looks == [false, true])
    }

    /// Each differs from the figures of ``FileFigures/init()`` in one place.
    private static let others: [FileFigures] = {
        var others = [FileFigures](repeating: FileFigures(), count: 7)
        others[0].device = 1
        others[1].inode = 1
        others[2].byteCount = 1
        others[3].written = [1, 0]
        others[4].written = [0, 1]
        others[5].changed = [1, 0]
        others[6].changed = [0, 1]
        return others
    }()

    @Test("Each figure of a file counts", arguments: others) func eachFigureOfAFileCounts(_ other: FileFigures) {
        var watch = CertificateWatch(read: [FileFigures()])
        let looks = Self.looks(&watch, [[other], [other]])
        #expect(looks == [false, true])
    }

    @Test("Files that could not be used are tried again, and their fault is news once")
    func filesThatCouldNotBeUsedAreTriedAgainAndTheirFaultIsNewsOnce() {
        var watch = CertificateWatch(read: [Self.file(1)])
        let new: [FileFigures?] = [Self.file(3)]
        var (looks, news) = (Self.looks(&watch, [new]), [Bool]())
        for _ in 0..<3 {
            looks += Self.looks(&watch, [new])
            news.append(watch.hasRead(new, fault: Self.damaged))
        }
        #expect(looks == [false, true, true, true])
        #expect(news == [true, false, false])
    }

    @Test("Another fault of the same files is news, and so is the same fault of other files")
    func anotherFaultOfTheSameFilesIsNews() {
        var watch = CertificateWatch(read: [Self.file(1)])
        let news = [
            watch.hasRead([Self.file(3)], fault: Self.damaged),
            watch.hasRead([Self.file(3)], fault: .noKey(file: "k.pem")),
            watch.hasRead([Self.file(5)], fault: .noKey(file: "k.pem")),
        ]
        #expect(news == [true, true, true])
    }

    @Test("Files that are right after a fault are read no more")
    func filesThatAreRightAfterAFaultAreReadNoMore() {
        var watch = CertificateWatch(read: [Self.file(1)])
        let files: [FileFigures?] = [Self.file(3)]
        _ = watch.hasRead(files, fault: Self.damaged)
        let before = Self.looks(&watch, [files, files])
        #expect(before == [false, true])
        let isNews = watch.hasRead(files, fault: nil)
        #expect(isNews)
        let after = Self.looks(&watch, [files, files])
        #expect(after == [false, false])
    }
}
