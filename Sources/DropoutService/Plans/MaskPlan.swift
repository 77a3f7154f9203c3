import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// `POST /mask` and `GET /mask`: a mask alone, with its probability and its fingerprint.
struct MaskPlan: Plan {
    static let fields =
        ["shape"] + DropFields.fields + Randomness.fields + ShardFields.fields
        + ["layout", "mask_format", "tensor_format", "include", Echo.note]

    /// The parts of an answer without `include`, in their order, and those that have to be asked for.
    private static let parts = ["mask", "statistics", "echo"]
    private static let furtherParts = [DrawnUniforms.name, "next"]

    private let noise: NoiseShape
    /// The place of the mask in the mask of a larger tensor, and what it has of that.
    private let place: ShardFields?
    private let shard: Shard?
    private let drop: DropFields
    private let randomness: Randomness
    private let format: MaskFormat
    private let form: TensorForm
    private let include: Set<String>
    /// Whether the answer is the mask as one array.
    private let isArray: Bool
    let price: Price

    var elements: Int { noise.full.count }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(_ question: Question) throws(Problem) {
        question.refuseUnknown(besides: Self.fields)
        include = question.names("include", known: Self.parts + Self.furtherParts) ?? Set(Self.parts)
        randomness = try Randomness(question)
        question.checkUniforms(include, randomness.generator)
        format = question.choice("mask_format", MaskFormat.self) ?? .numbers
        form = question.choice("tensor_format", TensorForm.self) ?? .nested
        let layout = question.choice("layout", Layout.self) ?? .columns
        let drop = DropFields(question, variant: .plain, isRequired: true)
        let shape = Self.shape(question)
        let place = ShardFields(question, of: shape)
        let full = question.has("full_shape") ? place?.full : shape
        let whole = full.flatMap { drop?.noise(for: $0, layout: layout, question) }
        let shard = whole.flatMap { place?.shard(of: $0) }
        let noise = shard?.noise ?? whole
        if let noise { randomness.checkOrder(noise, question) }
        isArray = question.arrayPart(of: [.mask], include: include, maskFormat: format) != nil
        try question.throwIfWrong()
        guard let drop, let noise else { throw .fault("a mask's question has no error and no noise shape") }
        (self.drop, self.noise, self.place, self.shard) = (drop, noise, place, shard)
        try randomness.check(
            Randomness.schedule(noise, drop.probability, shard: shard), passes: 1, pointer: "")
        price = try Self.price(
            noise, drop, randomness, shard, isArray ? nil : (format, form),
            showsUniforms: include.contains(DrawnUniforms.name), question.limits)
    }

    private static func shape(_ question: Question) -> Shape? {
        question.require("shape")
        guard let dimensions = question.naturals("shape") else { return nil }
        guard let shape = try? Shape(dimensions), shape.count <= question.limits.maximumElements else {
            question.wrong(
                "shape", "at most \(question.limits.maximumElements) elements expected, the limit of one request")
            return nil
        }
        return shape
    }

    private static func price(
        _ noise: NoiseShape, _ drop: DropFields, _ randomness: Randomness, _ shard: Shard?,
        _ text: (format: MaskFormat, form: TensorForm)?, showsUniforms: Bool,
        _ limits: ServiceLimits
    ) throws(Problem) -> Price {
        let count = noise.full.count
        var list = PriceList()
        list.add(randomness.seed.price, for: "/\(GeneratorState.field)")
        list.draw(randomness, noise, drop.probability, shard: shard, for: "/shape")
        list.hold(noise.drawn.count.adding(noise.isElementwise ? 0 : count))
        if !noise.isElementwise { list.compute(KernelPrice.expand(count), for: "/shape") }
        guard let text else {
            list.add(ArrayAnswer.price(count, elementBytes: 1), for: "/shape")
            try list.check(limits)
            return list.total
        }
        // The fingerprint is that of the packed mask.
        list.compute(KernelPrice.pack(count).adding(KernelPrice.hash(count / 8)), for: "/shape")
        list.hold(count / 8)
        list.add(PrintingPrice.mask(noise.full, format: text.format, form: text.form), for: "/shape")
        if showsUniforms {
            let again = randomness.price(noise, drop.probability, shard: shard).nanoseconds
            list.compute(again == .max ? .max : max(0, again - randomness.entryNanoseconds), for: "/include")
            list.add(.uniforms(noise.drawn, form: text.form), for: "/include")
        }
        try list.check(limits)
        return list.total
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        let mask: Mask
        var uniforms: [Double]?
        do {
            let draw = try randomness.pending(noise, drop.probability, shard: shard, stop)
            mask = try draw.mask(noise, stop: stop)
            if include.contains(DrawnUniforms.name), isSeedUsed { uniforms = try draw.drawnUniforms(noise, stop: stop) }
        } catch {
            throw randomness.problem(error, "")
        }
        if isArray { return .file(ArrayAnswer(mask, format: format, seed: isSeedUsed ? randomness.seed : nil)) }
        var writer = JSONWriter()
        writer.beginObject()
        let packed = try computing { () throws(DropoutError) in try mask.packed(stop: stop) }
        if include.contains("mask") {
            if format == .packed {
                writer.key("mask")
                writer.base64(packed)
            } else {
                try writer.mask(mask, format: format, form: form, stop)
            }
        }
        if include.contains(DrawnUniforms.name) {
            writer.key(DrawnUniforms.name)
            writer.uniforms(uniforms.map { DrawnUniforms(numbers: $0, shape: noise.drawn) }, form: form)
        }
        let size = noise.full.count
        if include.contains("statistics") {
            writer.key("shape")
            writer.shape(noise.full.dimensions)
            writer.field("size", size)
            writer.field("kept", mask.keptCount)
            writer.field("kept_fraction", size == 0 ? nil : Double(mask.keptCount) / Double(size))
        }
        if include.contains("echo") { echo(to: &writer) }
        if include.contains("statistics") {
            guard let fingerprint = Fingerprint.sha256(packed) else { throw .fault("libcrypto computes no SHA-256") }
            writer.field("log_probability", mask.logProbability(drop.probability))
            writer.field("fingerprint", fingerprint)
        }
        if include.contains("next") {
            let layers: [MovedRandomness?] = []
            let schedule = Randomness.schedule(noise, drop.probability, shard: shard)
            writer.next(
                randomness.moved(by: 1, schedule).map {
                    MovedDraws(randomness: $0, layers: layers, isSeedUsed: isSeedUsed)
                })
        }
        writer.endObject()
        return .text(writer.finish())
    }

    private var isSeedUsed: Bool { !randomness.decides(DrawSchedule.Draw(noise, probability: drop.probability)) }

    private func echo(to writer: inout JSONWriter) {
        let probability = drop.probability
        writer.probability(probability)
        // The scale is infinite for a keep below 2^-1024 too.
        writer.field("scale", finite: 1 / probability.keep)
        writer.randomness(randomness, isDrawn: isSeedUsed)
        place?.write(to: &writer)
        writer.granularity(drop, shard?.whole ?? noise)
    }
}
