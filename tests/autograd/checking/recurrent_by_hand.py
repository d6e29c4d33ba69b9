"""A recurrent unit over three steps worked out by hand; it shares nothing with the engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

Numbers = dict[str, float]

PARAMETERS: Numbers = {"w": 0.6, "u": 0.4, "b": 0.1, "v": 0.9, "c": -0.2}
INPUTS = (0.5, -0.3, 0.8)
TARGET = 0.75
RATE = 0.1
STEPS = (1, 2, 3)


@dataclass(frozen=True)
class Pass:
    """Forward and backward; of `a`, `h`, `da` and `dh` the entry k belongs to step k.

    `h[0]` is 0, and so are the entries that mean nothing.
    """

    a: Sequence[float]
    h: Sequence[float]
    y: float
    loss: float
    dy: float
    da: Sequence[float] = field(default=())
    dh: Sequence[float] = field(default=())


def forward(p: Numbers) -> Pass:
    a, h = [0.0], [0.0]
    for x in INPUTS:
        a.append(p["w"] * x + p["u"] * h[-1] + p["b"])
        h.append(math.tanh(a[-1]))
    y = p["v"] * h[3] + p["c"]
    return Pass(a, h, y, (y - TARGET) ** 2 / 2, y - TARGET)


def worked(
    p: Numbers, *, v: float | None = None, primes: Sequence[float | None] = (None,) * 4
) -> Pass:
    """The whole pass; on the way back with another v, and tanh′ at step k as `primes[k]`."""
    there = forward(p)
    da, dh = [0.0] * 4, [0.0] * 4
    dh[3] = there.dy * (p["v"] if v is None else v)
    for k in (3, 2, 1):
        prime = primes[k]
        da[k] = dh[k] * (1 - there.h[k] ** 2 if prime is None else prime)
        dh[k - 1] = da[k] * p["u"]
    return Pass(there.a, there.h, there.y, there.loss, there.dy, da, dh)


def gradients(done: Pass) -> Numbers:
    return {
        "w": summed(done.da, (0.0, *INPUTS)),
        "u": summed(done.da, (0.0, *done.h)),
        "b": sum(done.da),
        "v": done.dy * done.h[3],
        "c": done.dy,
    }


def summed(errors: Sequence[float], factors: Sequence[float]) -> float:
    """The sum over the steps of an error and what the weight is multiplied by."""
    return sum(errors[k] * factors[k] for k in STEPS)


def moved(gradient: Numbers, rate: float = RATE) -> Numbers:
    return {name: number - rate * gradient[name] for name, number in PARAMETERS.items()}
