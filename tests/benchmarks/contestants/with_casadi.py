"""CasADi: its own virtual machine, and the C that it generates."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

import casadi

from examples.two_two_two import BIASES, INPUTS, LEARNING_RATE, TARGETS, WEIGHTS
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.contestants.by_hand_in_c import compiled
from tests.benchmarks.growth import Growth, Growths
from tests.benchmarks.problems import (
    CHAIN_START,
    RATE,
    STRENGTH,
    chain_of_products,
    flat,
    moons,
    moons_matrices,
    sum_of_products,
    terms,
)

CHUNK = 100

# Parameters, loss, gradients; and what the parameters are at the start, and the rate.
Network = tuple[Any, Any, Any, Sequence[float], float]


def two_two_two() -> Makers:
    return makers(network_of_two, "")


def two_moons() -> Makers:
    return {**makers(matrices_for_moons, " of matrices"), **makers(numbers_for_moons, "")}


def makers(network: Callable[[], Network], kind: str) -> Makers:
    return {
        f"CasADi{kind}, its machine": lambda: descent(network(), lambda function: function),
        f"CasADi{kind}, C": lambda: descent(network(), through_c),
    }


def descent(network: Network, made: Callable[[Any], Any]) -> Entry:
    """Gradient descent, many updates in one call."""
    w, loss, gradient, beginning, rate = network
    evaluated = casadi.Function("evaluated", [w], [loss, gradient])
    step = casadi.Function("step", [w], [w - rate * gradient])
    one, many = made(step), made(step.fold(CHUNK))

    def start() -> list[float]:
        value, slopes = evaluated(beginning)
        return [float(value), *slopes.full().ravel().tolist()]

    def after(updates: int) -> list[float]:
        parameters = casadi.DM(beginning)
        for _ in range(updates // CHUNK):
            parameters = many(parameters)
        for _ in range(updates % CHUNK):
            parameters = one(parameters)
        numbers: list[float] = parameters.full().ravel().tolist()
        return numbers

    return training(start, after)


def through_c(function: Any) -> Any:
    """The same function, from the C code that CasADi writes for it."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        function.generate("generated.c")
        library = compiled(Path("generated.c"), Path(folder))
        return casadi.external(function.name(), str(library))


def network_of_two() -> Network:
    w = casadi.SX.sym("w", 8)
    i1, i2 = INPUTS
    b1, b2 = BIASES

    def sigmoid(x: Any) -> Any:
        return 1.0 / (1.0 + casadi.exp(-x))

    h1, h2 = (sigmoid(w[k] * i1 + w[k + 1] * i2 + b1) for k in (0, 2))
    outputs = [sigmoid(w[k] * h1 + w[k + 1] * h2 + b2) for k in (4, 6)]
    loss = sum(0.5 * (t - out) ** 2 for t, out in zip(TARGETS, outputs, strict=True))
    return w, loss, casadi.gradient(loss, w), WEIGHTS, LEARNING_RATE


def layers_of(w: Any) -> list[tuple[Any, Any]]:
    """The matrices of weights, and the biases."""
    found, first = [], 0
    for matrix in moons_matrices():
        units, columns = len(matrix), len(matrix[0])
        rows = casadi.reshape(w[first : first + units * columns], columns, units).T
        found.append((rows[:, :-1], rows[:, -1]))
        first += units * columns
    return found


def matrices_for_moons() -> Network:
    points, classes = moons()
    w = casadi.MX.sym("w", len(flat(moons_matrices())))
    out = casadi.DM(points).T
    *hidden, (last, last_bias) = layers_of(w)
    for matrix, biases in hidden:
        out = casadi.fmax(matrix @ out + casadi.repmat(biases, 1, len(points)), 0.0)
    scores = last @ out + last_bias
    margins = casadi.fmax(1.0 - casadi.DM(classes).T * scores, 0.0)
    loss = casadi.sum2(margins) / len(points) + STRENGTH * casadi.sumsqr(w)
    return w, loss, casadi.gradient(loss, w), flat(moons_matrices()), RATE


def numbers_for_moons() -> Network:
    """One sample's program of numbers, for all samples in turn."""
    points, classes = moons()
    w = casadi.SX.sym("w", len(flat(moons_matrices())))
    x, t = casadi.SX.sym("x", 2), casadi.SX.sym("t")
    out = x
    *hidden, (last, last_bias) = layers_of(w)
    for matrix, biases in hidden:
        out = casadi.fmax(matrix @ out + biases, 0.0)
    margin = casadi.fmax(1.0 - t * (last @ out + last_bias), 0.0)
    sample = casadi.Function(
        "sample", [w, x, t], [casadi.vertcat(margin, casadi.gradient(margin, w))]
    )
    parameters = casadi.MX.sym("w", w.shape[0])
    mapped = sample.map(len(points))
    sums = casadi.sum2(mapped(parameters, casadi.DM(points).T, casadi.DM(classes).T))
    sums = sums / len(points)
    loss = sums[0] + STRENGTH * casadi.sumsqr(parameters)
    gradient = sums[1:] + 2.0 * STRENGTH * parameters
    return parameters, loss, gradient, flat(moons_matrices()), RATE


def chain() -> Growths:
    def build(length: int) -> Any:
        start, one = casadi.SX.sym("start"), casadi.SX.sym("one")
        y = start
        for _ in range(length):
            y = y * one
        return differentiated(y, casadi.vertcat(start, one), [CHAIN_START, 1.0])

    growth = Growth(build, evaluated, chain_of_products, 100_000, "building takes a minute")
    return {"CasADi, its machine": growth}


def wide_sum() -> Growths:
    def build(length: int) -> Any:
        numbers, x = terms(length)
        w = casadi.SX.sym("w", length)
        return differentiated(casadi.dot(w, casadi.SX(x)), w, numbers)

    return {"CasADi, its machine": Growth(build, evaluated, sum_of_products)}


def differentiated(y: Any, w: Any, numbers: Sequence[float]) -> tuple[Any, Sequence[float]]:
    return casadi.Function("y", [w], [y, casadi.gradient(y, w)]), numbers


def evaluated(graph: tuple[Any, Sequence[float]]) -> list[float]:
    function, numbers = graph
    value, slopes = function(numbers)
    return [float(value), *slopes.full().ravel().tolist()]
