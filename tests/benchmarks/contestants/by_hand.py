"""Document 000's network as people write it in Python."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from examples.two_two_two import BIASES, INPUTS, LEARNING_RATE, TARGETS, WEIGHTS
from tests.benchmarks.contest import Entry, Makers, training


def two_two_two() -> Makers:
    return {"Python, objects and lists": objects, "Python, straight line": straight_line}


class Unit:
    """One neuron of a network of objects: its weights and what it computed last."""

    def __init__(self, weights: Sequence[float], bias: float) -> None:
        self.weights = list(weights)
        self.bias = bias
        self.inputs: Sequence[float] = []
        self.output = 0.0

    def forward(self, inputs: Sequence[float]) -> float:
        self.inputs = inputs
        self.output = self.squash(self.net_input())
        return self.output

    def net_input(self) -> float:
        total = 0.0
        for i in range(len(self.inputs)):
            total += self.inputs[i] * self.weights[i]
        return total + self.bias

    def squash(self, net: float) -> float:
        return 1 / (1 + exp(-net))

    def error(self, target: float) -> float:
        return 0.5 * (target - self.output) ** 2

    def slope_of_error(self, target: float) -> float:
        return -(target - self.output)

    def slope_of_output(self) -> float:
        return self.output * (1 - self.output)

    def slope_of_net_input(self, target: float) -> float:
        return self.slope_of_error(target) * self.slope_of_output()


class Network:
    """Layers of units, and the training of all weights on one sample after another."""

    def __init__(self) -> None:
        self.hidden = [Unit(WEIGHTS[k : k + 2], BIASES[0]) for k in (0, 2)]
        self.output = [Unit(WEIGHTS[k : k + 2], BIASES[1]) for k in (4, 6)]

    def forward(self, inputs: Sequence[float]) -> list[float]:
        hidden = [unit.forward(inputs) for unit in self.hidden]
        return [unit.forward(hidden) for unit in self.output]

    def train(self, inputs: Sequence[float], targets: Sequence[float]) -> None:
        self.forward(inputs)
        output_slopes = [0.0] * len(self.output)
        for o in range(len(self.output)):
            output_slopes[o] = self.output[o].slope_of_net_input(targets[o])
        hidden_slopes = [0.0] * len(self.hidden)
        for h in range(len(self.hidden)):
            slope = 0.0
            for o in range(len(self.output)):
                slope += output_slopes[o] * self.output[o].weights[h]
            hidden_slopes[h] = slope * self.hidden[h].slope_of_output()
        for layer, slopes in ((self.output, output_slopes), (self.hidden, hidden_slopes)):
            for k in range(len(layer)):
                for i in range(len(layer[k].weights)):
                    layer[k].weights[i] -= LEARNING_RATE * (slopes[k] * layer[k].inputs[i])

    def error(self, inputs: Sequence[float], targets: Sequence[float]) -> float:
        self.forward(inputs)
        return sum(unit.error(t) for unit, t in zip(self.output, targets, strict=True))


def objects() -> Entry:
    def after(updates: int) -> list[float]:
        net = Network()
        for _ in range(updates):
            net.train(INPUTS, TARGETS)
        return [weight for unit in [*net.hidden, *net.output] for weight in unit.weights]

    def start() -> list[float]:
        return [Network().error(INPUTS, TARGETS), *gradients(after(1))]

    return training(start, after)


def gradients(weights: Sequence[float]) -> list[float]:
    """What the first update came from."""
    return [(old - new) / LEARNING_RATE for old, new in zip(WEIGHTS, weights, strict=True)]


def straight_line() -> Entry:
    def start() -> list[float]:
        *weights, error = trained(1, WEIGHTS)
        return [error, *gradients(weights)]

    return training(start, lambda updates: trained(updates, WEIGHTS)[:8])


def trained(updates: int, weights: Sequence[float]) -> tuple[float, ...]:
    """The weights after so many updates, and the error before the last of them."""
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    i1, i2 = INPUTS
    t1, t2 = TARGETS
    b1, b2 = BIASES
    rate = LEARNING_RATE
    o1 = o2 = 0.0
    for _ in range(updates):
        h1 = 1.0 / (1.0 + exp(-(w1 * i1 + w2 * i2 + b1)))
        h2 = 1.0 / (1.0 + exp(-(w3 * i1 + w4 * i2 + b1)))
        o1 = 1.0 / (1.0 + exp(-(w5 * h1 + w6 * h2 + b2)))
        o2 = 1.0 / (1.0 + exp(-(w7 * h1 + w8 * h2 + b2)))
        d1 = rate * (o1 - t1) * o1 * (1.0 - o1)
        d2 = rate * (o2 - t2) * o2 * (1.0 - o2)
        e1 = (d1 * w5 + d2 * w7) * h1 * (1.0 - h1)
        e2 = (d1 * w6 + d2 * w8) * h2 * (1.0 - h2)
        w1 -= e1 * i1
        w2 -= e1 * i2
        w3 -= e2 * i1
        w4 -= e2 * i2
        w5 -= d1 * h1
        w6 -= d1 * h2
        w7 -= d2 * h1
        w8 -= d2 * h2
    error = 0.5 * (t1 - o1) ** 2 + 0.5 * (t2 - o2) ** 2
    return w1, w2, w3, w4, w5, w6, w7, w8, error
