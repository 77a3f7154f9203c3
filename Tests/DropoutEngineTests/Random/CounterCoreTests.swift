import DropoutEngine
import Testing

/// Known answers of Random123's tests/kat_vectors and of FIPS 180.
@Suite struct CounterCoreTests {
    @Test("Threefry-2x32 with 20 rounds gives Random123's known answers")
    func threefry2x32() {
        expect(
            Threefry2x32.self,
            [
                ((0, 0), (0, 0), (0x6b20_0159, 0x99ba_4efe)),
                ((0xffff_ffff, 0xffff_ffff), (0xffff_ffff, 0xffff_ffff), (0x1cb9_96fc, 0xbb00_2be7)),
                ((0x243f_6a88, 0x85a3_08d3), (0x1319_8a2e, 0x0370_7344), (0xc492_3a9c, 0x483d_f7a0)),
            ])
    }

    @Test("Threefry-4x32 with 20 rounds gives Random123's known answers")
    func threefry4x32() {
        expect(
            Threefry4x32.self,
            [
                ((0, 0, 0, 0), (0, 0, 0, 0), (0x9c6c_a96a, 0xe17e_ae66, 0xfc10_ecd4, 0x5256_a7d8)),
                (
                    (0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff),
                    (0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff),
                    (0x2a88_1696, 0x5701_2287, 0xf6c7_446e, 0xa16a_6732)
                ),
                (
                    (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
                    (0xa409_3822, 0x299f_31d0, 0x082e_fa98, 0xec4e_6c89),
                    (0x59cd_1dbb, 0xb887_9579, 0x86b5_d00c, 0xac8b_6d84)
                ),
            ])
    }

    @Test("Philox-2x32 with 10 rounds gives Random123's known answers")
    func philox2x32() {
        expect(
            Philox2x32.self,
            [
                ((0, 0), 0, (0xff1d_ae59, 0x6cd1_0df2)),
                ((0xffff_ffff, 0xffff_ffff), 0xffff_ffff, (0x2c3f_628b, 0xab4f_d7ad)),
                ((0x243f_6a88, 0x85a3_08d3), 0x1319_8a2e, (0xdd7c_e038, 0xf62a_4c12)),
            ])
    }

    @Test("Philox-4x32 with 10 rounds gives Random123's known answers")
    func philox4x32() {
        expect(
            Philox4x32.self,
            [
                ((0, 0, 0, 0), (0, 0), (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
                (
                    (0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff), (0xffff_ffff, 0xffff_ffff),
                    (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
                ),
                (
                    (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), (0xa409_3822, 0x299f_31d0),
                    (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
                ),
            ])
    }

    @Test("Philox-4x64 with 10 rounds gives Random123's known answers")
    func philox4x64() {
        expect(
            Philox4x64.self,
            [
                (
                    (0, 0, 0, 0), (0, 0),
                    (0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b)
                ),
                (
                    (0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff),
                    (0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff),
                    (0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0)
                ),
                (
                    (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89),
                    (0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c),
                    (0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6)
                ),
            ])
    }

    private func expect<Core: CounterBasedGenerator>(
        _ core: Core.Type, _ answers: [(counter: Core.Words, key: Core.Key, words: Core.Words)]
    ) {
        for answer in answers {
            let words = Core.block(answer.counter, key: answer.key)
            #expect(bytes(of: words) == bytes(of: answer.words))
        }
    }

    private func bytes<Words>(of words: Words) -> [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

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
        var hash = SHA1()
        hash.absorb(message.utf8)
        let words = hash.digest
        #expect([words.0, words.1, words.2, words.3, words.4] == digest)
    }

    @Test("The test's own SHA-256 gives the digest of FIPS 180's first example")
    func sha256() {
        #expect(
            VectorDigest.hexadecimal(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
