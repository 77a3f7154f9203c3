import Foundation

/// A client that sends the bytes it is given and reads the answers strictly: nothing is repaired on either side.
///
/// It blocks, with a timeout on every wait, and so belongs on a thread of its own (``onThread(_:)``).
final class RawClient {
    enum Failure: Error, Equatable {
        case cannotConnect(Int32)
        case cannotSend(Int32)
        case timedOut
        /// The server cut the connection instead of closing it.
        case wasReset
        case endedEarly
        case malformed(String)
    }

    private let descriptor: Int32
    private var isClosed = false

    init(_ port: Int) throws(Failure) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw .cannotConnect(errno) }
        setTimeout(SO_RCVTIMEO, milliseconds: 120_000)
        setTimeout(SO_SNDTIMEO, milliseconds: 120_000)
    }

    private func setTimeout(_ option: CInt, milliseconds: Int) {
        var timeout = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { if !isClosed { close(descriptor) } }

    // MARK: Sending

    func send(_ bytes: [UInt8]) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw .cannotSend(errno) }
            sent += count
        }
    }

    func send(_ text: String) throws(Failure) { try send(Array(text.utf8)) }

    /// Sends `bytes` again and again until the server has taken nothing for a while, or `maximum` bytes are sent.
    ///
    /// - Returns: the number of bytes sent.
    func sendUntilBlocked(_ bytes: [UInt8], maximum: Int) throws(Failure) -> Int {
        setTimeout(SO_SNDTIMEO, milliseconds: 300)
        var sent = 0
        while sent < maximum {
            let offset = sent % bytes.count
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + offset, bytes.count - offset, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EAGAIN { break }
            guard count > 0 else { throw .cannotSend(errno) }
            sent += count
        }
        return sent
    }

    /// Sends each byte once the server, of one event loop, has read the one before: after it, `witness` is answered.
    func sendByteByByte(_ text: String, witness: RawClient) throws(Failure) {
        for byte in text.utf8 {
            try send([byte])
            try witness.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try witness.response()
        }
    }

    /// Sends no more, and goes on reading.
    func endSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Leaves without a farewell: what the server sends or has sent is answered with a reset.
    func abort() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Cuts the connection: the server sees a reset, and nothing else.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close(descriptor)
        isClosed = true
    }

    // MARK: Receiving

    private lazy var reader = AnswerReader { [descriptor] () throws(Failure) in
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw errno == EAGAIN ? .timedOut : .wasReset }
        return Array(buffer[..<count])
    }

    /// The next answer. One to HEAD has no body whatever its header says.
    func response(toHead isHead: Bool = false) throws(Failure) -> RawResponse { try reader.response(toHead: isHead) }

    /// The header of the next answer.
    func head() throws(Failure) -> RawResponse { try reader.response(toHead: true) }

    /// All bytes until the server closes in good order.
    func rest() throws(Failure) -> [UInt8] { try reader.rest() }

    /// Returns when the header deadline of a server has passed: a header that has begun and goes on no further is refused then.
    static func awaitHeaderDeadline(_ port: Int) throws(Failure) {
        let client = try RawClient(port)
        try client.send("G")
        _ = try client.rest()
    }

    /// Returns when an answer has begun to come.
    func waitForAnswer() throws(Failure) { try reader.waitForAnswer() }

    /// Exactly so many bytes.
    func bytes(_ count: Int) throws(Failure) -> [UInt8] { try reader.bytes(count) }
}
