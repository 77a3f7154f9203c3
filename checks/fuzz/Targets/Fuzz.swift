import Foundation

/// `fuzz TARGET [libFuzzer's options and folders]`: libFuzzer calls the target with inputs of its making.
@main
enum Fuzz {
    static func main() {
        let target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
        switch CommandLine.arguments.dropFirst().first {
        case "json": target = { JSONTarget.run(UnsafeBufferPointer(start: $0, count: $1)) }
        case "service": target = { ServiceTarget.run(UnsafeBufferPointer(start: $0, count: $1)) }
        case "questions": target = { QuestionTarget.run(UnsafeBufferPointer(start: $0, count: $1)) }
        case "files": target = { FileTarget.run(UnsafeBufferPointer(start: $0, count: $1)) }
        case "http": target = { HTTPTarget.run(UnsafeBufferPointer(start: $0, count: $1)) }
        default: stop("json, service, questions, files or http expected", input: [])
        }
        var arguments = CommandLine.unsafeArgv
        arguments[1] = arguments[0]
        arguments += 1
        var count = CommandLine.argc - 1
        var shifted: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
        exit(runFuzzer(&count, &shifted, target))
    }
}

/// For the `main` of libFuzzer's library, which is linked but never run.
@_cdecl("LLVMFuzzerTestOneInput")
func unusedTarget(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt { stop("not run by its own main", input: []) }

/// libFuzzer's own entry for programs that have a `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Ends the program where `condition` does not hold: libFuzzer keeps the input and the stack.
func require(
    _ condition: Bool, _ rule: @autoclosure () -> String, input: @autoclosure () -> some Collection<UInt8>
) {
    if !condition { stop(rule(), input: Array(input())) }
}

func stop(_ rule: String, input: [UInt8]) -> Never {
    let text = String(decoding: input.prefix(2000), as: UTF8.self).debugDescription
    FileHandle.standardError.write(Data("fuzz: \(rule)\n\(input.isEmpty ? "" : "input: \(text)\n")".utf8))
    abort()
}
