"""Exclusive or, as in the program that document 000 links: five hidden units learn it."""

from __future__ import annotations

import sys
from random import Random

import nn
from examples.presenting import Example, Panel, Row, Table, curves_plot, regions_plot, run

POINTS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
TARGETS = [0.0, 1.0, 1.0, 0.0]
UPDATES = 10_000
START = 0


def trained(start: int) -> tuple[nn.MLP, nn.History]:
    """The linked program, with its random numbers from `random.seed(start)`.

    One bias for each layer, drawn as the weights are and never updated; each update is for one of
    the four points, picked at random.
    """
    chance = Random(start)
    biases = [chance.random(), chance.random()]
    net = nn.MLP(2, [5, 1], weights=nn.uniform(0.0, 1.0), biases=biases, seed=chance)
    picked = [chance.randrange(4) for _ in range(UPDATES)]
    history = nn.fit(
        net.freeze("*bias"),
        [POINTS[k] for k in picked],
        [TARGETS[k] for k in picked],
        loss=nn.half_squared_error,
        optimiser=nn.SGD(net, learning_rate=0.5),
        epochs=UPDATES // 100,
        iterations_per_epoch=100,
    )
    return net, history


def example() -> Example:
    """The four outputs after the training, and all outputs between."""
    net, history = trained(START)
    outputs = net.as_function()
    rows = []
    for point, target in zip(POINTS, TARGETS, strict=True):
        [output] = outputs(point)
        right = (output > 0.5) == (target == 1.0)
        cells = (f"{point[0]:g}, {point[1]:g}", f"{target:g}", f"{output:.6f}")
        rows.append(Row((*cells, "✓" if right else "✗"), "agrees" if right else "fails"))
    headings = ("inputs", "target", "output", "on the right side of ½")
    return Example(
        "xor",
        "Exclusive or",
        (
            "The program that document 000 links holds a second example, commented out: two "
            "inputs, five hidden units, one output, all logistic, the rate 0.5, and in each of "
            "10,000 updates one of the four points, picked at random. No straight line separates "
            "the ones from the zeros; the hidden units bend it.",
            Table("After 10,000 updates", headings, tuple(rows)),
            regions_plot(
                "xor",
                "the output for all inputs between and around the four points",
                Panel("exclusive or", lambda point: outputs(point)[0], POINTS, TARGETS),
                levels=[k / 10 for k in range(11)],
                borders=[0.5],
            ),
            curves_plot(
                "xor_error",
                "the mean error of each hundred updates",
                {"½ · (target − output)²": history.losses},
                across="hundreds of updates",
                up="error",
                first=1,
            ),
        ),
        source="https://github.com/mattm/simple-neural-network/blob/master/neural-network.py",
    )


if __name__ == "__main__":
    sys.exit(run([example]))
