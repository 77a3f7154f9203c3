/// A noise shape with its name.
struct NamedNoise {
    let name: String
    let noise: NoiseShape

    /// The noise shapes of all granularities in both layouts, and those that share along a single axis, without repetition.
    ///
    /// - Parameter hasVariants: whether those of spatial dropout, of a dropped path and of variational dropout are among them.
    static func all(of shape: Shape, hasVariants: Bool = false) -> [NamedNoise] {
        var result: [NamedNoise] = []
        func add(_ name: String, _ noise: NoiseShape) {
            if !result.contains(where: { $0.noise == noise }) { result.append(NamedNoise(name: name, noise: noise)) }
        }
        add("element", NoiseShape(elementwise: shape))
        for layout in Layout.allCases {
            for granularity in Granularity.allCases {
                add(
                    "\(granularity.rawValue), layout \(layout.rawValue)",
                    NoiseShape(granularity, of: shape, layout: layout))
            }
        }
        for axis in 0..<shape.rank {
            add("one draw for each place of axis \(axis)", NoiseShape(full: shape) { $0 == axis })
            add("one draw for all of axis \(axis)", NoiseShape(full: shape) { $0 != axis })
        }
        guard hasVariants else { return result }
        if let noise = NoiseShape(spatial: shape, channelsLast: false) { add("spatial, channels first", noise) }
        if let noise = NoiseShape(spatial: shape, channelsLast: true) { add("spatial, channels last", noise) }
        if let noise = NoiseShape(variational: shape) { add("variational", noise) }
        return result
    }
}
