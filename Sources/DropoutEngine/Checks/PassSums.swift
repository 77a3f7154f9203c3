import Stopping

/// The sums over one pass that its check needs, computed in one loop.
///
///     input = Σ x,  output = Σ y,  squares = Σ x²,  magnitude = Σ |x| + Σ |y|
///
/// Shapes: x and y have the same number of elements.
/// Precision: float64. Each sum is one chain of additions in row-major order from +0.
/// Complexity: O(n). No addition waits for one of another chain.
struct PassSums {
    private(set) var input = 0.0
    private(set) var output = 0.0
    private(set) var squares = 0.0
    var magnitude: Double { inputMagnitude + outputMagnitude }

    private var inputMagnitude = 0.0
    private var outputMagnitude = 0.0

    @inline(__always)
    init<Scalar: DropoutScalar>(_ x: [Scalar], _ y: [Scalar], stop: StopFlag) throws(DropoutError) {
        guard x.count == y.count else {
            throw .impossible("the sums of \(x.count) and \(y.count) elements are taken together")
        }
        for block in Blocks(0..<x.count) {
            try stop.ask()
            x.withUnsafeBufferPointer { x in
                y.withUnsafeBufferPointer { y in
                    for i in block {
                        add(input: Double(x[i]))
                        add(output: Double(y[i]))
                    }
                }
            }
        }
    }

    @inline(__always)
    private mutating func add(input x: Double) {
        input += x
        squares += x * x
        inputMagnitude += x.magnitude
    }

    @inline(__always)
    private mutating func add(output y: Double) {
        output += y
        outputMagnitude += y.magnitude
    }
}
