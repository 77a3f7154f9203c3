import Foundation
import Questions

/// Right questions with a seed, each in a line: method and target, and after a tab the body.
enum QuestionList {
    static func print(count: Int, seed: Int) {
        for number in 0..<count {
            var choices = Choices(seed: UInt64(seed) << 32 + UInt64(number))
            // Most are small; some have thousands of elements.
            let most = choices.one(of: [24, 24, 24, 24, 24, 200, 200, 200, 2000, 20_000])
            var maker = QuestionMaker(
                choices, QuestionSizes(elements: most, passes: most > 200 ? 5 : 20, moves: 3 * most))
            FileHandle.standardOutput.write(Data(maker.question().line + [UInt8(ascii: "\n")]))
        }
    }
}
