"""Dropout with FastAPI as its tutorial has it: pydantic models in and out, NumPy between.

uvicorn fastapi_tutorial:app --workers 2 --loop uvloop --http httptools --no-access-log
"""

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Activations(BaseModel):
    input: list[list[float]]
    rate: float
    seed: int
    dtype: str = "float32"


class Check(BaseModel):
    expected_mean: float
    observed_mean: float
    kept: int


class Dropped(BaseModel):
    output: list[list[float]]
    mask: list[list[int]]
    check: Check
    keep_prob: float
    seed: int


class Shape(BaseModel):
    shape: list[int]
    rate: float
    seed: int


class Mask(BaseModel):
    mask: list[list[int]]
    shape: list[int]
    kept: int
    keep_prob: float
    seed: int


@app.post("/forward")
def forward(question: Activations) -> Dropped:
    x = np.array(question.input, dtype=question.dtype)
    keep = 1 - question.rate
    mask = np.random.default_rng(question.seed).random(x.shape) < keep
    output = np.where(mask, x / keep, 0)
    return Dropped(
        output=output.tolist(),
        mask=mask.astype(int).tolist(),
        check=Check(expected_mean=float(x.mean()), observed_mean=float(output.mean()), kept=int(mask.sum())),
        keep_prob=keep,
        seed=question.seed,
    )


@app.post("/mask")
def mask(question: Shape) -> Mask:
    keep = 1 - question.rate
    mask = np.random.default_rng(question.seed).random(question.shape) < keep
    return Mask(mask=mask.astype(int).tolist(), shape=question.shape, kept=int(mask.sum()), keep_prob=keep, seed=question.seed)


@app.get("/healthz")
def healthz():
    return {"status": "ok"}
