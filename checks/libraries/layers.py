"""Compares networks that `layers_from` of the Python client takes from PyTorch and Keras with the libraries themselves.

    .build/libraries-venv/bin/python checks/libraries/layers.py .build/release/dropoutd

In evaluation the outputs of the service are those of the library, apart from the rounding of the sums. In training the masks of
PyTorch's module are those of `torch-cpu`: the same elements are dropped, by every dropout of the network. Prints each difference
and, at the end, `N passed, N failed`.
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "clients", "python", "src"))

import keras
import numpy as np
import torch
from torch import nn

from dropout_service import UnknownModule, layers_from, serve

# Sums of 32 bits in another order differ by some units of the last place.
CLOSE = {"rtol": 2e-5, "atol": 2e-6}
ACTIVATIONS = [nn.ReLU(), nn.LeakyReLU(), nn.ELU(), nn.SELU(), nn.GELU(), nn.Softplus(), nn.Sigmoid(), nn.Tanh(), nn.Softmax(dim=1)]
FUNCTIONS = ["linear", "relu", "elu", "selu", "gelu", "softplus", "sigmoid", "tanh", "softmax"]


def torch_modules():
    """A name and a module for each activation, and some of other forms."""
    first, last = nn.Linear(7, 11), nn.Linear(11, 3)
    for activation in ACTIVATIONS:
        name = type(activation).__name__
        yield name, nn.Sequential(nn.Linear(7, 11), activation, nn.Dropout(0.3), nn.Linear(11, 5))
    yield "input dropout", nn.Sequential(nn.Flatten(), nn.Dropout(0.2), first, nn.ReLU(), nn.Dropout(0.5), last)
    yield "dropout before the activation", nn.Sequential(first, nn.Dropout(0.5), nn.Tanh(), nn.Dropout(0.25), last)
    unbiased = nn.Sequential(nn.Linear(7, 11, bias=False), nn.ReLU())
    yield "nested", nn.Sequential(unbiased, nn.Identity(), nn.Dropout(0.5), last)
    yield "alpha", nn.Sequential(first, nn.SELU(), nn.AlphaDropout(0.3), last)
    yield "float64", nn.Sequential(nn.Linear(7, 11), nn.ReLU(), nn.Dropout(0.5), nn.Linear(11, 3)).double()


def torch_checks(client):
    for name, module in torch_modules():
        dtype = next(module.parameters()).dtype
        x = torch.randn(13, 7, dtype=dtype)
        network = layers_from(module)
        with torch.no_grad():
            expected = module.eval()(x).numpy()
            found = client.forward(x, layers=network, mode="eval").output
            yield f"torch {name}: evaluation", found.dtype == expected.dtype and np.allclose(found, expected, **CLOSE)
            for seed in (0, 42, 2**31):
                torch.manual_seed(seed)
                expected = module.train()(x).numpy()
                found = client.forward(x, layers=network, generator="torch-cpu", seed=seed).output
                yield f"torch {name}: training with seed {seed}", np.allclose(found, expected, **CLOSE)


def keras_models():
    layers = keras.layers
    for function in FUNCTIONS:
        yield function, [layers.Dense(11, activation=function), layers.Dropout(0.5), layers.Dense(3)]
    leaky = layers.LeakyReLU(negative_slope=0.01)
    yield "activation layers", [layers.Dense(11), layers.ReLU(), layers.Dense(9), leaky, layers.Softmax()]
    unbiased = layers.Dense(11, use_bias=False)
    yield "elu layer", [unbiased, layers.ELU(), layers.AlphaDropout(0.2), layers.Dense(3, "softmax")]
    hidden = layers.Dense(11, "relu")
    yield "input dropout", [layers.Flatten(), layers.Dropout(0.2), hidden, layers.GaussianDropout(0.3), layers.Dense(3)]


def keras_checks(client):
    for name, layers in keras_models():
        model = keras.Sequential([keras.Input((7,)), *layers])
        for layer in model.layers:
            # Keras begins with biases of 0, which would hide a lost bias.
            layer.set_weights([np.random.default_rng(5).normal(size=array.shape) for array in layer.get_weights()])
        x = np.random.default_rng(1).normal(size=(13, 7)).astype(np.float32)
        expected = np.asarray(keras.ops.convert_to_numpy(model(x, training=False)))
        network = layers_from(model)
        found = client.forward(x, layers=network, mode="eval").output
        yield f"keras {name}: evaluation", found.dtype == expected.dtype and np.allclose(found, expected, **CLOSE)
        functional = keras.Model(model.inputs, model.outputs)
        found = client.forward(x, layers=layers_from(functional), mode="eval").output
        yield f"keras {name}: functional", np.allclose(found, expected, **CLOSE)


def refused_checks():
    """Modules that are refused by their names, so that no number is silently another."""
    for module, name in (
        (nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2)), "LayerNorm"),
        (nn.Sequential(nn.Linear(2, 2), nn.GELU(approximate="tanh")), "approximate"),
        (nn.Sequential(nn.Linear(2, 2), nn.LeakyReLU(0.3)), "negative_slope"),
        (keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "leaky_relu")]), "leaky_relu"),
        (keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), keras.layers.BatchNormalization()]), "BatchNormalization"),
    ):
        try:
            layers_from(module)
            yield f"refused: {name}", False
        except UnknownModule as error:
            yield f"refused: {name}", name in str(error)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    torch.manual_seed(1)
    passed = failed = 0
    with serve(program=sys.argv[1]) as client:
        for checks in (torch_checks(client), keras_checks(client), refused_checks()):
            for name, is_right in checks:
                if is_right:
                    passed += 1
                else:
                    failed += 1
                    print(name)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
