"""Dropout with FastAPI as one writes it who has looked at a profile: orjson, NumPy, no models.

uvicorn fastapi_careful:app --workers 2 --loop uvloop --http httptools --no-access-log
"""

import base64
import math

import numpy as np
import orjson
from fastapi import FastAPI, Request, Response

app = FastAPI()


def answer(value):
    return Response(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


def draw(shape, keep, seed):
    return np.random.default_rng(seed).random(shape, dtype=np.float32) < np.float32(keep)


def check(x, output, mask, rate):
    expected, observed = float(x.sum(dtype=np.float64)), float(output.sum(dtype=np.float64))
    deviation = math.sqrt(float(np.vdot(x, x)) * rate / (1 - rate))
    z = (observed - expected) / deviation if deviation else 0
    return {
        "expected_mean": expected / x.size,
        "observed_mean": observed / x.size,
        "expected_sum": expected,
        "observed_sum": observed,
        "standard_error": deviation,
        "z_score": z,
        "consistent": abs(z) <= 4,
        "kept": int(np.count_nonzero(mask)),
    }


@app.post("/forward")
async def forward(request: Request):
    question = orjson.loads(await request.body())
    given, rate, seed = question["input"], question["rate"], question["seed"]
    is_packed = isinstance(given, dict)
    if is_packed:
        x = np.frombuffer(base64.b64decode(given["base64"]), dtype=given["dtype"]).reshape(given["shape"])
    else:
        x = np.array(given, dtype=np.float32)
    keep = 1 - rate
    mask = draw(x.shape, keep, seed)
    output = np.where(mask, x * np.float32(1 / keep), np.float32(0))
    bits = mask.view(np.uint8)
    reply = {"output": output, "mask": bits, "check": check(x, output, mask, rate), "keep_prob": keep, "rate": rate, "seed": seed}
    if is_packed:
        reply["output"] = {"shape": x.shape, "dtype": "float32", "base64": base64.b64encode(output).decode()}
        reply["mask"] = {"shape": x.shape, "data": bits.reshape(-1)}
    return answer(reply)


@app.post("/mask")
async def mask(request: Request):
    question = orjson.loads(await request.body())
    keep = 1 - question["rate"]
    bits = draw(question["shape"], keep, question["seed"])
    is_packed = question.get("mask_format") == "packed"
    return answer(
        {
            "mask": base64.b64encode(np.packbits(bits)).decode() if is_packed else bits.view(np.uint8),
            "shape": question["shape"],
            "size": bits.size,
            "kept": int(np.count_nonzero(bits)),
            "keep_prob": keep,
            "rate": question["rate"],
            "seed": question["seed"],
        }
    )


@app.get("/healthz")
async def healthz():
    return {"status": "ok"}
