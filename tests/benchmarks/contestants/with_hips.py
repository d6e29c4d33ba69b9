"""HIPS autograd, with numpy's arrays.

Its package goes by our own name, so it is installed beside the others and loaded under no name.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from examples.two_two_two import BIASES, INPUTS, LEARNING_RATE, TARGETS, WEIGHTS
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.growth import Growth, Growths
from tests.benchmarks.problems import (
    CHAIN_START,
    RATE,
    STRENGTH,
    chain_of_products,
    moons,
    moons_matrices,
    sum_of_products,
    terms,
)

FOLDER = Path(sys.prefix) / "hips"


def loaded() -> tuple[Any, Any]:
    """Its `autograd` and `autograd.numpy`, while ours stay what everybody else imports."""
    if not (FOLDER / "autograd").exists():
        raise ImportError(
            f"HIPS autograd is left out: python -m pip install --no-deps --target {FOLDER} "
            f"autograd==1.9.1 installs it, away from ours, which has the same name"
        )
    ours = {name: sys.modules.pop(name) for name in list(sys.modules) if is_called_autograd(name)}
    sys.path.insert(0, str(FOLDER))
    try:
        return import_module("autograd"), import_module("autograd.numpy")
    finally:
        sys.path.remove(str(FOLDER))
        for name in filter(is_called_autograd, list(sys.modules)):
            del sys.modules[name]
        sys.modules.update(ours)


def is_called_autograd(name: str) -> bool:
    return name == "autograd" or name.startswith("autograd.")


hips, np = loaded()


def two_two_two() -> Makers:
    return {"HIPS autograd, arrays": network_of_two}


def two_moons() -> Makers:
    return {"HIPS autograd, arrays": network_for_moons}


def descent(loss: Any, beginning: Sequence[Any], rate: float) -> Entry:
    """Gradient descent on a function of a list of arrays."""
    value_and_grad = hips.value_and_grad(loss)

    def start() -> list[float]:
        value, gradients = value_and_grad([np.array(array) for array in beginning])
        return [value, *(number for g in gradients for number in g.ravel().tolist())]

    def after(updates: int) -> list[float]:
        arrays = [np.array(array) for array in beginning]
        for _ in range(updates):
            _, gradients = value_and_grad(arrays)
            arrays = [a - rate * g for a, g in zip(arrays, gradients, strict=True)]
        return [number for array in arrays for number in array.ravel().tolist()]

    return training(start, after)


def network_of_two() -> Entry:
    inputs, targets = np.array(INPUTS), np.array(TARGETS)
    b1, b2 = BIASES

    def loss(layers: Sequence[Any]) -> Any:
        out_h = 1.0 / (1.0 + np.exp(-(layers[0] @ inputs + b1)))
        out_o = 1.0 / (1.0 + np.exp(-(layers[1] @ out_h + b2)))
        return 0.5 * np.sum((targets - out_o) ** 2)

    layers = [np.array(WEIGHTS[k : k + 4]).reshape(2, 2) for k in (0, 4)]
    return descent(loss, layers, LEARNING_RATE)


def network_for_moons() -> Entry:
    points, classes = moons()
    X, t = np.array(points), np.array(classes, float)

    def loss(layers: Sequence[Any]) -> Any:
        first, second, last = layers
        out = np.maximum(X @ first[:, :-1].T + first[:, -1], 0.0)
        out = np.maximum(out @ second[:, :-1].T + second[:, -1], 0.0)
        score = out @ last[0, :-1] + last[0, -1]
        penalty = sum(np.sum(layer * layer) for layer in layers)
        return np.mean(np.maximum(1.0 - t * score, 0.0)) + STRENGTH * penalty

    return descent(loss, moons_matrices(), RATE)


def chain() -> Growths:
    """Its graph lives within one call, which is both passes."""

    def chained(numbers: Sequence[Any], length: int) -> Any:
        y, one = numbers
        for _ in range(length):
            y = y * one
        return y

    def build(length: int) -> Any:
        return hips.value_and_grad(chained)((CHAIN_START, 1.0), length)

    growth = Growth(build, listed, chain_of_products, 100_000, "about 10 µs a node")
    return {"HIPS autograd": growth}


def wide_sum() -> Growths:
    def build(length: int) -> Any:
        w, x = map(np.array, terms(length))
        return hips.value_and_grad(lambda w: np.dot(w, x))(w)

    return {"HIPS autograd, arrays": Growth(build, listed, sum_of_products)}


def listed(value_and_gradients: Any) -> list[float]:
    value, gradients = value_and_gradients
    return [float(value), *map(float, gradients)]
