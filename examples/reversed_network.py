"""Document 004: the logistic-regression neuron, and backpropagation as the reversed network."""

from __future__ import annotations

import math
import sys
from pathlib import Path

from autograd import Value, dot, draw, gradients, sigmoid, verify
from examples.presenting import Example, Figure, Row, Table, claims_table, run, units


class Network:
    """The document's network after its forward pass, with numbers for it, which prints none."""

    def __init__(self) -> None:
        """Run the forward pass."""
        x1, x2 = Value(1, "x1"), Value(-2, "x2")
        w1, w2, b = Value(0.5, "w1"), Value(0.25, "w2"), Value(0.1, "b")
        w3, b3 = Value(0.8, "w3"), Value(0.05, "b3")
        w4, b4 = Value(-0.6, "w4"), Value(-0.15, "b4")

        a = sigmoid(dot([w1, w2], [x1, x2], b).named("z")).named("a")
        y1 = sigmoid(dot([w3], [a], b3).named("z'")).named("y1")
        y2 = sigmoid(dot([w4], [a], b4).named("z''")).named("y2")
        self.loss = (0.5 * ((1 - y1) ** 2 + (0 - y2) ** 2)).named("l")

        self.layers = {"the neuron": units(a), "the next layer": units(y1, y2)}
        self.nodes = {v.name: v for v in (x1, x2, w1, w2, b, w3, b3, w4, b4, self.loss)}
        self.nodes |= {v.name: v for layer in self.layers.values() for v in layer}

    def derivative(self, over: str, under: str) -> float:
        """∂over/∂under, as the engine computes it from any node to any other."""
        [slope] = gradients(self.nodes[over], [self.nodes[under]])
        return slope


def formulas_table(network: Network) -> Table:
    """Both sides of the document's formulas, each derivative in them computed by itself."""
    d, w3, w4 = network.derivative, network.nodes["w3"].data, network.nodes["w4"].data
    into_a = w3 * d("l", "z'") + w4 * d("l", "z''")
    sides = (
        ("∂l/∂w1 = ∂z/∂w1 · ∂l/∂z", d("l", "w1"), d("z", "w1") * d("l", "z")),
        ("∂l/∂w2 = ∂z/∂w2 · ∂l/∂z", d("l", "w2"), d("z", "w2") * d("l", "z")),
        ("∂l/∂z = ∂a/∂z · ∂l/∂a", d("l", "z"), d("a", "z") * d("l", "a")),
        ("∂l/∂a = w3·∂l/∂z' + w4·∂l/∂z''", d("l", "a"), into_a),
        ("∂l/∂z = σ'(z)·(w3·∂l/∂z' + w4·∂l/∂z'')", d("l", "z"), d("a", "z") * into_a),
        ("∂l/∂z' = ∂y1/∂z' · ∂l/∂y1", d("l", "z'"), d("y1", "z'") * d("l", "y1")),
        ("∂l/∂z'' = ∂y2/∂z'' · ∂l/∂y2", d("l", "z''"), d("y2", "z''") * d("l", "y2")),
    )
    rows = []
    for formula, left, right in sides:
        holds = math.isclose(left, right, rel_tol=1e-14)
        cells = (formula, f"{left:.10g}", f"{right:.10g}", "✓" if holds else "✗")
        rows.append(Row(cells, "agrees" if holds else "fails"))
    headings = ("formula", "left side", "right side", "equal")
    return Table("The document's formulas, both sides", headings, tuple(rows))


def example() -> Example:
    """The formulas on an instance, and the picture that the document ends with."""
    network = Network()
    report = verify(network.loss, Path(__file__).with_suffix(".toml"))
    forward = draw(network.loss, groups=network.layers)
    backward = draw(network.loss, groups=network.layers, direction="backward")
    return Example(
        "reversed_network",
        "Document 004: the reversed network",
        (
            "A logistic-regression neuron, z = w1·x1 + w2·x2 + b and a = σ(z), feeds two units "
            "z' and z''. The document derives ∂l/∂z by the chain rule and finds the same network "
            "with its arrows turned round, in which σ'(z) is an amplifier of constant gain. It "
            "prints formulas and no numbers. The numbers are an instance of ours, with the loss "
            "l = ½·((1 − y1)² + (0 − y2)²).",
            Figure("reversed_network_forward", "the network, forward", forward.svg),
            Figure("reversed_network", "the same network reversed: start at l", backward.svg),
            formulas_table(network),
            claims_table(report, "The instance, from 50-digit arithmetic", printed="expected"),
        ),
    )


if __name__ == "__main__":
    sys.exit(run([example]))
