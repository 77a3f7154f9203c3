import HTTPServer
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Compressed bodies of requests (RFC 9110, 8.4; RFC 1950; RFC 1952) and the bounds on what they become.
@Suite(.timeLimit(.minutes(10))) struct ContentCodingTests {
    private static let text = Array(String(repeating: "0.125,0.25,", count: 40).utf8)
    private static let zeros = [UInt8](repeating: 0x30, count: 1 << 20)

    private static func post(_ coding: String, _ body: [UInt8], _ path: String = "/echo") -> [UInt8] {
        Array(
            "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n"
                .utf8) + body
    }

    /// The answer to the body, and whether the next request on the connection is answered.
    private static func answer(
        _ coding: String, _ body: [UInt8], _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws -> (response: RawResponse, isNextAnswered: Bool) {
        let conversation = try Conversation(.fake(), .init(), adjust)
        conversation.send(post(coding, body))
        conversation.send("GET /echo?next HTTP/1.1\r\nHost: a\r\n\r\n")
        let reader = AnswerReader(conversation.received)
        let response = try reader.response()
        return (response, try !conversation.isEnded && reader.response().text == "GET /echo next\n")
    }

    @Test(
        "The handler reads the inflated body",
        arguments: [
            ("gzip", Zlib.Format.gzip), ("x-gzip", .gzip), ("GZip", .gzip), ("deflate", .zlib), ("Deflate", .zlib),
        ])
    func theHandlerReadsTheInflatedBody(_ coding: String, _ format: Zlib.Format) throws {
        let answer = try Self.answer(coding, Zlib.deflated(Self.text, format))
        #expect(answer.response.body == Array("POST /echo -\n".utf8) + Self.text)
        #expect(answer.isNextAnswered)
    }

    @Test("A body without coding is taken as it is", arguments: ["identity", "Identity", ""])
    func aBodyWithoutCodingIsTakenAsItIs(_ coding: String) throws {
        let answer = try Self.answer(coding, Self.text)
        #expect(answer.response.body == Array("POST /echo -\n".utf8) + Self.text)
    }

    @Test("A body in chunks is inflated too")
    func aBodyInChunksIsInflatedToo() throws {
        let body = try Zlib.deflated(Self.text, .gzip)
        let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunks = body.flatMap { Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8) }
        let conversation = try Conversation()
        conversation.send(Array(head.utf8) + chunks + Array("0\r\n\r\n".utf8))
        let response = try AnswerReader(conversation.received).response()
        #expect(response.body == Array("POST /echo -\n".utf8) + Self.text)
    }

    enum Damage: CaseIterable {
        case plain, otherFormat, raw, cut, cutInHeader, empty, trailing, twice, wrongChecksum, wrongLength, wrongData

        func damaged(_ format: Zlib.Format) throws -> [UInt8] {
            let whole = try Zlib.deflated(ContentCodingTests.text, format)
            switch self {
            case .plain: return ContentCodingTests.text
            case .otherFormat: return try Zlib.deflated(ContentCodingTests.text, format == .gzip ? .zlib : .gzip)
            case .raw: return try Zlib.deflated(ContentCodingTests.text, .raw)
            case .cut: return whole.dropLast()
            case .cutInHeader: return Array(whole.prefix(2))
            case .empty: return []
            case .trailing: return whole + [0]
            case .twice: return whole + whole
            case .wrongChecksum: return whole.dropLast(8) + whole.suffix(8).map { ~$0 }
            case .wrongLength: return whole.dropLast() + [whole[whole.count - 1] ^ 1]
            case .wrongData: return whole.prefix(12) + [UInt8](repeating: 0xFF, count: 30)
            }
        }
    }

    @Test(
        "A body that is not a whole stream is answered with 400", arguments: Damage.allCases,
        [("gzip", Zlib.Format.gzip), ("deflate", .zlib)])
    func aBodyThatIsNotAWholeStreamIsAnsweredWith400(_ damage: Damage, _ coding: (String, Zlib.Format)) throws {
        // Of gzip a second stream is one more member.
        if damage == .twice, coding.0 == "gzip" { return }
        let answer = try Self.answer(coding.0, damage.damaged(coding.1))
        #expect(answer.response.status == 400)
        #expect(answer.response.problem["status"] as? Int == 400)
        // Its framing was right: the connection goes on.
        #expect(answer.isNextAnswered)
    }

    @Test(
        "Another coding and more than one are answered with 415 and the ones that are understood",
        arguments: [
            "br", "zstd", "compress", "*", "gzip, gzip", "gzip,deflate", "identity, gzip", "gzip;q=1", "gzipx",
            "gzip\r\nContent-Encoding: gzip",
        ])
    func anotherCodingAndMoreThanOneAreAnsweredWith415AndTheOnesThatAreUnderstood(_ coding: String) throws {
        let answer = try Self.answer(coding, Zlib.deflated(Self.text, .gzip))
        #expect(answer.response.isFinalProblem(415))
        #expect(answer.response["Accept-Encoding"] == "gzip, deflate")
    }

    // MARK: Members (RFC 1952, 2.2)

    @Test(
        "Members of gzip are one body",
        arguments: [[440, 440], [0, 440], [440, 0, 0, 440], [1, 2, 3], [100_000, 1]])
    func membersOfGzipAreOneBody(_ counts: [Int]) throws {
        let texts = counts.map { count in (0..<count).map { Self.text[$0 % Self.text.count] } }
        let answer = try Self.answer("gzip", texts.flatMap { try Zlib.deflated($0, .gzip) })
        #expect(answer.response.body == Array("POST /echo -\n".utf8) + texts.joined())
        #expect(answer.isNextAnswered)
    }

    @Test(
        "What follows a member and is no member is answered with 400",
        arguments: [[0x1F], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], [0], Array("[1,2]".utf8)] as [[UInt8]])
    func whatFollowsAMemberAndIsNoMemberIsAnsweredWith400(_ rest: [UInt8]) throws {
        let answer = try Self.answer("gzip", Zlib.deflated(Self.text, .gzip) + rest)
        #expect(answer.response.status == 400 && answer.isNextAnswered)
    }

    @Test("The bounds hold for all members together")
    func theBoundsHoldForAllMembersTogether() throws {
        let member = try Zlib.deflated(Self.zeros.dropLast(1000), .gzip)
        let tooDense = try Self.answer("gzip", member + member)
        #expect(tooDense.response.status == 413)
        #expect((tooDense.response.problem["detail"] as? String)?.contains("256 times") == true)
        let texts = try Zlib.deflated(Self.text, .gzip) + Zlib.deflated(Self.text, .gzip)
        for (maximum, status) in [(880, 200), (879, 413)] {
            #expect(try Self.answer("gzip", texts) { $0.maximumBodyBytes = maximum }.response.status == status)
        }
    }

    @Test("Many empty members take no more memory than one")
    func manyEmptyMembersTakeNoMoreMemoryThanOne() throws {
        let empty = try Zlib.deflated([], .gzip)
        let text = try Zlib.deflated(Self.text, .gzip)
        let taken = try [text, Array(repeating: empty, count: 20_000).joined() + text].map { body in
            var taken = 0
            let inflated = try Inflater.inflate(ByteBuffer(bytes: body), .gzip, maximumBytes: 1 << 20) { bytes in
                taken += bytes
                return true
            }
            #expect(Array(inflated.readableBytesView) == Self.text)
            return taken
        }
        #expect(taken[0] == taken[1])
    }

    // MARK: Bounds

    @Test("The bound of a body holds for what it inflates to", arguments: [(440, 200), (439, 413)])
    func theBoundOfABodyHoldsForWhatItInflatesTo(_ maximum: Int, _ status: Int) throws {
        let answer = try Self.answer("gzip", Zlib.deflated(Self.text, .gzip)) { $0.maximumBodyBytes = maximum }
        #expect(answer.response.status == status)
        #expect(answer.isNextAnswered)
        if status == 413 {
            #expect((answer.response.problem["detail"] as? String)?.contains("439 bytes") == true)
        }
    }

    @Test("Equal bytes up to a mebibyte are taken however small they were")
    func equalBytesUpToAMebibyteAreTakenHoweverSmallTheyWere() throws {
        let answer = try Self.answer("gzip", Zlib.deflated(Self.zeros, .gzip))
        #expect(answer.response.status == 200)
        #expect(answer.response.body.count == "POST /echo -\n".utf8.count + Self.zeros.count)
    }

    @Test("Beyond a mebibyte a body may inflate to 256 times its size")
    func beyondAMebibyteABodyMayInflateTo256TimesItsSize() throws {
        // 2 MiB of which so many bytes do not shrink that the whole is sent in a little more or less than 8 KiB.
        var random = SystemRandomNumberGenerator()
        func body(_ count: Int) throws -> [UInt8] {
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            return try Zlib.deflated(noise + Self.zeros + Self.zeros.dropLast(count), .gzip)
        }
        let (below, above) = (try body(7000), try body(4000))
        #expect(below.count * 256 > 2 << 20 && above.count * 256 < 2 << 20)
        let taken = try Self.answer("gzip", below)
        #expect(taken.response.status == 200)
        let refused = try Self.answer("gzip", above)
        #expect(refused.response.status == 413)
        #expect((refused.response.problem["detail"] as? String)?.contains("256 times") == true)
        #expect(refused.isNextAnswered)
    }

    @Test("A compressed body is never read on the event loop")
    func aCompressedBodyIsNeverReadOnTheEventLoop() async throws {
        let readOnLoop = Mutex<[Bool]>([])
        let application = TestApplication.always(
            TestExchange(
                plan: { _, _ in
                    readOnLoop.withLock { $0.append(MultiThreadedEventLoopGroup.currentEventLoop != nil) }
                    return .answer(HTTPResponse(status: 204, headers: [], body: .bytes([])))
                }, refusal: TestApplication.problem))
        let body = try Zlib.deflated(Self.text, .gzip)
        let statuses = try await withServer(application: application) { port in
            let client = try RawClient(port)
            try client.send(Self.post("gzip", body))
            let coded = try client.response().status
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            return [coded, try client.response().status]
        }
        #expect(statuses == [204, 204])
        #expect(readOnLoop.withLock { $0 } == [false, true])
    }
}
