"""What follows if the claimed numbers are carried forward in the place of the right ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd.checking.quantities import AfterUpdates, Derivative, InGraph, NodeValue
from autograd.checking.replay import Run, Step, Tape
from autograd.checking.updates import Moving

Carried = tuple[InGraph, float]


class Consequences:
    """Quantities as they come out for somebody who goes on from wrong numbers."""

    def __init__(self, tape: Tape, moving: Moving | None, carried: Sequence[Carried]) -> None:
        self._tape = tape
        self._moving = moving
        self._derivatives: list[tuple[int, int, float]] = []
        self._moved: dict[tuple[int, int], float] = {}
        steps, leaves = {}, {}
        for quantity, number in carried:
            if isinstance(quantity, NodeValue):
                i = tape.index[quantity.node]
                if tape.steps[i] is None:
                    leaves[i] = number
                else:
                    steps[i] = _held(tape, i, number)
            elif isinstance(quantity, Derivative):
                over, under = tape.index[quantity.over], tape.index[quantity.under]
                self._derivatives.append((over, under, number))
            elif isinstance(quantity.quantity, NodeValue):
                self._moved[tape.index[quantity.quantity.node], quantity.count] = number
        self._run = tape.run(steps, leaves) if steps or leaves else tape.recorded

    def number(self, quantity: InGraph) -> float:
        """The quantity, with the carried numbers in the places of what they claim to be.

        Raises ArithmeticError or ValueError if it cannot be computed from them.
        """
        if not isinstance(quantity, AfterUpdates):
            return self._in(self._run, quantity)
        assert self._moving is not None
        leaves = dict(self._leaves(self._moving, quantity.count))
        leaves.update(
            {i: number for (i, count), number in self._moved.items() if count == quantity.count}
        )
        inner = quantity.quantity
        if isinstance(inner, NodeValue) and self._tape.index[inner.node] in leaves:
            return leaves[self._tape.index[inner.node]]
        run = self._tape.run_with(leaves)
        if isinstance(inner, NodeValue):
            return run.numbers[self._tape.index[inner.node]]
        return run.derivative(self._tape.index[inner.over], self._tape.index[inner.under])

    def _leaves(self, moving: Moving, count: int) -> Mapping[int, float]:
        if count != 1 or moving.update.order != "at once":
            return moving.leaves_after(count)
        leaves = {}
        for i in moving.parameters:
            number = self._run.numbers[i]
            gradient = self._derivative(self._run, moving.objective, i)
            rule = moving.update
            leaves[i] = number + rule.change(gradient, number, (), rule.first_count)[0]
        return leaves

    def _in(self, run: Run, quantity: NodeValue | Derivative) -> float:
        index = self._tape.index
        if isinstance(quantity, NodeValue):
            return run.numbers[index[quantity.node]]
        return self._derivative(run, index[quantity.over], index[quantity.under])

    def _derivative(self, run: Run, over: int, under: int) -> float:
        """∂over/∂under, where a carried ∂p/∂q takes the place of the right one on every path.

        Through it lead ∂over/∂p · ∂p/∂q · ∂q/∂under of the whole.
        """
        number = run.derivative(over, under)
        for p, q, claimed in self._derivatives:
            wrong = claimed - run.derivative(p, q)
            number += run.derivative(over, p) * wrong * run.derivative(q, under)
        return number


def _held(tape: Tape, i: int, number: float) -> Step:
    return tape.revalued(i, lambda _: number)
