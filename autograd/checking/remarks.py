"""What a reader of a report should know about a claim beyond its verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from autograd.checking.diagnosis import Diagnosis, told
from autograd.checking.direct import Directly
from autograd.checking.path_mistakes import PathMissing
from autograd.checking.printed import MOST_DIGITS, Printed, printed
from autograd.checking.quantities import (
    AfterUpdates,
    Derivative,
    DirectPartial,
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
from autograd.functional import gradients
from autograd.value import Value

# A rounding so much coarser than its effect would have hit the number by chance.
_LUCK = 50.0
# A note names so many nodes.
_MOST_NAMED = 3
# Mistakes that are found here.
_CUT, _DIRECT = "cut off", "direct partial"

CUT_OFF = "the digits are cut off, not rounded"


def with_remarks(row: Row, quantity: Quantity, names: Names) -> Row:
    """The row, and where its number comes from or how little it says, if that may surprise."""
    if row.computed is None:
        return row
    remarks = (
        row.note,
        _on_digits(row, row.computed),
        _on_source(row, quantity, names),
        _on_whole(row, quantity),
    )
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


def _on_whole(row: Row, quantity: Quantity) -> str:
    if not isinstance(quantity, DirectPartial) or row.verdict is not Verdict.WRONG:
        return ""
    over, under = quantity.over, quantity.under
    (whole,) = gradients(over, [under])
    if printed(row.claim.printed) != whole:
        return ""
    return f"this is the whole derivative ∂{over.name}/∂{under.name}, not the direct partial alone"


class Reasons:
    """Says why a number may differ that no mistake in the chain rule gives."""

    def __init__(self, tape: Tape, moving: Moving | None) -> None:
        self._tape = tape
        self._moving = moving
        self._sides = Sides(tape, moving)
        self._rounded: dict[str, RoundedRun] = {}
        self._directly: dict[Value, Directly] = {}

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
        return self._explained(row, quantity, number)

    def _explained(self, row: Row, quantity: InGraph, number: float) -> Row:
        digits = printed(row.claim.printed)
        if kink := self._sides.told(quantity, digits):
            return replace(row, note=f"{kink}; or {row.note}" if row.diagnosis else kink)
        if simple := self._simple(quantity, digits, number):
            return _told_first(row, simple)
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

    def _simple(self, quantity: InGraph, digits: Printed, number: float) -> list[Diagnosis]:
        """What is wrong if the right number is cut off, or if it is only a part of it."""
        found = [Diagnosis(_CUT, CUT_OFF, number)] if digits.is_cut_off(number) else []
        if isinstance(quantity, Derivative):
            over, under = quantity.over, quantity.under
            if over not in self._directly:
                self._directly[over] = Directly(over)
            directly = self._directly[over]
            partial = directly.partial(under)
            if partial is not None and digits == partial and (ways := directly.between(under)):
                name = f"∂⁺{over.name}/∂{under.name}"
                text = f"this is the direct partial {name}: {_missing(ways)}"
                found.append(Diagnosis(_DIRECT, text, partial))
        return found

    def _coarse(self, quantity: InGraph, digits: Printed, right: float) -> Diagnosis | None:
        """The finest rounding, to fewer places than are printed, that gives this number."""
        places, claimed = digits.places, float(digits.value)
        if isinstance(quantity, AfterUpdates) or not claimed or places > MOST_DIGITS:
            return None
        if digits.is_fraction or not self._tape.is_current:
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


def _missing(ways: Sequence[Value]) -> str:
    """That these ways are: "the ways through a1, a2 are missing"."""
    if len(ways) == 1:
        return f"the way through {ways[0].name} is missing"
    names = ", ".join(node.name for node in ways[:_MOST_NAMED])
    more = len(ways) - _MOST_NAMED
    return f"the ways through {names}{f' and {more} more' if more > 0 else ''} are missing"


def _told_first(row: Row, simple: Sequence[Diagnosis]) -> Row:
    """The row with these before its other diagnoses.

    The ways that are missing are told of once. Where so few digits are cut off that it is no
    excuse, too much else gives them by chance to be told.
    """
    kinds = {each.mistake for each in simple}
    is_part = _DIRECT in kinds
    others = [d for d in row.diagnosis if not (is_part and d.mistake == PathMissing.name)]
    note = told(simple if _CUT in kinds else [*simple, *others])
    return replace(row, note=note, diagnosis=(*simple, *others))
