"""The Open Inference Protocol and Triton's binary tensors: lengths that do not fit, types, names, content codings."""

import gzip
import json
import struct
import zlib

from case import Case, field, post
from wire import request

PATH = "/v2/models/dropout/infer"
DATA = {"name": "data", "shape": [2], "datatype": "FP32"}
RAW = {"inputs": [{**DATA, "parameters": {"binary_data_size": 8}}], "parameters": {"binary_data_output": True}}
ELEMENTS = struct.pack("<2f", 1.5, -2)
LENGTH = "Inference-Header-Content-Length"


def raw(head, tail, length=None, *fields):
    head = json.dumps(head).encode()
    length = len(head) if length is None else length
    return request("POST", PATH, ["Content-Type: application/octet-stream", f"{LENGTH}: {length}", *fields], head + tail)


def ends_with(tail):
    def check(answers):
        return None if answers[-1].body.endswith(tail) else f"the answer ends with {answers[-1].body[-20:]!r}"

    return check


def length_is_right(answers):
    length = int(answers[-1].get(LENGTH) or -1)
    try:
        names = [output["name"] for output in json.loads(answers[-1].body[:length])["outputs"]]
    except ValueError as error:
        return f"the JSON of {length} bytes: {error}"
    return None if names == ["output", "mask"] else f"the outputs {names}"


def cases():
    whole = [ends_with(ELEMENTS + b"\1\1"), length_is_right, field("Content-Type", "application/octet-stream")]
    yield Case("raw tensors", raw(RAW, ELEMENTS), 200, closes=False, checks=whole)
    body = json.dumps(RAW).encode() + ELEMENTS
    for coding, packed in {"gzip": gzip.compress(body), "deflate": zlib.compress(body)}.items():
        fields = [f"Content-Encoding: {coding}", f"{LENGTH}: {len(body) - len(ELEMENTS)}", "Content-Type: application/octet-stream"]
        yield Case(f"raw tensors in {coding}", request("POST", PATH, fields, packed), 200, closes=False, checks=whole)
    for kind in ("application/json", "application/octet-stream", "application/x-www-form-urlencoded"):
        question = json.dumps({"inputs": [{**DATA, "data": [1, 2]}]}).encode()
        yield Case(f"an inference as {kind}", request("POST", PATH, [f"Content-Type: {kind}"], question), 200, closes=False)
    yield Case("an inference without Content-Type", request("POST", PATH, [], question), 200, closes=False)
    yield Case("an inference as text/csv", request("POST", PATH, ["Content-Type: text/csv"], question), 415, closes=False)
    for length in (-1, "x", "", 1 << 70, len(body) + 1, "12, 12", "0x10"):
        yield Case(f"{LENGTH} {length}", raw(RAW, ELEMENTS, length), 400, closes=False)
    yield Case(f"{LENGTH} 0", raw(RAW, ELEMENTS, 0), 400, closes=False)
    for tail in (b"", ELEMENTS[:7], ELEMENTS + b"\0"):
        yield Case(f"{len(tail)} bytes for 8", raw(RAW, tail), 422, closes=False)
    for size in (-1, 7, 9, 1 << 63, 1 << 64, 8.5, "8", True):
        head = {"inputs": [{**DATA, "parameters": {"binary_data_size": size}}]}
        yield Case(f"binary_data_size {size!r}", raw(head, ELEMENTS), 422, closes=False)
    for shape in ([1 << 62, 4], [1 << 40], [-2], [2.5], "2", [], [2, 1, 1], [0]):
        head = {"inputs": [{**DATA, "shape": shape, "parameters": {"binary_data_size": 8}}]}
        yield Case(f"the shape {shape}", raw(head, ELEMENTS), 200 if shape == [2, 1, 1] else 422, closes=False)
    for inputs in (None, {}, "data", [], [3], [[]], [DATA], [{}], [{**DATA, "data": "1,2"}], [{**DATA, "data": {}}]):
        yield Case(f"the inputs {inputs}", post(PATH, json.dumps({"inputs": inputs}).encode()), 422, closes=False)
    for body, status in [(b"", 400), (b"[]", 422), (b"{", 400), (b"3", 422), (b"{}", 422)]:
        yield Case(f"the body {body!r}", post(PATH, body), status, closes=False)
    for body, status in [
        (b'{"instances":[1]}', 200),
        (b'{"inputs":[1]}', 200),
        (b'{"inputs":{"data":[1],"ratio":0.5}}', 200),
        (b'{"instances":[1],"inputs":[1]}', 422),
        (b'{"instances":null}', 422),
        (b'{"instances":[{"data":1}]}', 200),
        (b"{}", 422),
        (b"", 400),
    ]:
        yield Case(f"the prediction {body!r}", post("/v1/models/dropout:predict", body), status, closes=False)
    for path in ("/v1/models/nothing:predict", "/v1/models/dropout:explain", "/v1/models/:predict"):
        yield Case(f"no prediction at {path}", post(path, b"{}"), (404, 405), closes=False)
    for path in (
        "/v2/models/nothing",
        "/v2/models/dropout/versions/2",
        "/v2/models/nothing/ready",
        "/v2/models/",
        "/v2/models/%2F",
    ):
        yield Case(f"no model at {path}", request("GET", path), 404, closes=False)
    for path in ("/v2/models/nothing/infer", "/v2/models/dropout/versions/7/infer", "/v2/models/dropout/generate"):
        yield Case(f"no inference at {path}", post(path, b"{}"), 404, closes=False)
