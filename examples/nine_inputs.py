"""Document 001: nine inputs, two hidden units, one output, and the tables that it left empty."""

from __future__ import annotations

import sys
from pathlib import Path

import nn
from autograd import Value, draw, verify
from examples.presenting import Example, Figure, Row, Table, claims_table, run, units

INPUTS = (1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
TO_H1 = (0.1, 0.2, 0.3, -0.4, -0.1, -0.2, -0.3, 0.4, 0.5)
TO_H2 = (0.2, 0.4, 0.1, -0.2, -0.4, 0.3, 0.2, 0.4, -0.2)
TO_C = (0.7, 0.5)
BIASES = {"H1": -0.1, "H2": 0.2, "C": 0.1}
LEARNING_RATE = 0.01


class Network:
    """The network after its forward pass and the backward pass from its error."""

    def __init__(self, target: float) -> None:
        """Run both passes for one target."""
        to_H1 = [Value(data, f"w{i}1") for i, data in enumerate(TO_H1, start=1)]
        to_H2 = [Value(data, f"w{i}2") for i, data in enumerate(TO_H2, start=1)]
        to_C = [Value(data, f"w{i}c") for i, data in enumerate(TO_C, start=1)]
        b_H1, b_H2, b_C = (Value(data, f"b_{unit}") for unit, data in BIASES.items())
        hidden = nn.Layer(
            9, 2, "sigmoid", weights=[to_H1, to_H2], bias=[b_H1, b_H2], names=["H1", "H2"]
        )
        output = nn.Layer(2, 1, "sigmoid", weights=[to_C], bias=[b_C], names=["C"])

        out_H1, out_H2 = hidden(INPUTS)
        [out_C] = output([out_H1, out_H2])
        self.E = (0.5 * (target - out_C) ** 2).named("E")
        self.E.backward()

        self.outputs = {"H1": out_H1, "H2": out_H2, "C": out_C}
        self.parameters = [*to_H1, *to_H2, *to_C, b_H1, b_H2, b_C]
        self.layers = {"hidden layer": units(out_H1, out_H2), "output layer": units(out_C)}

    def error(self, unit: str) -> float:
        """The document's error of a unit, which is −∂E/∂net."""
        [net] = self.outputs[unit].parents
        return -net.grad

    def updated(self) -> dict[str, float]:
        """Every weight and bias after one step of gradient descent."""
        return {p.name: p.data - LEARNING_RATE * p.grad for p in self.parameters}


def units_table(one: Network, zero: Network) -> Table:
    """Net input, output and error of each unit."""
    rows = []
    for unit, output in one.outputs.items():
        [net] = output.parents
        numbers = (net.data, output.data, one.error(unit), zero.error(unit))
        rows.append(Row((unit, *map(_digits, numbers))))
    headings = ("unit", "net input", "output", "Err, target 1", "Err, target 0")
    return Table("Net inputs, outputs and errors", headings, tuple(rows))


def updates_table(one: Network, zero: Network) -> Table:
    """Every weight and bias before and after one update."""
    after_one, after_zero = one.updated(), zero.updated()
    rows = [
        Row((p.name, _digits(p.data), _digits(after_one[p.name]), _digits(after_zero[p.name])))
        for p in one.parameters
    ]
    headings = ("parameter", "before", "after, target 1", "after, target 0")
    return Table("Weights and biases, one update", headings, tuple(rows))


def _digits(number: float) -> str:
    return f"{number:.10g}"


def example() -> Example:
    """The empty tables filled in, the printed ones compared, the network drawn."""
    one, zero = Network(target=1), Network(target=0)
    values = {f"x{i}": data for i, data in enumerate(INPUTS, start=1)}
    values["learning rate"] = LEARNING_RATE
    report = verify(one.E, Path(__file__).with_suffix(".toml"), values)
    return Example(
        "nine_inputs",
        "Document 001: nine inputs, two hidden units, one output",
        (
            "Logistic units, each with a bias of its own, and half the squared error. The "
            "document gives the inputs, weights, biases and the learning rate; the cells of its "
            "results are empty, and its target is missing. The engine fills them in, for a "
            "target of 1 and for a target of 0.",
            "The document's error of a unit, at the output O·(1 − O)·(T − O), is minus the "
            "derivative of E by the unit's net input. So it is read off the graph, and the "
            "formula is not written down anywhere.",
            units_table(one, zero),
            updates_table(one, zero),
            Figure(
                "nine_inputs",
                "from the hidden units' net inputs to the error, for the target 1",
                draw(one.E, groups=one.layers, depth=6).svg,
            ),
            Figure(
                "nine_inputs_whole",
                "the whole network: a weight on an input of 0 has the gradient 0",
                draw(one.E, groups=one.layers).svg,
            ),
            "What the document does print is what it starts from. These lines check that the "
            "network above was built from it, every weight in its place.",
            claims_table(report),
        ),
    )


if __name__ == "__main__":
    sys.exit(run([example]))
