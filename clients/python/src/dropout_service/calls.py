"""What is sent for each method, and how its answer is read. There is no input or output here, so both clients share it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import numpy as np

from .answers import Forward, Generator, Mask, MonteCarlo, Sample, TrainStep, Verdict, generators
from .arrays import Array, as_array, decoded, encoded, from_npy_file, npy_file, tensor, unpacked
from .errors import CutAnswer, Refusal, refusal
from .networks import Network

_JSON = "application/json"
_NPY = "application/x-npy"
_LINES = "application/x-ndjson"

# The questions of one request with a question on each line: below the bounds of a server, and soon answered.
_MOST_LINES = 1000
_MOST_LINE_BYTES = 16 << 20

# The fields of a query that are lists, by the service's contract. All other values of a query are single.
_LISTS = {"shape", "noise_shape", "full_shape", "start", "fold_in", "key_data", "path", "include", "seed", "order"}

Layers = Network | Sequence[Mapping[str, Any]]
_Read = TypeVar("_Read", covariant=True)


@dataclass(frozen=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytearray

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def refuse(self) -> None:
        """Raises the refusal that this answer is."""
        raise refusal(self.status, self.body, self.request_id, retry_after(self.headers))


@dataclass(frozen=True)
class Call(Generic[_Read]):
    """A request, and the reading of its answer."""

    method: str
    target: str
    read: Callable[[Reply], _Read]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of `Retry-After`, which is a number or, from a proxy, a date. None if there is none."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


# MARK: The methods


def forward(input: Any, layers: Layers | None, include: Iterable[str], fields: Mapping[str, Any]) -> Call[Forward]:
    parts = list(include)
    array = as_array(input)
    question = _known(fields)
    if layers is None and parts == ["output"] and (query := _query(question)) is not None:
        return _array_call(array, query)

    def read(reply: Reply) -> Forward:
        found = decoded(reply.json())
        _unpack(found, array.shape)
        for layer in found.get("layers", ()):
            _unpack(layer, layer["output"].shape)
        return Forward(found, reply.request_id)

    return _json_call("/forward", _forward_question(array, layers, parts, question), read)


def _forward_question(array: Array, layers: Layers | None, parts: Sequence[str], fields: Mapping[str, Any]) -> dict[str, Any]:
    question = {"input": tensor(array), "include": list(parts)}
    if layers is not None:
        question |= _network(layers)
    # A network of a library's layers has their layout, unless the caller names another.
    question |= {name: encoded(value, name) for name, value in fields.items()}
    return {"tensor_format": "base64", "mask_format": _mask_format(question), **question}


def _array_call(array: Array, query: str) -> Call[Forward]:
    """The fastest form: a file of `numpy.save` in both directions."""

    def read(reply: Reply) -> Forward:
        found: dict[str, Any] = {"output": from_npy_file(reply.body, array.dtype)}
        if (seed := reply.headers.get("dropout-seed")) is not None:
            found["seed"] = _seed(seed)
        return Forward(found, reply.request_id)

    if array.dtype.name == "bfloat16":
        query += "&dtype=bfloat16"
    return Call("POST", f"/forward?{query}", read, npy_file(array), {"Content-Type": _NPY, "Accept": _NPY})


def _seed(text: str) -> Any:
    """The seed of a header: a number, or the JSON of a list."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def mask(shape: Sequence[int], include: Iterable[str], fields: Mapping[str, Any]) -> Call[Mask]:
    question = {"shape": [int(size) for size in shape], "include": list(include), **_known(fields)}
    question = {"mask_format": "packed", **{name: encoded(value, name) for name, value in question.items()}}

    def read(reply: Reply) -> Mask:
        found = decoded(reply.json())
        _unpack(found, question["shape"])
        return Mask(found, reply.request_id)

    return _json_call("/mask", question, read)


def train_step(layers: Layers, input: Any, target: Any, fields: Mapping[str, Any]) -> Call[TrainStep]:
    question = _network(layers) | {"input": tensor(as_array(input)), "target": encoded(target, "target")}
    question |= {name: encoded(value, name) for name, value in _known(fields).items()}
    question = {"tensor_format": "base64", "mask_format": _mask_format(question), **question}

    def read(reply: Reply) -> TrainStep:
        found = decoded(reply.json())
        if "masks" in found:
            found["masks"] = _masks(found["masks"], [_activations(question, layer) for layer in _list_of(layers)])
        return TrainStep(found, reply.request_id)

    return _json_call("/train-step", question, read)


def verify(input: Any, output: Any, outputs: Sequence[Any] | None, fields: Mapping[str, Any]) -> Call[Verdict]:
    question = _verify_question(input, output, outputs, fields)
    return _json_call("/verify", question, lambda reply: Verdict(decoded(reply.json()), reply.request_id))


def verify_many(cases: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Call[None], VerdictReader]]:
    """Calls whose answers are read line by line, and the readers of their lines."""
    lines: list[bytes] = []
    size = 0
    for case in cases:
        line = _json(_verify_question(**_parts(case)))
        if lines and (len(lines) == _MOST_LINES or size + len(line) > _MOST_LINE_BYTES):
            yield _lines_call("/verify", lines), VerdictReader(len(lines))
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield _lines_call("/verify", lines), VerdictReader(len(lines))


def _parts(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as the parameters of `verify`."""
    if "input" not in case:
        raise TypeError(f"a case has an `input`, and the keys {sorted(case)} were found")
    own = {name: case.get(name) for name in ("input", "output", "outputs")}
    return {**own, "fields": {name: value for name, value in case.items() if name not in own}}


def _verify_question(input: Any, output: Any, outputs: Sequence[Any] | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    question: dict[str, Any] = {"input": tensor(as_array(input))}
    if output is not None:
        question["output"] = tensor(as_array(output))
    if outputs is not None:
        question["outputs"] = [tensor(as_array(one)) for one in outputs]
    return question | {name: encoded(value, name) for name, value in _known(fields).items()}


def list_generators() -> Call[list[Generator]]:
    return Call("GET", "/generators", lambda reply: generators(reply.json()["generators"]))


def samples(input: Any, count: int, layers: Layers | None, masks: bool, fields: Mapping[str, Any]) -> tuple[Call[None], PassReader]:
    """A call whose answer is read line by line, and the reader of its lines."""
    parts = ["samples", *([] if not masks else ["mask"] if layers is None else ["masks"])]
    question = _forward_question(
        as_array(input), layers, parts, {**_known(fields), "samples": int(count), "samples_format": "ndjson"}
    )
    shapes = [] if layers is None else [_activations(question, layer) for layer in _list_of(layers)]
    return _json_call("/forward", question, lambda reply: None), PassReader(shapes)


def monte_carlo(input: Any, count: int, layers: Layers | None, fields: Mapping[str, Any]) -> Call[MonteCarlo]:
    question = _forward_question(as_array(input), layers, ["samples"], {**_known(fields), "samples": int(count)})
    return _json_call("/forward", question, lambda reply: MonteCarlo.from_fields(decoded(reply.json())["samples"]))


class PassReader:
    """Reads the lines of an answer with many passes. `summary` is there after the last line.

    `shapes` are those of the activations of each layer, which packed masks do not say.
    """

    def __init__(self, shapes: Sequence[tuple[int, int]] = ()) -> None:
        self.summary: MonteCarlo | None = None
        self._shapes = shapes
        self._pieces: list[bytes] = []

    def samples(self, chunk: bytes) -> list[Sample]:
        """The passes whose lines end in this piece of the body."""
        *lines, rest = chunk.split(b"\n")
        if not lines:
            self._pieces.append(rest)
            return []
        lines[0] = b"".join([*self._pieces, lines[0]])
        self._pieces = [rest]
        return [sample for line in lines if line.strip() and (sample := self._sample(json.loads(line))) is not None]

    def end(self) -> MonteCarlo:
        """The summary. An answer without one was cut."""
        if self.summary is None:
            raise CutAnswer("the answer ended before its summary: the server stopped, or the connection broke")
        return self.summary

    def _sample(self, line: dict[str, Any]) -> Sample | None:
        if problem := line.get("problem"):
            raise refusal(problem.get("status", 500), json.dumps(problem).encode(), None, None)
        if "samples" in line:
            self.summary = MonteCarlo.from_fields(decoded(line["samples"]))
            return None
        found = decoded(line)
        _unpack(found, found["output"].shape)
        masks = found.get("masks")
        return Sample(
            found["sample"],
            found["output"],
            found.get("mask"),
            None if masks is None else _masks(masks, self._shapes),
        )


class VerdictReader:
    """Reads the lines of an answer with many verdicts. A question that was refused has its refusal, which is not raised."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._body = bytearray()

    def add(self, chunk: bytes) -> None:
        self._body += chunk

    def end(self, request_id: str | None) -> list[Verdict | Refusal]:
        """The verdicts and refusals in the order of the questions. An answer that has fewer was cut."""
        found = self._found(request_id)
        if len(found) == self._count:
            return found
        self.raise_if_late(request_id)
        raise CutAnswer(
            f"the answer ended after {len(found)} of {self._count} verdicts: the server stopped, or the connection broke"
        )

    def raise_if_late(self, request_id: str | None) -> None:
        """Raises the refusal that the server sent before it cut the answer, if there is one."""
        found = self._found(request_id)
        if found and isinstance(last := found[-1], Refusal) and last.status == 503:
            raise last

    def _found(self, request_id: str | None) -> list[Verdict | Refusal]:
        return [self._verdict(bytes(line), request_id) for line in self._body.split(b"\n")[:-1]]

    @staticmethod
    def _verdict(line: bytes, request_id: str | None) -> Verdict | Refusal:
        found = json.loads(line)
        # A verdict has no status.
        if (status := found.get("status")) is not None:
            return refusal(status, line, request_id, None)
        return Verdict(decoded(found), request_id)


# MARK: Pieces


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields. None means the default of the service."""
    return {name: value for name, value in fields.items() if value is not None}


def _unpack(found: dict[str, Any], shape: Sequence[int]) -> None:
    """Replaces a packed mask by its booleans."""
    if isinstance(found.get("mask"), str):
        found["mask"] = unpacked(found["mask"], shape)


def _masks(masks: Sequence[Any], shapes: Sequence[tuple[int, int]]) -> list[Array | None]:
    """The masks of the layers of a network as booleans. A layer without dropout has None."""
    return [unpacked(mask, shape) if isinstance(mask, str) else mask for mask, shape in zip(masks, shapes, strict=True)]


def _json_call(path: str, question: Mapping[str, Any], read: Callable[[Reply], _Read]) -> Call[_Read]:
    return Call("POST", path, read, _json(question), {"Content-Type": _JSON, "Accept": _JSON})


def _lines_call(path: str, lines: Sequence[bytes]) -> Call[None]:
    return Call("POST", path, lambda reply: None, b"\n".join(lines), {"Content-Type": _LINES, "Accept": _LINES})


def _json(question: Mapping[str, Any]) -> bytes:
    return json.dumps(question, allow_nan=False, separators=(",", ":")).encode()


def _query(fields: Mapping[str, Any]) -> str | None:
    """The fields as a query. None if one of them needs JSON."""
    pairs = []
    for name, value in fields.items():
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, bool):
            value = "true" if value else "false"
        if isinstance(value, list | tuple) and name in _LISTS and value:
            if not all(isinstance(item, int | str) and "," not in str(item) for item in value):
                return None
            value = ",".join(map(str, value))
        if not isinstance(value, str | int | float):
            return None
        pairs.append((name, value))
    return urlencode(pairs)


def _list_of(layers: Layers) -> Sequence[Mapping[str, Any]]:
    return layers.layers if isinstance(layers, Network) else layers


def _network(layers: Layers) -> dict[str, Any]:
    fields = {"layout": layers.layout} if isinstance(layers, Network) else {}
    return {**fields, "layers": encoded(_list_of(layers))}


def _mask_format(question: Mapping[str, Any]) -> str:
    """Packed bits, which are shortest. The mask of dropped weights says its own shape, as flat booleans."""
    variants = {layer.get("variant") for layer in question.get("layers", ())}
    return "booleans" if "drop_connect" in variants else "packed"


def _activations(question: Mapping[str, Any], layer: Mapping[str, Any]) -> tuple[int, int]:
    """The shape of a layer's activations."""
    units, is_rows = np.shape(layer["weights"])[0], question.get("layout") == "rows"
    examples = question["input"]["shape"][0 if is_rows else 1]
    return (examples, units) if is_rows else (units, examples)
