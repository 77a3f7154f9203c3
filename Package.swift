// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let tls = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"]))

let package = Package(
    name: "dropout-service",
    products: [.executable(name: "dropoutd", targets: ["dropoutd"])],
    traits: [
        .default(enabledTraits: ["TLS"]),
        .trait(name: "TLS", description: "HTTPS. Without it, swift-nio-ssl is neither fetched nor built."),
    ],
    dependencies: [
        // Each dependency stays within one minor version. For a newer one, read its release notes and change this file.
        // The command line: flags, help and messages about wrong flags.
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        // The interface of the log.
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        // Sockets, event loops and the HTTP/1.1 codec.
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
        // TLS 1.2 and 1.3.
        .package(url: "https://github.com/apple/swift-nio-ssl", .upToNextMinor(from: "2.37.6")),
        // Signals.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")),
        // Tests and the build: reads openapi.yaml. The program does not have it.
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
    ],
    targets: [
        // MARK: Leaves
        // A flag that stops a computation.
        .target(name: "Stopping", swiftSettings: strict),
        // Conversions of small texts, and arithmetic that does not trap.
        .target(name: "TextCodecs", swiftSettings: strict),
        // MARK: Pure: imports only the leaves
        // libm is for rounding and square roots, which IEEE 754 defines to the last bit.
        .target(
            name: "DropoutEngine", dependencies: ["Stopping", "TextCodecs"], swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "TensorJSON", dependencies: ["Stopping", "TextCodecs"], swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // Array files: .npy, .npz and safetensors.
        .target(
            name: "TensorFiles", dependencies: ["TensorJSON", "Stopping", "TextCodecs", "CZlib"], swiftSettings: strict),
        // MARK: The contract
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "DropoutService",
            dependencies: ["DropoutEngine", "TensorJSON", "TensorFiles", "Stopping", "TextCodecs", "CCrypto"],
            resources: [.embedInCode("openapi.yaml"), .embedInCode("Pages/docs"), .embedInCode("Pages/live")],
            swiftSettings: strict,
            plugins: ["ContractAsJSON"]),
        // openapi.yaml as JSON, for `GET /openapi.json`.
        .plugin(name: "ContractAsJSON", capability: .buildTool(), dependencies: ["contract-as-json"]),
        .executableTarget(
            name: "contract-as-json", dependencies: [.product(name: "Yams", package: "Yams")],
            path: "Plugins/contract-as-json", swiftSettings: strict),
        // MARK: The sockets
        .target(
            name: "HTTPServer",
            dependencies: [
                "CZlib", "Stopping", "TextCodecs", tls,
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: strict),
        // MARK: Access, log and metrics
        .target(name: "AccessControl", dependencies: ["CCrypto", "TextCodecs"], swiftSettings: strict),
        .target(
            name: "Observability", dependencies: ["TextCodecs", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict),
        // MARK: The program
        .systemLibrary(name: "CMalloc"),
        .executableTarget(
            name: "dropoutd",
            dependencies: [
                "DropoutService", "HTTPServer", "TensorJSON", "TensorFiles", "Stopping", "TextCodecs", "AccessControl",
                "Observability", "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict,
            // Nothing looks up symbols of the program by name. Exported, they keep 2 MB of code that nothing calls.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--no-export-dynamic"], .when(configuration: .release))]),
        // MARK: Tests: one bundle for each target
        // Random questions for tests, prices and the fuzzer.
        .target(name: "Questions", path: "Tests/Questions", swiftSettings: strict),
        .testTarget(name: "StoppingTests", dependencies: ["Stopping"], swiftSettings: strict),
        .testTarget(name: "TextCodecsTests", dependencies: ["TextCodecs"], swiftSettings: strict),
        .testTarget(
            name: "DropoutEngineTests", dependencies: ["DropoutEngine", "Stopping"], resources: [.copy("Vectors")],
            swiftSettings: strict),
        .testTarget(
            name: "TensorJSONTests", dependencies: ["TensorJSON", "Stopping", "TextCodecs"], swiftSettings: strict),
        .testTarget(
            name: "TensorFilesTests", dependencies: ["TensorFiles", "Stopping", "TextCodecs"],
            resources: [.copy("Vectors")],
            swiftSettings: strict),
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
                "HTTPServer", "Stopping", "CZlib", tls,
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
                "dropoutd", "AccessControl", "DropoutService", "HTTPServer", "Observability",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.copy("Vectors")], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// The image is built without tests.
if Context.environment["DROPOUT_WITHOUT_TESTS"] != nil {
    package.targets.removeAll { $0.type == .test || $0.name == "Questions" }
}

// The image builds the dependencies in a layer of their own: one empty target that needs what the others need.
if Context.environment["DROPOUT_DEPENDENCIES_ALONE"] != nil {
    var products: [String: Target.Dependency] = [:]
    for dependency in package.targets.filter({ $0.type != .test }).flatMap(\.dependencies) {
        if case .productItem(let name, _, _, _) = dependency { products[name] = dependency }
    }
    package.products = []
    let sorted = products.sorted { $0.key < $1.key }.map(\.value)
    package.targets = [.target(name: "Dependencies", dependencies: sorted, path: "Dependencies")]
}

// Only `make bench` builds the benchmarks.
if Context.environment["DROPOUT_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "kernel-benchmarks",
            dependencies: ["DropoutEngine", "TensorJSON", "DropoutService", "Stopping", "TextCodecs"],
            path: "Benchmarks/Kernels", swiftSettings: strict))
    // Only `make prices` and `make same-answers` build this.
    package.targets.append(
        .executableTarget(
            name: "prices", dependencies: ["DropoutService", "Stopping", "Questions", "CMalloc"],
            path: "Benchmarks/Prices", swiftSettings: strict))
}

// Only `make fuzz` builds the fuzz targets, with libFuzzer and the address sanitizer.
if Context.environment["DROPOUT_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "TensorJSON", "TensorFiles", "DropoutService", "HTTPServer", "Stopping", "Questions",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "checks/fuzz/Targets", swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]))
    // Only the targets of this package: the dependencies have fuzzers of their own, and build faster without.
    for target in package.targets where target.type == .regular || target.name == "fuzz" {
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer,address"]))
    }
}
