/// The kernels by themselves, on one core.
///
///     kernel-benchmarks                          every table, as Markdown
///     kernel-benchmarks --prices                 the prices of kernels alone
///     kernel-benchmarks --skips                  the skips of the Mersenne Twisters alone
///     kernel-benchmarks --once JOB --elements N  one job or generator once, for a tool that counts instructions
let arguments = CommandLine.arguments.dropFirst()
if arguments.isEmpty {
    try ReadTable.run()
    try PrintTable.run()
    try GeneratorTable.run()
    try SkipTable.run()
    try PriceTable.run()
    try KernelPriceTable.run()
    try PriceCheck.run()
    try MaskTable.run()
    try MatrixTable.run()
    try Base64Table.run()
    try FloorTable.run()
} else if arguments == ["--prices"] {
    try KernelPriceTable.run()
} else if arguments == ["--skips"] {
    try SkipTable.run()
} else if let once = Once(Array(arguments)) {
    try once.run()
} else {
    let jobs = Once.Job.allCases.map(\.rawValue).joined(separator: "|")
    print("usage: kernel-benchmarks [--prices | --skips | --once \(jobs)|GENERATOR --elements N]")
}
