import DropoutEngine
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
        type = question.computingType()
        maskFormat = question.choice("mask_format", MaskFormat.self) ?? .numbers
        form = question.choice("tensor_format", TensorForm.self)
    }
}
