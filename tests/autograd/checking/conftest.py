"""Graphs that several tests ask about."""

from __future__ import annotations

import pytest

from autograd import Value, dot


@pytest.fixture
def E() -> Value:
    """E = (a·b + a)², at a = 3, b = −2: p = −6, net = −3, E = 9."""
    a, b = Value(3.0, name="a"), Value(-2.0, name="b")
    p = (a * b).named("p")
    net = (p + a).named("net")
    return (net * net).named("E")


@pytest.fixture
def E_total() -> Value:
    """The network of document 000, built from single operations."""
    w1, w2, w3, w4, w5, w6, w7, w8 = (
        Value(number, f"w{k}")
        for k, number in enumerate((0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55), start=1)
    )
    b1, b2 = Value(0.35, "b1"), Value(0.60, "b2")
    i = [Value(0.05, "i1"), Value(0.10, "i2")]
    h = [
        dot(w, i, b1).named(f"net_h{k}").sigmoid().named(f"out_h{k}")
        for k, w in enumerate(([w1, w2], [w3, w4]), start=1)
    ]
    errors = []
    for k, (w, target) in enumerate((([w5, w6], 0.01), ([w7, w8], 0.99)), start=1):
        out = dot(w, h, b2).named(f"net_o{k}").sigmoid().named(f"out_o{k}")
        errors.append((0.5 * (Value(target, f"target_o{k}") - out) ** 2).named(f"E_o{k}"))
    return (errors[0] + errors[1]).named("E_total")
