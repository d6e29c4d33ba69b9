"""Document 002: the same class of network, with softmax, tells three rings of points apart."""

from __future__ import annotations

import sys

import nn
from examples.presenting import Example, Panel, Row, Table, curves_plot, regions_plot, run
from examples.surfaces import Experiment, Point, small

EPOCHS = 150


def ring(point: Point) -> int:
    """The class of a point, by its distance from the middle: 0, 1 or 2."""
    square = point[0] ** 2 + point[1] ** 2
    return (square > 1.5) + (square > 3.5)


def train(net: nn.MLP, points: list[Point]) -> nn.History:
    """The document's optimiser, with its default momentum and batches."""
    return nn.fit(
        net,
        points,
        [ring(point) for point in points],
        loss=nn.softmax_cross_entropy,
        optimiser=nn.SGD(net, nn.PowerDecay(0.4, 0.2), momentum=0.9, weight_decay=0.0001),
        epochs=EPOCHS,
        batch_size=5,
        measure=nn.percent_wrong(),
    )


def example() -> Example:
    """Training with softmax cross entropy, and the regions that it leads to."""
    points = Experiment().points
    net = nn.MLP(2, [8, 3], ["sigmoid", "identity"], weights=small, biases=small)
    history = train(net, points)
    scores = net.as_function()

    def largest(point: Point) -> float:
        outputs = scores(point)
        return outputs.index(max(outputs))

    rows = []
    for number in range(3):
        members = [point for point in points if ring(point) == number]
        right = sum(largest(point) == number for point in members)
        rows.append(Row((f"{number}", f"{len(members)}", f"{right}")))
    return Example(
        "three_rings",
        "Document 002: three classes by softmax",
        (
            "The document's class of network also classifies: with one output for each class, "
            "softmax makes probabilities of them, and the loss is the cross entropy. The document "
            "shows no such run; here it learns in which of three rings a point lies, on the "
            "points of the surfaces. Where the document's softmax overflows or takes the "
            "logarithm of 0, this loss does not: it is computed from the outputs themselves.",
            Table("Points by ring", ("ring", "points", "classified rightly"), tuple(rows)),
            regions_plot(
                "three_rings",
                "the class with the largest probability, and the true classes of the points",
                Panel("three rings", largest, points, [ring(point) for point in points]),
                levels=[-0.5, 0.5, 1.5, 2.5],
                borders=[0.5, 1.5],
            ),
            curves_plot(
                "three_rings_loss",
                "the mean cross entropy of each epoch",
                {"cross entropy": history.losses},
                across="epoch",
                up="loss",
                first=1,
            ),
        ),
    )


if __name__ == "__main__":
    sys.exit(run([example]))
