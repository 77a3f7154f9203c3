"""The layers of a PyTorch module or a Keras model as the service takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import Array


@dataclass(frozen=True)
class Network:
    """Dense layers. With the layout `rows` an example is a row of the input, as in PyTorch and Keras."""

    layers: Sequence[Mapping[str, Any]]
    layout: str = "rows"


class UnknownModule(TypeError):
    """A module that is none of a dense layer, an activation that the service has, and a dropout."""


def layers_from(model: Any) -> Network:
    """The layers of a PyTorch module (`torch.nn.Sequential`, also nested) or of a Keras model (a chain of layers).

    Dense layers, the activations of the service and the dropouts that work on a matrix are taken. The weights of Keras are
    transposed. A dropout before the first layer, and an activation after a dropout, become a layer of their own with the identity
    as weights, which changes no number. An `UnknownModule` names the first module that is something else.
    """
    # A model of Keras on PyTorch is a module of PyTorch too.
    if _is_of(model, "keras"):
        return Network(_layers(_keras_steps(model)))
    if _is_of(model, "torch.nn"):
        return Network(_layers(_torch_steps(model)))
    raise TypeError(f"a module of PyTorch or a model of Keras expected, and a {type(model).__name__} was given")


def _is_of(value: Any, package: str) -> bool:
    """Whether a class of the package is among the classes of `value`. The package is not imported for it."""
    return any(f"{kind.__module__}.".startswith((f"{package}.", f"{package}.src.")) for kind in type(value).__mro__)


# MARK: Steps become layers


@dataclass(frozen=True)
class _Dense:
    weights: Array
    bias: Array | None


@dataclass(frozen=True)
class _Activation:
    name: str


@dataclass(frozen=True)
class _Dropout:
    fields: Mapping[str, Any]


_Step = _Dense | _Activation | _Dropout


def _layers(steps: Iterator[_Step]) -> list[dict[str, Any]]:
    """A layer is Z = W·A + b, then an activation, then a dropout. A step that does not fit begins a layer with the identity."""
    layers: list[dict[str, Any]] = []
    waiting: list[_Step] = []

    def identity(width: int) -> dict[str, Any]:
        layer: dict[str, Any] = {"weights": np.eye(width, dtype=dtype)}
        layers.append(layer)
        return layer

    def add(step: _Activation | _Dropout, width: int) -> None:
        layer = layers[-1] if layers else identity(width)
        has_dropout = "rate" in layer
        if isinstance(step, _Activation):
            if has_dropout or "activation" in layer:
                layer = identity(width)
            layer["activation"] = step.name
        else:
            if has_dropout:
                layer = identity(width)
            layer.update(step.fields)

    dtype: Any = np.float32
    width = 0
    for step in steps:
        if isinstance(step, _Dense):
            if not layers:
                dtype = step.weights.dtype
                for early in waiting:
                    add(early, step.weights.shape[1])  # type: ignore[arg-type]
            layers.append({"weights": step.weights} | ({} if step.bias is None else {"bias": step.bias}))
            width = step.weights.shape[0]
        elif layers:
            add(step, width)
        else:
            # The width of the input is known from the first dense layer.
            waiting.append(step)
    if not layers:
        raise UnknownModule("a model with a dense layer expected, and there is none")
    return layers


# MARK: PyTorch

# Each activation with the attributes that must have these values.
_TORCH_ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "ReLU": ("relu", {}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "SELU": ("selu", {}),
    "GELU": ("gelu", {"approximate": "none"}),
    "Softplus": ("softplus", {"beta": 1.0, "threshold": 20.0}),
    "Sigmoid": ("sigmoid", {}),
    "Tanh": ("tanh", {}),
    "Softmax": ("softmax", {"dim": (1, -1)}),
}
_TORCH_DROPOUTS: dict[str, dict[str, Any]] = {"Dropout": {}, "AlphaDropout": {"variant": "alpha"}}
# What leaves a matrix as it is.
_TORCH_IDENTITIES = {"Identity", "Flatten"}


def _torch_steps(module: Any) -> Iterator[_Step]:
    name = type(module).__name__
    if name == "Sequential":
        for below in module:
            yield from _torch_steps(below)
    elif name == "Linear":
        yield _Dense(_numpy(module.weight), None if module.bias is None else _numpy(module.bias))
    elif name in _TORCH_ACTIVATIONS:
        yield _activation(module, *_TORCH_ACTIVATIONS[name])
    elif name in _TORCH_DROPOUTS:
        yield _Dropout({"rate": float(module.p), **_TORCH_DROPOUTS[name]})
    elif name not in _TORCH_IDENTITIES:
        raise UnknownModule(f"{name} is not a layer that the service has: {module}")


def _numpy(parameter: Any) -> Array:
    array: Array = parameter.detach().cpu().numpy()
    return array


# MARK: Keras

_KERAS_FUNCTIONS = {
    "linear": "identity",
    "relu": "relu",
    "elu": "elu",
    "selu": "selu",
    # Keras' default is the one by erf. The approximation by tanh is another function, which has no such name.
    "gelu": "gelu",
    "softplus": "softplus",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
}
_KERAS_ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "ReLU": ("relu", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "Softmax": ("softmax", {"axis": (1, -1)}),
}
_KERAS_DROPOUTS: dict[str, dict[str, Any]] = {
    "Dropout": {},
    "AlphaDropout": {"variant": "alpha"},
    "GaussianDropout": {"variant": "gaussian"},
}
_KERAS_IDENTITIES = {"InputLayer", "Flatten", "Identity"}


def _keras_steps(model: Any) -> Iterator[_Step]:
    for layer in model.layers:
        name = type(layer).__name__
        if name in ("Sequential", "Functional"):
            yield from _keras_steps(layer)
        elif name == "Dense":
            kernel, *bias = (np.asarray(weight) for weight in layer.get_weights())
            yield _Dense(np.ascontiguousarray(kernel.T), bias[0] if bias else None)
            if (function := _keras_function(layer)) != "identity":
                yield _Activation(function)
        elif name == "Activation":
            if (function := _keras_function(layer)) != "identity":
                yield _Activation(function)
        elif name in _KERAS_ACTIVATIONS:
            yield _activation(layer, *_KERAS_ACTIVATIONS[name])
        elif name in _KERAS_DROPOUTS:
            shape = getattr(layer, "noise_shape", None)
            if shape is not None:
                raise UnknownModule(f"{name} with a noise_shape, {shape}, cannot be taken")
            yield _Dropout({"rate": float(layer.rate), **_KERAS_DROPOUTS[name]})
        elif name not in _KERAS_IDENTITIES:
            raise UnknownModule(f"{name} is not a layer that the service has: {layer.name}")


def _keras_function(layer: Any) -> str:
    function = layer.activation
    name = getattr(function, "__name__", str(function))
    if name not in _KERAS_FUNCTIONS:
        raise UnknownModule(f"the activation {name} of {layer.name} is none that the service has")
    return _KERAS_FUNCTIONS[name]


# MARK: Both


def _activation(module: Any, name: str, wanted: Mapping[str, Any]) -> _Activation:
    for attribute, value in wanted.items():
        found = getattr(module, attribute)
        found = float(found) if isinstance(found, np.generic | np.ndarray) else found
        if found != value and not (isinstance(value, tuple) and found in value):
            raise UnknownModule(f"{type(module).__name__} with {attribute} {found}: the service has {name} with {value}")
    return _Activation(name)
