import DropoutEngine
import TensorJSON
import TextCodecs

/// What it costs to print numbers: time, and bytes of text.
enum PrintingPrice {
    /// A tensor in one of its forms.
    ///
    /// The numbers themselves are held until they are printed. They are counted with what computes them.
    static func tensor(_ shape: Shape, form: TensorForm, as type: ElementType) -> Price {
        switch form {
        case .nested: return nested(shape) + numbers(shape.count, type)
        case .flat: return dimensions(shape) + numbers(shape.count, type)
        case .base64:
            let bytes = shape.count.times(type.byteCount)
            return dimensions(shape)
                + Price(nanoseconds: KernelPrice.printBase64(bytes), printedBytes: (bytes / 3).adding(1).times(4))
        case .file: return file(shape, elementBytes: type.byteCount)
        }
    }

    /// What the header of a file has besides its tensors: the values of the answer that are no tensors.
    static let fileHeader = Price(printedBytes: 2048)

    /// A tensor in a file. Its bytes are held twice, alone and in the answer.
    private static func file(_ shape: Shape, elementBytes: Int) -> Price {
        let bytes = shape.count.times(elementBytes)
        // A tensor is named in about the time in which a value is read with its name.
        return Price(
            nanoseconds: KernelPrice.convert(shape.count).adding(KernelPrice.readValue(1)),
            heldBytes: bytes.times(2).adding(3 * headerEntryBytes), printedBytes: bytes.adding(headerEntryBytes))
            + dimensions(shape)
    }

    /// The name, the type and the offsets of a tensor in the header of a file, and the name in the text.
    private static let headerEntryBytes = 192

    /// A mask in one of its formats.
    static func mask(_ shape: Shape, format: MaskFormat, form: TensorForm) -> Price {
        let count = shape.count
        switch format {
        case .numbers, .booleans:
            if form == .file { return file(shape, elementBytes: 1) }
            let width = format == .numbers ? 2 : 6
            let bits = Price(nanoseconds: KernelPrice.printBit(count), printedBytes: count.times(width))
            return bits + (form == .nested ? nested(shape) : dimensions(shape))
        case .packed:
            return Price(
                nanoseconds: KernelPrice.pack(count).adding(KernelPrice.printBase64(count / 8)),
                heldBytes: count / 8 + 1,
                printedBytes: count / 6 + 8)
        case .indices:
            return Price(
                nanoseconds: KernelPrice.kept(count).adding(KernelPrice.printInteger(count)),
                heldBytes: count.times(16), printedBytes: count.times(digits(count) + 1))
        case .none: return .zero
        }
    }

    /// So many tensors of float64 in the shape of an output: means, variances, bounds of intervals.
    static func moments(_ shape: Shape, form: TensorForm, tensors: Int) -> Price {
        tensor(shape, form: form, as: .float64).times(tensors)
    }

    /// A check with its names.
    static let check = Price(nanoseconds: KernelPrice.print64(11), printedBytes: 450)

    /// A line of NDJSON with one tensor.
    static func line(_ shape: Shape, form: TensorForm, as type: ElementType) -> Price {
        tensor(shape, form: form, as: type) + Price(nanoseconds: KernelPrice.line(1), printedBytes: 32)
    }

    private static func numbers(_ count: Int, _ type: ElementType) -> Price {
        switch type {
        case .float64: Price(nanoseconds: KernelPrice.print64(count), printedBytes: count.times(20))
        case .float32: Price(nanoseconds: KernelPrice.print32(count), printedBytes: count.times(12))
        case .float16, .bfloat16: Price(nanoseconds: KernelPrice.print16(count), printedBytes: count.times(12))
        }
    }

    /// The brackets of a nested array, also of one without elements.
    private static func nested(_ shape: Shape) -> Price {
        var (rows, brackets) = (1, 0)
        for extent in shape.dimensions {
            brackets = brackets.adding(rows)
            rows = rows.times(extent)
        }
        return Price(nanoseconds: KernelPrice.printBracket(brackets), printedBytes: brackets.times(3))
    }

    private static func dimensions(_ shape: Shape) -> Price { Price(printedBytes: shape.rank.times(20)) }

    private static func digits(_ count: Int) -> Int { String(count).utf8.count }
}
