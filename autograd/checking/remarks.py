"""What a reader of a report should know about a claim beyond its verdict."""

from __future__ import annotations

import math
from dataclasses import replace

from autograd.checking.diagnosis import Diagnosis
from autograd.checking.printed import Printed, printed
from autograd.checking.quantities import (
    AfterUpdates,
    Derivative,
    Given,
    InGraph,
    Names,
    NodeValue,
    Quantity,
)
from autograd.checking.replay import Tape
from autograd.checking.report import Row, Verdict
from autograd.checking.rounding import RoundedRun, Rounding, coarse_roundings
from autograd.checking.sides import Sides
from autograd.checking.updates import Moving

# A rounding so much coarser than its effect would have hit the number by chance.
_LUCK = 50.0
# More decimal places no float holds.
_MOST_PLACES = 17


def with_remarks(row: Row, quantity: Quantity, names: Names) -> Row:
    """The row, and where its number comes from or how little it says, if that may surprise."""
    if row.computed is None:
        return row
    remarks = (row.note, _on_digits(row, row.computed), _on_source(row, quantity, names))
    return replace(row, note="; ".join(filter(None, remarks)))


def _on_digits(row: Row, number: float) -> str:
    """A zero says little about a number that is none."""
    digits = printed(row.claim.printed)
    if digits.value != 0 or number == 0 or digits != number:
        return ""
    low, high = float(digits.interval.low), float(digits.interval.high)
    said = f"|x| ≤ {high:g}" if low == -high else f"{low:g} ≤ x ≤ {high:g}"
    return f"no significant digit: says only {said}"


def _on_source(row: Row, quantity: Quantity, names: Names) -> str:
    if isinstance(quantity, Given):
        return quantity.note
    given = names.given(row.claim.quantity)
    if given is None or row.computed is None or math.isclose(given, row.computed):
        return ""
    return f"the graph's number is compared, not the given {given!r} of this name"


class Reasons:
    """Says why a number may differ that no mistake in the chain rule gives."""

    def __init__(self, tape: Tape, moving: Moving | None) -> None:
        self._tape = tape
        self._moving = moving
        self._sides = Sides(tape, moving)
        self._rounded: dict[str, RoundedRun] = {}

    def added(self, row: Row, quantity: Quantity) -> Row:
        """The row of a wrong claim with what can be said; others as they are."""
        number = row.computed
        is_wrong = row.verdict in (Verdict.WRONG, Verdict.FOLLOWS)
        if not is_wrong or number is None or not isinstance(quantity, InGraph):
            return row
        if unmoved := self._unmoved(quantity):
            return replace(row, verdict=Verdict.WRONG, note=unmoved, follows_from=())
        if row.verdict is not Verdict.WRONG:
            return row
        digits = printed(row.claim.printed)
        if kink := self._sides.told(quantity, digits):
            return replace(row, note=f"{kink}; or {row.note}" if row.diagnosis else kink)
        if not row.diagnosis and (found := self._coarse(quantity, digits, number)):
            return replace(row, note=found.text, diagnosis=(found,))
        return row

    def _unmoved(self, quantity: InGraph) -> str:
        """That the claim is about a leaf which the update leaves as it is."""
        if not isinstance(quantity, AfterUpdates) or not isinstance(quantity.quantity, NodeValue):
            return ""
        assert self._moving is not None
        node = quantity.quantity.node
        if not node.is_leaf or self._tape.index[node] in self._moving.parameters:
            return ""
        parameters = self._moving.update.parameters
        moved = [p if isinstance(p, str) else p.name for p in parameters]
        return f"{node.name} is not moved by this update: parameters = {moved}"

    def _coarse(self, quantity: InGraph, digits: Printed, right: float) -> Diagnosis | None:
        """The finest rounding, to fewer places than are printed, that gives this number."""
        places, claimed = digits.places, float(digits.value)
        if isinstance(quantity, AfterUpdates) or not claimed or places > _MOST_PLACES:
            return None
        if not self._tape.is_current:
            return None
        effect = max(abs(right - claimed) * 10.0**places, 1.0)
        for rounding in coarse_roundings(places, math.floor(math.log10(abs(claimed)))):
            if 10.0 ** (places - rounding.fineness) > _LUCK * effect:
                return None
            try:
                number = self._number(self._run(rounding), quantity)
            except (ArithmeticError, ValueError):
                continue
            if digits == number:
                text = f"{rounding.text} on the way, fewer than are printed"
                return Diagnosis("rounded too coarsely", text, number)
        return None

    def _number(self, run: RoundedRun, quantity: NodeValue | Derivative) -> float:
        index = self._tape.index
        if isinstance(quantity, NodeValue):
            return run.number(index[quantity.node])
        return run.derivative(index[quantity.over], index[quantity.under])

    def _run(self, rounding: Rounding) -> RoundedRun:
        if rounding.text not in self._rounded:
            self._rounded[rounding.text] = RoundedRun(self._tape, rounding)
        return self._rounded[rounding.text]
