import DropoutEngine
import Stopping
import TensorJSON

/// `POST /mask` and `GET /mask`: a mask alone, with its probability and its fingerprint.
struct MaskPlan: Plan {
    static let fields =
        ["shape"] + DropFields.fields + Randomness.fields + ["layout", "mask_format", "tensor_format"]

    /// The fields that a query reads as lists.
    static let lists: Set<String> = ["shape", "noise_shape", "fold_in", "key_data", "path"]

    private let noise: NoiseShape
    private let drop: DropFields
    private let randomness: Randomness
    private let format: MaskFormat
    private let form: TensorForm
    private let reader: FieldReader
    let price: Price

    var elements: Int { noise.full.count }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(_ reader: FieldReader, limits: ServiceLimits) throws(Problem) {
        reader.refuseUnknown(besides: Self.fields)
        self.reader = reader
        randomness = Randomness(reader, limits: limits)
        format = reader.choice("mask_format", MaskFormat.self) ?? .numbers
        form = reader.choice("tensor_format", TensorForm.self) ?? .nested
        let layout = reader.choice("layout", Layout.self) ?? .columns
        let drop = DropFields(reader, variant: .plain, isRequired: true)
        let shape = Self.shape(reader, limits: limits)
        let noise = shape.flatMap { drop?.noise(for: $0, layout: layout) }
        try reader.problems.throwIfAny()
        guard let drop, let noise else { throw .fault("a mask's question has no error and no noise shape") }
        (self.drop, self.noise) = (drop, noise)
        price = try Self.price(noise, drop, randomness, format, form, limits)
    }

    private static func shape(_ reader: FieldReader, limits: ServiceLimits) -> Shape? {
        guard reader.has("shape") else {
            reader.problems.add("", "shape is required")
            return nil
        }
        guard let dimensions = reader.naturals("shape") else { return nil }
        guard let shape = try? Shape(dimensions), shape.count <= limits.maximumElements else {
            reader.wrong("shape", "more than \(limits.maximumElements) elements")
            return nil
        }
        return shape
    }

    private static func price(
        _ noise: NoiseShape, _ drop: DropFields, _ randomness: Randomness, _ format: MaskFormat, _ form: TensorForm,
        _ limits: ServiceLimits
    ) throws(Problem) -> Price {
        let count = noise.full.count
        var list = PriceList()
        list.draw(randomness, noise, drop.probability, for: "/shape")
        list.hold(noise.drawn.count.adding(noise.isElementwise ? 0 : count))
        if !noise.isElementwise { list.compute(KernelPrice.expand(count), for: "/shape") }
        // The fingerprint is that of the packed mask.
        list.compute(KernelPrice.pack(count).adding(KernelPrice.hash(count / 8)), for: "/shape")
        list.hold(count / 8)
        list.add(PrintingPrice.mask(noise.full, format: format, form: form), for: "/shape")
        try list.check(limits)
        return list.total
    }

    func answer(_ stop: StopFlag) throws(Problem) -> Answer {
        let mask: Mask
        do {
            mask = try randomness.mask(noise, drop.probability, stop)
        } catch {
            throw Problem(error, at: reader.pointer(to: randomness.startField))
        }
        let probability = drop.probability
        let size = noise.full.count
        let packed = try computing { () throws(DropoutError) in try mask.packed(stop: stop) }
        guard let fingerprint = Fingerprint.sha256(packed) else { throw .fault("libcrypto computes no SHA-256") }
        var writer = JSONWriter()
        writer.beginObject()
        if format == .packed {
            writer.key("mask")
            writer.base64(packed)
        } else {
            try writer.mask(mask, format: format, form: form, stop)
        }
        writer.key("shape")
        writer.shape(noise.full.dimensions)
        writer.field("size", size)
        writer.field("kept", mask.keptCount)
        writer.field("kept_fraction", size == 0 ? nil : Double(mask.keptCount) / Double(size))
        writer.probability(probability)
        writer.field("scale", probability.keep == 0 ? nil : 1 / probability.keep)
        writer.randomness(randomness)
        writer.granularity(drop, noise)
        writer.field("log_probability", mask.logProbability(probability))
        writer.field("fingerprint", fingerprint)
        writer.endObject()
        return .text(writer.finish())
    }
}
