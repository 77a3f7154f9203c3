package import Stopping

/// `keras-numpy`: `keras.layers.Dropout(rate, seed=s)` on the NumPy backend; calls count from 0.
///
/// Bits: `np.random.default_rng([s, call])`, that is ``NumPyGenerator`` on PCG64 with the list of both as its entropy.
/// Comparison: `uniform(size) < 1 - rate`, strictly, in float64, whatever the type of x.
/// Scaling: x / fl32(1 - rate).
/// Offset: O(log offset).
/// Source: keras-team/keras `keras/src/backend/numpy/random.py` (3.15.1).
package struct KerasNumPy: MaskGenerator {
    private let draws: NumPyGenerator

    package init(seed: UInt32, call: UInt32) {
        self.draws = NumPyGenerator(.pcg64, entropy: [seed, call], isFloat32: false)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try draws.kept(shape, probability: probability, offset: offset, stop: stop)
    }
}
