import Questions

/// Holds prices to the time and the memory that computing takes.
///
///     prices [--questions N] [--seed N] [--answer]   draws questions, runs each, prints the worst ratios; exits with 1 beyond a bound
///                                                    (N from 1 microsecond to 100 ms, and a twentieth of N up to 2 s)
///     prices --one SEED ELEMENTS PASSES MOVES        one question: its text, its price, what it takes
///     prices --peak SEED ELEMENTS PASSES MOVES       the same for memory; the first form starts it for each large question
///     prices --list COUNT SEED                       right questions, one a line, for checks/compare-answers
///
/// `--answer` runs questions that are not planned yet, with a rough price instead of theirs.
let arguments = Array(CommandLine.arguments.dropFirst())

/// The number after `name`.
func option(_ name: String, default value: Int) -> Int {
    guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else { return value }
    return Int(arguments[place + 1]) ?? value
}

let numbers = arguments.dropFirst().compactMap { Int($0) }
switch arguments.first {
case "--one" where numbers.count == 4: try PricedQuestion(numbers).show()
case "--peak" where numbers.count == 4: try PeakMemory.printOwn(PricedQuestion(numbers))
case "--list" where numbers.count == 2: QuestionList.print(count: numbers[0], seed: numbers[1])
default:
    let run = PriceRun(
        count: option("--questions", default: 2000), seed: UInt64(option("--seed", default: 1)),
        takesAnswers: arguments.contains("--answer"))
    try run.all()
}
