import HTTPServer
import NIOCore

extension ConnectionAction {
    /// The action in words; nil for what only says that bytes pass.
    var words: String? {
        switch self {
        case .read, .decode, .decodeEnd, .setBusy: nil
        case .write(let bytes): "write \(String(buffer: bytes).debugDescription.dropFirst().dropLast())"
        case .writeHead(let bytes, _):
            String(buffer: bytes).split(separator: "\r\n").first.map {
                "head \($0.split(separator: " ")[1])"
                    + (String(buffer: bytes).contains("\r\nConnection: close") ? ", last" : "")
            }
        case .flush: "flush"
        case .finish: "finish"
        case .awaitTaken: "await taken"
        case .measure: "measure"
        case .closeOutput: "close output"
        case .resetOnClose: "reset on close"
        case .close: "close"
        case .setTimer(let timer, let delay): "\(timer) \(delay / .milliseconds(1)) ms"
        case .clearTimer: "no timer"
        case .request(let order): order.words
        }
    }
}

extension RequestOrder {
    var words: String {
        switch self {
        case .start: "start"
        case .begin(let head): "begin \(head.method) \(head.target.path)"
        case .check: "check"
        case .answer(let question):
            "answer \(String(buffer: question.body))" + (question.bodyCoding.map { " of \($0)" } ?? "")
                + (question.isInputClosed ? ", input closed" : "")
        case .refuse(let refusal): "refuse \(refusal.status) \(refusal.reason)"
        case .takeMemory(let count): "take \(count)"
        case .holdMemory(let count): "hold \(count)"
        case .holdAllocated(let count): "have \(count)"
        case .checkTime: "check time"
        case .inputClosed: "input closed"
        case .stop: "stop"
        case .startParts(_, let isChunked): isChunked ? "parts in chunks" : "parts"
        case .makePart(let number): "make \(number)"
        case .end(let outcome):
            "end \(outcome.status.map(String.init) ?? "-") \(outcome.refusal.map { "\($0)" } ?? "-")"
                + (outcome.isComplete ? "" : ", incomplete")
        case .abandon: "abandon"
        }
    }
}
