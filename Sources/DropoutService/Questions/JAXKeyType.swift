/// The implementations of JAX's keys, by their names in `jax_default_prng_impl`.
package enum JAXKeyType: String, CaseIterable, Sendable {
    case threefry2x32, rbg, philox4x32, philox2x32, threefry4x32
}
