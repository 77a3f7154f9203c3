"""KServe's own client, by both versions of the protocol, and TensorFlow Serving's requests."""

import asyncio
import logging

import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

from forward import forward, same

logging.disable(logging.WARNING)


def checks(port):
    """Pairs of a name and whether it is as it must be."""
    base = f"http://127.0.0.1:{port}"
    yield from asyncio.run(version1(base, port))
    yield from asyncio.run(version2(base, port))


async def version1(base, port):
    found = []
    array = np.linspace(-2, 2, 12).reshape(3, 4)
    expected = forward(port, array, rate=0.25, seed=9)[0].tolist()
    parameters = {"rate": 0.25, "seed": 9, "mode": "train"}
    async with InferenceRESTClient(RESTConfig(protocol="v1")) as client:
        found.append(("KServe v1: the server lives", await client.is_server_live(base)))
        found.append(("KServe v1: the model is ready", await client.is_model_ready(base, "dropout")))
        rows = {"instances": array.tolist(), "parameters": parameters}
        answer = await client.infer(base, rows, "dropout")
        found.append(("KServe v1: a prediction", answer["predictions"] == expected))
        columns = {"inputs": {"data": array.tolist()}, "parameters": parameters, "signature_name": "serving_default"}
        answer = await client.infer(base, columns, "dropout")
        found.append(("TensorFlow Serving: columns", answer["outputs"] == expected))
    return found


async def version2(base, port):
    found = []
    array = np.linspace(-2, 2, 12, dtype=np.float32).reshape(3, 4)
    expected = forward(port, array, rate=0.25, seed=9)
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
        found.append(("KServe v2: the server lives", await client.is_server_live(base)))
        found.append(("KServe v2: the server is ready", await client.is_server_ready(base)))
        found.append(("KServe v2: the model is ready", await client.is_model_ready(base, "dropout")))
        for binary in (True, False):
            for binary_output in (True, False):
                data = InferInput("data", list(array.shape), "FP32")
                data.set_data_from_numpy(array, binary_data=binary)
                training = InferInput("training_mode", [1], "BOOL")
                training.set_data_from_numpy(np.array([True]), binary_data=binary)
                request = InferRequest(
                    "dropout",
                    [data, training],
                    request_id="a",
                    parameters={"rate": 0.25, "seed": 9, "binary_data_output": binary_output},
                )
                answer = await client.infer(base, request, "dropout")
                arrays = {output.name: output.as_numpy() for output in answer.outputs}
                name = f"KServe v2: an inference, {'raw' if binary else 'JSON'} in, {'raw' if binary_output else 'JSON'} out"
                found.append((name, all(map(same, (arrays["output"], arrays["mask"]), expected)) and answer.id == "a"))
    return found
