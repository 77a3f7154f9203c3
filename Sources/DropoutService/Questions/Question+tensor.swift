import DropoutEngine
import TensorFiles
import TensorJSON
import TextCodecs

/// The tensors of a question.
extension Question {
    /// A tensor in any of its three forms or from a file, rounded once to `type`.
    ///
    /// - Parameter type: float16 and bfloat16 are held as `Float`.
    /// - Throws: only for a limit of the text. Everything else is noted.
    func tensor<Scalar: WireScalar>(
        _ name: String, of scalar: Scalar.Type, as type: ElementType = Scalar.elementType
    ) throws(Problem) -> (tensor: Tensor<Scalar>, form: TensorForm)? {
        if isAttached(name) {
            guard let attachment = attachment(name) else { return nil }
            return tensor(name, try attachment.elements(scalar, as: type), attachment.stored.shape, .nested)
        }
        guard let value = fields[name] else { return nil }
        switch value {
        case .number(let number):
            guard let scalar = Scalar.value(number, as: type) else {
                wrong(name, "\(number.text.excerpt(40)) is too large for \(type.rawValue)")
                return nil
            }
            return tensor(name, [scalar], [], .nested)
        case .string(let text):
            guard let scalar: Scalar = NonFiniteNumber(name: text)?.value() else {
                wrong(name, "a tensor expected, \(value.shortText) found\(value.tensorHint())")
                return nil
            }
            return tensor(name, [scalar], [], .nested)
        case .numbers(let array):
            guard let elements = try packed(array, Scalar.self, as: type, at: pointer(to: name)) else {
                return nil
            }
            return tensor(name, elements, array.shape, .nested)
        case .object(let object):
            return try part(object, named: name).shapedTensor(as: type)
        case .array(let items) where inference?.isOfInstances == true && pointer.isEmpty && name == "input":
            return try stacked(items, name, as: type)
        case .array(let items):
            let index = Self.firstNonNumber(items)
            let item = items[index]
            wrong(name, item: index, "a number expected, \(item.shortText) found\(item.tensorHint(isItem: true))")
            return nil
        case .bool, .null:
            wrong(name, "a tensor expected, \(value.shortText) found")
            return nil
        }
    }

    /// The tensors of a list, one after another along a new first axis.
    private func stacked<Scalar: WireScalar>(
        _ items: [JSONValue], _ name: String, as type: ElementType
    ) throws(Problem) -> (tensor: Tensor<Scalar>, form: TensorForm)? {
        var (elements, shape, isWhole) = ([] as [Scalar], nil as [Int]?, true)
        for (index, item) in items.enumerated() {
            if index % 256 == 0 { try checkStop() }
            guard let part = try part(item, index, of: name).tensor("\(index)", of: Scalar.self, as: type) else {
                isWhole = false
                continue
            }
            let dimensions = part.tensor.shape.dimensions
            if let shape, shape != dimensions {
                wrong(name, item: index, "the shape is \(dimensions); that of the first instance expected, \(shape)")
                isWhole = false
            }
            shape = shape ?? dimensions
            elements += part.tensor.elements
        }
        guard isWhole, let shape else { return nil }
        do {
            return (try Tensor(elements, shape: try Shape([items.count] + shape)), .nested)
        } catch {
            wrong(name, error.explanation)
            return nil
        }
    }

    /// The flat and the base64 form: an object with a shape.
    ///
    /// - Parameter known: the members that may be there, if only as null.
    func shapedTensor<Scalar: WireScalar>(
        as type: ElementType = Scalar.elementType, known: [String] = ["shape", "data", "dtype", "base64"]
    ) throws(Problem) -> (tensor: Tensor<Scalar>, form: TensorForm)? {
        refuseUnknown(besides: known)
        guard has("shape") else {
            wrong("a tensor as an object needs `shape`, and `data` or `base64`")
            return nil
        }
        guard let shape = naturals("shape") else { return nil }
        switch (fields["data"], fields["base64"]) {
        case (.numbers(let array)?, nil):
            if has("dtype") {
                wrong(
                    "dtype", "`dtype` is the type of `base64`; the numbers of `data` are read in the request's `dtype`")
            }
            guard let elements = try packed(array, Scalar.self, as: type, at: pointer(to: "data")) else {
                return nil
            }
            guard array.shape.count == 1 else {
                wrong("data", "a flat list expected, an array of shape \(array.shape) found")
                return nil
            }
            return tensor("shape", elements, shape, .flat)
        case (nil, .string(let encoded)?):
            guard let stored = choice("dtype", ElementType.self) ?? (has("dtype") ? nil : type) else {
                return nil
            }
            let elements: [Scalar]? =
                switch stored {
                case .float64: try decoded(encoded, Double.self, to: type)
                case .float32: try decoded(encoded, Float.self, to: type)
                case .float16, .bfloat16: try decoded(encoded, stored, to: type)
                }
            return elements.flatMap { tensor("shape", $0, shape, .base64) }
        case (let data?, nil):
            wrong("data", "a flat list of numbers expected, \(data.shortText) found")
        case (nil, let base64?):
            wrong("base64", "a string expected, \(base64.shortText) found")
        case (nil, nil):
            wrong("a tensor as an object needs `data` or `base64` in addition to `shape`")
        case (.some, .some):
            wrong("give `data` or `base64`, not both")
        }
        return nil
    }

    /// The numbers of a base64 text, converted if they are stored as another type. Nil, with an entry, if the text is wrong.
    private func decoded<Scalar: WireScalar, Stored: WireScalar>(
        _ text: String, _ stored: Stored.Type, to type: ElementType
    ) throws(Problem) -> [Scalar]? {
        let stored: [Stored]?
        do {
            stored = try Stored.decode(base64: text, stop: stop)
        } catch {
            throw .stopped
        }
        guard let count = Base64.byteCount(text), let elements = stored else {
            wrong("base64", "not base64 (RFC 4648, with padding)")
            return nil
        }
        guard count % Stored.byteCount == 0 else {
            wrong("base64", "\(count) bytes are no whole number of \(Stored.elementType.rawValue) elements")
            return nil
        }
        if let half = type.half {
            return try converted(elements.count) { Scalar(Stored.rounded(elements[$0], to: half)) }
        }
        return elements as? [Scalar] ?? elements.map { Scalar($0) }
    }

    /// The numbers of a base64 text that holds numbers of 16 bits. Nil, with an entry, if the text is wrong.
    private func decoded<Scalar: WireScalar>(
        _ text: String, _ stored: ElementType, to type: ElementType
    ) throws(Problem) -> [Scalar]? {
        guard let half = stored.half else { throw .fault("\(stored) has no 16 bits") }
        guard let bytes = try bytes(base64: text) else {
            wrong("base64", "not base64 (RFC 4648, with padding)")
            return nil
        }
        guard bytes.count % 2 == 0 else {
            wrong("base64", "\(bytes.count) bytes are no whole number of \(stored.rawValue) elements")
            return nil
        }
        let rounding = type == stored ? nil : type.half
        return try converted(bytes.count / 2) { index in
            let number = half.number(bits: UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8)
            return Scalar(rounding.map { $0.round(number) } ?? number)
        }
    }

    /// Computes each of `count` elements and asks the stop flag between blocks of them.
    private func converted<Scalar>(_ count: Int, _ element: (Int) -> Scalar) throws(Problem) -> [Scalar] {
        var elements: [Scalar] = []
        elements.reserveCapacity(count)
        for start in stride(from: 0, to: count, by: 16_384) {
            try checkStop()
            for index in start..<min(count, start + 16_384) { elements.append(element(index)) }
        }
        return elements
    }

    private func tensor<Scalar: WireScalar>(
        _ name: String, _ elements: [Scalar], _ dimensions: [Int], _ form: TensorForm
    ) -> (tensor: Tensor<Scalar>, form: TensorForm)? {
        countElements(elements.count)
        do {
            return (try Tensor(elements, shape: try Shape(dimensions)), form)
        } catch {
            wrong(name, error.explanation)
            return nil
        }
    }

    /// The elements of a packed array as `Scalar`, or nil and an entry at the first wrong place.
    private func packed<Scalar: WireScalar>(
        _ array: NumberArray, _ scalar: Scalar.Type, as type: ElementType, at place: String
    ) throws(Problem) -> [Scalar]? {
        let array = try reread(array, as: type)
        if let problem = array.problem {
            note(place + problem.path.map { "/\($0)" }.joined(), problem.detail)
            return nil
        }
        // An inference has checked that its booleans are of type BOOL.
        guard !array.isBoolean || inference != nil else {
            note(place, "numbers expected, booleans found; write 1 and 0")
            return nil
        }
        guard let elements = Scalar.elements(array.storage) else {
            throw Problem.fault("an array was read again and still has another type")
        }
        return elements
    }

    /// The index of the first item that is no number nor the name of one, or 0.
    private static func firstNonNumber(_ items: [JSONValue]) -> Int {
        let index = items.firstIndex {
            switch $0 {
            case .number: false
            case .string(let text): NonFiniteNumber(name: text) == nil
            default: true
            }
        }
        return index ?? 0
    }
}
