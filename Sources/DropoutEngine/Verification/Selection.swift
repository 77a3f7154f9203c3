package import Stopping

/// Finds an element of a sorted list without sorting it.
package enum Selection {
    /// The element at place `rank` after a stable sort of `numbers`, in which -0 and 0 are equal. No number is NaN.
    ///
    /// Counts the upper 16 bits of all numbers, then the next 16 bits of those that agree in the upper ones, and so on. The
    /// time does not depend on the numbers. A caller could choose numbers for which quickselect takes quadratic time.
    /// Complexity: O(n), memory for 65,536 counts.
    package static func element(
        _ rank: Int, of numbers: [Double], stop: StopFlag = .never
    ) throws(DropoutError) -> Double {
        var rank = rank
        var prefix: UInt64 = 0
        for shift in stride(from: 48, through: 0, by: -16) {
            var counts = [Int](repeating: 0, count: 1 << 16)
            try numbers.forEach(stop: stop) { number in
                let key = key(number)
                // Only numbers whose higher bits are the ones found before.
                if shift == 48 || key >> UInt64(shift + 16) == prefix {
                    counts[Int(key >> UInt64(shift) & 0xFFFF)] += 1
                }
            }
            var digit = 0
            while digit < 0xFFFF, rank >= counts[digit] {
                rank -= counts[digit]
                digit += 1
            }
            prefix = prefix << 16 | UInt64(digit)
        }
        // Equal numbers keep the order of the list.
        let chosen = prefix
        var found: Double?
        try numbers.forEach(stop: stop) { number in
            guard found == nil, key(number) == chosen else { return }
            if rank == 0 { found = number }
            rank -= 1
        }
        guard let found else { throw .impossible("no number is at the place that was counted") }
        return found
    }

    /// A whole number for `number`, in the order of the numbers.
    private static func key(_ number: Double) -> UInt64 {
        let bits = (number == 0 ? 0 : number).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }
}
