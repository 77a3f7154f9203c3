import Glibc

/// A blocking client for one exchange.
enum LoopbackClient {
    /// What failed, and why.
    struct Failure: Error {
        let call: String
        let reason = String(cString: strerror(errno))
    }

    /// Sends each part in a separate segment, ends its side, and reads until the server ends the other.
    ///
    /// - Parameter number: of the exchange; it chooses one of the loopback's addresses, since closed connections keep the ports of
    ///   an address for a minute.
    /// - Throws: also after five seconds without a byte.
    static func exchange(port: Int, number: Int, _ parts: [[UInt8]]) throws(Failure) -> [UInt8] {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(call: "socket") }
        defer { close(socket) }
        set(socket, CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1))
        set(socket, CInt(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, CInt(1))
        set(socket, SOL_SOCKET, SO_RCVTIMEO, timeval(tv_sec: 5, tv_usec: 0))
        let source = 0x7F00_0001 + UInt32(truncatingIfNeeded: number & 0xFFF) << 8
        guard call(Glibc.bind, socket, source, port: 0) else { throw Failure(call: "bind") }
        try connect(socket, port: port)
        for part in parts where !part.isEmpty {
            // Short, so sent as a whole; a server that has refused may have closed its side already.
            while send(socket, part, part.count, CInt(MSG_NOSIGNAL)) < 0, errno == EINTR {}
        }
        shutdown(socket, CInt(SHUT_WR))
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count == 0 { return received }
            if count < 0 {
                // libFuzzer looks at its clock with a signal.
                if errno == EINTR { continue }
                guard errno == ECONNRESET else { throw Failure(call: "recv") }
                return received
            }
            received += buffer[..<count]
        }
    }

    /// Connects. libFuzzer looks at its clock with a signal: a call that the signal interrupts goes on in the kernel, so that
    /// what it came to is asked afterwards.
    private static func connect(_ socket: CInt, port: Int) throws(Failure) {
        if call(Glibc.connect, socket, 0x7F00_0001, port: port) { return }
        guard errno == EINTR else { throw Failure(call: "connect") }
        var request = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        var ready: CInt
        repeat { ready = poll(&request, 1, 5000) } while ready < 0 && errno == EINTR
        var (error, size) = (CInt(ETIMEDOUT), socklen_t(MemoryLayout<CInt>.size))
        if ready > 0, getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 { error = errno }
        guard error == 0 else {
            errno = error
            throw Failure(call: "connect")
        }
    }

    private static func set<Value>(_ socket: CInt, _ level: CInt, _ name: CInt, _ value: Value) {
        withUnsafeBytes(of: value) {
            _ = setsockopt(socket, level, name, $0.baseAddress, socklen_t($0.count))
        }
    }

    private static func call(
        _ function: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt, _ socket: CInt, _ host: UInt32, port: Int
    ) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
