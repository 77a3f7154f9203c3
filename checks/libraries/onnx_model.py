"""The model of one Dropout node, as ONNX Runtime runs it. compare.py and halves.py ask it."""


def session(seed, x, rate):
    """A session with the input `x` of the type and the shape of `x`. Each run of it draws another mask."""
    import onnxruntime
    from onnx import TensorProto, helper

    type = helper.np_dtype_to_tensor_dtype(x.dtype)
    node = helper.make_node("Dropout", ["x", "ratio", "training"], ["y"], seed=seed)
    graph = helper.make_graph(
        [node],
        "dropout",
        [helper.make_tensor_value_info("x", type, x.shape)],
        [helper.make_tensor_value_info("y", type, x.shape)],
        [
            helper.make_tensor("ratio", TensorProto.FLOAT, [], [rate]),
            helper.make_tensor("training", TensorProto.BOOL, [], [True]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 10
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
