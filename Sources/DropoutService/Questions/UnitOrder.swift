package import DropoutEngine
import TensorJSON

/// The order in which the units of a tensor are drawn.
package enum UnitOrder: Sendable, Equatable {
    case rowMajor
    case channelsLast
    case axes(DrawnOrder)

    /// The axes for a drawn shape. The outer nil: the order is that of another rank. The inner nil: row-major.
    func axes(rank: Int) -> DrawnOrder?? {
        switch self {
        case .rowMajor: .some(nil)
        case .channelsLast: DrawnOrder(channelsLast: rank).map { .some($0) }
        case .axes(let order): order.axes.count == rank ? .some(order) : nil
        }
    }

    func write(_ field: String, to writer: inout JSONWriter) {
        switch self {
        case .rowMajor:
            writer.key(field)
            writer.null()
        case .channelsLast: writer.field(field, "channels_last")
        case .axes(let order):
            writer.key(field)
            writer.shape(order.axes)
        }
    }
}

extension Question {
    /// `"channels_last"` or a list of axes.
    func unitOrder(_ name: String) -> UnitOrder? {
        guard let value = fields[name] else { return nil }
        if case .string(let text) = value {
            if text == "channels_last" { return .channelsLast }
            wrong(name, "\"channels_last\" or a list of axes expected, \"\(text.excerpt())\" found")
            return nil
        }
        guard let axes = naturals(name) else { return nil }
        guard let order = DrawnOrder(axes) else {
            wrong(name, "each axis from 0 to \(axes.count - 1) once expected")
            return nil
        }
        return .axes(order)
    }
}
