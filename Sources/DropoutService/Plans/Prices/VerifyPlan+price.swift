import DropoutEngine
import TensorJSON
import TextCodecs

/// What a verification costs.
extension VerifyPlan {
    /// The judgement and the draw of the mask that was asked for. The search takes what is left of the limit.
    var priceList: PriceList {
        let count = verification.input.elements.count
        var list = PriceList()
        let passes = verification.outputs.count
        let pointer = passes > 1 ? "/outputs" : "/output"
        let rounding = verification.half == nil ? 0 : KernelPrice.roundHalf(count.times(15))
        let judging: KernelPrice = verification.mode == .eval ? .judgeEvaluation : .judge
        list.compute(
            KernelPrice.judgement(1).adding(judging(count)).adding(rounding).times(passes), for: pointer)
        // What was done to the right mask, see MaskRelationSearch.
        let relating = KernelPrice.compare(MaskRelationSearch.comparisons(count).adding(count))
        if verification.mask != nil { list.compute(relating.times(passes), for: "/mask") }
        // Periods of the mask, of all elements and along the axes, see RepeatedMask.
        if verification.mode == .train { list.compute(relating.times(2).times(passes), for: pointer) }
        list.hold(count.times(Scalar.byteCount).times(passes + 1).adding(count.times(40).times(passes)))
        if let layer {
            list.compute(
                KernelPrice.judgeVariant(count.times(layer.lawCount)).times(passes).adding(layer.preparation),
                for: "/variant")
            list.hold(count.times(Scalar.byteCount.adding(24)).times(passes.adding(1)))
        }
        if gradients != nil {
            list.compute(KernelPrice.judge(count).adding(relating), for: "/\(Self.gradientField)")
            list.hold(count.times(Scalar.byteCount.times(2).adding(16)))
        }
        guard let randomness, verification.mode == .train else { return list }
        list.add(randomness.seed.price, for: "/\(GeneratorState.field)")
        list.draw(randomness, draw.noise, SearchedDraw.anyProbability, shard: draw.shard, for: "/output")
        list.compute(KernelPrice.compare(count).adding(relating), for: "/output")
        if let layer, layer.record.isContinuous {
            list.compute(NoiseSearch<Scalar>.price(randomness, draw, layer).times(2), for: "/variant")
            list.hold(count.times(32))
        }
        return list
    }

    /// The price with that of the search.
    ///
    /// The search may take five times what the judgement takes, and a small question's at least 5 ms, within the limit of a
    /// request.
    func withSearch(_ judging: Price, _ limits: ServiceLimits) -> (price: Price, limit: Int) {
        guard let randomness, verification.mode == .train else { return (judging, 0) }
        let left = min(
            limits.maximumNanoseconds - judging.nanoseconds, max(5_000_000, judging.nanoseconds.times(5)))
        var price = judging
        let search = draw.price(near: randomness).adding(draw.numbersPrice(randomness))
        price.nanoseconds = price.nanoseconds.adding(min(search, left))
        return (price, left)
    }
}

extension LayerDraw {
    /// The laws with which an output may be compared, see ``VariantVerification``.
    fileprivate var lawCount: Int {
        switch operation {
        case .alpha?, .zoneout?: 12
        // The blocks of up to nine sides.
        case .block(let block)?: block.shape.rank.times(10)
        case .scale?, .connect?: 0
        // Sorting, and the distances to some laws.
        case .multiply?, nil: 60
        }
    }
}
