import Foundation
import Observability
import Testing

@Suite struct MetricsTests {
    private static func record(_ route: String, _ method: String, _ status: Int, _ duration: Duration) -> RequestRecord
    {
        RequestRecord(requestID: "", method: method, route: route, path: "", status: status, duration: duration)
    }

    private static func lines(_ metrics: Metrics, process: ProcessFigures? = nil) -> [String] {
        String(decoding: metrics.page(server: ServerFigures(), process: process, droppedLogLines: 3), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static let figures = ProcessFigures(
        stat: "4242 (a) b (c d) S 1 4242 4242 0 -1 4194304 9041 0 12 0 150 25 0 0 20 0 7 0 5000 734003200 2560 "
            + "18446744073709551615 1 1 0 0 0 0 0 4096 16899 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
        limits: """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             96000                96000                processes
            Max open files            1024                 1048576              files
            """,
        systemStat: "cpu  1 2 3\nintr 5\nctxt 9\nbtime 1769900000\nprocesses 7\n", openDescriptors: 12,
        ticksPerSecond: 100, pageBytes: 4096)

    /// The page of a small service, byte for byte.
    @Test("The page is these bytes")
    func thePageIsTheseBytes() throws {
        let metrics = Metrics(version: "1.0\"\\\n", routes: ["/mask"])
        var server = ServerFigures()
        (server.openConnections, server.acceptedConnections, server.refusedConnections) = (1, 2, 1)
        (server.queueLength, server.heldBytes, server.budgetBytes) = (5, 65_536, 1_073_741_824)
        metrics.requestBegan()
        metrics.requestBegan()
        metrics.requestBegan()
        var first = Self.record("/mask", "GET", 200, .microseconds(500))
        (first.bytesIn, first.bytesOut, first.elements, first.queue) = (10, 200, 8, .microseconds(501))
        metrics.requestEnded(first)
        var second = Self.record("/nowhere", "BREW", 418, .seconds(31))
        (second.refusal, second.bytesOut) = (.rateLimited, 50)
        metrics.requestEnded(second)
        let page = String(
            decoding: metrics.page(server: server, process: Self.figures, droppedLogLines: 3), as: UTF8.self)
        let file = try #require(Bundle.module.url(forResource: "page", withExtension: "txt", subdirectory: "Vectors"))
        #expect(page == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test("The expiry of the certificate is there with TLS alone")
    func theExpiryOfTheCertificateIsThereWithTLSAlone() {
        let metrics = Metrics(version: "1", routes: [])
        let family = "dropout_tls_certificate_expiry_timestamp_seconds"
        #expect(!Self.lines(metrics).contains { $0.contains(family) })
        var server = ServerFigures()
        server.certificateExpiry = 981_173_106
        let page = String(decoding: metrics.page(server: server, process: nil, droppedLogLines: 0), as: UTF8.self)
        #expect(page.contains("# TYPE \(family) gauge\n\(family) 981173106\n"))
    }

    @Test(
        "A duration falls into the bucket of the first bound that holds it",
        arguments: [
            (Duration.zero, 0), (.nanoseconds(-5), 0), (.microseconds(500), 0), (.nanoseconds(500_001), 1),
            (.milliseconds(1), 1), (.milliseconds(7), 4), (.seconds(1), 10), (.seconds(30), 14),
            (.nanoseconds(30_000_000_001), 15), (.seconds(Int64.max), 15),
        ])
    func aDurationFallsIntoTheBucketOfTheFirstBoundThatHoldsIt(_ duration: Duration, _ bucket: Int) {
        let metrics = Metrics(version: "1", routes: ["/a"])
        metrics.requestEnded(Self.record("/a", "GET", 200, duration))
        let counts = Self.lines(metrics).filter {
            $0.hasPrefix("dropout_http_request_duration_seconds_bucket{route=\"/a\"")
        }
        #expect(counts.count == 16)
        #expect(counts.map { $0.hasSuffix(" 1") } == (0..<16).map { $0 >= bucket })
    }

    @Test("Clients cannot add lines")
    func clientsCannotAddLines() {
        let metrics = Metrics(version: "1", routes: ["/a", "/b"])
        for index in 0..<10_000 {
            metrics.requestEnded(Self.record("/\(index)", "M\(index % 100)", index, .zero))
        }
        let lines = Self.lines(metrics).filter { $0.hasPrefix("dropout_http_requests_total{") }
        #expect(lines.count == 23)
        #expect(lines.contains(#"dropout_http_requests_total{route="other",method="other",status="other"} 9978"#))
    }

    @Test("Threads lose no count")
    func threadsLoseNoCount() async {
        let metrics = Metrics(version: "1", routes: ["/a"])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<2000 {
                        metrics.requestBegan()
                        var record = Self.record("/a", "POST", 200, .milliseconds(2))
                        (record.elements, record.refusal) = (3, .queueFull)
                        metrics.requestEnded(record)
                    }
                }
            }
        }
        let lines = Self.lines(metrics)
        for expected in [
            #"dropout_http_requests_total{route="/a",method="POST",status="200"} 16000"#,
            #"dropout_http_request_duration_seconds_count{route="/a"} 16000"#,
            #"dropout_http_request_duration_seconds_sum{route="/a"} 32"#, "dropout_http_requests_in_flight 0",
            "dropout_elements_total 48000", #"dropout_http_refusals_total{reason="queue_full"} 16000"#,
        ] {
            #expect(lines.contains(expected), "\(expected)")
        }
    }

    @Test("Negative sizes count nothing")
    func negativeSizesCountNothing() {
        let metrics = Metrics(version: "1", routes: [])
        var record = Self.record("/a", "GET", -1, .zero)
        (record.bytesIn, record.elements) = (-5, -5)
        metrics.requestEnded(record)
        #expect(Self.lines(metrics).contains("dropout_http_request_body_bytes_total 0"))
    }

    @Test("The figures of a process are read")
    func theFiguresOfAProcessAreRead() throws {
        let figures = try #require(Self.figures)
        #expect(figures.residentBytes == 10_485_760)
        #expect(figures.virtualBytes == 734_003_200)
        #expect(figures.cpuSeconds == 1.75)
        #expect(figures.threads == 7)
        #expect(figures.startSeconds == 1_769_900_050)
        #expect(figures.openDescriptors == 12)
        #expect(figures.maximumDescriptors == 1024)
    }

    @Test(
        "A stat that is not as documented gives no figures",
        arguments: ["", "1 (a", "1 (a)", "1 (a) S 1 2 3", "1 (a) S " + String(repeating: "x ", count: 40)])
    func aStatThatIsNotAsDocumentedGivesNoFigures(_ stat: String) {
        #expect(
            ProcessFigures(
                stat: stat, limits: "", systemStat: "btime 1", openDescriptors: nil, ticksPerSecond: 100,
                pageBytes: 4096) == nil)
    }

    @Test("An unlimited number of descriptors is left out")
    func anUnlimitedNumberOfDescriptorsIsLeftOut() throws {
        let figures = try #require(
            ProcessFigures(
                stat: "1 (a) S" + String(repeating: " 1", count: 40),
                limits: "Max open files            unlimited            unlimited            files",
                systemStat: "btime 1", openDescriptors: nil, ticksPerSecond: 100, pageBytes: 4096))
        #expect(figures.maximumDescriptors == nil)
        #expect(!Self.lines(Metrics(version: "1", routes: []), process: figures).contains { $0.contains("fds") })
    }

    #if os(Linux)
    @Test("The figures are read if standard input is closed, so that files get descriptor 0")
    func descriptorZero() async {
        await #expect(processExitsWith: .success) {
            close(0)
            exit(ProcessFigures.now() == nil ? 1 : 0)
        }
    }

    @Test("The figures of this process are there")
    func theFiguresOfThisProcessAreThere() throws {
        let figures = try #require(ProcessFigures.now())
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        #expect(abs(try #require(figures.openDescriptors) - descriptors) <= 20)
        #expect(figures.residentBytes > 1 << 20 && figures.threads >= 1)
        #expect(abs(Date().timeIntervalSince1970 - figures.startSeconds) < 86_400)
    }
    #endif
}
