"""ONNX's own tests of the operator Dropout, through the inference route: outputs and masks bit for bit."""

import numpy as np
import onnx.backend.test.case.node.dropout  # noqa: F401 - makes the cases
import tritonclient.http as http
from onnx.backend.test.case import node
from onnx.helper import get_attribute_value
from tritonclient.utils import np_to_triton_dtype

from forward import same

NUMBER = 12
INPUTS = ("data", "ratio", "training_mode")
OUTPUTS = ("output", "mask")


def checks(port):
    """Pairs of a name and whether it is as it must be."""
    cases = node._NodeTestCases
    yield f"{NUMBER} cases of ONNX", len(cases) == NUMBER
    client = http.InferenceServerClient(f"127.0.0.1:{port}")
    for case in cases:
        attributes = {entry.name: get_attribute_value(entry) for entry in case.model.graph.node[0].attribute}
        # Before version 12 of the operator the ratio was an attribute.
        parameters = {"generator": "onnx-reference", "seed": attributes.get("seed", 0)}
        if "ratio" in attributes:
            parameters["rate"] = attributes["ratio"]
        for values, expected in case.data_sets:
            tensors = []
            for name, value in zip(INPUTS, map(np.asarray, values)):
                tensor = http.InferInput(name, list(value.shape), np_to_triton_dtype(value.dtype))
                tensor.set_data_from_numpy(value, binary_data=True)
                tensors.append(tensor)
            result = client.infer("dropout", tensors, parameters=parameters)
            found = [result.as_numpy(name) for name in OUTPUTS[: len(expected)]]
            yield case.name, len(expected) > 0 and all(map(same, found, expected))
    client.close()
