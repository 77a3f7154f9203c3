package import Stopping

extension NoiseShape {
    /// Repeats each drawn value over the elements that share it.
    ///
    /// Shapes: `values.count == drawn.count`; the result has `full.count` values in row-major order.
    /// Complexity: O(full.count), one allocation; none if nothing is shared.
    package func expand<Value: BitwiseCopyable>(
        _ values: [Value], stop: StopFlag = .never
    ) throws(DropoutError) -> [Value] {
        guard values.count == drawn.count else {
            throw .impossible("\(values.count) values are repeated for \(drawn.count) units")
        }
        if isElementwise { return values }
        return try [Value](capacity: full.count) { (span: inout OutputSpan<Value>) throws(DropoutError) in
            try span.withUnsafeMutableBufferPointer { buffer, initializedCount throws(DropoutError) in
                try forEachRun(stop) { unit, step, elements in
                    let run = UnsafeMutableBufferPointer(rebasing: buffer[elements])
                    if step == 0 {
                        run.initialize(repeating: values[unit])
                    } else {
                        _ = run.initialize(fromContentsOf: values[unit..<unit + elements.count])
                    }
                    initializedCount = elements.upperBound
                }
            }
        }
    }

    /// Calls `body` with the drawn index of every element, in row-major order.
    @inline(__always)
    func forEachElement(
        _ stop: StopFlag, _ body: (Int) throws(DropoutError) -> Void
    ) throws(DropoutError) {
        try forEachRun(stop) { unit, step, elements throws(DropoutError) in
            for place in 0..<elements.count { try body(unit + step * place) }
        }
    }

    /// Calls `body` with each run of elements along the last axes that are all drawn or all shared, in row-major order.
    ///
    /// `unit` is the drawn index of the first element. It grows by `step`, 0 or 1, from one element to the next. A run longer than
    /// a block comes in several calls.
    @inline(__always)
    func forEachRun(
        _ stop: StopFlag, _ body: (_ unit: Int, _ step: Int, _ elements: Range<Int>) throws(DropoutError) -> Void
    ) throws(DropoutError) {
        guard full.count > 0 else { return }
        let axes = joinedAxes
        let (length, step) = axes.last.map { ($0.extent, $0.stride) } ?? (1, 0)
        let outer = axes.dropLast()
        var index = [Int](repeating: 0, count: outer.count)
        var (unit, start) = (0, 0)
        var pace = Pace(stop)
        while true {
            for block in Blocks(0..<length) {
                try pace.spend(block.count)
                try body(unit + step * block.lowerBound, step, start + block.lowerBound..<start + block.upperBound)
            }
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

    /// The number of runs along the last axes that are all drawn or all shared.
    package var runs: Int { full.count == 0 ? 0 : joinedAxes.dropLast().reduce(1) { $0 * $1.extent } }

    /// The axes, after neighbours that are both drawn or both shared were joined, with the distance of the drawn values along each: 0
    /// along a shared axis, 1 along the last drawn one.
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
