"""Document 002: the network DNN fits three surfaces with 3, 5 and 8 hidden units."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import cos
from random import Random

import nn
from examples.presenting import Example, Panel, Row, Table, curves_plot, run, surfaces_plot

HIDDEN = (3, 5, 8)
SAMPLES = 100
EPOCHS = 200
Point = tuple[float, float]

SURFACES: dict[str, Callable[[float, float], float]] = {
    "x² + y²": lambda x, y: x * x + y * y,
    "x² − y²": lambda x, y: x * x - y * y,
    "cos 1.2x · cos 1.2y": lambda x, y: cos(1.2 * x) * cos(1.2 * y),
}


def numpy_random(seed: int) -> Random:
    """The generator that draws what `numpy.random` does after `numpy.random.seed(seed)`.

    Both are the Mersenne Twister MT19937, but Python fills its 624 words from a seed differently.
    """
    words = [seed]
    for k in range(1, 624):
        words.append((1_812_433_253 * (words[-1] ^ words[-1] >> 30) + k) % 2**32)
    generator = Random()
    generator.setstate((3, (*words, 624), None))
    return generator


def small(chance: Random, *_shape: int) -> float:
    """The document's start of weights and biases: from [0, 0.01)."""
    return chance.random() / 100


@dataclass(frozen=True)
class Fit:
    """A network after its training on one surface, from which it may have gone on to the next."""

    surface: str
    hidden: int
    history: nn.History
    function: Callable[[Point], float]
    mean_squared_error: float


class Experiment:
    """The document's points, and its three networks with their optimisers.

    Weights and momentum go on from one surface to the next, as they do in the document's program;
    the learning rate begins again.
    """

    def __init__(self) -> None:
        """Draw the points, then the networks, as the document's program does."""
        chance = numpy_random(42)
        draw = partial(chance.uniform, -2.0, 2.0)
        self.points = [(draw(), draw()) for _ in range(SAMPLES)]
        self.nets = {
            n: nn.MLP(2, [n, 1], ["sigmoid", "identity"], weights=small, biases=small, seed=chance)
            for n in HIDDEN
        }
        self.optimisers = {
            n: nn.SGD(net, nn.PowerDecay(0.4, 0.2), momentum=0.6, weight_decay=0.0001)
            for n, net in self.nets.items()
        }

    def heights(self, surface: str) -> list[float]:
        """The targets: how high the surface is at each point."""
        return [SURFACES[surface](x, y) for x, y in self.points]

    def fit(self, surface: str, hidden: int, epochs: int = EPOCHS, batches: int = SAMPLES) -> Fit:
        """Train one of the networks on a surface; an epoch of the document is 100 batches."""
        net, optimiser, heights = self.nets[hidden], self.optimisers[hidden], self.heights(surface)
        optimiser.iteration = 0
        history = nn.fit(
            net,
            self.points,
            heights,
            loss=nn.half_squared_error,
            optimiser=optimiser,
            epochs=epochs,
            stop=nn.ErrorBelow(0.001),
            batch_size=40,
            order="wrapping",
            iterations_per_epoch=batches,
            stop_before_update=True,
            measure=nn.residual_norm,
            compile="auto",
        )
        outputs = net.as_function()
        error = self.mean_squared_error(surface, hidden)
        return Fit(surface, hidden, history, lambda point: outputs(point)[0], error)

    def mean_squared_error(self, surface: str, hidden: int) -> float:
        """Of the network as it is now, over all points."""
        fitted = [height for [height] in self.nets[hidden].predict(self.points)]
        return nn.mean_squared_error(fitted, self.heights(surface)).data

    def panels(self, surface: str, fits: list[Fit]) -> list[Panel]:
        """A row of the document's figure: the surface itself, then the three fits."""
        heights = self.heights(surface)
        truth = Panel(surface, lambda point: SURFACES[surface](*point), self.points, heights)
        fitted = [
            Panel(f"{fit.hidden} hidden units", fit.function, self.points, heights)
            for fit in fits
            if fit.surface == surface
        ]
        return [truth, *fitted]


def fits_table(fits: list[Fit]) -> Table:
    """How each of the trainings went."""
    rows = []
    for fit in fits:
        first, last = fit.history.errors[0], fit.history.errors[-1]
        numbers = (first, last, fit.mean_squared_error)
        cells = (f"{fit.hidden}", f"{fit.history.updates:,}", *(f"{x:.6f}" for x in numbers))
        rows.append(Row(cells, group=fit.surface))
    headings = ("hidden", "updates", "error, first epoch", "last epoch", "mean square at the end")
    return Table("The fits", headings, tuple(rows))


def example() -> Example:
    """The document's nine fits and their figure."""
    experiment = Experiment()
    fits = [experiment.fit(surface, n) for surface in SURFACES for n in HIDDEN]
    return Example(
        "surfaces",
        "Document 002: a network fits surfaces",
        (
            "Two inputs, one layer of 3, 5 or 8 logistic units, one linear output. 100 points, "
            "drawn as the document's program draws them; batches by its window of 40, which wraps "
            "round; momentum 0.6 with the decaying rate 0.4/k^0.2 inside, and a penalty on all "
            "weights and biases. The three networks go on from each surface to the next.",
            fits_table(fits),
            surfaces_plot(
                "surfaces",
                "each surface and its fits, with contours below and the 100 points",
                [experiment.panels(surface, fits) for surface in SURFACES],
            ),
            curves_plot(
                "surfaces_errors",
                "the mean distance from the targets in each epoch of 100 batches",
                {f"{f.surface}, {f.hidden} hidden": f.history.errors for f in fits},
                across="epoch",
                up="error",
                first=1,
            ),
        ),
    )


if __name__ == "__main__":
    sys.exit(run([example]))
