extension NoiseShape {
    /// Repeats each drawn value over the elements that share it.
    ///
    /// Shapes: `values.count == drawn.count`; the result has `full.count` values in row-major order.
    /// Complexity: O(full.count), one allocation; none where nothing is shared.
    package func expand<Value>(_ values: [Value]) -> [Value] {
        if isElementwise { return values }
        return [Value](unsafeUninitializedCapacity: full.count) { buffer, initializedCount in
            forEachRun { unit, step, elements in
                let run = UnsafeMutableBufferPointer(rebasing: buffer[elements])
                if step == 0 {
                    run.initialize(repeating: values[unit])
                } else {
                    _ = run.initialize(fromContentsOf: values[unit..<unit + elements.count])
                }
            }
            initializedCount = full.count
        }
    }

    /// Calls `body` with the drawn index of every element, in row-major order.
    @inline(__always)
    func forEachElement(_ body: (Int) -> Void) {
        forEachRun { unit, step, elements in
            for place in 0..<elements.count { body(unit + step * place) }
        }
    }

    /// Calls `body` with each run of elements along the last axes that are all drawn or all shared, in row-major order:
    /// the elements, the drawn index of the first, and by how much it grows from one to the next, 0 or 1.
    @inline(__always)
    func forEachRun(_ body: (_ unit: Int, _ step: Int, _ elements: Range<Int>) -> Void) {
        guard full.count > 0 else { return }
        let axes = joinedAxes
        let (length, step) = axes.last.map { ($0.extent, $0.stride) } ?? (1, 0)
        let outer = axes.dropLast()
        var index = [Int](repeating: 0, count: outer.count)
        var (unit, start) = (0, 0)
        while true {
            body(unit, step, start..<start + length)
            start += length
            if start == full.count { return }
            var axis = outer.count - 1
            while axis >= 0 {
                index[axis] += 1
                unit += outer[axis].stride
                if index[axis] < outer[axis].extent { break }
                unit -= outer[axis].stride * outer[axis].extent
                index[axis] = 0
                axis -= 1
            }
        }
    }

    /// The number of runs that the elements are in: along the last axes that are all drawn or all shared.
    package var runs: Int { full.count == 0 ? 0 : joinedAxes.dropLast().reduce(1) { $0 * $1.extent } }

    /// The axes with neighbours that are both drawn or both shared joined into one, and how far apart the drawn values
    /// along each stand: 0 along a shared one, 1 along the last drawn one.
    private var joinedAxes: [(extent: Int, stride: Int)] {
        var joined: [(extent: Int, stride: Int)] = []
        var stride = 1
        for axis in (0..<full.rank).reversed() where full.dimensions[axis] > 1 {
            let extent = full.dimensions[axis]
            let isDrawn = drawn.dimensions[axis] > 1
            if let last = joined.last, (last.stride > 0) == isDrawn {
                joined[joined.count - 1].extent *= extent
            } else {
                joined.append((extent, isDrawn ? stride : 0))
            }
            if isDrawn { stride *= extent }
        }
        return joined.reversed()
    }
}
