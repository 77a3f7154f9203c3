/// How far the judging is, as a line on standard error that is written again and again. Nothing is shown in the first half
/// second, and nothing at all unless a person looks.
struct ProgressBar {
    private static let (patience, pause, width) = (Duration.milliseconds(500), Duration.milliseconds(100), 30)
    private static let clearing = "\r\u{1B}[K"

    private let isShown: Bool
    /// The bytes of each file. Nil if one has no length, as a pipe.
    private let fileBytes: [Int]?
    private var finishedFiles = 0
    private var next: ContinuousClock.Instant
    private var isOnScreen = false

    /// - Parameter fileBytes: the bytes of each file, nil for one without a length.
    init(fileBytes: [Int?], isShown: Bool) {
        self.isShown = isShown
        self.fileBytes = fileBytes.contains(nil) ? nil : fileBytes.compactMap { $0 }
        next = .now + Self.patience
    }

    /// Shows how far it is.
    ///
    /// - Parameters:
    ///   - bytesOfFile: the bytes that are done of the file.
    ///   - cases: the number of cases that are judged.
    mutating func show(bytesOfFile: Int, cases: Int) {
        guard isShown, ContinuousClock.now >= next else { return }
        next = .now + Self.pause
        isOnScreen = true
        try? StandardStream.error.write("\(Self.clearing)\(line(bytesOfFile: bytesOfFile, cases: cases))".utf8)
    }

    /// A file is done.
    mutating func finishFile(cases: Int) {
        finishedFiles += 1
        show(bytesOfFile: 0, cases: cases)
    }

    mutating func clear() {
        guard isOnScreen else { return }
        isOnScreen = false
        try? StandardStream.error.write(Self.clearing.utf8)
    }

    private func line(bytesOfFile: Int, cases: Int) -> String {
        guard let fileBytes, let total = Optional(fileBytes.reduce(0, +)), total > 0 else { return "\(cases) cases" }
        let part = min(1, Double(fileBytes.prefix(finishedFiles).reduce(bytesOfFile, +)) / Double(total))
        let filled = Int(part * Double(Self.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        return "[\(bar)] \(Int(part * 100))%, \(cases) cases"
    }
}
