"""What the methods of the clients return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

import numpy as np

from .arrays import Array
from .errors import MissingPart

_Record = TypeVar("_Record", bound="_FromFields")


class _FromFields:
    """A record that is made from the fields of JSON. Fields that it does not know are left out, since a release may add some."""

    @classmethod
    def from_fields(cls: type[_Record], found: Mapping[str, Any]) -> _Record:
        known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in found.items() if name in known})


class Answer(Mapping[str, Any]):
    """An answer: a mapping with its fields, tensors as arrays. `request_id` is its name in the log of the server."""

    def __init__(self, found: Mapping[str, Any], request_id: str | None = None) -> None:
        self._fields = dict(found)
        self.request_id = request_id

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._fields)})"

    def _part(self, name: str) -> Any:
        try:
            return self._fields[name]
        except KeyError:
            has = ", ".join(self._fields) or "nothing"
            raise MissingPart(f"the answer has no {name}; name it in `include` (it has {has})") from None

    @property
    def seed(self) -> Any:
        """The seed of the draw: yours, or the one that the service made up. None if nothing was drawn."""
        return self._fields.get("seed")

    @property
    def next(self) -> Mapping[str, Any] | None:
        """The fields that the next request has to change so that it draws what follows. Ask with `include=[..., "next"]`."""
        found: Mapping[str, Any] | None = self._part("next")
        return found


@dataclass(frozen=True)
class Check(_FromFields):
    """The expected-value check: is the sum of the output one that dropout would give?"""

    expected_mean: float
    observed_mean: float
    expected_sum: float
    observed_sum: float
    standard_error: float
    z_score: float
    consistent: bool
    kept: int
    expected_kept: float
    kept_fraction: float
    log_probability: float


@dataclass(frozen=True)
class LayerPass:
    """What happened in one layer: Z, A, the mask and the output. A layer without dropout has neither mask nor check."""

    pre_activation: Array
    activation: Array
    output: Array
    mask: Array | None
    check: Check | None


@dataclass(frozen=True)
class MonteCarlo(_FromFields):
    """The moments over many passes, each with the shape of the output.

    `predictive_entropy` and `mutual_information` (BALD) are there after a softmax, one for each example, in nats.
    """

    _ARRAYS: ClassVar = ("mean", "variance", "predictive_entropy", "mutual_information")

    count: int
    mean: Array
    variance: Array | None = None
    interval_95: Mapping[str, Array] | None = None
    mean_interval_95: Mapping[str, Array] | None = None
    max_abs_z: float | None = None
    predictive_entropy: Array | None = None
    mutual_information: Array | None = None

    @classmethod
    def from_fields(cls, found: Mapping[str, Any]) -> MonteCarlo:
        arrays = {name: np.asarray(found[name], np.float64) for name in cls._ARRAYS if found.get(name) is not None}
        z = found.get("max_abs_z")
        # A number that is not finite is a string in JSON.
        return super().from_fields({**found, **arrays, "max_abs_z": None if z is None else float(z)})

    @property
    def standard_deviation(self) -> Array:
        """The standard deviation of a pass. It needs two passes or more."""
        if self.variance is None:
            raise MissingPart("one pass has no variance; ask for two or more")
        deviation: Array = np.sqrt(self.variance)
        return deviation

    @property
    def expected_entropy(self) -> Array | None:
        """The mean entropy of a pass: what is left of the predictive entropy without the mutual information."""
        if self.predictive_entropy is None or self.mutual_information is None:
            return None
        entropy: Array = self.predictive_entropy - self.mutual_information
        return entropy


class Forward(Answer):
    """One forward pass. It has the parts that `include` named."""

    @property
    def output(self) -> Array:
        found: Array = self._part("output")
        return found

    @property
    def mask(self) -> Array:
        """What is kept, as booleans in the shape of the output."""
        found: Array = self._part("mask")
        return found

    @property
    def noise(self) -> Array:
        """The factors of gaussian and concrete dropout, which have no mask."""
        found: Array = self._part("noise")
        return found

    @property
    def check(self) -> Check:
        return Check.from_fields(self._part("check"))

    @property
    def layers(self) -> tuple[LayerPass, ...]:
        return tuple(
            LayerPass(
                layer["pre_activation"],
                layer["activation"],
                layer["output"],
                layer.get("mask"),
                Check.from_fields(layer["check"]) if layer.get("check") else None,
            )
            for layer in self._part("layers")
        )

    @property
    def samples(self) -> MonteCarlo:
        return MonteCarlo.from_fields(self._part("samples"))

    @property
    def exact(self) -> MonteCarlo:
        """The exact moments over all masks. `count` is the number of masks."""
        found = self._part("exact")
        return MonteCarlo.from_fields({**found, "count": found["masks"]})


class Mask(Answer):
    """A mask alone, with its statistics and its fingerprint if `include` named them."""

    @property
    def mask(self) -> Array:
        """What is kept, as booleans."""
        found: Array = self._part("mask")
        return found

    @property
    def kept(self) -> int:
        return int(self._part("kept"))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the packed mask in hexadecimal, to compare masks without sending them."""
        return str(self._part("fingerprint"))


class TrainStep(Answer):
    """A training step: forward, loss, backward and update with one mask."""

    @property
    def loss(self) -> Mapping[str, Any]:
        """`train`, `eval` and `eval_after`, and what else was asked for."""
        found: Mapping[str, Any] = self._part("loss")
        return found

    @property
    def layers(self) -> list[dict[str, Any]]:
        """The updated layers. Send them with the next step."""
        found: list[dict[str, Any]] = self._part("layers")
        return found

    @property
    def gradients(self) -> list[dict[str, Array]]:
        found: list[dict[str, Array]] = self._part("gradients")
        return found

    @property
    def masks(self) -> list[Array | None]:
        """The mask of each layer as booleans, and None for a layer without dropout."""
        found: list[Array | None] = self._part("masks")
        return found

    @property
    def optimizer_state(self) -> Mapping[str, Any] | None:
        """The state of the optimizer. Send it with the next step."""
        found: Mapping[str, Any] | None = self._part("optimizer_state")
        return found

    @property
    def next_step(self) -> int | None:
        found: int | None = self._part("next_step")
        return found


@dataclass(frozen=True)
class Finding(_FromFields):
    """A mistake that the output shows, with the numbers that show it. `output` is the index among `outputs`."""

    mistake: str
    detail: str
    output: int | None = None
    evidence: Mapping[str, Any] | None = None


class Verdict(Answer):
    """Whether an output is dropout at a rate, and which known mistakes it shows."""

    @property
    def is_dropout(self) -> bool:
        return bool(self["is_dropout"])

    @property
    def verdict(self) -> str:
        """The first mistake, or what speaks for dropout."""
        return str(self["verdict"])

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(Finding.from_fields(found) for found in self["findings"])

    @property
    def generator(self) -> Mapping[str, Any] | None:
        """With a seed: whether the mask is that generator's, and which near draw was found."""
        return self.get("generator")


@dataclass(frozen=True)
class Sample:
    """One pass of many. With `masks=True` a tensor has its `mask`, and a network `masks`, with None for a layer without dropout."""

    index: int
    output: Array
    mask: Array | None = None
    masks: list[Array | None] | None = None


@dataclass(frozen=True)
class Generator(_FromFields):
    """A rule that draws masks from seeds. `fields` is the whole record."""

    name: str
    library: str
    versions: str
    draws: str
    fields: Mapping[str, Any]


def generators(records: Sequence[Mapping[str, Any]]) -> list[Generator]:
    return [Generator.from_fields({**record, "fields": dict(record)}) for record in records]
