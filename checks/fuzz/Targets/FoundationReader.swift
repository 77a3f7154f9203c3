import Foundation
import TensorJSON

/// The other opinion on what JSON is.
enum FoundationReader {
    /// Whether Foundation reads the text; nil where it means something else by it: a name that occurs twice, a comma before
    /// a closing bracket, more than 64 levels, numbers that no double holds, a byte 0 or a mark at the start that make it think
    /// of UTF-16.
    static func accepts(_ text: UnsafeBufferPointer<UInt8>, _ refusal: JSONSyntaxError?) -> Bool? {
        if let refusal {
            if refusal.detail.hasSuffix("stands twice in one object") { return nil }
            if refusal.detail.hasPrefix("nested deeper than") { return nil }
            let before = text[..<refusal.byteOffset].last { !" \t\n\r".utf8.contains($0) }
            let isClosing = refusal.detail.hasSuffix("']' found") || refusal.detail.hasSuffix("'}' found")
            if isClosing, before == UInt8(ascii: ",") { return nil }
        }
        if text.contains(0) || text.starts(with: [0xEF, 0xBB, 0xBF]) || text.first ?? 0 >= 0xFE { return nil }
        do {
            _ = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
            return true
        } catch {
            let reason = (error as NSError).userInfo["NSDebugDescription"] as? String
            return reason?.contains("not representable") == true ? nil : false
        }
    }
}
