import DropoutEngine
import TextCodecs

/// PyTorch's generators, one for each kernel of its dropout.
extension Generator {
    static let torchGenerators = [torchCPU, torchCPUMKL, torchCompile, torchRand, torchCUDA]

    private static let torch = DropoutArithmetic(
        .reciprocalOfKeep, keepsSignOfDropped: true, alpha: .torch)

    /// PyTorch draws nothing at the rates 0 and 1. timm's and torchvision's variants, which fill a tensor with `bernoulli_`,
    /// draw at rate 1.
    @Sendable private static func silence(_ variant: DropoutVariant) -> DrawLength.Silence {
        switch variant {
        case .dropPath, .dropBlock: .rate0
        default: [.rate0, .rate1]
        }
    }

    package static let torchCPU = Generator(
        "torch-cpu", library: "PyTorch, CPU", versions: "2.7 and later; earlier without MKL (run: 2.13.0)",
        draws: "torch.manual_seed(seed); torch.nn.functional.dropout(x, rate)", seed: .wrapping, states: .torch,
        parameters: [.skip, .order],
        comparison: below(.float64), entry: .anywhere, arithmetic: torch,
        order: .sequential(
            .skip,
            length: DrawLength(silentAt: silence) { draw, _ in UInt64(clamping: draw.units).times(2) }),
        next: goesOn,
        stream: { randomness, _ throws(DropoutError) in
            try TwisterDraws(
                randomness, randomness.torchWords,
                start: TwisterDraws.Start(words: randomness.parameters.skip, units: randomness.offset), wordsEach: 1
            ) { words, _ in TorchCPU(words: words) }
        },
        price: GeneratorPrice(
            seeding: 3_030_000, skipped: 350, offsetUnit: 650, jump: GeneratorPrice.twisterJump, draw: 340_000,
            unit: 2400, passedUnit: 650,
            stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(180))

    package static let torchCPUMKL = Generator(
        "torch-cpu-mkl", library: "PyTorch, CPU with MKL", versions: "up to 2.6 on x86-64 (run: 2.4.1)",
        draws: "torch.manual_seed(seed); torch.nn.functional.dropout(x, rate)", seed: .wrapping, states: .torch,
        parameters: [.skip, .order],
        comparison: nil, entry: .anywhere, arithmetic: torch,
        order: .sequential(.skip, length: DrawLength(silentAt: silence) { draw, _ in draw.units == 0 ? 0 : 1 }),
        next: "each draw takes one more word of the Mersenne Twister",
        stream: { randomness, _ throws(DropoutError) in
            try TwisterDraws(
                randomness, randomness.torchWords,
                start: TwisterDraws.Start(words: randomness.parameters.skip), wordsEach: 1, offset: randomness.offset
            ) { words, _ in TorchCPUMKL(words: words) }
        },
        price: GeneratorPrice(
            seeding: 3_080_000, skipped: 350, jump: GeneratorPrice.twisterJump, draw: 460_000, unit: 5000,
            isFree: (true, false),
            stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(149))

    package static let torchCompile = Generator(
        "torch-compile", library: "PyTorch, CPU, compiled by Inductor", versions: "2.13.0 run; 2.15.0 read",
        draws: "torch.manual_seed(seed); torch.compile(lambda x: torch.nn.functional.dropout(x, rate))(x)",
        seed: .wrapping, states: .torch, parameters: [.skip, .drawType, .order],
        drawTypes: [.float32, .float64, .float16, .bfloat16],
        comparison: ofDrawType(.above), entry: .anywhere,
        arithmetic: DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: true, halfFactor: .float32),
        clearsSignAtRate1: true,
        order: .sequential(
            .skip, length: DrawLength(silentAt: { _ in [.rate0, .rate1] }) { draw, _ in draw.units == 0 ? 0 : 2 }),
        next: "each dropout of the graph takes two words of the Mersenne Twister",
        stream: { randomness, _ throws(DropoutError) in
            try TwisterDraws(
                randomness, randomness.torchWords, start: TwisterDraws.Start(words: randomness.parameters.skip),
                wordsEach: 1, offset: randomness.offset
            ) { words, parameters in TorchCompile(words: words, type: parameters.drawType) }
        },
        price: GeneratorPrice(
            seeding: 3_030_000, skipped: 350, jump: GeneratorPrice.twisterJump, draw: 340_000, unit: 5000,
            isFree: (true, false),
            stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(360))

    package static let torchRand = Generator(
        "torch-rand", library: "PyTorch, CPU, rand and bernoulli", versions: "2.7 and later (run: 2.13.0)",
        draws: "torch.manual_seed(seed); torch.rand(*shape, dtype=dtype) < keep", seed: .wrapping, states: .torch,
        parameters: [.skip, .drawType, .keepWhen], drawTypes: [.float32, .float64], comparison: ofDrawType(.below),
        uniforms: .ofDrawType,
        entry: .anywhere, arithmetic: .plain,
        order: .sequential(
            .skip,
            length: DrawLength(silentAt: { _ in [] }) { draw, parameters in
                UInt64(clamping: draw.units).times(parameters.drawType == .float64 ? 2 : 1)
            }),
        next: goesOn,
        stream: { randomness, _ throws(DropoutError) in
            try TwisterDraws(
                randomness, randomness.torchWords,
                start: TwisterDraws.Start(words: randomness.parameters.skip), wordsEach: 1, offset: randomness.offset
            ) { words, parameters in TorchRand(words: words, isDouble: parameters.drawType == .float64) }
        },
        price: GeneratorPrice(
            seeding: 3_030_000, skipped: 350, offsetUnit: 650, jump: GeneratorPrice.twisterJump, draw: 340_000,
            unit: 1400,
            unitOfType: [.float64: 2600], passedUnit: 650, stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(114))

    // A width of 2 leaves two of four words unused, so it takes twice the time that is measured at 4.
    package static let torchCUDA = Generator(
        "torch-cuda", library: "PyTorch, CUDA", versions: "2.x, the fused kernel",
        draws: "torch.manual_seed(seed); torch.nn.functional.dropout(x.cuda(), rate)", seed: .wrapping,
        parameters: [.philoxOffset, .multiprocessors, .threadsPerMultiprocessor, .vectorWidth, .drawType],
        drawTypes: [.float32, .float64], comparison: ofDrawType(.below), entry: .start,
        arithmetic: DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: true, halfFactor: .float32),
        order: .sequential(
            .philoxOffset,
            length: DrawLength(silentAt: silence) { draw, parameters in
                cuda(0, at: 0, parameters).philoxOffset(after: draw.units)
            }),
        next: "the generator's offset grows as the launch computes it",
        stream: { randomness, _ throws(DropoutError) in
            let (seed, offset) = (try randomness.seed.bits, randomness.offset)
            return CountedDraws(randomness, from: randomness.parameters.philoxOffset) { position, parameters in
                DrawSource(generator: cuda(seed, at: position, parameters), offset: offset)
            }
        },
        price: GeneratorPrice(seeding: 670_000, draw: 320_000, unit: 9500, isFree: (true, false)),
        verification: .sourceOnly)

    @Sendable private static func cuda(
        _ seed: UInt64, at position: UInt64, _ parameters: GeneratorParameters
    ) -> TorchCUDA {
        TorchCUDA(
            seed: seed, philoxOffset: position, multiprocessors: parameters.multiprocessors,
            threadsPerMultiprocessor: parameters.threadsPerMultiprocessor, vectorWidth: parameters.vectorWidth,
            isDouble: parameters.drawType == .float64)
    }
}

extension Randomness {
    /// PyTorch's default generator on a CPU after `manual_seed` or `set_rng_state`.
    fileprivate var torchWords: MT19937 {
        get throws(DropoutError) { try seed.twister }
    }
}
