"""`layers_from` on stand-ins with the names and attributes of the libraries. `checks/client_layers` has the real ones."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dropout_service import Client, UnknownModule, layers_from


class Module(SimpleNamespace):
    """The base of PyTorch's modules, and of Keras' layers on PyTorch."""

    __module__ = "torch.nn.modules.module"


def module(kind: str, library: str = "torch.nn.modules", **attributes: Any) -> Any:
    made = type(kind, (Module,), {"__module__": library})
    return made(**attributes)


class Parameter:
    """A tensor that knows its gradient, as far as `layers_from` asks it."""

    def __init__(self, array: Any) -> None:
        self._array = np.asarray(array, np.float32)

    def detach(self) -> "Parameter":
        return self

    def cpu(self) -> "Parameter":
        return self

    def numpy(self) -> Any:
        return self._array


class Sequential(list[Any]):
    __module__ = "torch.nn.modules.container"


def linear(weights: Any, bias: Any = None) -> Any:
    return module("Linear", weight=Parameter(weights), bias=None if bias is None else Parameter(bias))


WEIGHTS = np.arange(6, dtype=np.float32).reshape(2, 3)


def test_a_dense_layer_takes_what_follows_it() -> None:
    network = layers_from(
        Sequential([linear(WEIGHTS, [1, 2]), module("ReLU"), module("Dropout", p=0.25), Sequential([linear([[1, 1]])])])
    )
    first, second = network.layers
    assert np.array_equal(first["weights"], WEIGHTS) and first["bias"].tolist() == [1, 2]
    assert (first["activation"], first["rate"]) == ("relu", 0.25)
    assert second.keys() == {"weights"}
    assert network.layout == "rows"


def test_a_dropout_of_the_input_becomes_a_layer() -> None:
    network = layers_from(Sequential([module("Flatten"), module("Dropout", p=0.2), linear(WEIGHTS)]))
    assert np.array_equal(network.layers[0]["weights"], np.eye(3))
    assert network.layers[0]["rate"] == 0.2 and "rate" not in network.layers[1]


def test_what_comes_in_another_order_becomes_a_layer(client: Client) -> None:
    steps = [linear(WEIGHTS), module("Dropout", p=0.5), module("Tanh"), module("Dropout", p=0.5)]
    network = layers_from(Sequential(steps))
    assert [set(layer) - {"weights"} for layer in network.layers] == [{"rate"}, {"activation", "rate"}]
    x = np.array([[1, 2, 3]], np.float32)
    # Without dropout the numbers are those of the formula.
    output = client.forward(x, layers=network, mode="eval").output
    assert output.dtype == np.float32
    assert np.allclose(output, np.tanh(x @ WEIGHTS.T), atol=1e-6)


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        ([module("Conv2d")], "Conv2d"),
        ([module("LeakyReLU", negative_slope=0.2)], "negative_slope 0.2"),
        ([module("Softmax", dim=0)], "dim 0"),
        ([module("GELU", approximate="tanh")], "approximate tanh"),
        ([module("ReLU")], "dense layer"),
    ],
)
def test_other_modules_are_named(steps: list[Any], name: str) -> None:
    first = [] if name == "dense layer" else [linear(WEIGHTS)]
    with pytest.raises(UnknownModule, match=name):
        layers_from(Sequential([*first, *steps]))


def test_the_weights_of_keras_are_transposed() -> None:
    def keras(kind: str, **attributes: Any) -> Any:
        return module(kind, "keras.src.layers", **attributes)

    def tanh() -> None: ...

    dense = keras("Dense", name="d", activation=tanh, get_weights=lambda: [WEIGHTS.T, np.array([1.0, 2.0])])
    model = keras("Sequential", layers=[keras("InputLayer"), dense, keras("Dropout", rate=0.5, noise_shape=None)])
    (layer,) = layers_from(model).layers
    assert np.array_equal(layer["weights"], WEIGHTS) and layer["bias"].tolist() == [1, 2]
    assert (layer["activation"], layer["rate"]) == ("tanh", 0.5)
    model.layers.append(keras("Dropout", rate=0.5, noise_shape=(None, 1)))
    with pytest.raises(UnknownModule, match="noise_shape"):
        layers_from(model)


def test_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        layers_from([])
