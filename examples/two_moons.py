"""Two moons: a network with two hidden layers parts what no straight line can."""

from __future__ import annotations

import sys
from math import cos, pi, sin
from random import Random

import nn
from autograd import sigmoid
from examples.presenting import Example, Panel, Row, Table, curves_plot, regions_plot, run

POINTS = 100
EPOCHS = 40

Point = tuple[float, float]


def moons(noise: float, seed: int) -> tuple[list[Point], list[float]]:
    """Points along two half circles that reach into each other, in turn, and their classes."""
    chance = Random(seed)
    points, classes = [], []
    for number in range(POINTS):
        angle, lower = chance.uniform(0.0, pi), number % 2
        x, y = (1 - cos(angle), 0.5 - sin(angle)) if lower else (cos(angle), sin(angle))
        points.append((chance.gauss(x, noise), chance.gauss(y, noise)))
        classes.append(float(lower))
    return points, classes


def example() -> Example:
    """Adam on shuffled batches, and the regions that it leads to."""
    points, classes = moons(noise=0.1, seed=1)
    net = nn.MLP(2, [8, 8, 1], ["relu", "relu", "identity"], seed=0)
    history = nn.fit(
        net,
        points,
        classes,
        loss=nn.binary_cross_entropy_from_logits,
        optimiser=nn.Adam(net, learning_rate=0.02),
        epochs=EPOCHS,
        batch_size=10,
        order="shuffled",
    )
    logit = net.as_function()

    def probability(point: Point) -> float:
        return sigmoid(logit(point)[0])

    right = sum(
        (probability(point) > 0.5) == (wanted == 1.0)
        for point, wanted in zip(points, classes, strict=True)
    )
    row = Row((f"{POINTS}", f"{right}"))
    return Example(
        "two_moons",
        "Two moons",
        (
            "Two half circles of points that reach into each other, with noise. Two hidden layers "
            "of eight rectified units, one output whose logistic function is the probability of "
            "the lower moon, binary cross entropy, and Adam on batches of ten in a new order for "
            "each pass.",
            Table(f"After {EPOCHS} passes", ("points", "classified rightly"), (row,)),
            regions_plot(
                "two_moons",
                "the probability of the lower moon",
                Panel("two moons", probability, points, classes),
                levels=[k / 10 for k in range(11)],
                borders=[0.5],
            ),
            curves_plot(
                "two_moons_loss",
                "the mean cross entropy of each pass",
                {"cross entropy": history.losses},
                across="pass",
                up="loss",
                first=1,
            ),
        ),
    )


if __name__ == "__main__":
    sys.exit(run([example]))
