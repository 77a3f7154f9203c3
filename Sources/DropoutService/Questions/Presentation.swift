import DropoutEngine
import TensorFiles
import TensorJSON

/// The fields that say how to compute and print, not what: the same for every route with tensors.
struct Presentation {
    static let fields = ["mode", "scheme", "layout", "dtype", "mask_format", "tensor_format"]

    let mode: DropoutMode
    let scheme: DropoutScheme
    let layout: Layout
    let type: ElementType
    let maskFormat: MaskFormat
    /// The form of printed tensors. Nil for the form of the request's input.
    let form: TensorForm?

    init(_ question: Question) {
        mode = question.choice("mode", DropoutMode.self) ?? .train
        scheme = question.choice("scheme", DropoutScheme.self) ?? .inverted
        layout = question.choice("layout", Layout.self) ?? .columns
        type = question.choice("dtype", ElementType.self) ?? Self.type(of: question.attachment("input"), question)
        maskFormat = question.choice("mask_format", MaskFormat.self) ?? .numbers
        form = question.choice("tensor_format", TensorForm.self)
    }

    /// The type to compute in without `dtype`: that of the input's file, float64 for integers.
    private static func type(of attachment: AttachedTensor?, _ question: Question) -> ElementType {
        switch attachment?.stored.type {
        case .float32: return .float32
        case .float16?, .bfloat16?:
            if !question.has("dtype") {
                question.wrong(
                    "dtype", "the file has elements of two bytes; say in which type to compute, float32 or float64")
            }
            return .float32
        default: return .float64
        }
    }
}
