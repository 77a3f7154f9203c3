import DropoutEngine

/// The prices of the generators, in picoseconds: measured on an AMD EPYC at 3 GHz, times 1.5.
///
/// `make bench` prints what it measures beside each.
extension GeneratorPrice {
    static let philox = GeneratorPrice(
        seeding: 540_000, draw: 250_000, unit: 1200, uniform: 6100, isFree: (true, false))
    static let numPyLegacy = GeneratorPrice(
        seeding: 3_060_000, skipped: 650, offsetUnit: 650, draw: 340_000, unit: 2600, passedUnit: 650,
        stateBytes: twisterBytes)
    static let numPyLegacyBinomial = GeneratorPrice(
        seeding: 3_090_000, skipped: 650, offsetUnit: 8000, draw: 380_000, unit: 8600, passedUnit: 650,
        passedUnitAtOffset: 13_000, isFree: (true, true), stateBytes: 2 * twisterBytes)
    static let numPyPCG64 = GeneratorPrice(
        seeding: 730_000, seedWord: 16_000, draw: 340_000, unit: 1200, unitOfType: [.float64: 2000])
    static let numPyPhilox = GeneratorPrice(
        seeding: 760_000, seedWord: 16_000, draw: 290_000, unit: 2500, unitOfType: [.float64: 4000])
    static let onnxReference = GeneratorPrice(
        seeding: 3_050_000, skipped: 650, offsetUnit: 650, draw: 340_000, unit: 3100, passedUnit: 650,
        stateBytes: twisterBytes)
    static let torchCPU = GeneratorPrice(
        seeding: 3_030_000, skipped: 350, offsetUnit: 650, draw: 340_000, unit: 2400, passedUnit: 650,
        stateBytes: twisterBytes)
    static let torchCPUMKL = GeneratorPrice(
        seeding: 3_080_000, skipped: 350, draw: 460_000, unit: 5000, isFree: (true, false), stateBytes: twisterBytes)
    // A width of 2 leaves two of four words unused, so it takes twice the time that is measured at 4.
    static let torchCUDA = GeneratorPrice(
        seeding: 670_000, draw: 320_000, unit: 9500, isFree: (true, false))
    static let jax = GeneratorPrice(
        seeding: 600_000, fold: 20_000, draw: 310_000, unit: 4000, unitOfType: [.float64: 4600])
    static let jaxOriginal = GeneratorPrice(
        seeding: 570_000, fold: 20_000, draw: 300_000, unit: 2200, unitOfType: [.float64: 4500, .float16: 3300])
    static let jaxRBG = GeneratorPrice(
        seeding: 700_000, fold: 20_000, draw: 300_000, unit: 1200)
    static let jaxPhilox4x32 = GeneratorPrice(
        seeding: 770_000, fold: 20_000, draw: 290_000, unit: 4000)
    static let jaxPhilox2x32 = GeneratorPrice(
        seeding: 750_000, fold: 20_000, draw: 280_000, unit: 2400)
    static let jaxThreefry4x32 = GeneratorPrice(
        seeding: 800_000, fold: 20_000, draw: 300_000, unit: 5700)
    static let flaxLinen = GeneratorPrice(
        seeding: 1_320_000, pathByte: 6500, fold: 20_000, draw: 870_000, unit: 4000)
    static let flaxNNX = GeneratorPrice(
        seeding: 570_000, draw: 260_000, unit: 4000)
    static let tfStateless = GeneratorPrice(
        seeding: 760_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200])
    static let tfStatelessXLAPhilox = GeneratorPrice(
        seeding: 740_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200])
    static let tfStatelessXLAThreefry = GeneratorPrice(
        seeding: 720_000, draw: 250_000, unit: 8000, unitOfType: [.float64: 4400])
    static let tfStatelessXLAAuto = GeneratorPrice(
        seeding: 750_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200])
    // The seeding is that without an op seed, which needs a Twister.
    static let tfDropout = GeneratorPrice(
        seeding: 6_750_000, called: 20_000, draw: 430_000, unit: 1300, unitOfType: [.float64: 3200],
        stateBytes: twisterBytes)
    static let kerasTensorFlow = GeneratorPrice(
        seeding: 670_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200])
    static let kerasJAX = GeneratorPrice(
        seeding: 570_000, draw: 260_000, unit: 4000)
    // Each call seeds a Twister of its own.
    static let kerasTorch = GeneratorPrice(
        seeding: 2_750_000, draw: 2_430_000, offsetUnitOfDraw: 350, unit: 1400, stateBytes: twisterBytes)
    static let kerasNumPy = GeneratorPrice(
        seeding: 810_000, draw: 430_000, unit: 2000)
    static let mlx = GeneratorPrice(
        seeding: 510_000, called: 24_000, draw: 260_000, unit: 2300)
    static let tinygrad = GeneratorPrice(
        seeding: 540_000, draw: 240_000, unit: 2600)
    static let onnxRuntime = GeneratorPrice(
        seeding: 510_000, draw: 220_000, unit: 5000)
}
