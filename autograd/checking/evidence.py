"""What the numbers of a document that agree say about a mistake that may have been made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from autograd.checking.case import Case, Hypothesis
from autograd.checking.printed import Printed
from autograd.checking.quantities import AfterUpdates, Derivative, InGraph, NodeValue
from autograd.checking.replay import Run, Tape
from autograd.checking.updates import Moving
from autograd.value import Value

# From a number that is so much farther away nobody has rounded.
_MUCH_FARTHER = 10.0


class Against(IntEnum):
    """How much speaks against a mistake."""

    NOTHING = 0
    # A derivative beside the wrong one would be another one. It may have been worked out apart.
    LITTLE = 1
    # So would a number that was computed before, or several derivatives beside the wrong one.
    MUCH = 2
    # A number would be another one from which the wrong one is computed.
    ALL = 3


@dataclass(frozen=True)
class Objection:
    """How much speaks against a mistake, and the right claim that says most, if one alone does."""

    against: Against
    claim: InGraph | None = None


class Evidence:
    """The claims of one document that are right.

    Those that are cut off, or rounded on the way, have other last digits than the right number.
    """

    def __init__(
        self,
        tape: Tape,
        moving: Moving | None,
        right: Iterable[tuple[InGraph, Printed]],
    ) -> None:
        self._tape = tape
        self._moving = moving
        self._right = list(right)

    def add(self, quantity: InGraph, digits: Printed) -> None:
        """One more claim that has turned out to be right."""
        self._right.append((quantity, digits))

    def objection(self, case: Case, hypothesis: Hypothesis) -> Objection:
        """What numbers that are right, and would not be, say against a mistake."""
        if hypothesis.steps or hypothesis.slopes or hypothesis.edges:
            return self._to_places(case, hypothesis)
        if hypothesis.scale != 1.0 and case.count and case.over is not None:
            return self._to_gradient(case.over, case.under)
        return Objection(Against.NOTHING)

    def _to_places(self, case: Case, hypothesis: Hypothesis) -> Objection:
        """Of the numbers that say most, that which is computed first is named."""
        run = self._run(case, hypothesis)
        found: dict[InGraph, Against] = {}
        for quantity, digits in self._right:
            weight = self._weight(case, quantity)
            if weight and self._differs(run, quantity, digits):
                found[quantity] = weight
        several = Against.MUCH if len({_subject(q) for q in found}) > 1 else Against.NOTHING
        most = max(several, *found.values(), Against.NOTHING)
        saying_most = [quantity for quantity, weight in found.items() if weight is most]
        return Objection(most, min(saying_most, key=self._rank, default=None))

    def _to_gradient(self, over: int, under: int | None) -> Objection:
        """What speaks against a whole gradient done wrong; without `under`, against all."""
        nodes = self._tape.nodes
        for quantity, _ in self._right:
            if not isinstance(quantity, Derivative) or quantity.over is not nodes[over]:
                continue
            if under is None or quantity.under is nodes[under]:
                return Objection(Against.ALL, quantity)
        return Objection(Against.NOTHING)

    def _rank(self, quantity: InGraph) -> tuple[int, ...]:
        return rank(self._tape, quantity)

    def _weight(self, case: Case, quantity: InGraph) -> Against:
        """How much it would say if this quantity came out differently.

        Nothing if it is computed from the wrong number: its author got it in another way.
        """
        index, inner = self._tape.index, quantity
        if isinstance(inner, NodeValue):
            return _weight_of_node(case, index[inner.node])
        if case.value is not None:
            return Against.NOTHING
        if isinstance(inner, Derivative):
            return _weight_of_derivative(case, index[inner.over], index[inner.under])
        if isinstance(inner.quantity, NodeValue) and case.over is not None:
            return _weight_of_derivative(case, case.over, index[inner.quantity.node])
        return Against.LITTLE

    def _run(self, case: Case, hypothesis: Hypothesis) -> Run:
        tape, recorded = self._tape, self._tape.recorded
        steps = {**hypothesis.steps, **case.with_slopes(hypothesis)}
        if hypothesis.steps:
            return tape.run(steps)
        slopes = recorded.slopes.copy()
        for i, step in steps.items():
            slopes[i] = step.function(*[recorded.numbers[o] for o in step.operands])[1]
        return Run(recorded.numbers, slopes, recorded.parents)

    def _differs(self, run: Run, quantity: InGraph, digits: Printed) -> bool:
        """Whether the claim would not be right if this were the run."""
        number, right = self._number(run, quantity), self._number(self._tape.recorded, quantity)
        if number is None or right is None or digits == number:
            return False
        claimed = float(digits.value)
        return digits == right or abs(number - claimed) > _MUCH_FARTHER * abs(right - claimed)

    def _number(self, run: Run, quantity: InGraph) -> float | None:
        """The quantity in this run; None if the run says nothing about it."""
        index = self._tape.index
        if isinstance(quantity, NodeValue):
            return run.numbers[index[quantity.node]]
        if isinstance(quantity, Derivative):
            over, under = index[quantity.over], index[quantity.under]
            # That a factor is right does not say that it was multiplied in.
            return None if under in run.parents[over] else run.derivative(over, under)
        moving, inner = self._moving, quantity.quantity
        if moving is None or not isinstance(inner, NodeValue):
            return None
        i, rule = index[inner.node], moving.update
        if quantity.count != 1 or rule.order != "at once" or i not in moving.parameters:
            return None
        number = run.numbers[i]
        gradient = run.derivative(moving.objective, i)
        return number + rule.change(gradient, number, (), rule.first_count)[0]


def rank(tape: Tape, quantity: InGraph) -> tuple[int, ...]:
    """Where in the computation a quantity stands: forward, backward, then update by update."""
    if isinstance(quantity, NodeValue):
        return (0, 0, 0, tape.index[quantity.node])
    if isinstance(quantity, Derivative):
        return (0, 1, -tape.index[quantity.under], tape.index[quantity.over])
    assert isinstance(quantity, AfterUpdates)
    return (quantity.count, *rank(tape, quantity.quantity)[1:])


def _subject(quantity: InGraph) -> Value:
    """What is asked about: ∂L/∂w and the w that it moves say the same."""
    inner = quantity.quantity if isinstance(quantity, AfterUpdates) else quantity
    return inner.node if isinstance(inner, NodeValue) else inner.under


def _weight_of_node(case: Case, i: int) -> Against:
    if case.value is None or i == case.value:
        return Against.MUCH
    if i in case.tape.interior_ancestors(case.value):
        return Against.ALL
    return Against.NOTHING if case.value in case.tape.interior_ancestors(i) else Against.MUCH


def _weight_of_derivative(case: Case, over: int, under: int) -> Against:
    if over != case.over:
        return Against.LITTLE
    if case.under is None:
        # What comes after an update is computed from every gradient.
        is_gradient = case.moving is not None and under in case.moving.parameters
        return Against.ALL if is_gradient and case.count == 1 else Against.LITTLE
    if under == case.under:
        return Against.ALL if case.count else Against.MUCH
    if under in case.tangents:
        return Against.ALL
    return Against.NOTHING if case.under in case.tape.tangents(under) else Against.LITTLE
