package import DropoutEngine
import TextCodecs

/// What drawing from a generator costs: a part of its record. Times are picoseconds of one core.
///
/// Each number is what `make bench` prints under "Prices of drawing", times 1.5 as a safety margin, rounded up.
///
/// The records say what was measured on an AMD EPYC at 3 GHz.
package struct GeneratorPrice: Sendable {
    // MARK: Once for a stream
    /// Making the stream and drawing its first unit.
    package var seeding: Int
    /// Each number that `skip` counts.
    package var skipped = 0
    /// Each draw that `call` counts.
    package var called = 0
    /// Each unit that `offset` counts.
    package var offsetUnit = 0
    /// The most that the numbers of `skip` take, and the units of `offset`: a stream that is passed by drawing jumps if that is
    /// cheaper.
    package var jump = Int.max
    /// Each byte of `path`.
    package var pathByte = 0
    /// Each 32-bit word of the seed.
    package var seedWord = 0
    /// Each number of `fold_in`.
    package var fold = 0

    // MARK: For each draw
    /// A draw of one unit.
    package var draw: Int
    /// Each unit that `offset` counts, if each draw has a stream of its own.
    package var offsetUnitOfDraw = 0

    // MARK: For each unit
    package var unit: Int
    /// A unit in these types, if it differs from `unit`.
    package var unitOfType: [DrawType: Int] = [:]
    /// Moving the stream past a unit, if another draw follows.
    package var passedUnit = 0
    /// The same if there is an `offset` to carry along.
    package var passedUnitAtOffset: Int?
    /// A number in (0, 1).
    package var uniform = 0
    /// Whether keep 1 draws nothing, and whether keep 0 does.
    package var isFree: (atKeep1: Bool, atKeep0: Bool) = (false, false)

    // MARK: Memory
    /// Bytes of a draw that was handed out, besides its units.
    package var stateBytes = 256

    /// A unit that is not drawn but filled in.
    private static let filledUnit = 100
    /// Spreading units over one element, and over a run of them.
    private static let spreadElement = 100
    private static let spreadRun = 20_000
    /// Putting a unit that was drawn in another order into its place.
    fileprivate static let reorderedUnit = 2700
    /// The bytes of a Mersenne Twister: its state and its words.
    package static let twisterBytes = 5248
    /// Jumping with a Mersenne Twister of 32-bit words, and with one of 64-bit words.
    package static let twisterJump = 3_000_000_000
    package static let wideTwisterJump = 5_600_000_000

    /// Passing `offset` units by drawing or by a jump.
    fileprivate func passing(_ offset: Int, _ unit: Int) -> Int {
        min(offset.times(unit), jump)
    }

    /// The time of one pass of a draw, without the offset.
    ///
    /// - Parameter reading: how the draw's shard is read.
    fileprivate func time(
        of draw: DrawSchedule.Draw, type: DrawType, passed: Int, reading: ShardReading?
    ) -> Int {
        let keep = draw.probability.keep
        let isFilled = draw.kind == .units && (keep == 1 && isFree.atKeep1 || keep == 0 && isFree.atKeep0)
        let unit =
            switch draw.kind {
            case .uniforms: uniform
            case .units: isFilled ? Self.filledUnit : unitOfType[type] ?? self.unit
            }
        let spread =
            draw.spread.map { $0.elements.times(Self.spreadElement).adding($0.runs.times(Self.spreadRun)) } ?? 0
        guard let shard = draw.shard, let reading else {
            return self.draw.adding(draw.units.times(unit.adding(passed))).adding(spread)
        }
        let (draws, units) = reading.amount(shard)
        let cut = shard.runCount.times(Self.spreadRun).adding(shard.noise.drawn.count.times(Self.spreadElement))
        let way = reading == .span ? passing(shard.first, max(offsetUnit, offsetUnitOfDraw)) : 0
        return self.draw.times(draws).adding(units.times(unit)).adding(draw.units.times(passed)).adding(spread)
            .adding(cut).adding(way)
    }

    /// The bytes that one pass of a draw holds.
    fileprivate func bytes(of draw: DrawSchedule.Draw, reading: ShardReading?) -> Int {
        var units = draw.units
        if let shard = draw.shard, let reading { units = reading.amount(shard).units.adding(shard.noise.drawn.count) }
        let numbers = units.adding(draw.spread?.elements ?? 0)
        return numbers.times(draw.kind == .uniforms ? 8 : 1).adding(stateBytes)
    }
}

extension Randomness {
    /// The price of `passes` passes of `schedule`, drawn with one ``DrawCursor``.
    ///
    /// The time is that of entering the stream once, and then of the draws and units of all passes. The bytes are those of the
    /// masks of one pass.
    ///
    /// Edge cases: no draws and no passes cost nothing. Every amount saturates.
    package func price(of schedule: DrawSchedule, passes: Int) -> Price {
        guard passes > 0, !schedule.draws.isEmpty else { return .zero }
        let price = generator.price
        let type = generator.parameters.contains(.rateType) ? parameters.rateType : parameters.drawType
        let offset = Int(clamping: offset)
        let isFollowed = passes > 1 || schedule.draws.count > 1
        let passed = offset > 0 ? price.passedUnitAtOffset ?? price.passedUnit : price.passedUnit
        var (pass, bytes) = (0, 0)
        for draw in schedule.draws {
            if (draw.parameters ?? parameters).order != .rowMajor {
                pass = pass.adding(draw.units.times(GeneratorPrice.reorderedUnit))
                bytes = bytes.adding(draw.units)
            }
            let reading = draw.shard.map { self.reading(of: $0) }
            pass = pass.adding(
                price.time(of: draw, type: type, passed: isFollowed ? passed : 0, reading: reading))
            bytes = bytes.adding(price.bytes(of: draw, reading: reading))
        }
        pass = pass.adding(schedule.draws.count.times(price.passing(offset, price.offsetUnitOfDraw)))
        if schedule.draws.count > 1, price.passedUnitAtOffset != nil {
            // The offset cannot be carried from a draw to one with another probability, so that each walks by itself.
            pass = pass.adding(schedule.draws.count.times(offset.times(price.offsetUnit)))
        }
        let picoseconds = entryPicoseconds.adding(pass.times(passes))
        return Price(
            nanoseconds: picoseconds.nanoseconds, heldBytes: bytes, printedBytes: 0)
    }

    /// The nanoseconds of entering the stream, which ``price(of:passes:)`` contains once.
    package var entryNanoseconds: Int { entryPicoseconds.nanoseconds }

    private var entryPicoseconds: Int {
        let price = generator.price
        return price.seeding
            .adding(min(Int(clamping: parameters.skip).times(price.skipped), price.jump))
            .adding(Int(parameters.call).times(parameters.opSeed == nil ? price.called : 0))
            .adding(price.passing(Int(clamping: offset), price.offsetUnit))
            .adding((parameters.path ?? []).reduce(0) { $0.adding($1.utf8.count) }.times(price.pathByte))
            .adding(seed.entropy.count.times(price.seedWord))
            .adding(parameters.foldIn.count.times(price.fold))
    }
}

extension Int {
    /// Picoseconds as nanoseconds. `Int.max` stays.
    fileprivate var nanoseconds: Int { self == .max ? .max : self / 1000 }
}
