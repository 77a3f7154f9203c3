import AccessControl
import Testing

@Suite struct ScryptTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let secret: String
        let salt: String
        let costs: (Int, Int, Int)
        let digest: String
        var testDescription: String { "\(costs)" }
    }

    /// RFC 7914, 12; the fourth vector needs a gigabyte, which is out of bounds.
    @Test(
        "The hash is that of RFC 7914",
        arguments: [
            Vector(
                secret: "", salt: "", costs: (4, 1, 1),
                digest: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
            Vector(
                secret: "password", salt: "NaCl", costs: (10, 8, 16),
                digest: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
            Vector(
                secret: "pleaseletmein", salt: "SodiumChloride", costs: (14, 8, 1),
                digest: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
        ])
    func theHashIsTheStandards(_ vector: Vector) throws {
        let parameters = try #require(
            ScryptParameters(logN: vector.costs.0, r: vector.costs.1, p: vector.costs.2))
        let digest = Scrypt.hash(
            Array(vector.secret.utf8), salt: Array(vector.salt.utf8), parameters: parameters, count: 64)
        #expect(digest == hexadecimal(vector.digest))
    }

    @Test(
        "Costs are bounded",
        arguments: [
            (20, 8, 1, false), (16, 8, 1, true), (17, 8, 1, false), (16, 9, 1, false), (19, 1, 1, false),
            (15, 1, 1, true),
            (16, 1, 1, false), (0, 8, 1, false), (1, 1, 1, true), (10, 0, 1, false), (10, 33, 1, false),
            (10, 8, 0, false),
            (10, 8, 17, false), (15, 8, 8, true), (15, 8, 9, false), (15, 16, 1, true), (18, 2, 1, true),
            (20, 2, 1, false),
        ])
    func costsAreBounded(_ logN: Int, _ r: Int, _ p: Int, _ isAccepted: Bool) {
        #expect((ScryptParameters(logN: logN, r: r, p: p) != nil) == isAccepted)
    }

    @Test("The largest memory within bounds is computed")
    func theLargestMemoryWithinBoundsIsComputed() throws {
        let parameters = try #require(ScryptParameters(logN: 15, r: 16, p: 1))
        #expect(Scrypt.hash([1], salt: [2], parameters: parameters)?.count == 32)
    }

    /// Made with Python's hashlib.scrypt(b"open sesame", salt=bytes(range(16)), n=1024, r=8, p=1, dklen=32).
    static let foreign =
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$ezZCSGtOHrBYs4A4FalCPopEaQZIV9HkNWyl4AAAwfU"

    @Test("A hash made elsewhere matches its secret and no other")
    func aHashMadeElsewhereMatchesItsSecretAndNoOther() throws {
        let hash = try ScryptHash(text: Self.foreign)
        #expect(hash.matches(Array("open sesame".utf8)) == true)
        #expect(hash.matches(Array("open sesamE".utf8)) == false)
        #expect(hash.matches([]) == false)
        #expect(hash.text == Self.foreign)
    }

    @Test("Two hashes of one secret differ in their salts")
    func twoHashesOfOneSecretDifferInTheirSalts() throws {
        let parameters = try #require(ScryptParameters(logN: 4, r: 8, p: 1))
        let hashes = [0, 1].compactMap { _ in ScryptHash(of: [7, 8], parameters: parameters) }
        try #require(hashes.count == 2)
        #expect(hashes[0].text != hashes[1].text)
        for hash in hashes {
            #expect(hash.matches([7, 8]) == true)
            #expect(try ScryptHash(text: hash.text) == hash)
        }
    }
}

private func hexadecimal(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}
