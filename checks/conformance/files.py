"""Array files, files of several tensors and forms: what is whole is answered, and what lies is refused."""

import json
import struct

from case import Case, field
from wire import request

NPY = b"\x93NUMPY\x01\x00v\x00%-117s\n" % b"{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }"
SAFETENSORS = "application/vnd.safetensors"
FORM = "multipart/form-data; boundary=b"
ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
ELEMENTS = struct.pack("<2f", 1.5, -2)


def ask(path, kind, body, *fields, method="POST"):
    return request(method, path, [f"Content-Type: {kind}", *fields], body)


def safetensors(entries, elements=ELEMENTS, question=None, length=None):
    """A file with these entries in its header."""
    header = {**({"__metadata__": {"question": question}} if question is not None else {}), **entries}
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + elements


def part(name, content, header=""):
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{header}\r\n\r\n'.encode() + content + b"\r\n"


def file(name, content):
    return part(name, content, '; filename="x.npy"\r\nContent-Type: application/octet-stream')


def starts_with(text):
    def check(answers):
        return None if answers[-1].body.startswith(text) else f"the answer begins with {answers[-1].body[:60]!r}"

    return check


def pointers(*expected):
    def check(answers):
        found = [error["pointer"] for error in answers[-1].json()["errors"]]
        return None if found == list(expected) else f"the pointers are {found}, not {list(expected)}"

    return check


def tensor_cases():
    path = "/forward?rate=0.5&seed=7"
    whole = safetensors({"input": ENTRY})
    is_json = [field("Content-Type", "application/json")]
    for kind in (SAFETENSORS, "application/x-safetensors", "Application/Vnd.Safetensors; x=y"):
        yield Case(f"a file as {kind}", ask(path, kind, whole), 200, closes=False, checks=is_json)
    yield Case(
        "a file is answered with a file",
        ask(path, SAFETENSORS, whole, f"Accept: {SAFETENSORS}"),
        200,
        closes=False,
        checks=[field("Content-Type", SAFETENSORS)],
    )
    yield Case(
        "JSON is preferred",
        ask(path, SAFETENSORS, whole, f"Accept: {SAFETENSORS};q=0.5, application/json"),
        200,
        closes=False,
        checks=is_json,
    )
    yield Case(
        "a file for QUERY", ask(path, SAFETENSORS, whole, method="QUERY"), 200, closes=False, checks=[field("Vary", "Accept")]
    )
    question = json.dumps({"rate": 0.5, "seed": 7})
    yield Case("a question in the metadata", ask("/forward", SAFETENSORS, safetensors({"input": ENTRY}, question=question)), 200)
    yield Case("a question that is not JSON", ask("/forward", SAFETENSORS, safetensors({"input": ENTRY}, question="{")), 400)
    yield Case("a question that is a list", ask("/forward", SAFETENSORS, safetensors({"input": ENTRY}, question="[]")), 422)
    for other in ("/mask", "/verify", "/v2/models/dropout/infer"):
        yield Case(f"{other} takes no such file", ask(other, SAFETENSORS, whole), 415, closes=False)
        yield Case(f"{other} answers no such file", ask(other, "application/json", b"{}", f"Accept: {SAFETENSORS}"), 406)
    for count in (0, 7, 8, 9, len(whole) - 1):
        yield Case(f"{count} bytes of a file", ask(path, SAFETENSORS, whole[:count]), 400, closes=False)
    yield Case("a byte after a file", ask(path, SAFETENSORS, whole + b"x"), 400, closes=False)
    for length in (0, 1, 1 << 20, (1 << 20) + 1, 1 << 31, 1 << 63, (1 << 64) - 1):
        yield Case(f"a header of {length} bytes", ask(path, SAFETENSORS, safetensors({"input": ENTRY}, length=length)), 400)
    wrong = {
        "overlap": {"input": ENTRY, "mask": {**ENTRY, "data_offsets": [4, 12]}},
        "a hole": {"input": {**ENTRY, "data_offsets": [4, 12]}},
        "an end before its beginning": {"input": {**ENTRY, "data_offsets": [8, 0]}},
        "an end after the file": {"input": {**ENTRY, "data_offsets": [0, 1 << 62]}},
        "an offset over 64 bits": {"input": {**ENTRY, "data_offsets": [0, 1 << 70]}},
        "a negative offset": {"input": {**ENTRY, "data_offsets": [-8, 0]}},
        "a shape that is too large": {"input": {**ENTRY, "shape": [1 << 32, 1 << 32, 4]}},
        "a shape of a larger tensor": {"input": {**ENTRY, "shape": [3]}},
        "a negative extent": {"input": {**ENTRY, "shape": [-2]}},
        "a shape that is no list": {"input": {**ENTRY, "shape": 2}},
        "no type": {"input": {"shape": [2], "data_offsets": [0, 8]}},
        "an entry that is no object": {"input": 5},
    }
    for name, entries in wrong.items():
        yield Case(name, ask(path, SAFETENSORS, safetensors(entries)), 400, closes=False)
    mistakes = {
        "an unknown type": ({"input": {**ENTRY, "dtype": "F8_E4M3"}}, ["/input"]),
        "an unknown name": ({"x": ENTRY}, ["/x", ""]),
        "a field of another route": (
            {"input": {**ENTRY, "shape": [1], "data_offsets": [0, 4]}, "target": {**ENTRY, "shape": [1], "data_offsets": [4, 8]}},
            ["/target"],
        ),
        "a layer far away": (
            {
                "input": {**ENTRY, "shape": [1, 1], "data_offsets": [0, 4]},
                "layers.999999999.weights": {**ENTRY, "shape": [1, 1], "data_offsets": [4, 8]},
            },
            ["/layers", "/layers/0"],
        ),
    }
    for name, (entries, places) in mistakes.items():
        target = "/forward" if "layer" in name else path
        yield Case(name, ask(target, SAFETENSORS, safetensors(entries)), 422, closes=False, checks=[pointers(*places)])


def form_cases():
    files = file("input", NPY + b"\7\15\20\37") + file("output", NPY + b"\7\15\0\37")
    end, rate = b"--b--\r\n", part("keep_prob", b"0.8")
    right = [starts_with(b'{"is_dropout":false,"verdict":"not_scaled"')]
    yield Case("a form", ask("/verify", FORM, files + rate + end), 200, closes=False, checks=right)
    yield Case("a form and a query", ask("/verify?keep_prob=0.8", FORM, files + end), 200, closes=False, checks=right)
    yield Case("a form for QUERY", ask("/verify", FORM, files + rate + end, method="QUERY"), 200, closes=False, checks=right)
    quoted = 'Multipart/Form-Data; charset=utf-8; boundary="b"'
    yield Case("a boundary in quotation marks", ask("/verify", quoted, files + rate + end), 200, closes=False, checks=right)
    for other in ("/forward", "/mask", "/train-step"):
        yield Case(f"{other} takes no form", ask(other, FORM, files + rate + end), 415, closes=False)
    for kind in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=c", FORM + "; boundary=b"):
        yield Case(f"a form as {kind}", ask("/verify", kind, files + rate + end), 400, closes=False)
    broken = {
        "nothing": b"",
        "no end": files + rate,
        "half an end": files + rate + b"--b-",
        "bytes after the end": files + rate + end + b"x",
        "bytes before the beginning": b"x\r\n" + files + rate + end,
        "bare line feeds": (files + rate + end).replace(b"\r\n", b"\n"),
        "a part without a name": files + b"--b\r\n\r\n1\r\n" + end,
        "a part that is encoded": files + part("keep_prob", b"MC44", "\r\nContent-Transfer-Encoding: base64") + end,
        "a long header": files + part("keep_prob", b"0.8", "\r\nX: " + "x" * 5000) + end,
        "too many parts": files + part("x", b"") * 63 + end,
        "text that is not UTF-8": files + part("keep_prob", b"\xff") + end,
        "a file that is none": file("input", b"{}") + file("output", NPY + b"1234") + rate + end,
        "a file that is cut": file("input", NPY + b"123") + file("output", NPY + b"1234") + rate + end,
    }
    for name, body in broken.items():
        yield Case(f"a form with {name}", ask("/verify", FORM, body), 400, closes=False)
    mistakes = {
        "a field twice": (files + rate + rate, ["/keep_prob"]),
        "a file twice": (files + rate + file("input", NPY + b"1234"), ["/input"]),
        "a file as a field": (files + file("keep_prob", NPY + b"1234"), ["/keep_prob"]),
        "an unknown field": (files + rate + part("keep_prop", b"1"), ["/keep_prop"]),
        "a picture": (files + rate + part("mask", b"", '; filename="x"\r\nContent-Type: image/png'), ["/mask"]),
    }
    for name, (body, places) in mistakes.items():
        yield Case(f"a form with {name}", ask("/verify", FORM, body + end), 422, closes=False, checks=[pointers(*places)])


def line_cases():
    kind = "application/x-ndjson"
    mask = b'{"shape":[3],"rate":0.5,"seed":7,"include":["mask"]}'
    answer = b'{"mask":[0,0,1]}\n'

    def statuses(*expected):
        def check(answers):
            found = [json.loads(line).get("status", 200) for line in answers[-1].body.splitlines()]
            return None if found == list(expected) else f"the lines are {found}, not {list(expected)}"

        return check

    right = [field("Content-Type", kind), starts_with(answer)]
    for end in (b"", b"\n", b"\r\n", b"\n\n \r\n"):
        yield Case(f"a line that ends with {end!r}", ask("/mask", kind, mask + end), 200, closes=False, checks=right)
    yield Case("a line by QUERY", ask("/mask", kind, mask, method="QUERY"), 200, closes=False, checks=right)
    yield Case("lines of HTTP/1.0", ask("/mask", kind, mask).replace(b"HTTP/1.1", b"HTTP/1.0"), 200, closes=True, checks=right)
    yield Case(
        "wrong lines among right ones",
        ask("/mask", kind, b"\n".join([mask, b"{", b"[1]", b"\xff", b"null", mask, b'{"shape":[1e99],"rate":0.5}', mask])),
        200,
        closes=False,
        checks=[statuses(200, 400, 422, 400, 422, 200, 422, 200)],
    )
    yield Case("10,000 lines", ask("/mask", kind, b"{}\n" * 10000), 200, closes=False, checks=[statuses(*[422] * 10000)])
    yield Case("10,001 lines", ask("/mask", kind, b"{}\n" * 10001), 422, closes=False, checks=[pointers("")])
    yield Case("no line", ask("/mask", kind, b"\n \n"), 422, closes=False, checks=[pointers("")])
    yield Case("lines for a route that has none", ask("/train-step", kind, b"{}"), 415, closes=False)
    yield Case("a query parameter beside lines", ask("/verify?rate=1", kind, b"{}"), 422, closes=False, checks=[pointers("/rate")])
    verify = b'{"input":[1,2],"output":[2,0],"rate":0.5}'
    yield Case("lines to judge", ask("/verify", kind, b"\n".join([verify] * 50)), 200, closes=False, checks=[statuses(*[200] * 50)])
    forward = b'{"input":[1,2],"rate":0.5,"seed":1,"samples":2,"samples_format":"ndjson"}'
    yield Case("lines within a line", ask("/forward", kind, forward), 200, closes=False, checks=[statuses(422)])


def cases():
    yield from tensor_cases()
    yield from form_cases()
    yield from line_cases()
    path = "/forward?rate=2&sede=1"
    complex_file = NPY.replace(b"'|u1'", b"'<c8'") + b"\0" * 32
    yield Case(
        "a type of NumPy that is not read hides nothing",
        ask(path, "application/x-npy", complex_file),
        422,
        closes=False,
        checks=[pointers("/input", "/sede", "/rate")],
    )
    predict = "/v1/models/dropout:predict"
    rows = json.dumps({"instances": [{"data": [1, 2]}, {"data": [3, 4]}]}).encode()
    yield Case(
        "instances as objects", ask(predict, "application/json", rows), 200, checks=[starts_with(b'{"predictions":[[1,2],[3,4]]')]
    )
    rows = json.dumps({"instances": [{"data": [1]}, {"data": [1, 2]}, 3]}).encode()
    yield Case(
        "instances of several shapes",
        ask(predict, "application/json", rows),
        422,
        checks=[pointers("/instances/2")],
    )
