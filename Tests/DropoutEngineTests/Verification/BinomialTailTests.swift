import DropoutEngine
import Testing

@Suite struct BinomialTailTests {
    @Test(
        "The tail is the exact sum of the binomial distribution",
        arguments: [
            // 2 · min(P(X <= k), P(X >= k)), at most 1: summed as fractions of whole numbers, with Python's fractions.
            (0, 10, 0.5, 1.953125e-3), (3, 10, 0.5, 0.34375), (5, 10, 0.5, 1), (5, 10, 0.8, 0.0655869951999999978298),
            (10, 10, 0.8, 0.214748364800000007824), (2, 5, 0.7, 0.326160000000000005471),
            (31, 31, 0.5, 9.31322574615478515625e-10), (20, 40, 0.3, 0.0125090087448700548051),
            (60, 100, 0.5, 0.0568879336409807909170), (250, 1000, 0.3, 5.19606073057861340622e-4),
            (700, 1000, 0.8, 7.62208937497719253538e-14), (900, 1000, 0.8, 1.74624130224246579576e-17),
            (6800, 10_000, 0.7, 1.50213675928538024825e-5), (1, 2000, 0.01, 7.90308102965811753343e-8),
        ] as [(Int, Int, Double, Double)])
    func exact(_ successes: Int, _ trials: Int, _ probability: Double, _ expected: Double) throws {
        let found = try BinomialTail.probability(successes: successes, of: trials, probability: probability)
        #expect((found / expected - 1).magnitude < 1e-10)
    }

    @Test(
        "The tail of many trials is within a tenth of the binomial one, far from the middle",
        arguments: [
            // 2 · min(binom.cdf(k), binom.sf(k - 1)) of SciPy 1.17.1. The first two are summed and not approximated.
            (503_000, 1_000_000, 0.5, 1.98514976392289e-09), (497_000, 1_000_000, 0.5, 1.98514976392289e-09),
            (2_006_000, 4_000_000, 0.5, 1.9792069860262126e-09), (1_994_000, 4_000_000, 0.5, 1.9792069860262126e-09),
            (2_005_000, 4_000_000, 0.5, 5.747842732837394e-07), (197_800, 2_000_000, 0.1, 2.0755220816523113e-07),
        ] as [(Int, Int, Double, Double)])
    func many(_ successes: Int, _ trials: Int, _ probability: Double, _ expected: Double) throws {
        let found = try BinomialTail.probability(successes: successes, of: trials, probability: probability)
        #expect((found / expected - 1).magnitude < 0.1)
    }

    @Test(
        "What must happen is no surprise, and what cannot has probability 0",
        arguments: [
            (0, 0, 0.5, 1), (0, 7, 0, 1), (1, 7, 0, 0), (7, 7, 1, 1), (6, 7, 1, 0), (2_000_100, 4_000_000, 0.5, 1),
        ] as [(Int, Int, Double, Double)])
    func ends(_ successes: Int, _ trials: Int, _ probability: Double, _ expected: Double) throws {
        let found = try BinomialTail.probability(successes: successes, of: trials, probability: probability)
        #expect(found == expected)
    }
}
