"""What the contestants compute: the data of two networks, and how their parameters are ordered."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import nn
from examples.surfaces import SAMPLES, SURFACES
from tests.benchmarks.contest import Entry

SIZES = [2, 16, 16, 1]
POINTS = 100
STRENGTH = 1e-4
RATE = 0.05


def moons() -> tuple[list[tuple[float, float]], list[int]]:
    """Two half circles that reach into each other, with some noise, and their classes −1 and 1."""
    rng = random.Random(1)
    points, classes = [], []
    for i in range(POINTS):
        angle, upper = math.pi * rng.random(), i % 2 == 0
        x, y = math.cos(angle), math.sin(angle)
        x, y = (x, y) if upper else (1.0 - x, 0.5 - y)
        points.append((x + rng.gauss(0.0, 0.1), y + rng.gauss(0.0, 0.1)))
        classes.append(1 if upper else -1)
    return points, classes


def weights() -> list[list[list[float]]]:
    """Layer, unit, input. All biases begin at 0."""
    rng = random.Random(2)
    return [
        [[rng.uniform(-1.0, 1.0) for _ in range(n_in)] for _ in range(n_out)]
        for n_in, n_out in pairwise(SIZES)
    ]


def moons_matrices() -> list[list[list[float]]]:
    """For every layer a matrix, for every unit a row: its weights, then its bias."""
    return [[[*row, 0.0] for row in layer] for layer in weights()]


def flat(matrices: Sequence[Sequence[Sequence[float]]]) -> list[float]:
    """The parameters in the order in which all contestants give them, and their gradients."""
    return [float(number) for matrix in matrices for row in matrix for number in row]


# Document 002. The last iteration on a surface makes no update.
SURFACE_UPDATES = 20_000 - 1
SURFACE_BATCH = 40
SURFACE_MOMENTUM = 0.6
SURFACE_DECAY = 0.0001
SURFACE_UPDATES_TO_AGREE = 300


def surface_rate(iteration: int) -> float:
    return 0.4 / math.pow(iteration, 0.2)


def surface_batches() -> Iterator[range]:
    """The document's window, which wraps round and is cut at the end; endless."""
    start = 0
    while True:
        yield range(start, min(start + SURFACE_BATCH, SAMPLES))
        start = (start + SURFACE_BATCH) % SAMPLES


def along_the_course(updates: int) -> Iterator[tuple[str, int]]:
    """The surfaces in turn, and how many updates each gets."""
    for surface in SURFACES:
        yield surface, min(updates, SURFACE_UPDATES)
        updates -= min(updates, SURFACE_UPDATES)


def course(after: Callable[[int], Sequence[float]]) -> Entry:
    """The way over the surfaces: the parameters of all nets after so many updates of each.

    Those after the first update show the first gradients.
    """
    return Entry(lambda: [*after(1), *after(SURFACE_UPDATES_TO_AGREE)], after)


def parameters_of(net: nn.Module) -> list[float]:
    return [parameter.data for parameter in net.parameters()]


def surface_matrices(net: nn.MLP) -> list[list[list[float]]]:
    """For each layer a matrix, for each unit a row: its weights, then its bias."""
    matrices = []
    for layer in net.layers:
        numbers, columns = parameters_of(layer), len(layer.neurons[0].parameters())
        rows = range(0, len(numbers), columns)
        matrices.append([numbers[first : first + columns] for first in rows])
    return matrices


# Chains begin at one half; the slope by the factor 1 that they multiply by adds up.
CHAIN_START = 0.5


def chain_of_products(length: int) -> list[float]:
    """½ · one · … · one and its slopes by the first factor and by one."""
    return [CHAIN_START, 1.0, CHAIN_START * length]


def terms(length: int) -> tuple[list[float], list[float]]:
    """The parameters w and the numbers x of Σ w · x."""
    return [1.0 / k for k in range(1, length + 1)], [float(k % 7 - 3) for k in range(length)]


def sum_of_products(length: int) -> list[float]:
    """Σ w · x and its slopes by w."""
    w, x = terms(length)
    return [math.fsum(map(math.prod, zip(w, x, strict=True))), *x]
