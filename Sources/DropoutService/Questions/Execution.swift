/// How a layer of JAX was called.
package enum Execution: String, CaseIterable, Sendable {
    case jit
    case eager
}
