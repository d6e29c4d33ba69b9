"""What every target has to offer, and what its programs say when they cannot go on."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from autograd.codegen.program import Program
from autograd.codegen.updating import Change

__all__ = [
    "Batches",
    "Formula",
    "Loop",
    "LoopTarget",
    "PathChanged",
    "Records",
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
    other than 1, and `is_single` whether all batches are of one sample. `keeps_values` and
    `keeps_changes` say which records are wanted.
    """

    change: Change
    memory: tuple[float, ...]
    decays: Sequence[float]
    is_weighted: bool
    keeps_values: bool
    keeps_changes: bool
    is_single: bool = False


class Batches:
    """For every update the samples of its batch, the learning rate, and the weight of a sample.

    `samples` are the numbers of the samples, one batch after another; `ends` says for every batch
    where it ends in them.

    >>> batches = Batches([7, 8, 9], ends=[2, 3], rates=[0.5, 0.25])
    >>> batches[0], batches[1], len(batches), batches.is_single
    ([7, 8], [9], 2, False)
    """

    def __init__(
        self,
        samples: Sequence[int],
        ends: Sequence[int],
        rates: Sequence[float],
        weights: Sequence[float] | None = None,
    ) -> None:
        self.samples = array("q", samples)
        self.ends = array("q", ends)
        self.rates = array("d", rates)
        self.weights = array("d", [1.0]) * len(rates) if weights is None else array("d", weights)
        if not len(self.ends) == len(self.rates) == len(self.weights):
            raise ValueError(
                f"there are {len(self.ends)} batches, but {len(self.rates)} learning rates and "
                f"{len(self.weights)} weights: give one of each for every batch"
            )

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: int) -> list[int]:
        first = self.ends[place - 1] if place else 0
        return self.samples[first : self.ends[place]].tolist()

    @property
    def is_single(self) -> bool:
        """Whether every batch is of one sample."""
        return len(self.samples) == len(self.ends)

    def part(self, first: int, last: int) -> Batches:
        """Some of the batches."""
        if first == 0 and last == len(self):
            return self
        start = self.ends[first - 1] if first else 0
        return Batches(
            self.samples[start : self.ends[last - 1]],
            [end - start for end in self.ends[first:last]],
            self.rates[first:last],
            self.weights[first:last],
        )


@dataclass
class State:
    """What updates change: the parameters, those that train first, and what is remembered."""

    parameters: array[float]
    memories: array[float]


@dataclass
class Records:
    """One number for every update made, where it is wanted.

    `totals` are the sums of the values over the batch, `largest` the largest of them, `changes`
    the largest change of a parameter.
    """

    totals: array[float] = field(default_factory=lambda: array("d"))
    largest: array[float] = field(default_factory=lambda: array("d"))
    changes: array[float] = field(default_factory=lambda: array("d"))

    def extend(self, later: Records) -> None:
        """Go on with later ones."""
        self.totals += later.totals
        self.largest += later.largest
        self.changes += later.changes


class Loop(Protocol):
    """A compiled training loop."""

    source: str
    cached: bool | None

    def run(self, rows: Rows, batches: Batches, state: State, records: Records) -> tuple[int, bool]:
        """Make the updates. Gives how many it made, and whether a guard stopped it before the end.

        Raises ArithmeticError or ValueError where one of them cannot be made; what stands in
        state and records is of no use then.
        """


LoopTarget = Callable[[Program, Formula], Loop]
