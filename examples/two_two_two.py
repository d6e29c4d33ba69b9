"""Document 000: two inputs, two hidden units, two outputs, and one step of gradient descent."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import nn
from autograd import Value, draw, verify
from examples.presenting import Example, Figure, claims_table, run, units

INPUTS = (0.05, 0.10)
TARGETS = (0.01, 0.99)
WEIGHTS = (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)
BIASES = (0.35, 0.60)
LEARNING_RATE = 0.5


class Network:
    """The document's network after its forward pass; every node has the document's name."""

    def __init__(self, weights: Sequence[float] = WEIGHTS) -> None:
        """Run the forward pass with the weights w1 … w8."""
        w = self.weights = [Value(weight, f"w{k}") for k, weight in enumerate(weights, start=1)]
        b1, b2 = Value(BIASES[0], "b1"), Value(BIASES[1], "b2")
        i1, i2 = Value(INPUTS[0], "i1"), Value(INPUTS[1], "i2")
        target_o1, target_o2 = Value(TARGETS[0], "target_o1"), Value(TARGETS[1], "target_o2")
        hidden = nn.Layer(2, 2, "sigmoid", weights=[w[0:2], w[2:4]], bias=b1, names=["h1", "h2"])
        output = nn.Layer(2, 2, "sigmoid", weights=[w[4:6], w[6:8]], bias=b2, names=["o1", "o2"])

        out_h1, out_h2 = hidden([i1, i2])
        out_o1, out_o2 = output([out_h1, out_h2])

        E_o1 = (0.5 * (target_o1 - out_o1) ** 2).named("E_o1")
        E_o2 = (0.5 * (target_o2 - out_o2) ** 2).named("E_o2")
        self.E_total = (E_o1 + E_o2).named("E_total")
        self.layers = {"hidden layer": units(out_h1, out_h2), "output layer": units(out_o1, out_o2)}


def updated_weights(network: Network) -> list[float]:
    """One step of gradient descent: w⁺ = w − η · ∂E_total/∂w for all weights at once."""
    network.E_total.backward()
    return [w.data - LEARNING_RATE * w.grad for w in network.weights]


def example() -> Example:
    """The document's numbers checked, and its network drawn in both directions."""
    network = Network()
    after = updated_weights(network)
    values = {f"w{k}+": weight for k, weight in enumerate(after, start=1)}
    values |= {"η": LEARNING_RATE, "E_total+": Network(after).E_total.data}
    report = verify(network.E_total, Path(__file__).with_suffix(".toml"), values)
    forward = draw(network.E_total, groups=network.layers)
    backward = draw(network.E_total, groups=network.layers, direction="backward")
    return Example(
        "two_two_two",
        "Document 000: two inputs, two hidden units, two outputs",
        (
            "Logistic units, one bias shared by each layer, half the squared error, and a single "
            "sample. The document computes every number of the forward pass, multiplies out the "
            "chain rule for w5 and for w1, and moves all eight weights one step against their "
            "gradients. The biases stay where they are.",
            Figure("two_two_two", "the forward pass, with the gradients it led to", forward.svg),
            "Its backward text writes net_h1 with w3 in one place. The forward text, the printed "
            "0.3775 and all printed updates need w2, and w2 is what stands here.",
            claims_table(report),
            Figure(
                "two_two_two_reversed",
                "the backward pass: start at E_total and multiply along the arrows",
                backward.svg,
            ),
        ),
        source="https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/",
    )


if __name__ == "__main__":
    sys.exit(run([example]))
