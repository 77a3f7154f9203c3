/// The known name closest to a misspelt one.
package enum NearestName {
    /// The name of `known` with the smallest edit distance: insertions, deletions, substitutions and swaps of neighbours. Nil if
    /// even that distance is more than a third of the word and more than two letters.
    ///
    /// Names longer than 64 characters are compared with none: the cost stays bounded by what a client sends.
    package static func find(_ name: String, in known: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let (letters, limit) = (Array(name.utf8), max(2, name.utf8.count / 3))
        // The lengths alone say that the others are too far.
        let best = known.filter { abs($0.utf8.count - letters.count) <= limit }
            .map { (name: $0, distance: distance(letters, Array($0.utf8))) }.min { $0.distance < $1.distance }
        guard let best, best.distance <= limit else { return nil }
        return best.name
    }

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
