"""One training step on two moons, beside other engines: python -m tests.benchmarks.two_moons.

A network of 2-16-16-1 neurons with relu, the hinge loss on 100 points and a penalty on the squares
of all parameters: the step of micrograd's own demonstration. All engines must agree on loss and
gradients, over several steps, before any of them is timed.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import autograd
import nn
from tests.benchmarks import plain
from tests.benchmarks.problems import POINTS, RATE, SIZES, STRENGTH, moons, weights
from tests.benchmarks.timing import arguments, in_turn, median, milliseconds, report

STEPS_TO_AGREE = 3
TOLERANCE = 1e-9

# Ours is so many times faster, with the garbage collector on and off.
GOALS = {"micrograd": (20.0, 2.5), "plain engine": (1.25, 1.25)}
OURS = "autograd, the same statements"
OURS_DOT = "autograd, nn.MLP"


@dataclass(frozen=True)
class Step:
    """A way to train: the loss of one step, made and swept, and the parameters it moves."""

    loss: Callable[[], Any]
    parameters: Sequence[Any]

    def __call__(self) -> float:
        for parameter in self.parameters:
            parameter.grad = 0.0
        loss = self.loss()
        loss.backward()
        for parameter in self.parameters:
            parameter.data -= RATE * parameter.grad
        return float(loss.data)


def by_statements(value: Callable[[float], Any]) -> Step:
    """Sums of products, one operation after another, in the way of micrograd's demonstration."""
    points, classes = moons()
    layers = [[([value(w) for w in row], value(0.0)) for row in layer] for layer in weights()]
    parameters = [p for layer in layers for row, bias in layer for p in [*row, bias]]

    def neuron(row: list[Any], bias: Any, inputs: list[Any]) -> Any:
        net = bias
        for weight, number in zip(row, inputs, strict=True):
            net = net + weight * number
        return net

    def score(point: tuple[float, float]) -> Any:
        outputs = [value(number) for number in point]
        for layer in layers[:-1]:
            outputs = [neuron(row, bias, outputs).relu() for row, bias in layer]
        [(row, bias)] = layers[-1]
        return neuron(row, bias, outputs)

    def loss() -> Any:
        data = value(0.0)
        for point, target in zip(points, classes, strict=True):
            data = data + (score(point) * -target + 1.0).relu()
        penalty = value(0.0)
        for parameter in parameters:
            penalty = penalty + parameter * parameter
        return data * (1.0 / POINTS) + penalty * STRENGTH

    return Step(loss, parameters)


def by_nn() -> Step:
    """The same with what a user would take: a neuron is one node, and so is each sum."""
    points, classes = moons()
    net = nn.MLP(2, SIZES[1:], ["relu", "relu", "identity"], weights=weights())
    parameters = list(net.parameters())

    def loss() -> Any:
        scores = [net(point)[0] for point in points]
        return nn.hinge(scores, classes) + nn.l2_penalty(parameters, 2.0 * STRENGTH)

    return Step(loss, parameters)


def engines() -> dict[str, Callable[[], Step]]:
    """Fresh steps of all engines that are installed; a line for one that is not."""
    found: dict[str, Callable[[], Step]] = {}
    try:
        micrograd = importlib.import_module("micrograd.engine")
        found["micrograd"] = lambda: by_statements(micrograd.Value)
    except ImportError:
        print("micrograd is left out: pip install '.[benchmark]' installs it")
    found["plain engine"] = lambda: by_statements(plain.Value)
    found[OURS] = lambda: by_statements(autograd.Value)
    found[OURS_DOT] = by_nn
    return found


def figures_of(step: Step) -> list[float]:
    """Loss and all gradients of the last of several steps."""
    *_, loss = [step() for _ in range(STEPS_TO_AGREE)]
    return [loss, *(float(parameter.grad) for parameter in step.parameters)]


def require_agreement(steps: dict[str, Step]) -> None:
    reference = figures_of(steps[OURS])
    for name, step in steps.items():
        found = reference if name == OURS else figures_of(step)
        worst = max(abs(a - b) for a, b in zip(found, reference, strict=True))
        if not worst <= TOLERANCE:
            raise SystemExit(f"{name} differs from {OURS} by {worst}: nothing was timed")
    print(f"{len(steps)} engines agree on loss and {len(reference) - 1} gradients")


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each engine (7)")
    parser.add_argument("--steps", type=int, default=4, help="steps of training in a turn (4)")
    options = parser.parse_args()
    sys.setrecursionlimit(20_000)  # the others sort by recursion
    steps = {name: make() for name, make in engines().items()}
    require_agreement(steps)
    times = {
        on: in_turn(steps, options.rounds, options.steps, collector=on) for on in (True, False)
    }
    rows, figures = [], []
    for name in steps:
        on, off = (median(times[collector][name]) for collector in (True, False))
        ours = [median(times[collector][OURS]) for collector in (True, False)]
        ratios = [theirs / own for theirs, own in zip((on, off), ours, strict=True)]
        goals = GOALS.get(name)
        rows.append(
            [
                name,
                milliseconds(on),
                milliseconds(off),
                *(f"{ratio:.2f} ×" for ratio in ratios),
                "" if goals is None else " and ".join(f"≥ {goal} ×" for goal in goals),
                "" if goals is None else "✓" if all(map(float.__ge__, ratios, goals)) else "✗",
            ]
        )
        seconds = {"collector on": times[True][name], "off": times[False][name]}
        figures.append({"engine": name, "seconds": seconds})
    headings = ["engine", "collector on", "off", "slower than ours", "off", "goal", ""]
    report(headings, rows, figures, options.json)


if __name__ == "__main__":
    main()
