"""micrograd 0.1.0, as it comes from PyPI."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Any

from micrograd.engine import Value

from examples.two_two_two import BIASES, INPUTS, LEARNING_RATE, TARGETS, WEIGHTS
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.growth import Growth, Growths
from tests.benchmarks.problems import CHAIN_START, chain_of_products, sum_of_products, terms


def two_two_two() -> Makers:
    return {"micrograd": network_of_two}


def sigmoid(x: Any) -> Any:
    """Which micrograd does not have, added in the way of its own relu."""
    out = Value(1.0 / (1.0 + exp(-x.data)), (x,), "sigmoid")

    def _backward() -> None:
        x.grad += out.data * (1.0 - out.data) * out.grad

    out._backward = _backward
    return out


def network_of_two() -> Entry:
    def neuron(weights: Sequence[Any], inputs: Sequence[Any], bias: float) -> Any:
        return sigmoid(sum((w * x for w, x in zip(weights, inputs, strict=True)), bias))

    def swept(w: Sequence[Any]) -> float:
        out_h = [neuron(w[k : k + 2], INPUTS, BIASES[0]) for k in (0, 2)]
        out_o = [neuron(w[k : k + 2], out_h, BIASES[1]) for k in (4, 6)]
        error = sum(0.5 * (t - out) ** 2 for t, out in zip(TARGETS, out_o, strict=True))
        error.backward()
        return float(error.data)

    def start() -> list[float]:
        w = [Value(number) for number in WEIGHTS]
        return [swept(w), *(weight.grad for weight in w)]

    def after(updates: int) -> list[float]:
        w = [Value(number) for number in WEIGHTS]
        for _ in range(updates):
            for weight in w:
                weight.grad = 0.0
            swept(w)
            for weight in w:
                weight.data -= LEARNING_RATE * weight.grad
        return [weight.data for weight in w]

    return training(start, after)


RECURSION = "micrograd sorts by recursion, which Python limits to 1,000 calls"


def chain() -> Growths:
    def build(length: int) -> tuple[Any, Any, Any]:
        start = y = Value(CHAIN_START)
        one = Value(1.0)
        for _ in range(length):
            y = y * one
        return y, start, one

    def sweep(graph: tuple[Any, Any, Any]) -> list[float]:
        y, start, one = graph
        y.backward()
        return [y.data, start.grad, one.grad]

    return {"micrograd": Growth(build, sweep, chain_of_products, 100, RECURSION)}


def wide_sum() -> Growths:
    def build(length: int) -> tuple[Any, list[Any]]:
        numbers, x = terms(length)
        w = list(map(Value, numbers))
        return sum((a * b for a, b in zip(w, x, strict=True)), Value(0.0)), w

    def sweep(graph: tuple[Any, list[Any]]) -> list[float]:
        y, w = graph
        y.backward()
        return [y.data, *(weight.grad for weight in w)]

    return {"micrograd": Growth(build, sweep, sum_of_products, 100, RECURSION)}
