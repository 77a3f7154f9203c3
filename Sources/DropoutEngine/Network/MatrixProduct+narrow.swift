import Stopping

extension MatrixProduct {
    /// The product of small matrices and of few rows. Whole rows of B are added to a row of C, which starts as +0.
    @inline(__always)
    static func rowByRow<Scalar: DropoutScalar>(
        _ a: Operand<Scalar>, _ first: UnsafePointer<Scalar>, _ b: Operand<Scalar>, _ second: UnsafePointer<Scalar>,
        _ c: UnsafeMutablePointer<Scalar>, _ k: Int, _ stop: StopFlag
    ) throws(DropoutError) {
        var pace = Pace(stop)
        for i in 0..<a.lines {
            let row = c + i * b.lines
            for columns in Blocks(0..<b.lines) {
                for q in 0..<k {
                    try pace.spend(columns.count)
                    let factor = first[i &* a.lineStride &+ q &* a.step]
                    let numbers = second + q &* b.step
                    if b.lineStride == 1 {
                        for column in columns { row[column] += factor * numbers[column] }
                    } else {
                        for column in columns { row[column] += factor * numbers[column &* b.lineStride] }
                    }
                }
            }
        }
    }

    /// The product of few columns. Eight rows are summed at once, and their sums do not wait for each other.
    @inline(__always)
    static func narrow<Scalar: DropoutScalar>(
        _ a: Operand<Scalar>, _ first: UnsafePointer<Scalar>, _ b: Operand<Scalar>, _ second: UnsafePointer<Scalar>,
        _ c: UnsafeMutablePointer<Scalar>, _ k: Int, _ stop: StopFlag
    ) throws(DropoutError) {
        let (m, n, stride) = (a.lines, b.lines, a.lineStride)
        var pace = Pace(stop)
        for column in 0..<n {
            let numbers = second + column * b.lineStride
            var i = 0
            while i < m {
                let row = first + i * stride
                var (s0, s1, s2, s3) = (Scalar(0), Scalar(0), Scalar(0), Scalar(0))
                var (s4, s5, s6, s7) = (Scalar(0), Scalar(0), Scalar(0), Scalar(0))
                guard m - i >= 8 else {
                    for part in Blocks(0..<k) {
                        try pace.spend(part.count)
                        for q in part { s0 += row[q] * numbers[q &* b.step] }
                    }
                    c[i * n + column] = s0
                    i += 1
                    continue
                }
                for part in Blocks(0..<k) {
                    try pace.spend(part.count &* 8)
                    for q in part {
                        let x = numbers[q &* b.step]
                        let place = row + q
                        s0 += place[0] * x
                        s1 += place[stride] * x
                        s2 += place[2 &* stride] * x
                        s3 += place[3 &* stride] * x
                        s4 += place[4 &* stride] * x
                        s5 += place[5 &* stride] * x
                        s6 += place[6 &* stride] * x
                        s7 += place[7 &* stride] * x
                    }
                }
                let out = c + i * n + column
                (out[0], out[n], out[2 * n], out[3 * n]) = (s0, s1, s2, s3)
                (out[4 * n], out[5 * n], out[6 * n], out[7 * n]) = (s4, s5, s6, s7)
                i += 8
            }
        }
    }
}
