import DropoutEngine
import Testing

/// Known answers of Random123's tests/kat_vectors and of FIPS 180.
@Suite struct CounterCoreTests {
    @Test(
        "Threefry-2x32 with 20 rounds gives Random123's known answers",
        arguments: [
            ([0, 0], [0, 0], [0x6b20_0159, 0x99ba_4efe]),
            ([0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff], [0x1cb9_96fc, 0xbb00_2be7]),
            ([0x243f_6a88, 0x85a3_08d3], [0x1319_8a2e, 0x0370_7344], [0xc492_3a9c, 0x483d_f7a0]),
        ] as [([UInt32], [UInt32], [UInt32])])
    func threefry2x32(counter: [UInt32], key: [UInt32], output: [UInt32]) {
        let block = Threefry2x32.block((counter[0], counter[1]), key: (key[0], key[1]))
        #expect([block.0, block.1] == output)
    }

    @Test(
        "Threefry-4x32 with 20 rounds gives Random123's known answers",
        arguments: [
            ([0, 0, 0, 0], [0, 0, 0, 0], [0x9c6c_a96a, 0xe17e_ae66, 0xfc10_ecd4, 0x5256_a7d8]),
            (
                [UInt32](repeating: 0xffff_ffff, count: 4), [UInt32](repeating: 0xffff_ffff, count: 4),
                [0x2a88_1696, 0x5701_2287, 0xf6c7_446e, 0xa16a_6732]
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0, 0x082e_fa98, 0xec4e_6c89],
                [0x59cd_1dbb, 0xb887_9579, 0x86b5_d00c, 0xac8b_6d84]
            ),
        ] as [([UInt32], [UInt32], [UInt32])])
    func threefry4x32(counter: [UInt32], key: [UInt32], output: [UInt32]) {
        let block = Threefry4x32.block(
            (counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1], key[2], key[3]))
        #expect([block.0, block.1, block.2, block.3] == output)
    }

    @Test(
        "Philox-2x32 with 10 rounds gives Random123's known answers",
        arguments: [
            ([0, 0], 0, [0xff1d_ae59, 0x6cd1_0df2]),
            ([0xffff_ffff, 0xffff_ffff], 0xffff_ffff, [0x2c3f_628b, 0xab4f_d7ad]),
            ([0x243f_6a88, 0x85a3_08d3], 0x1319_8a2e, [0xdd7c_e038, 0xf62a_4c12]),
        ] as [([UInt32], UInt32, [UInt32])])
    func philox2x32(counter: [UInt32], key: UInt32, output: [UInt32]) {
        let block = Philox2x32.block((counter[0], counter[1]), key: key)
        #expect([block.0, block.1] == output)
    }

    @Test("Philox-4x32's scalar words are those of its block")
    func philoxWords() {
        for number in UInt32(0)..<200 {
            let counter = SIMD4<UInt32>(number &* 0x9e37_79b9, ~number, number &<< 20, number)
            let key = SIMD2<UInt32>(number &* 77, 0xffff_fff0 | number)
            let words = Philox4x32.words((counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
            #expect(SIMD4(words.0, words.1, words.2, words.3) == Philox4x32.block(key: key, counter: counter))
        }
    }

    @Test(
        "SHA-1 gives the digests of FIPS 180's examples",
        arguments: [
            ("", [0xda39_a3ee, 0x5e6b_4b0d, 0x3255_bfef, 0x9560_1890, 0xafd8_0709]),
            ("abc", [0xa999_3e36, 0x4706_816a, 0xba3e_2571, 0x7850_c26c, 0x9cd0_d89d]),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                [0x8498_3e44, 0x1c3b_d26e, 0xbaae_4aa1, 0xf951_29e5, 0xe546_70f1]
            ),
            (
                String(repeating: "a", count: 1_000_000),
                [0x34aa_973c, 0xd4c4_daa4, 0xf61e_eb2b, 0xdbad_2731, 0x6534_016f]
            ),
        ] as [(String, [UInt32])])
    func sha1(message: String, digest: [UInt32]) {
        let words = SHA1.digest(Array(message.utf8))
        #expect([words.0, words.1, words.2, words.3, words.4] == digest)
    }

    @Test("The test's own SHA-256 gives the digest of FIPS 180's first example")
    func sha256() {
        #expect(
            VectorDigest.hexadecimal(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
