import Stopping

extension [Double] {
    /// The numbers in ascending order: blocks are sorted, and then merged in pairs.
    ///
    /// Complexity: O(n·log n) whatever the numbers are. No number is NaN.
    func sorted(stop: StopFlag) throws(DropoutError) -> [Double] {
        var (runs, length) = (self, Blocks.size)
        for block in Blocks(indices) {
            try stop.ask()
            runs[block].sort()
        }
        var pace = Pace(stop)
        while length < count {
            var merged: [Double] = []
            merged.reserveCapacity(count)
            for start in stride(from: 0, to: count, by: 2 * length) {
                let (middle, end) = (Swift.min(start + length, count), Swift.min(start + 2 * length, count))
                var (left, right) = (start, middle)
                while left < middle || right < end {
                    try pace.spend(1)
                    if right == end || (left < middle && runs[left] <= runs[right]) {
                        merged.append(runs[left])
                        left += 1
                    } else {
                        merged.append(runs[right])
                        right += 1
                    }
                }
            }
            (runs, length) = (merged, 2 * length)
        }
        return runs
    }
}
