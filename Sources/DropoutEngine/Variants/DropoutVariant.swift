/// The kinds of dropout, each with its paper.
package enum DropoutVariant: String, CaseIterable, Sendable {
    /// Srivastava et al. 2014.
    case dropout
    /// Klambauer et al. 2017: keeps mean 0 and variance 1. See ``AlphaDropout``.
    case alpha
    /// Srivastava et al. 2014, section 10: x·N(1, rate / keep).
    case gaussian
    /// Tompson et al. 2015: whole feature maps of an example.
    case spatial
    /// Huang et al. 2016: the whole branch, of an example or of the batch.
    case dropPath = "drop_path"
    /// Ghiasi et al. 2018: blocks of a feature map. See ``DropBlock``.
    case dropBlock = "drop_block"
    /// Wan et al. 2013: the weights of a layer. See ``DropConnect``.
    case dropConnect = "drop_connect"
    /// Gal and Ghahramani 2016: one mask for all time steps of a sequence.
    case variational
    /// Gal, Hron and Kendall 2017: a relaxed mask. See ``ConcreteNoise``.
    case concrete
    /// Krueger et al. 2017: the previous state instead of zero. See ``Zoneout``.
    case zoneout
}

extension NoiseShape {
    /// The noise shape of spatial dropout: one draw for each channel of each example.
    ///
    /// Shapes: [N, C, D...] with the channels first or [N, D..., C] with them last, of rank 3 to 5.
    package init?(spatial full: Shape, channelsLast: Bool) {
        guard (3...5).contains(full.rank) else { return nil }
        let channel = channelsLast ? full.rank - 1 : 1
        self.init(full: full) { $0 == 0 || $0 == channel }
    }

    /// The noise shape of a dropped path: one draw for each example, or one for all.
    ///
    /// Shapes: the examples are on axis 0, or on axis 1 of a matrix of columns. A vector or scalar is one example.
    package init(pathOf full: Shape, isBatch: Bool, layout: Layout) {
        let axis = full.rank == 2 && layout == .columns ? 1 : 0
        self.init(full: full) { !isBatch && full.rank > 1 && $0 == axis }
    }

    /// The noise shape of variational dropout: [batch, time, features] drawn as [batch, 1, features], [time, features] as
    /// [1, features].
    package init?(variational full: Shape) {
        guard full.rank == 2 || full.rank == 3 else { return nil }
        self.init(full: full) { $0 != full.rank - 2 }
    }
}
