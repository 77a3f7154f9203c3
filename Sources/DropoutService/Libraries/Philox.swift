import DropoutEngine

/// This service's own generator.
extension Generator {
    static let philoxGenerators = [philox]

    package static let philox = Generator(
        "philox", library: "this service", versions: "all", draws: "Philox4x32-10, one word an element",
        seed: .natural(bits: 64), parameters: [.step, .stream], comparison: below(.float64), entry: .anywhere,
        arithmetic: .plain,
        drawsNumbers: true,
        order: .keyed(place: .layerIndex(.stream), pass: .parameter(.step)),
        next: "layer k of a network draws with stream + k, pass k with step + k",
        stream: { randomness, _ in
            KeyedDraws(randomness) { question throws(DropoutError) in
                PhiloxGenerator(
                    seed: try question.seed.bits, step: question.parameters.step, stream: question.parameters.stream)
            }
        },
        price: GeneratorPrice(
            seeding: 540_000, draw: 250_000, unit: 1200, uniform: 6100, isFree: (true, false)),
        verification: .publishedAnswers)
}
