"""Document 000: two inputs, two hidden units, two outputs, and one step of gradient descent."""

from __future__ import annotations

import sys
from pathlib import Path

import nn
from autograd import Value, draw, verify
from examples.presenting import Example, Figure, claims_table, run

WEIGHTS = (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)
LEARNING_RATE = 0.5


def network(weights: tuple[float, ...] = WEIGHTS) -> tuple[Value, list[Value], dict[str, list[Value]]]:
    """The forward pass: the total error, the weights w1 … w8, and the units of each layer."""
    w = [Value(weight, f"w{k}") for k, weight in enumerate(weights, start=1)]
    b1, b2 = Value(0.35, "b1"), Value(0.60, "b2")
    hidden = nn.Layer(2, 2, "sigmoid", weights=[w[0:2], w[2:4]], bias=b1, names=["h1", "h2"])
    output = nn.Layer(2, 2, "sigmoid", weights=[w[4:6], w[6:8]], bias=b2, names=["o1", "o2"])

    out_h1, out_h2 = hidden([Value(0.05, "i1"), Value(0.10, "i2")])
    out_o1, out_o2 = output([out_h1, out_h2])

    E_o1 = (0.5 * (Value(0.01, "target_o1") - out_o1) ** 2).named("E_o1")
    E_o2 = (0.5 * (Value(0.99, "target_o2") - out_o2) ** 2).named("E_o2")
    E_total = (E_o1 + E_o2).named("E_total")

    units = {"hidden layer": [out_h1, out_h2], "output layer": [out_o1, out_o2]}
    return E_total, w, {layer: [*outs, *(out.parents[0] for out in outs)] for layer, outs in units.items()}
