"""Array files in forms, as curl and requests send them to /verify."""

import io
import json
import os
import subprocess
import tempfile

import numpy as np
import requests

from wire import ask


def file_of(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def curl(port, folder, *forms, query=""):
    arguments = ["curl", "-s", "--max-time", "20"]
    for form in forms:
        arguments += ["-F", form]
    result = subprocess.run([*arguments, f"http://127.0.0.1:{port}/verify{query}"], cwd=folder, capture_output=True, check=True)
    return result.stdout


def checks(port):
    random = np.random.default_rng(5)
    x = random.standard_normal((30, 40)).astype("f4")
    y = np.where(random.random(x.shape) < 0.5, x * np.float32(2), np.float32(0))
    question = {"input": x.tolist(), "output": y.tolist(), "dtype": "float32", "rate": 0.5}
    expected = ask(port, "POST", "/verify", ["Content-Type: application/json"], json.dumps(question).encode()).body
    yield "the answer in JSON", json.loads(expected)["verdict"] == "dropout"
    with tempfile.TemporaryDirectory() as folder:
        for name, array in (("x", x), ("y", y), ("fortran", np.asfortranarray(y)), ("double", y.astype(">f8"))):
            with open(os.path.join(folder, f"{name}.npy"), "wb") as file:
                file.write(file_of(array))
        yield "curl", curl(port, folder, "input=@x.npy", "output=@y.npy", "rate=0.5") == expected
        yield "curl, a field in the query", curl(port, folder, "input=@x.npy", "output=@y.npy", query="?rate=0.5") == expected
        typed = ("input=@x.npy;type=application/x-npy", "rate=0.5;type=text/plain", "output=@fortran.npy;filename=a b")
        yield "curl, types, names and column-major elements", curl(port, folder, *typed) == expected
        other = ("input=@x.npy", "output=@double.npy", "rate=0.5", "dtype=float32")
        yield "curl, big-endian float64", curl(port, folder, *other) == expected
        wrong = json.loads(curl(port, folder, "input=@x.npy", "output=@x.npy;type=image/png", "rate=2"))
        yield "curl, all mistakes", [error["pointer"] for error in wrong["errors"]] == ["/output", "", "/rate"]
    url = f"http://127.0.0.1:{port}/verify"
    files = {"input": ("x.npy", file_of(x)), "output": file_of(y)}
    yield "requests", requests.post(url, files=files, data={"rate": 0.5}, timeout=20).content == expected
    yield "requests, a broken file", requests.post(url, files={"input": b"x"}, timeout=20).status_code == 400
