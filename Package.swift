// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "dropout-service",
    products: [.executable(name: "dropoutd", targets: ["dropoutd"])],
    dependencies: [
        // Each within one minor version: a newer one is a change to this file, with its notes read.
        // The command line: flags, help and what is wrong with them.
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        // The log that the services below write to.
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        // Sockets, event loops and the HTTP/1.1 codec.
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
        // TLS 1.2 and 1.3.
        .package(url: "https://github.com/apple/swift-nio-ssl", .upToNextMinor(from: "2.37.6")),
        // Signals.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")),
        // Tests only: reads openapi.yaml.
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
    ],
    targets: [
        // MARK: Leaves
        // One flag that tells a computation to stop.
        .target(name: "Stopping", swiftSettings: strict),
        // Small texts and their values, and arithmetic that does not trap.
        .target(name: "TextCodecs", swiftSettings: strict),
        // MARK: Pure: no imports but the leaves
        // libm for rounding and square roots, which IEEE 754 defines to the last bit.
        .target(
            name: "DropoutEngine", dependencies: ["Stopping", "TextCodecs"], swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "TensorJSON", dependencies: ["Stopping", "TextCodecs"], swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]),
        // MARK: The contract
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "DropoutService", dependencies: ["DropoutEngine", "TensorJSON", "Stopping", "TextCodecs", "CCrypto"],
            resources: [.embedInCode("openapi.yaml")], swiftSettings: strict),
        // MARK: The sockets
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "HTTPServer",
            dependencies: [
                "CZlib", "Stopping", "TextCodecs",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: strict),
        // MARK: Beside the sockets: who may call, and what operators see
        .target(name: "AccessControl", dependencies: ["CCrypto", "TextCodecs"], swiftSettings: strict),
        .target(
            name: "Observability", dependencies: ["TextCodecs", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict),
        // MARK: Put together
        .systemLibrary(name: "CMalloc"),
        .executableTarget(
            name: "dropoutd",
            dependencies: [
                "DropoutService", "HTTPServer", "TensorJSON", "Stopping", "AccessControl", "Observability", "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        // MARK: Tests, one bundle a target
        // Random questions, for tests, prices and the fuzzer.
        .target(name: "Questions", path: "Tests/Questions", swiftSettings: strict),
        .testTarget(name: "StoppingTests", dependencies: ["Stopping"], swiftSettings: strict),
        .testTarget(name: "TextCodecsTests", dependencies: ["TextCodecs"], swiftSettings: strict),
        .testTarget(
            name: "DropoutEngineTests", dependencies: ["DropoutEngine", "Stopping"], resources: [.copy("Vectors")],
            swiftSettings: strict),
        .testTarget(name: "TensorJSONTests", dependencies: ["TensorJSON", "Stopping"], swiftSettings: strict),
        .testTarget(
            name: "DropoutServiceTests",
            dependencies: [
                "DropoutService", "DropoutEngine", "TensorJSON", "Stopping", "Questions",
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.copy("Vectors")], swiftSettings: strict),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: [
                "HTTPServer", "Stopping", "CZlib",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            resources: [.copy("Certificates")], swiftSettings: strict),
        .testTarget(name: "AccessControlTests", dependencies: ["AccessControl"], swiftSettings: strict),
        .testTarget(
            name: "ObservabilityTests",
            dependencies: ["Observability", .product(name: "Logging", package: "swift-log")],
            resources: [.copy("Vectors")], swiftSettings: strict),
        .testTarget(
            name: "dropoutdTests",
            dependencies: [
                "dropoutd", "AccessControl", "DropoutService", "HTTPServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// The Dockerfile has no tests.
if Context.environment["DROPOUT_WITHOUT_TESTS"] != nil {
    package.targets.removeAll { $0.type == .test || $0.name == "Questions" }
    package.dependencies.removeAll {
        if case .sourceControl(_, let location, _) = $0.kind { location.hasSuffix("/Yams") } else { false }
    }
}

// `make bench` alone builds the benchmarks.
if Context.environment["DROPOUT_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "kernel-benchmarks", dependencies: ["DropoutEngine", "TensorJSON", "DropoutService", "Stopping"],
            path: "Benchmarks/Kernels", swiftSettings: strict))
    // `make prices` alone builds it.
    package.targets.append(
        .executableTarget(
            name: "prices", dependencies: ["DropoutService", "Stopping", "Questions", "CMalloc"],
            path: "Benchmarks/Prices", swiftSettings: strict))
}

// `make fuzz` alone builds the fuzz targets, with libFuzzer and the address sanitizer.
if Context.environment["DROPOUT_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "TensorJSON", "DropoutService", "HTTPServer", "Stopping", "Questions",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "checks/fuzz/Targets", swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]))
    // Ours alone: what others wrote is fuzzed by them, and builds faster without.
    for target in package.targets where target.type == .regular || target.name == "fuzz" {
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer,address"]))
    }
}
