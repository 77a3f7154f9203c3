import DropoutEngine

/// One of the passes of `samples`.
struct SampledPass<Scalar: WireScalar>: Sendable {
    let output: Tensor<Scalar>
    /// The dropout of each layer. None if no line shows it.
    var dropouts: [LayerDropout?] = []
    /// The numbers behind the mask of each layer. None if no line shows them.
    var uniforms: [DrawnUniforms?] = []
    /// The traces of the layers. None if no line shows them.
    var traces: [LayerTrace<Scalar>] = []
}
