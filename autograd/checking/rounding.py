"""Numbers that come out when what stands on the way to them is rounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from autograd.checking.replay import Run, Step, Tape


@dataclass(frozen=True)
class Rounding:
    """What an author writes down on the way, and goes on computing with.

    Attributes:
        text: the rounding in words.
        number: rounds the number of a named node, given its place.
        derivative: rounds ∂over/∂node, or a local derivative between two named nodes.
        fineness: the decimal places at which it acts.
    """

    text: str
    number: Callable[[int, float], float]
    derivative: Callable[[int, int, float], float] | None
    fineness: int = field(compare=False)


class RoundedRun(Run):
    """A run in which named intermediates are rounded, but not the number that is asked for."""

    def __init__(self, tape: Tape, rounding: Rounding) -> None:
        self._tape = tape
        self._rounding = rounding
        named = [i for i, node in enumerate(tape.nodes) if node.name and not node.is_leaf]
        rounded = {i: _rounded(tape, i, rounding) for i in named}
        run = tape.run(rounded)
        super().__init__(run.numbers, run.slopes, run.parents)
        self._raw: dict[int, list[float]] = {}

    def number(self, i: int) -> float:
        """The number of a node from rounded ones, itself not rounded."""
        step = self._tape.steps[i]
        if step is None:
            return self.numbers[i]
        return step.function(*[self.numbers[o] for o in step.operands])[0]

    def derivative(self, over: int, under: int) -> float:
        """∂over/∂under from rounded derivatives, itself not rounded."""
        if over not in self._raw:
            self._raw[over] = self._swept(over)
        return self._raw[over][under] if under <= over else 0.0

    def _swept(self, over: int) -> list[float]:
        rounded = self._rounding.derivative
        self._tape.work += self._tape.size
        sums = [0.0] * (over + 1)
        sums[over] = 1.0
        nodes = self._tape.nodes
        for i in range(over, -1, -1):
            adjoint = sums[i]
            if not adjoint or not self.parents[i]:
                continue
            named = rounded is not None and nodes[i].name
            if rounded is not None and named and i != over:
                adjoint = rounded(over, i, adjoint)
            for parent, slope in zip(self.parents[i], self.slopes[i], strict=True):
                is_written_down = rounded is not None and named and nodes[parent].name
                factor = rounded(i, parent, slope) if rounded and is_written_down else slope
                sums[parent] += adjoint * factor
        return sums


def _rounded(tape: Tape, i: int, rounding: Rounding) -> Step:
    return tape.revalued(i, lambda value: rounding.number(i, value))


def roundings(places: int, magnitude: int) -> Iterator[Rounding]:
    """Roundings that may lie behind a number with so many decimal places, the finest first.

    `magnitude` is the exponent of its first digit: −2 for 0.0822. Whoever prints so many places
    did not compute with fewer. A number of one digit, such as any zero, comes out of too many
    numbers to be evidence for any rounding.
    """
    is_one_digit = places + magnitude < 1
    if not is_one_digit:
        yield from _of_fineness(range(places + 2, max(places, 1) - 1, -1), places, magnitude)


def coarse_roundings(places: int, magnitude: int) -> Iterator[Rounding]:
    """Roundings to fewer places than are printed, which explain a number but do not excuse it."""
    return _of_fineness(range(places - 1, 0, -1), places, magnitude)


def _of_fineness(finenesses: Iterable[int], places: int, magnitude: int) -> Iterator[Rounding]:
    digits = places + magnitude + 1
    for fineness in finenesses:
        yield from _to_places(fineness)
        significant = fineness + magnitude + 1
        if 2 <= significant <= digits + 2:
            yield from _to_digits(significant, fineness)


def _to_places(places: int) -> Iterator[Rounding]:
    text = f"rounded to {places} decimal place{'s' * (places > 1)}"
    return _both(text, lambda x: round(x, places), places)


def _to_digits(digits: int, fineness: int) -> Iterator[Rounding]:
    text = f"rounded to {digits} significant digits"
    return _both(text, lambda x: _significant(x, digits), fineness)


def _both(text: str, rounded: Callable[[float], float], fineness: int) -> Iterator[Rounding]:
    """The values alone rounded, then the derivatives as well."""
    yield Rounding(f"values {text}", lambda i, x: rounded(x), None, fineness)
    yield Rounding(
        f"values and derivatives {text}",
        lambda i, x: rounded(x),
        lambda over, i, x: rounded(x),
        fineness,
    )


def _significant(number: float, digits: int) -> float:
    if not number or not math.isfinite(number):
        return number
    return round(number, digits - 1 - math.floor(math.log10(abs(number))))


def from_printed(
    numbers: Mapping[int, float], derivatives: Mapping[tuple[int, int], float], places: int
) -> Rounding:
    """Going on with the very digits that are printed for what came before.

    A printed zero is not gone on with: nothing would be left of what is computed from it.
    """
    return Rounding(
        "computed from the digits printed before",
        lambda i, x: numbers.get(i) or x,
        lambda over, i, x: derivatives.get((over, i)) or x,
        places,
    )
