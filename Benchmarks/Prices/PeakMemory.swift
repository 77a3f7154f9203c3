import CMalloc
import DropoutService
import Foundation
import Questions

/// The most memory that a question takes, measured in a separate process.
struct PeakMemory: CustomStringConvertible {
    /// While the body is read and planned, beyond the body.
    let planningBytes: Int
    /// While the plan runs and its answer is printed, the plan's own tensors included.
    let runningBytes: Int

    var description: String { "\(planningBytes >> 20) MiB to plan, \(runningBytes >> 20) MiB to run" }

    /// Starts this program again for one question. Nil if it has no plan.
    static func ofOwnProcess(_ question: PricedQuestion) throws -> PeakMemory? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--peak"] + question.numbers
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let words = text.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        return words.count == 2 ? PeakMemory(planningBytes: words[0], runningBytes: words[1]) : nil
    }

    /// Plans and runs the question, and prints both peaks.
    static func printOwn(_ question: PricedQuestion) throws {
        // What the first question of a process sets up is not of this one.
        let first = PricedQuestion(seed: question.seed, scale: 1)
        _ = first.plan(first.question.body)
        malloc_trim(0)
        let before = try status("VmRSS")
        var work: ServiceWork?
        var planning = 0
        do {
            let body = question.question.body
            try forgetPeak()
            let beforePlan = try status("VmRSS")
            if case .work(let planned) = question.plan(body).plan { work = planned }
            planning = try status("VmHWM") - beforePlan
        }
        guard let work else { return }
        malloc_trim(0)
        try forgetPeak()
        _ = Measured(work, calibration: Calibration(slowness: 1))
        print(max(0, planning), max(0, try status("VmHWM") - before))
    }

    /// Lets VmHWM count from what is resident now.
    private static func forgetPeak() throws {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }

    private static func status(_ name: String) throws -> Int {
        let lines = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
        let line = lines.first { $0.hasPrefix(name + ":") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }
}
