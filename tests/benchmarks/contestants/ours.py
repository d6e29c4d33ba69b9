"""autograd and nn, in all the ways in which they train."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import nn
from autograd import CompiledFunction, Value, compile, dot, sigmoid, total
from autograd.codegen.targets import Backend
from examples.two_two_two import BIASES, INPUTS, LEARNING_RATE, TARGETS, WEIGHTS
from examples.two_two_two_training import network
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.problems import POINTS, RATE, SIZES, STRENGTH, moons, weights

# What nn.fit runs: this program, or none.
Compiled = Literal["c"] | None


class Descent:
    """Gradient descent in Python's own loop; `evaluate` gives the loss and adds the gradients."""

    def __init__(
        self, parameters: Sequence[Value], evaluate: Callable[[], float], rate: float
    ) -> None:
        self.parameters = parameters
        self.evaluate = evaluate
        self.rate = rate
        self.beginning = self.numbers()

    def numbers(self) -> list[float]:
        return [parameter.data for parameter in self.parameters]

    def reset(self) -> None:
        for parameter, number in zip(self.parameters, self.beginning, strict=True):
            parameter.data = number

    def loss(self) -> float:
        for parameter in self.parameters:
            parameter.grad = 0.0
        return self.evaluate()

    def start(self) -> list[float]:
        self.reset()
        return [self.loss(), *(parameter.grad for parameter in self.parameters)]

    def after(self, updates: int) -> list[float]:
        self.reset()
        for _ in range(updates):
            self.loss()
            for parameter in self.parameters:
                parameter.data -= self.rate * parameter.grad
        return self.numbers()

    def entry(self, run: Callable[[int], object] | None = None) -> Entry:
        """The training, or the one of which `run` makes many updates in one call."""
        if run is None:
            return training(self.start, self.after)

        def after(updates: int) -> list[float]:
            self.reset()
            run(updates)
            return self.numbers()

        return training(self.start, after)


def change(gradient: float, rate: float, memory: tuple[()]) -> tuple[float, tuple[()]]:
    return -rate * gradient, memory


def many(
    error: CompiledFunction,
    samples: Sequence[Sequence[float]],
    parameters: Sequence[Value],
    rate: float,
    decay: float,
) -> Callable[[int], int]:
    """What makes many updates in one call, each along the gradients of all samples."""
    decays = [decay] * len(parameters)
    trainer = error.trainer(samples, parameters, change, decays=decays, keeps_figures=False)
    size = len(samples)
    return lambda updates: trainer.run(range(size), [size], array("d", [rate]) * updates)


def two_two_two() -> Makers:
    return {
        "autograd": eager_two,
        "autograd, python": partial(compiled_two, "python"),
        "autograd, c": partial(compiled_two, "c"),
        "autograd, python trainer": partial(trainer_two, "python"),
        "autograd, c trainer": partial(trainer_two, "c"),
        "nn.fit": partial(fit_two, None),
        "nn.fit, c": partial(fit_two, "c"),
        "nn.fit, c, one epoch": partial(fit_two, "c", is_one_epoch=True),
    }


def error_of_two(w: Sequence[Value]) -> Value:
    b1, b2 = BIASES
    out_h = [sigmoid(dot(w[k : k + 2], INPUTS, b1)) for k in (0, 2)]
    out_o = [sigmoid(dot(w[k : k + 2], out_h, b2)) for k in (4, 6)]
    E_o1, E_o2 = (0.5 * (t - out) ** 2 for t, out in zip(TARGETS, out_o, strict=True))
    return E_o1 + E_o2


def swept(loss: Value) -> float:
    loss.backward()
    return loss.data


def eager_two() -> Entry:
    w = list(map(Value, WEIGHTS))
    return Descent(w, lambda: swept(error_of_two(w)), LEARNING_RATE).entry()


def compiled_two(backend: Backend) -> Entry:
    w = list(map(Value, WEIGHTS))
    error = compile(lambda: error_of_two(w), backend)
    return Descent(w, lambda: error.value_and_grad()[0], LEARNING_RATE).entry()


def trainer_two(backend: Backend) -> Entry:
    w = list(map(Value, WEIGHTS))
    error = compile(lambda: error_of_two(w), backend)
    descent = Descent(w, lambda: error.value_and_grad()[0], LEARNING_RATE)
    return descent.entry(many(error, [()], w, LEARNING_RATE, 0.0))


def fit_two(backend: Compiled, *, is_one_epoch: bool = False) -> Entry:
    """The document's one sample makes an epoch, of which the history keeps the error; or all do."""
    net = network().freeze("*bias")

    def fit(updates: int) -> None:
        nn.fit(
            net,
            [INPUTS],
            [TARGETS],
            loss=nn.half_squared_error,
            optimiser=nn.SGD(net, LEARNING_RATE),
            epochs=1 if is_one_epoch else updates,
            iterations_per_epoch=updates if is_one_epoch else 1,
            compile=backend,
        )

    error = partial(nn.half_squared_error, targets=TARGETS)
    descent = Descent(net.parameters(), lambda: swept(error(net(INPUTS))), LEARNING_RATE)
    return descent.entry(fit)


def two_moons() -> Makers:
    return {
        "autograd": eager_moons,
        "autograd, python": partial(compiled_moons, "python"),
        "autograd, numpy": partial(compiled_moons, "numpy"),
        "autograd, c": partial(compiled_moons, "c"),
        "autograd, python trainer": partial(trainer_moons, "python"),
        "autograd, c trainer": partial(trainer_moons, "c"),
        "nn.fit": partial(fit_moons, None),
        "nn.fit, c": partial(fit_moons, "c"),
    }


def moons_net() -> nn.MLP:
    return nn.MLP(2, SIZES[1:], ["relu", "relu", "identity"], weights=weights())


def loss_of(net: nn.MLP) -> Value:
    points, classes = moons()
    scores = [net(point)[0] for point in points]
    return nn.hinge(scores, classes) + nn.l2_penalty(net.parameters(), 2.0 * STRENGTH)


def eager_moons() -> Entry:
    net = moons_net()
    return Descent(net.parameters(), lambda: swept(loss_of(net)), RATE).entry()


def hinge_of(net: nn.MLP, backend: Backend) -> CompiledFunction:
    """A sample's part of the mean over all points."""

    def hinge(x: Value, y: Value, target: Value) -> Value:
        return (1.0 - target * net([x, y])[0]).relu() * (1.0 / POINTS)

    return compile(hinge, backend)


def compiled_descent(backend: Backend) -> tuple[Descent, CompiledFunction, list[list[float]]]:
    points, classes = moons()
    samples = [[x, y, float(target)] for (x, y), target in zip(points, classes, strict=True)]
    net = moons_net()
    parameters = net.parameters()
    hinge = hinge_of(net, backend)
    penalty = compile(lambda: total([p * p for p in parameters]) * STRENGTH, backend)

    def evaluate() -> float:
        return hinge.over_batch(samples) + penalty.value_and_grad()[0]

    return Descent(parameters, evaluate, RATE), hinge, samples


def compiled_moons(backend: Backend) -> Entry:
    descent, _, _ = compiled_descent(backend)
    return descent.entry()


def trainer_moons(backend: Backend) -> Entry:
    descent, hinge, samples = compiled_descent(backend)
    return descent.entry(many(hinge, samples, descent.parameters, RATE, 2.0 * STRENGTH))


def fit_moons(backend: Compiled) -> Entry:
    points, classes = moons()
    net = moons_net()

    def fit(updates: int) -> None:
        nn.fit(
            net,
            points,
            classes,
            loss=nn.hinge,
            optimiser=nn.SGD(net, RATE, weight_decay=2.0 * STRENGTH),
            order="full",
            epochs=updates,
            compile=backend,
        )

    return Descent(net.parameters(), lambda: swept(loss_of(net)), RATE).entry(fit)
