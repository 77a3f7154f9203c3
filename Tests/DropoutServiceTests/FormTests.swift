import DropoutService
import Foundation
import Testing

/// `/verify` with array files, as `curl -F input=@x.npy -F output=@y.npy` sends them.
@Suite("Questions as forms")
struct FormTests {
    /// A part: its name, what follows the name in its header, and its content.
    private struct Part {
        let name: String
        var header = ""
        let content: [UInt8]

        init(
            _ name: String, file: [UInt8],
            header: String = "; filename=\"x.npy\"\r\nContent-Type: application/octet-stream"
        ) {
            (self.name, self.header, content) = (name, header, file)
        }

        init(_ name: String, _ text: String, header: String = "") {
            (self.name, self.header, content) = (name, header, Array(text.utf8))
        }
    }

    private static func ask(
        _ parts: [Part], query: String = "", path: String = "/verify", type: String = "multipart/form-data; boundary=b",
        limits: ServiceLimits = ServiceLimits()
    ) -> Reply {
        var body: [UInt8] = []
        for part in parts {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(part.header)\r\n\r\n".utf8)
            body += part.content + Array("\r\n".utf8)
        }
        body += Array("--b--\r\n".utf8)
        return body.withUnsafeBufferPointer { bytes in
            Reply(
                DropoutAPI(limits: limits).respond(
                    to: ServiceRequest(method: "POST", path: path, query: query, contentType: type, body: bytes)))
        }
    }

    /// An array file of version 1.0.
    private static func npy(_ code: String, _ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
        let tuple = shape.map { "\($0)," }.joined()
        let header = "{'descr': '\(code)', 'fortran_order': False, 'shape': (\(tuple)), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + elements
    }

    private static func floats(_ numbers: [Float]) -> [UInt8] {
        numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
    }

    private static let input = npy("<f4", [2, 2], floats([1, 2, 3, 4]))
    private static let output = npy("<f4", [2, 2], floats([2, 0, 6, 0]))
    private static let files = [Part("input", file: input), Part("output", file: output)]
    private static let json = #"{"input":[[1,2],[3,4]],"output":[[2,0],[6,0]],"dtype":"float32""#

    @Test("A form has the answer of the same question in JSON, with its fields as parts or in the query")
    func answers() {
        let expected = DropoutServiceTests.ask("/verify", Self.json + #","rate":0.5}"#)
        #expect(expected.status == 200)
        #expect(Self.ask(Self.files + [Part("rate", "0.5")]).text == expected.text)
        #expect(Self.ask([Part("rate", "0.5")] + Self.files.reversed()).text == expected.text)
        #expect(Self.ask(Self.files, query: "rate=0.5").text == expected.text)
        #expect(
            Self.ask(Self.files + [Part("rate", "0.5", header: "\r\nContent-Type: text/plain; charset=UTF-8")]).text
                == expected.text)
    }

    @Test("A list has commas, or its part is there several times")
    func lists() {
        let expected = DropoutServiceTests.ask("/verify", Self.json + #","rate":0.5,"noise_shape":[1,2]}"#)
        #expect(expected.status == 200)
        #expect(Self.ask(Self.files + [Part("rate", "0.5"), Part("noise_shape", "1,2")]).text == expected.text)
        #expect(
            Self.ask(Self.files + [Part("rate", "0.5"), Part("noise_shape", "1"), Part("noise_shape", "2")]).text
                == expected.text)
    }

    @Test("Several passes and a mask may be array files too")
    func others() {
        let outputs = Self.npy("<f4", [2, 2, 2], Self.floats([2, 0, 6, 0, 0, 4, 0, 8]))
        let mask = Self.npy("|b1", [2, 2], [1, 0, 1, 0])
        #expect(
            Self.ask([Part("input", file: Self.input), Part("outputs", file: outputs)], query: "rate=0.5").text
                == DropoutServiceTests.ask(
                    "/verify",
                    #"{"input":[[1,2],[3,4]],"outputs":[[[2,0],[6,0]],[[0,4],[0,8]]],"dtype":"float32","rate":0.5}"#
                ).text)
        #expect(
            Self.ask(Self.files + [Part("mask", file: mask)], query: "rate=0.5").text
                == DropoutServiceTests.ask("/verify", Self.json + #","rate":0.5,"mask":[[1,0],[1,0]]}"#).text)
    }

    @Test(
        "A part that is a file says so by its type or by its file name",
        arguments: [
            "\r\nContent-Type: application/x-npy", "; filename=\"x.npy\"",
            "; filename=\"\"\r\nContent-Type: Application/X-NPY",
        ])
    func fileTypes(_ header: String) {
        let parts = [
            Part("input", file: Self.input, header: header), Part("output", file: Self.output, header: header),
        ]
        #expect(Self.ask(parts, query: "rate=0.5").status == 200)
    }

    @Test("All mistakes of a form are in one answer, each with its pointer")
    func mistakes() {
        func pointers(_ parts: [Part], _ query: String = "") -> [String] {
            let answer = Self.ask(parts, query: query)
            #expect(answer.status == 422, "\(answer.text)")
            return answer.pointers
        }
        #expect(pointers([Part("rate", "2")]) == ["", "", "/rate"])
        #expect(pointers(Self.files + [Part("rate", "2"), Part("sede", "1")]) == ["/sede", "/rate"])
        #expect(pointers(Self.files + [Part("input", file: Self.input)]) == ["/input"])
        #expect(pointers(Self.files + [Part("input", "3")]) == ["/input"])
        #expect(pointers(Self.files + [Part("rate", "0.5"), Part("rate", "0.5")]) == ["/rate"])
        #expect(pointers(Self.files + [Part("rate", "0.5")], "rate=0.5") == ["/rate"])
        #expect(pointers(Self.files + [Part("rate", file: Self.input)]) == ["/rate"])
        #expect(pointers(Self.files + [Part("target", file: Self.input)]) == ["/target"])
        #expect(pointers(Self.files + [Part("rate", "0.5", header: "\r\nContent-Type: image/png")]) == ["/rate"])
        #expect(
            pointers(Self.files + [Part("mask", file: Self.input, header: "; filename=x\r\nContent-Type: text/csv")])
                == ["/mask"])
        #expect(pointers(Self.files + [Part("rate", String(repeating: "0", count: 20_000))]) == ["/rate"])
        let complex = Self.npy("<c8", [1], [UInt8](repeating: 0, count: 8))
        #expect(
            pointers([Part("input", file: complex), Part("output", file: Self.output), Part("rate", "2")])
                == ["/input", "/rate"])
    }

    @Test("A tensor as JSON is told how a form has it", arguments: ["[1,2]", "{\"shape\":[1]}"])
    func tensorAsJSON(_ text: String) {
        let reply = Self.ask([Part("input", text), Part("output", file: Self.output), Part("rate", "0.5")])
        #expect(reply.status == 422)
        #expect(reply.pointers == ["/input"])
        #expect(reply.text.contains("send it as input=@FILE.npy, or the whole question as JSON"), "\(reply.text)")
    }

    @Test("A body that is no form, and a file that is none, are answered with 400")
    func malformed() {
        #expect(Self.ask(Self.files, type: "multipart/form-data").status == 400)
        #expect(Self.ask(Self.files, type: "multipart/form-data; boundary=c").status == 400)
        let noFile = Self.ask([Part("input", file: Array("x".utf8)), Part("output", file: Self.output)])
        #expect(noFile.status == 400)
        #expect(noFile.pointers == ["/input"])
        #expect(noFile.text.contains("the part `input` is not a .npy file"))
        #expect(Self.ask(Self.files + [Part("rate", file: [0xFF], header: "")]).status == 400)
    }

    @Test("The elements of all files together are within the limit")
    func elements() {
        var limits = ServiceLimits()
        limits.maximumElements = 7
        #expect(Self.ask(Self.files, query: "rate=0.5", limits: limits).pointers == ["/output"])
        limits.maximumElements = 8
        #expect(Self.ask(Self.files, query: "rate=0.5", limits: limits).status == 200)
    }

    @Test("Only /verify takes a form", arguments: ["/forward", "/mask", "/train-step"])
    func routes(_ path: String) { #expect(Self.ask(Self.files, path: path).status == 415) }
}
