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
    /// The form of the tensors of an answer. Nil for the form of the request's input.
    let form: TensorForm?

    init(_ question: Question) {
        mode = question.choice("mode", DropoutMode.self) ?? .train
        scheme = question.choice("scheme", DropoutScheme.self) ?? .inverted
        layout = question.choice("layout", Layout.self) ?? .columns
        type = question.computingType()
        maskFormat = question.choice("mask_format", MaskFormat.self) ?? .numbers
        let form = question.choice("tensor_format", TensorForm.self)
        self.form = question.answerType == .safetensors ? .file : form
        if question.answerType == .safetensors, maskFormat == .packed || maskFormat == .indices {
            question.wrong("mask_format", "the masks in a safetensors file are `numbers` or `booleans`")
        }
    }

    /// The relative error that counts as rounding in a verification without a `tolerance`.
    var tolerance: Double {
        switch type {
        // The numbers may have been computed in single precision and written with fewer digits.
        case .float64: 1e-5
        case .float32: 1e-6
        // The factor and the product are rounded, each by half a unit of the last place.
        case .float16: 2e-3
        case .bfloat16: 1.6e-2
        }
    }

    /// - Parameter what: what has no types of 16 bits, with its verb.
    /// - Throws: a 422 for such a type.
    func refuseHalf(_ question: Question, _ what: String) throws(Problem) {
        guard type.half != nil else { return }
        let detail = "\(what) computed in float64 and float32; \(type.rawValue) is a type of single tensors"
        throw Problem(unanswerable: [.init(pointer: "/dtype", detail: detail)])
    }
}
