package import NIOCore

/// Where a client is, as far as it cannot choose: its IPv4 address, or the first 64 bits of its IPv6 address.
package enum ClientNetwork: Hashable, Sendable {
    case ipv4(UInt32)
    case ipv6(UInt64)

    /// Nil for what is no Internet address.
    package init?(_ address: SocketAddress?) {
        switch address {
        case .v4: self = .ipv4(address?.word(at: Self.ipv4Offset) ?? 0)
        case .v6:
            let words = (0..<4).map { address?.word(at: Self.ipv6Offset + 4 * $0) ?? 0 }
            // An IPv4 client of a socket for both (RFC 4291, 2.5.5.2).
            let isIPv4 = words[..<3] == [0, 0, 0xFFFF]
            self = isIPv4 ? .ipv4(words[3]) : .ipv6(UInt64(words[0]) << 32 | UInt64(words[1]))
        case .unixDomainSocket, nil: return nil
        }
    }

    /// Where the address is in `sockaddr_in` and `sockaddr_in6`.
    private static let (ipv4Offset, ipv6Offset) = (4, 8)
}

extension SocketAddress {
    /// Four bytes of the system's structure, in the order of the network.
    fileprivate func word(at offset: Int) -> UInt32 {
        withSockAddr { address, size in
            guard offset + 4 <= size else { return 0 }
            return UInt32(bigEndian: UnsafeRawPointer(address).loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }
}
