"""Slips of the pen: the right number was worked out, and another one written down."""

from __future__ import annotations

import math
from collections.abc import Iterator

from autograd.checking.case import Case, Hypothesis, spelled
from autograd.checking.mistakes import Mistake
from autograd.checking.printed import MOST_DIGITS, Printed
from autograd.checking.quantities import AfterUpdates, Derivative, InGraph, NodeValue

# Numbers of fewer digits are alike too often, and a number of few is like too many of its own.
_FEWEST_DIGITS = 3
_FEWEST_TO_SWAP = 5


class DigitsSwapped(Mistake):
    """Two neighbouring digits in the wrong order."""

    name = "digits swapped"

    def outcomes(self, case: Case, digits: Printed) -> Iterator[tuple[Hypothesis, float]]:
        """Each two of the right number, rounded to as many places as are printed."""
        places = digits.places
        if not math.isfinite(case.number) or abs(places) > MOST_DIGITS:
            return
        unit = 10.0**-places
        count = round(case.number / unit)
        written = str(abs(count))
        if not _FEWEST_TO_SWAP <= len(written) <= MOST_DIGITS:
            return
        for place in range(len(written) - 1):
            first, second = written[place], written[place + 1]
            swapped = int(f"{written[:place]}{second}{first}{written[place + 2 :]}")
            # A lone digit beside zeros has moved, and with it the decimal point.
            if 10 * swapped != abs(count):
                yield self._swapped(count * unit, places), math.copysign(swapped * unit, count)

    def _swapped(self, right: float, places: int) -> Hypothesis:
        written = f"{right:.{max(places, 0)}f}"
        return Hypothesis(lambda: f"two neighbouring digits of {written} swapped")


class OtherQuantity(Mistake):
    """The right number of another quantity that is named alike: of ∂L/∂w22 for ∂L/∂w21."""

    name = "another quantity's number"

    def outcomes(self, case: Case, digits: Printed) -> Iterator[tuple[Hypothesis, float]]:
        """Each quantity whose name is alike."""
        if abs(digits.value) < 10 ** (_FEWEST_DIGITS - 1) * digits.unit:
            return
        for other in self._alike(case):
            if (number := _number(case, other)) is not None:
                yield _written(other), number

    def _alike(self, case: Case) -> Iterator[InGraph]:
        quantity = case.quantity
        if not isinstance(quantity, AfterUpdates):
            yield from _neighbours(case, quantity)
        elif case.under is not None:
            yield from (AfterUpdates(q, 1) for q in _neighbours(case, quantity.quantity))


def _written(other: InGraph) -> Hypothesis:
    return Hypothesis(lambda: f"this is the number of {spelled(other)}")


def _neighbours(case: Case, quantity: NodeValue | Derivative) -> Iterator[NodeValue | Derivative]:
    nodes, index, alike = case.tape.nodes, case.tape.index, case.places.alike
    if isinstance(quantity, NodeValue):
        yield from (NodeValue(nodes[i]) for i in alike(index[quantity.node]))
        return
    over, under = index[quantity.over], index[quantity.under]
    yield from (Derivative(quantity.over, nodes[i]) for i in alike(under))
    yield from (Derivative(nodes[i], quantity.under) for i in alike(over))


def _number(case: Case, quantity: InGraph) -> float | None:
    index, recorded = case.tape.index, case.tape.recorded
    if isinstance(quantity, NodeValue):
        return recorded.numbers[index[quantity.node]]
    if isinstance(quantity, Derivative):
        return recorded.derivative(index[quantity.over], index[quantity.under])
    return Case(case.tape, case.places, quantity, case.moving).outcome(Hypothesis(str))
