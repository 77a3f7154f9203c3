"""Triton's HTTP clients: the synchronous one, its asynchronous calls, and that of asyncio."""

import asyncio

import numpy as np
import tritonclient.http as http
import tritonclient.http.aio as aio
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

from forward import CONTINUOUS, MODELS, forward, same

TYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]
PARAMETERS = {"keep_prob": 0.75, "seed": 7}


def sample(kind, shape=(4, 6)):
    numbers = np.arange(np.prod(shape)).reshape(shape)
    return (numbers % 2 == 1) if kind == "bool" else (numbers * 1.5 - 3 if "float" in kind else numbers % 100).astype(kind)


def inputs(array, ratio=None, training=True, binary=True):
    tensors = [("data", array), ("training_mode", np.array([training]))]
    if ratio is not None:
        tensors.append(("ratio", np.array([ratio], np.float32)))
    made = []
    for name, value in tensors:
        tensor = http.InferInput(name, list(value.shape), np_to_triton_dtype(value.dtype))
        tensor.set_data_from_numpy(value, binary_data=binary)
        made.append(tensor)
    return made


def outputs(names=("output", "mask"), binary=True):
    return [http.InferRequestedOutput(name, binary_data=binary) for name in names]


def checks(port):
    """Pairs of a name and whether it is as it must be."""
    client = http.InferenceServerClient(f"127.0.0.1:{port}", concurrency=4)
    yield "the server lives", client.is_server_live()
    yield "the server is ready", client.is_server_ready()
    yield "the metadata of the server", "binary_tensor_data" in client.get_server_metadata()["extensions"]
    for version in ("", "1"):
        yield f"the model is ready, version {version!r}", client.is_model_ready("dropout", version)
        metadata = client.get_model_metadata("dropout", version)
        yield f"the metadata of the model, version {version!r}", metadata["versions"] == ["1"]
    yield "version 2 is not ready", not client.is_model_ready("dropout", "2")
    yield "another model is not ready", not client.is_model_ready("nothing")
    for kind in TYPES:
        array = sample(kind)
        expected = forward(port, array, **PARAMETERS)
        # The client sends no float16 in JSON.
        for binary_in in (True,) if kind == "float16" else (True, False):
            for binary_out in (True, False):
                result = client.infer(
                    "dropout",
                    inputs(array, binary=binary_in),
                    outputs=outputs(binary=binary_out),
                    parameters=PARAMETERS,
                    request_id="42",
                )
                found = result.as_numpy("output"), result.as_numpy("mask")
                name = f"{kind}, {'raw' if binary_in else 'JSON'} in, {'raw' if binary_out else 'JSON'} out"
                yield name, all(map(same, found, expected)) and result.get_response()["id"] == "42"
    array = sample("float32", (60, 60))
    expected = forward(port, array, **PARAMETERS)
    for coding in (None, "gzip", "deflate"):
        for accepted in (None, "gzip", "deflate"):
            for binary in (True, False):
                result = client.infer(
                    "dropout",
                    inputs(array, binary=binary),
                    outputs=outputs(binary=binary),
                    parameters=PARAMETERS,
                    model_version="1",
                    request_compression_algorithm=coding,
                    response_compression_algorithm=accepted,
                )
                found = result.as_numpy("output"), result.as_numpy("mask")
                yield f"{coding} in, {accepted} out, {'raw' if binary else 'JSON'}", all(map(same, found, expected))
    for model, (variant, shape) in MODELS.items():
        array = sample("float32", shape)
        fields = {"seed": 3, **({"block_size": 2} if model == "drop_block" else {})}
        output, mask = forward(port, array, rate=float(np.float32(0.2)), variant=variant, **fields)
        result = client.infer(model, inputs(array, ratio=0.2), parameters=fields)
        expected = output, None if model in CONTINUOUS else mask
        yield f"the model {model}", all(map(same, (result.as_numpy("output"), result.as_numpy("mask")), expected))
    array = sample("float64")
    result = client.infer("dropout", inputs(array, ratio=0.9, training=False))
    yield "evaluation", same(result.as_numpy("output"), array) and result.as_numpy("mask").all()
    waiting = [client.async_infer("dropout", inputs(array), parameters={**PARAMETERS, "seed": seed}) for seed in range(8)]
    for seed, request in enumerate(waiting):
        found = request.get_result().as_numpy("output")
        yield f"an asynchronous call, seed {seed}", same(found, forward(port, array, keep_prob=0.75, seed=seed)[0])
    try:
        client.infer("dropout", inputs(array), parameters={"keep_prop": 0.5})
        yield "a refusal raises", False
    except InferenceServerException as error:
        yield "a refusal raises with the detail", "keep_prob" in error.message()
    index = client.get_model_repository_index()
    yield "the index of the repository", [entry["state"] for entry in index] == ["READY"] * len(MODELS)
    yield "the configuration", client.get_model_config("dropout")["max_batch_size"] == 0
    before = client.get_inference_statistics("drop_path", "1")["model_stats"][0]["inference_count"]
    client.infer("drop_path", inputs(array))
    after = client.get_inference_statistics("drop_path")["model_stats"][0]["inference_count"]
    yield "the statistics count an inference", after == before + 1
    client.close()
    yield from asyncio.run(aio_checks(port, array))


async def aio_checks(port, array):
    found = []
    async with aio.InferenceServerClient(f"127.0.0.1:{port}") as client:
        found.append(("asyncio: the server is ready", await client.is_server_ready()))
        found.append(("asyncio: the model is ready", await client.is_model_ready("dropout", "1")))
        results = await asyncio.gather(
            *(
                client.infer(
                    "dropout", inputs(array), parameters={**PARAMETERS, "seed": seed}, request_compression_algorithm=coding
                )
                for seed in range(4)
                for coding in (None, "gzip", "deflate")
            )
        )
        for index, result in enumerate(results):
            expected = forward(port, array, keep_prob=0.75, seed=index // 3)
            answer = result.as_numpy("output"), result.as_numpy("mask")
            found.append((f"asyncio: an inference, {index}", all(map(same, answer, expected))))
    return found
