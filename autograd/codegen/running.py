"""What every target has to offer, and what its programs say when they cannot go on."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from autograd.codegen.program import Program
from autograd.codegen.updating import Change

__all__ = [
    "Batches",
    "Figures",
    "Formula",
    "Loop",
    "LoopTarget",
    "PathChanged",
    "Rows",
    "Runnable",
    "State",
    "Target",
]


class PathChanged(Exception):  # noqa: N818 (no error: a program says so, and another one runs)
    """With these numbers the function would have gone another way at this guard."""

    def __init__(self, guard: int, arguments: Sequence[float] | None = None) -> None:
        super().__init__(guard)
        self.guard = guard
        self.arguments = arguments


class Rows:
    """The numbers of many samples, in the form that a target takes.

    >>> rows = Rows([[1.0, 2.0], [3.0, 4.0]])
    >>> len(rows), rows.matrix
    (2, array('d', [1.0, 2.0, 3.0, 4.0]))
    """

    def __init__(self, rows: Sequence[Sequence[float]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def matrix(self) -> array[float]:
        """Row after row."""
        return array("d", [number for row in self.rows for number in row])

    @cached_property
    def is_finite(self) -> bool:
        """Whether no number is infinite or NaN."""
        return all(map(math.isfinite, self.matrix))


class Runnable(Protocol):
    """A compiled program.

    `run` raises PathChanged where a guard fails. Both raise an ArithmeticError or ValueError where
    the eager function would, or might: then it is asked, and says what is wrong.
    """

    source: str
    cached: bool | None

    def run(self, arguments: Sequence[float], parameters: Sequence[float]) -> Sequence[float]:
        """The results in order: the value, the gradients, as far as the program has them."""

    def add(
        self, rows: Rows, first: int, parameters: Sequence[float], sums: list[float]
    ) -> tuple[int, int]:
        """Add the results of each row, from the first on, to the sums.

        Gives the row before which it stopped, which is the end or where a guard failed, and the
        number of that guard.
        """


Target = Callable[[Program], Runnable]


@dataclass(frozen=True)
class Formula:
    """What is done after each batch, and what is kept of it.

    Every parameter w is moved by w + change(∂E/∂w + decay · w, rate, memory), where `memory` is
    what the first update is given. `is_weighted` says whether the value of a sample has a weight
    other than 1, and `is_single` whether all batches are of one sample. `keeps_figures` says
    whether figures are kept, anew after every `updates_per_figures`, and `averages_errors` whether
    the error of a batch is the mean of its samples' errors, or else the sum.
    """

    change: Change
    memory: tuple[float, ...]
    decays: Sequence[float]
    is_weighted: bool
    keeps_figures: bool
    averages_errors: bool
    updates_per_figures: int | None
    is_single: bool = False


class Batches:
    """The batches that updates take in turn, again and again, and the weight of their samples.

    `samples` are the numbers of the samples, one batch after another; `ends` says for every batch
    where it ends in them.

    >>> batches = Batches([7, 8, 9], ends=[2, 3])
    >>> batches[0], batches[1], len(batches), batches.is_single
    ([7, 8], [9], 2, False)
    """

    def __init__(
        self,
        samples: Sequence[int],
        ends: Sequence[int],
        weights: Sequence[float] | None = None,
    ) -> None:
        self.samples = array("q", samples)
        self.ends = array("q", ends)
        self.weights = array("d", [1.0]) * len(ends) if weights is None else array("d", weights)
        if len(self.ends) != len(self.weights):
            raise ValueError(
                f"there are {len(self.ends)} batches, but {len(self.weights)} weights: give one "
                f"for every batch"
            )
        first = 0
        for place, last in enumerate(self.ends):
            if not first < last <= len(self.samples):
                raise ValueError(
                    f"ends[{place}] is {last}, but the batch begins at {first} and there are "
                    f"{len(self.samples)} samples in all: every batch needs one at least"
                )
            first = last
        if not self.ends:
            raise ValueError("there are no batches: an update needs at least one")

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: int) -> list[int]:
        first = self.ends[place - 1] if place else 0
        return self.samples[first : self.ends[place]].tolist()

    @property
    def is_single(self) -> bool:
        """Whether every batch is of one sample."""
        return len(self.samples) == len(self.ends)


class Figures(NamedTuple):
    """What was seen on the way, over so many `updates`.

    - `value`: the sum of the batches' values: weight · Σ f(*sample), and the penalty.
    - `error`: the sum of the batches' errors, each before its update.
    - `largest_error`: the largest error of a sample, or 0 if all are below.
    - `largest_change`: the largest change of any parameter in any one update.

    The `Trainer` of a function that was made by `compile` keeps them:

    >>> from autograd import Value, compile
    >>> w = Value(1.0)
    >>> error = compile(lambda x: (w * x - 3.0) ** 2)
    >>> trainer = error.trainer([(1.0,)], [w], lambda gradient, rate, _: (-rate * gradient, ()))
    >>> trainer.run(samples=[0], ends=[1], rates=[0.25, 0.25])
    2
    >>> trainer.figures
    [Figures(updates=2, value=5.0, error=5.0, largest_error=4.0, largest_change=1.0)]
    """

    updates: int = 0
    value: float = 0.0
    error: float = 0.0
    largest_error: float = 0.0
    largest_change: float = 0.0


@dataclass
class State:
    """What updates change: the parameters, those that train first, and what is remembered.

    `figures` has the numbers of each `Figures`, but for its updates: the first of them has
    `updates`, and each has room for `most`.
    """

    parameters: array[float]
    memories: array[float]
    figures: array[float]
    updates: int
    most: int


class Loop(Protocol):
    """A compiled training loop."""

    source: str
    cached: bool | None

    def run(
        self, rows: Rows, batches: Batches, first: int, rates: array[float], state: State
    ) -> tuple[int, bool]:
        """Make an update for each rate, from batch number `first` on.

        Gives how many it made, and whether a guard stopped it before the end. Raises
        ArithmeticError or ValueError where one of them cannot be made; what stands in the state is
        of no use then.
        """


# A program for one sample, one for the penalty if there is any, and what to do with them.
LoopTarget = Callable[[Program, Program | None, Formula], Loop]
