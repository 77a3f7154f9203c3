/// Points at which the elementary functions are known far beyond the precision of float64.
enum ReferenceVectors {
    struct Point {
        let x: Double
        let nearest: Double
        /// How many ulps of `nearest` the true value lies above it.
        let residue: Double

        /// The distance of `value` from the true one, in ulps of the nearest float64.
        func error(of value: Double) -> Double {
            if value == nearest { return residue.magnitude }
            let ulp = nearest == 0 ? Double.leastNonzeroMagnitude : nearest.ulp
            return ((value - nearest) / ulp - residue).magnitude
        }
    }

    static func points(_ table: String) -> [Point] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count == 3, let x = UInt64(fields[0], radix: 16), let nearest = UInt64(fields[1], radix: 16),
                let residue = Double(fields[2])
            else { return nil }
            return Point(x: Double(bitPattern: x), nearest: Double(bitPattern: nearest), residue: residue)
        }
    }

    static func floats(_ function: String) -> [(x: Float, nearest: Float)] {
        float32.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count == 3, fields[0] == function, let x = UInt32(fields[1], radix: 16),
                let nearest = UInt32(fields[2], radix: 16)
            else { return nil }
            return (Float(bitPattern: x), Float(bitPattern: nearest))
        }
    }
}
