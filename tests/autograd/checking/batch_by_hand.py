"""A batch of two samples worked out by hand, with mistakes; it shares nothing with the engine.

Two inputs, three leaky ReLUs of slope 0.1, one logistic output, the mean of two cross entropies,
and one step of gradient descent for every parameter.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

SLOPE = 0.1
RATE = 0.3
UNITS = (1, 2, 3)

Numbers = dict[str, float]


@dataclass(frozen=True)
class Batch:
    """Parameters by name, and two samples with their targets."""

    parameters: Numbers
    samples: Sequence[tuple[float, float]]
    targets: Sequence[int]


ARTICLE = Batch(
    dict(
        zip(
            ("w11", "w12", "w21", "w22", "w31", "w32", "b1", "b2", "b3", "v1", "v2", "v3", "c"),
            (0.5, -0.2, -0.4, 0.6, 0.2, -0.7, 0.1, -0.2, 0.05, 0.8, -0.5, 0.3, 0.15),
            strict=True,
        )
    ),
    ((1.0, 2.0), (-1.5, 0.5)),
    (1, 0),
)


@dataclass(frozen=True)
class Slip:
    """A mistake, and the unit and the sample at which it is made, where it is made at one."""

    kind: str
    unit: int = 1
    sample: int = 1

    def at(self, unit: int, sample: int | None = None) -> bool:
        return self.unit == unit and sample in (None, self.sample)


RIGHT = Slip("")


def random_batch(chance: random.Random) -> Batch:
    def draw() -> float:
        return round(chance.uniform(-1, 1), 2)

    names = ARTICLE.parameters
    return Batch({name: draw() for name in names}, ((draw(), draw()), (draw(), draw())), (1, 0))


def leaky(net: float, slope: float = SLOPE, *, is_reversed: bool = False) -> float:
    return net if (net > 0) != is_reversed else slope * net


def forward(batch: Batch, w: Numbers, slip: Slip, *, is_first: bool) -> Numbers:
    found: Numbers = {}
    for s, ((x1, x2), t) in enumerate(zip(batch.samples, batch.targets, strict=True), start=1):
        for j in UNITS:
            net = w[f"w{j}1"] * x1 + w[f"w{j}2"] * x2 + w[f"b{j}"]
            h = leaky(net)
            if slip.kind == "slope 0.01 forward" and slip.at(j):
                h = leaky(net, 0.01)
            if slip.kind == "relu forward" and slip.at(j, s):
                h = leaky(net, 0.0)
            if slip.kind == "sides reversed forward" and slip.at(j):
                h = leaky(net, is_reversed=True)
            if slip.kind == "net for out forward" and slip.at(j, s) and is_first:
                h = net
            found[f"net_h{j}_s{s}"], found[f"h{j}_s{s}"] = net, h
        z = sum(w[f"v{j}"] * found[f"h{j}_s{s}"] for j in UNITS) + w["c"]
        p = 1 / (1 + math.exp(-z))
        log = math.log10 if slip.kind == "log10 for ln" else math.log
        minus = 1 if slip.kind == "minus of the loss forgotten" and slip.sample == s else -1
        found |= {f"z_s{s}": z, f"p_s{s}": p, f"L_s{s}": minus * log(p if t else 1 - p)}
    found["L"] = (found["L_s1"] + found["L_s2"]) / (1 if slip.kind == "sum for mean" else 2)
    return found


def backward(batch: Batch, w: Numbers, values: Numbers, slip: Slip) -> tuple[Numbers, Numbers]:
    """Derivatives on the way, and gradients."""
    found: Numbers = {}
    gradients = dict.fromkeys(w, 0.0)
    for s, ((x1, x2), t) in enumerate(zip(batch.samples, batch.targets, strict=True), start=1):
        p = values[f"p_s{s}"]
        dz = (p - t) / (1 if slip.kind == "sum for mean backward" else 2)
        if slip.kind == "σ′ once more" or (slip.kind, slip.sample) == ("σ′ once more in one", s):
            dz *= p * (1 - p)
        found[f"dL/dz_s{s}"] = dz
        gradients["c"] += dz
        for j in UNITS:
            net, h, v = values[f"net_h{j}_s{s}"], values[f"h{j}_s{s}"], w[f"v{j}"]
            if slip.kind == "neighbouring weight" and slip.at(j):
                v = w[f"v{2 if j == 3 else j + 1}"]
            gradients[f"v{j}"] += dz * (net if slip.kind == "net for out" and slip.at(j) else h)
            found[f"dL/dh{j}_s{s}"] = dz * v
            dnet = dz * v * _slope(net, slip if slip.at(j) else RIGHT)
            found[f"dL/dnet_h{j}_s{s}"] = dnet
            a, b = (x2, x1) if slip.kind == "inputs swapped" and slip.at(j) else (x1, x2)
            gradients[f"w{j}1"] += dnet * a
            gradients[f"w{j}2"] += dnet * b
            gradients[f"b{j}"] += dnet
    return found, gradients


def _slope(net: float, slip: Slip) -> float:
    left = {"slope 0": 0.0, "slope 0.01": 0.01, "slope 1": 1.0}.get(slip.kind, SLOPE)
    return 1.0 if (net > 0) != (slip.kind == "sides reversed") else left


def worked(batch: Batch, slip: Slip = RIGHT, *, steps: bool = True) -> Numbers:
    """Every number of the article; without `steps`, derivatives on the way are not printed."""
    w = batch.parameters
    values = forward(batch, w, slip, is_first=True)
    on_the_way, gradients = backward(batch, w, values, slip)
    rate = RATE / 10 if slip.kind == "learning rate" else RATE
    moved = {name: w[name] - rate * gradients[name] for name in w}
    if slip.kind == "climbed":
        moved["b2"] = w["b2"] + rate * gradients["b2"]
    old = {"old parameter": "c", "old biases": "b"}.get(slip.kind, "none")
    used = {name: w[name] if name.startswith(old) else moved[name] for name in w}
    return {
        **values,
        **(on_the_way if steps else {}),
        **{f"dL/d{name}": number for name, number in gradients.items()},
        **{f"{name}+": number for name, number in moved.items()},
        "L+": forward(batch, used, slip, is_first=False)["L"],
    }
