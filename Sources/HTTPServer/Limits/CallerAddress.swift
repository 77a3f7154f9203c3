package import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

extension SocketAddress {
    /// The address that counts as one caller: an IPv4 address as it is, an IPv6 address by its first 64 bits.
    ///
    /// One host on the internet has a /64 of IPv6 and may take a new address from it for each connection. IPv4 addresses
    /// inside IPv6 (`::ffff:192.0.2.1`, and `64:ff9b::192.0.2.1` of RFC 6052) are IPv4 addresses here: else all of them
    /// were one caller.
    ///
    /// Examples: `192.0.2.1`, `2001:db8:1:2::/64`. Nil for other families.
    package var callerAddress: String? {
        switch self {
        case .v4: return ipAddress
        case .v6:
            var bytes = [UInt8](repeating: 0, count: 16)
            guard let ipAddress, inet_pton(AF_INET6, ipAddress, &bytes) == 1 else { return nil }
            if Self.prefixesOfIPv4.contains(Array(bytes.prefix(12))) {
                return bytes.suffix(4).map(String.init).joined(separator: ".")
            }
            bytes.replaceSubrange(8..., with: repeatElement(0, count: 8))
            let network = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
            return network?.ipAddress.map { $0 + "/64" }
        case .unixDomainSocket: return nil
        }
    }

    private static let prefixesOfIPv4: [[UInt8]] = [
        [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF], [0x00, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8),
    ]
}
