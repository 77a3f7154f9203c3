"""Networks and training steps as safetensors, compared with the answers in JSON bit for bit."""

import base64
import json

import numpy as np
from safetensors.numpy import load, save

from wire import ask

TYPE = "application/vnd.safetensors"
JSON = ["Content-Type: application/json"]


def header(file):
    return json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")])


def tensor(array):
    """A tensor of a question in JSON."""
    return {
        "shape": list(array.shape),
        "dtype": array.dtype.name,
        "base64": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(),
    }


def question_of(tensors, fields):
    """The question in JSON that a file with these tensors and fields is."""
    question = json.loads(json.dumps(fields))
    for name, array in tensors.items():
        *path, last = name.split(".")
        place = question
        for step, after in zip(path, [*path, last][1:], strict=True):
            if isinstance(place, list):
                while len(place) <= int(step):
                    place.append({})
                place = place[int(step)]
            else:
                place = place.setdefault(step, [] if after.isdigit() else {})
        place[last] = tensor(array)
    return question


def arrays(answer, named, file):
    """Each array of an answer in JSON, by the name that the answer as a file gives it. Raises if anything else differs."""
    if isinstance(named, str) and named in file:
        yield named, answer
    elif isinstance(answer, dict):
        assert set(answer) == set(named), (set(answer), set(named))
        for name, value in answer.items():
            yield from arrays(value, named[name], file)
    elif isinstance(answer, list):
        assert len(answer) == len(named)
        for value, other in zip(answer, named, strict=True):
            yield from arrays(value, other, file)
    else:
        assert answer == named, (answer, named)


def same(port, path, tensors, fields):
    """Whether the file has the numbers of the answer in JSON, and of which library it is, byte for byte."""
    file = save(tensors, {"question": json.dumps(fields), "format": "np"})
    reply = ask(port, "POST", path, [f"Content-Type: {TYPE}", f"Accept: {TYPE}"], file)
    question = {**question_of(tensors, fields), "tensor_format": "base64", "mask_format": "numbers"}
    expected = ask(port, "POST", path, JSON, json.dumps(question).encode())
    if reply.status != 200 or expected.status != 200:
        print(reply.status, reply.body[:500], expected.status, expected.body[:500])
        return False
    answer = load(reply.body)
    text = header(reply.body)["__metadata__"]["answer"]
    if save(answer, {"answer": text}) != reply.body:
        print("not the bytes of the reference implementation")
        return False
    found = dict(arrays(expected.json(), json.loads(text), answer))
    if set(found) != set(answer):
        print("tensors that the text does not name:", set(answer) - set(found))
        return False
    for name, value in found.items():
        if isinstance(value, dict) and "base64" in value:
            is_same = answer[name].tobytes() == base64.b64decode(value["base64"])
        else:
            is_same = np.array_equal(answer[name].ravel(), np.array(value["data"] if isinstance(value, dict) else value).ravel())
        if not is_same:
            print(name, "differs")
            return False
    return True


def checks(port):
    random = np.random.default_rng(3)
    for dtype in ("float32", "float64"):

        def make(*shape, dtype=dtype):
            return random.standard_normal(shape).astype(dtype)

        single = {"input": make(6, 5)}
        yield f"a tensor in {dtype}", same(port, "/forward", single, {"rate": 0.4, "seed": 5})
        yield f"samples in {dtype}", same(port, "/forward", single, {"rate": 0.4, "seed": 5, "samples": 5})
        network = {
            "input": make(5, 7),
            "layers.0.weights": make(8, 5),
            "layers.0.bias": make(8),
            "layers.1.weights": make(3, 8),
            "layers.1.bias": make(3, 1),
        }
        layers = [{"activation": "gelu", "rate": 0.3}, {"activation": "softmax"}]
        yield f"a network in {dtype}", same(port, "/forward", network, {"layers": layers, "seed": 5, "samples": 3})
        train = {**network, "target": make(3, 7)}
        layers = [{"activation": "tanh", "rate": 0.3}, {"rate": 0.1}]
        for optimizer in (
            "sgd",
            {"name": "sgd", "momentum": 0.9, "nesterov": True},
            "adam",
            {"name": "adamw", "weight_decay": 0.1},
        ):
            fields = {"layers": layers, "loss": "mse", "learning_rate": 0.05, "seed": 9, "optimizer": optimizer, "steps": 2}
            yield f"{optimizer} in {dtype}", same(port, "/train-step", train, fields)
        yield (
            f"ten steps in {dtype}",
            loop(port, train, {"loss": "mse", "learning_rate": 0.05, "seed": 9, "optimizer": "adam"}, layers),
        )
    half = {"input": random.standard_normal((4, 4)).astype("f2")}
    yield "a tensor in float16", same(port, "/forward", half, {"rate": 0.4, "seed": 5})
    torch = {"input": single["input"], "0.weight": make(3, 6), "0.bias": make(3), "3.weight": make(2, 3)}
    ours = dict(zip(["input", "layers.0.weights", "layers.0.bias", "layers.1.weights"], torch.values(), strict=True))
    fields = {"question": json.dumps({"layers": [{"activation": "relu", "rate": 0.5}, {}], "seed": 1})}
    replies = [ask(port, "POST", "/forward", [f"Content-Type: {TYPE}"], save(tensors, fields)) for tensors in (torch, ours)]
    yield "the names of nn.Sequential", replies[0].status == 200 and replies[0].body == replies[1].body


def loop(port, tensors, fields, layers):
    """Whether ten steps, each with what the last answered, give the same as files and as JSON."""
    question = {**question_of(tensors, {"layers": layers}), **fields, "tensor_format": "base64"}
    state, kept = tensors, {"layers": layers}
    for step in range(10):
        file = save(state, {"question": json.dumps({**fields, **kept, "step": step})})
        reply = ask(port, "POST", "/train-step", [f"Content-Type: {TYPE}", f"Accept: {TYPE}"], file)
        answer = ask(port, "POST", "/train-step", JSON, json.dumps({**question, "step": step}).encode())
        if reply.status != 200 or answer.status != 200:
            print(reply.body[:500], answer.body[:500])
            return False
        text = json.loads(header(reply.body)["__metadata__"]["answer"])
        kept = {name: text[name] for name in ("layers", "optimizer_state")}
        answered = {name: array for name, array in load(reply.body).items() if name.split(".")[0] in kept}
        state = {"input": tensors["input"], "target": tensors["target"], **answered}
        question |= {name: answer.json()[name] for name in ("layers", "optimizer_state")}
    for index, layer in enumerate(question["layers"]):
        for name in ("weights", "bias"):
            if state[f"layers.{index}.{name}"].tobytes() != base64.b64decode(layer[name]["base64"]):
                return False
    return True
