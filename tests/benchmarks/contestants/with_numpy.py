"""Networks as people write them in numpy: matrices forward, matrices backward."""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from examples.surfaces import SURFACES, Experiment
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.problems import (
    RATE,
    STRENGTH,
    SURFACE_DECAY,
    SURFACE_MOMENTUM,
    along_the_course,
    course,
    flat,
    moons,
    moons_matrices,
    surface_batches,
    surface_matrices,
    surface_rate,
)

Matrix = NDArray[np.float64]


def two_moons() -> Makers:
    return {"numpy by hand": by_matrices}


def by_matrices() -> Entry:
    points, classes = moons()
    X, t = np.array(points), np.array(classes, float)

    def loss_and_gradients(layers: list[Matrix]) -> tuple[float, list[Matrix]]:
        outputs, nets = [X], []
        for layer in layers:
            nets.append(outputs[-1] @ layer[:, :-1].T + layer[:, -1])
            outputs.append(np.maximum(nets[-1], 0.0))
        margins = 1.0 - t * nets[-1][:, 0]
        loss = np.maximum(margins, 0.0).mean()
        slopes = np.where(margins > 0.0, -t / len(t), 0.0)[:, None]
        gradients: list[Matrix] = []
        for place in reversed(range(len(layers))):
            layer = layers[place]
            gradient = np.column_stack([slopes.T @ outputs[place], slopes.sum(axis=0)])
            gradients.insert(0, gradient + 2.0 * STRENGTH * layer)
            loss += STRENGTH * (layer * layer).sum()
            if place:
                slopes = (slopes @ layer[:, :-1]) * (nets[place - 1] > 0.0)
        return float(loss), gradients

    def beginning() -> list[Matrix]:
        return [np.array(matrix) for matrix in moons_matrices()]

    def start() -> list[float]:
        loss, gradients = loss_and_gradients(beginning())
        return [loss, *np.concatenate([g.ravel() for g in gradients]).tolist()]

    def after(updates: int) -> list[float]:
        layers = beginning()
        for _ in range(updates):
            _, gradients = loss_and_gradients(layers)
            for layer, gradient in zip(layers, gradients, strict=True):
                layer -= RATE * gradient  # noqa: PLW2901 (in place)
        numbers: list[float] = np.concatenate([layer.ravel() for layer in layers]).tolist()
        return numbers

    return training(start, after)


def surfaces() -> Makers:
    return {
        "numpy, as the document has it": lambda: along_surfaces(DocumentNetwork),
        "numpy, plain arrays": lambda: along_surfaces(PlainNetwork),
    }


class SurfaceNetwork:
    """Document 002's network: two inputs, logistic units, one linear output; with momentum."""

    def __init__(self, hidden: Matrix, output: Matrix) -> None:
        """The rows of a matrix are the weights of a unit, then its bias."""
        self.weights = [hidden[:, :-1], output[:, :-1]]
        self.biases = [hidden[:, -1:], output[:, -1:]]
        self.weight_steps = [np.zeros_like(array) for array in self.weights]
        self.bias_steps = [np.zeros_like(array) for array in self.biases]
        self.errors: list[float] = []

    def iterate(self, X: Matrix, heights: Matrix, rate: float) -> None:
        """One batch: a row of X and of heights is a sample."""
        raise NotImplementedError

    def step(self, layer: int, weight_slopes: Matrix, bias_slopes: Matrix, rate: float) -> None:
        weights, biases = self.weights[layer], self.biases[layer]
        weight_slopes = weight_slopes + SURFACE_DECAY * weights
        bias_slopes = bias_slopes + SURFACE_DECAY * biases
        self.weight_steps[layer] = (
            SURFACE_MOMENTUM * self.weight_steps[layer] - rate * weight_slopes
        )
        self.bias_steps[layer] = SURFACE_MOMENTUM * self.bias_steps[layer] - rate * bias_slopes
        self.weights[layer] = weights + self.weight_steps[layer]
        self.biases[layer] = biases + self.bias_steps[layer]

    def parameters(self) -> list[float]:
        layers = zip(self.weights, self.biases, strict=True)
        return flat([np.hstack(layer).tolist() for layer in layers])


class DocumentNetwork(SurfaceNetwork):
    """As the document has it: samples in columns, and every activation a Python function of one
    number, vectorized; the slope of the output unit is asked for, too."""

    def iterate(self, X: Matrix, heights: Matrix, rate: float) -> None:
        inputs = [X.T]
        nets = []
        for weights, biases, (activation, _) in zip(
            self.weights, self.biases, ACTIVATIONS, strict=True
        ):
            nets.append(weights @ inputs[-1] + biases)
            inputs.append(activation(nets[-1]))
        missing = heights.T - inputs[-1]
        self.errors.append(float(np.mean(np.sqrt(np.sum(np.power(missing, 2), axis=0)))))
        back = missing.T
        slopes = []
        for layer in (1, 0):
            _, derivative = ACTIVATIONS[layer]
            slopes.append(np.multiply(back, derivative(nets[layer]).T))
            back = slopes[-1] @ self.weights[layer]
        for layer, slope in zip((0, 1), reversed(slopes), strict=True):
            by_weights = -(slope.T @ inputs[layer].T) / len(slope)
            self.step(layer, by_weights, -np.mean(slope.T, axis=1, keepdims=True), rate)


class PlainNetwork(SurfaceNetwork):
    """The same on plain arrays: every operation is one of numpy's on the whole batch."""

    def iterate(self, X: Matrix, heights: Matrix, rate: float) -> None:
        hidden = 1.0 / (1.0 + np.exp(-(X @ self.weights[0].T + self.biases[0].T)))
        output = hidden @ self.weights[1].T + self.biases[1].T
        slope = output - heights
        self.errors.append(float(np.abs(slope).mean()))
        slope /= len(X)
        hidden_slope = slope @ self.weights[1] * hidden * (1.0 - hidden)
        self.step(0, hidden_slope.T @ X, hidden_slope.sum(axis=0)[:, None], rate)
        self.step(1, slope.T @ hidden, slope.sum(axis=0)[:, None], rate)


def logistic(x: float) -> float:
    power: float = np.power(np.e, min(-x, 100.0))
    return 1.0 / (1.0 + power)


def logistic_slope(x: float) -> float:
    power: float = np.power(np.e, min(-x, 100.0))
    return power / (1.0 + power) ** 2


ACTIVATIONS = [
    (np.vectorize(logistic), np.vectorize(logistic_slope)),
    (np.vectorize(lambda x: x), np.vectorize(lambda x: 1.0)),
]


def along_surfaces(network: type[SurfaceNetwork]) -> Entry:
    experiment = Experiment()
    X = np.array(experiment.points)
    heights = {s: np.array(experiment.heights(s))[:, None] for s in SURFACES}
    beginnings = [surface_matrices(net) for net in experiment.nets.values()]

    def after(updates: int) -> list[float]:
        nets = [network(*map(np.array, matrices)) for matrices in beginnings]
        for surface, count in along_the_course(updates):
            for net in nets:
                for k, batch in enumerate(islice(surface_batches(), count), start=1):
                    rows = slice(batch.start, batch.stop)
                    net.iterate(X[rows], heights[surface][rows], surface_rate(k))
        return [number for net in nets for number in net.parameters()]

    return course(after)
