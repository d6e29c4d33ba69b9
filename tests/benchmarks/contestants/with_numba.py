"""numba: loops in Python, compiled by LLVM."""

from __future__ import annotations

from functools import partial
from typing import Any

import numba
import numpy as np

from examples.two_two_two import LEARNING_RATE, WEIGHTS
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.contestants.by_hand import trained
from tests.benchmarks.contestants.by_hand_in_c import by_update
from tests.benchmarks.problems import RATE, STRENGTH, flat, moons, moons_matrices


def two_two_two() -> Makers:
    return {"numba": network_of_two}


def two_moons() -> Makers:
    return {
        "numba": partial(network_for_moons, skipping=False),
        "numba, skipping zeros": partial(network_for_moons, skipping=True),
    }


def network_of_two() -> Entry:
    train = numba.njit(trained)

    def start() -> list[float]:
        *weights, error = train(1, WEIGHTS)
        return by_update(WEIGHTS, weights, LEARNING_RATE, error)

    return training(start, lambda updates: train(updates, WEIGHTS)[:8])


def network_for_moons(*, skipping: bool) -> Entry:
    train = numba.njit(train_moons)
    points, classes = moons()
    data = np.array(points), np.array(classes, float)

    def run(updates: int) -> tuple[list[float], float]:
        layers = [np.array(matrix) for matrix in moons_matrices()]
        loss = train(*layers, *data, STRENGTH, RATE, updates, skipping)
        return [number for layer in layers for number in layer.ravel().tolist()], loss

    def start() -> list[float]:
        parameters, loss = run(1)
        return by_update(flat(moons_matrices()), parameters, RATE, loss)

    return training(start, lambda updates: run(updates)[0])


# numba compiles loops; the names are those of by_hand.c.
def train_moons(  # noqa: C901, PLR0917 (one function, and numbers alone, is what numba takes best)
    w1: Any,
    w2: Any,
    w3: Any,
    points: Any,
    classes: Any,
    strength: float,
    rate: float,
    updates: int,
    skipping: bool,
) -> float:
    """So many updates in place; gives the loss before the last of them. A row ends in its bias."""
    units, samples = len(w1), len(points)
    h1, h2, d1 = np.empty(units), np.empty(units), np.empty(units)
    g1, g2, g3 = np.empty_like(w1), np.empty_like(w2), np.empty_like(w3)
    loss = 0.0
    for _ in range(updates):
        g1[:], g2[:], g3[:] = 0.0, 0.0, 0.0
        loss = 0.0
        for s in range(samples):
            x, y, t = points[s, 0], points[s, 1], classes[s]
            score = w3[0, units]
            for i in range(units):
                h1[i] = max(w1[i, 0] * x + w1[i, 1] * y + w1[i, 2], 0.0)
                d1[i] = 0.0
            for i in range(units):
                net = w2[i, units]
                for j in range(units):
                    net += w2[i, j] * h1[j]
                h2[i] = max(net, 0.0)
                score += w3[0, i] * h2[i]
            margin = 1.0 - t * score
            if skipping and margin <= 0.0:
                continue
            loss += max(margin, 0.0)
            d3 = -t if margin > 0.0 else 0.0
            for i in range(units):
                g3[0, i] += d3 * h2[i]
                if skipping and h2[i] <= 0.0:
                    continue
                d2 = d3 * w3[0, i] if h2[i] > 0.0 else 0.0
                for j in range(units):
                    g2[i, j] += d2 * h1[j]
                    d1[j] += d2 * w2[i, j]
                g2[i, units] += d2
            g3[0, units] += d3
            for j in range(units):
                slope = d1[j] if h1[j] > 0.0 else 0.0
                g1[j, 0] += slope * x
                g1[j, 1] += slope * y
                g1[j, 2] += slope
        loss /= samples
        for w, g in ((w1, g1), (w2, g2), (w3, g3)):
            loss += strength * (w * w).sum()
            w -= rate * (g / samples + 2.0 * strength * w)  # noqa: PLW2901 (in place)
    return loss
