"""Backpropagation written by hand, with mistakes; it shares nothing with the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

RATE = 0.5


@dataclass(frozen=True)
class Net:
    """A fully connected network on one sample, with E = Σ ½ (t − o)²."""

    name: str
    activation: str
    inputs: Sequence[float]
    targets: Sequence[float]
    weights: Sequence[Sequence[Sequence[float]]]
    biases: Sequence[Sequence[float]]

    def sizes(self) -> list[int]:
        return [len(self.inputs), *map(len, self.weights)]


@dataclass(frozen=True)
class Slip:
    """A mistake, and the place where it is made: layer (from 0), unit, operand."""

    kind: str
    layer: int = 0
    unit: int = 0
    operand: int = 0


RIGHT = Slip("")


def weight(layer: int, unit: int, operand: int) -> str:
    return f"w{layer + 1}_{unit + 1}_{operand + 1}"


def node(what: str, layer: int, unit: int) -> str:
    return f"{what}{layer + 1}_{unit + 1}"


ACTIVATIONS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "sigmoid": (lambda x: 1 / (1 + math.exp(-x)), lambda y: y * (1 - y)),
    "tanh": (math.tanh, lambda y: 1 - y * y),
}
OTHER = {"sigmoid": "tanh", "tanh": "sigmoid"}

Numbers = dict[str, float]


def forward(net: Net, w: Numbers, slip: Slip) -> tuple[list[list[float]], list[list[float]], float]:
    """Net inputs and outputs, layer by layer (the outputs begin with the inputs), and E."""
    function = ACTIVATIONS[net.activation][0]
    nets, outs = [], [list(net.inputs)]
    for layer, count in enumerate(net.sizes()[1:]):
        row = []
        for unit in range(count):
            here = (slip.layer, slip.unit) == (layer, unit)
            number = 0.0
            for k, x in enumerate(outs[-1]):
                taken = k
                if here and slip.kind == "weight swapped" and k == slip.operand:
                    taken = k + 1
                number += w[weight(layer, unit, taken)] * x
            if not (here and slip.kind == "bias forgotten"):
                number += w[node("b", layer, unit)]
            row.append(number)
        nets.append(row)
        outs.append(
            [
                x
                if slip.kind == "activation forgotten" and (slip.layer, slip.unit) == (layer, u)
                else function(x)
                for u, x in enumerate(row)
            ]
        )
    half = 1.0 if slip.kind == "½ of the loss forgotten" else 0.5
    error = sum(half * (t - o) ** 2 for t, o in zip(net.targets, outs[-1], strict=True))
    if slip.kind == "mean for sum":
        error /= len(net.targets)
    return nets, outs, error


def gradients_by_hand(net: Net, w: Numbers, slip: Slip, moved: Numbers | None = None) -> Numbers:
    """∂E/∂w for every weight and bias; with `moved`, hidden gradients use these weights."""
    nets, outs, _ = forward(net, w, slip)
    name = OTHER[net.activation] if slip.kind == "other derivative" else net.activation
    prime = ACTIVATIONS[name][1]
    factor = 2.0 if slip.kind == "½ of the loss forgotten" else 1.0
    if slip.kind == "mean for sum":
        factor /= len(net.targets)
    upstream = [factor * (o - t) for t, o in zip(net.targets, outs[-1], strict=True)]
    found: Numbers = {}
    for layer in reversed(range(len(nets))):
        deltas = []
        for unit, (x, above) in enumerate(zip(nets[layer], upstream, strict=True)):
            y = outs[layer + 1][unit]
            slope = prime(y)
            if slip.layer == layer and (slip.unit == unit or "layer" in slip.kind):
                slope = _slope(slip, slope, y, x, net.activation)
            deltas.append(above * slope)
        for unit, delta in enumerate(deltas):
            for k, x in enumerate(outs[layer]):
                found[weight(layer, unit, k)] = delta * x
            found[node("b", layer, unit)] = delta
        upstream = [_back(moved or w, slip, layer, k, deltas) for k in range(len(outs[layer]))]
    if slip.kind == "sign flipped":
        return {name: -number for name, number in found.items()}
    return found


def _slope(slip: Slip, slope: float, y: float, x: float, activation: str) -> float:
    function, prime = ACTIVATIONS[activation]
    if slip.kind in ("σ′ forgotten", "σ′ forgotten in a layer"):
        return 1.0
    if slip.kind == "activation forgotten":
        return 1.0
    if slip.kind == "σ′ at the output":
        return prime(function(y))
    if slip.kind == "net for out in σ′":
        return prime(x)
    return slope


def _back(w: Numbers, slip: Slip, layer: int, k: int, deltas: Sequence[float]) -> float:
    """∂E/∂out of unit k of the layer below: the sum over the units of this one."""
    terms = []
    for unit, delta in enumerate(deltas):
        taken = w[weight(layer, unit, k)]
        if slip.kind == "transposed" and slip.layer == layer:
            taken = w[weight(layer, k, unit)]
        if (slip.layer, slip.operand, slip.unit) == (layer, k, unit):
            if slip.kind == "neighbour in the derivative":
                taken = w[weight(layer, unit, k + 1)]
            if slip.kind == "factor forgotten":
                taken = 1.0
            if slip.kind == "path missing":
                taken = 0.0
        terms.append(delta * taken)
    return terms[0] if slip.kind == "= for +=" else sum(terms)


def parameters(net: Net) -> Numbers:
    found: Numbers = {}
    for layer, (rows, biases) in enumerate(zip(net.weights, net.biases, strict=True)):
        for unit, (row, bias) in enumerate(zip(rows, biases, strict=True)):
            found |= {weight(layer, unit, k): number for k, number in enumerate(row)}
            found[node("b", layer, unit)] = bias
    return found


def values_by_hand(net: Net, slip: Slip) -> Numbers:
    nets, outs, error = forward(net, parameters(net), slip)
    found = {"E": error}
    for layer, row in enumerate(nets):
        found |= {node("net", layer, u): number for u, number in enumerate(row)}
        found |= {node("out", layer, u): number for u, number in enumerate(outs[layer + 1])}
    return found


# How an update may be done: (parameter, gradient, memory, t) -> (parameter, memory).
Rule = Callable[[float, float, tuple[float, float], int], tuple[float, tuple[float, float]]]


def sgd(momentum: float, *, raw: bool = False, nesterov: bool = False) -> Rule:
    def rule(
        w: float, g: float, memory: tuple[float, float], _: int
    ) -> tuple[float, tuple[float, float]]:
        before, _unused = memory
        if raw:
            return w - RATE * g - momentum * before, (g, 0.0)
        step = momentum * before - RATE * g
        return w + (momentum * step - RATE * g if nesterov else step), (step, 0.0)

    return rule


def adam(
    first: float = 0.9,
    second: float = 0.999,
    *,
    corrected: bool = True,
    inside: bool = False,
    begin: int = 0,
    decay: float = 0.0,
    decoupled: bool = False,
) -> Rule:
    def rule(
        w: float, g: float, memory: tuple[float, float], t: int
    ) -> tuple[float, tuple[float, float]]:
        t += begin
        g += 0.0 if decoupled else decay * w
        m = first * memory[0] + (1 - first) * g
        v = second * memory[1] + (1 - second) * g * g
        m_hat = m / (1 - first**t) if corrected else m
        v_hat = v / (1 - second**t) if corrected else v
        root = math.sqrt(v_hat + 0.01) if inside else math.sqrt(v_hat) + 0.01
        after = w - RATE * m_hat / root
        return after - (RATE * decay * w if decoupled else 0.0), (m, v)

    return rule


def updated_by_hand(net: Net, count: int, rule: Rule, *, early: bool = False) -> Numbers:
    """The weights after so many updates; the biases stay."""
    w = parameters(net)
    memory = dict.fromkeys(w, (0.0, 0.0))
    for t in range(1, count + 1):
        moved = dict(w)
        found = gradients_by_hand(net, w, RIGHT)
        for layer in reversed(range(len(net.weights))):
            if early:
                found = gradients_by_hand(net, w, RIGHT, moved)
            for name in w:
                if name.startswith(f"w{layer + 1}_"):
                    moved[name], memory[name] = rule(w[name], found[name], memory[name], t)
        w = moved
    return w
