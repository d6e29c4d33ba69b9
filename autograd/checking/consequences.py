"""What follows if the claimed numbers are carried forward in the place of the right ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograd.checking.printed import Printed
from autograd.checking.quantities import AfterUpdates, Derivative, InGraph, NodeValue
from autograd.checking.replay import Run, Step, Steps, Tape
from autograd.checking.target import Target
from autograd.checking.updates import Moving

Carried = tuple[InGraph, float]

# How uncertain a number may be, in units of its last place, and still be said to follow.
_MOST_UNITS = 20

# Operands to be read again in search of a mistake that was repeated.
_WORK_FOR_REPEATS = 1_000_000


class Consequences:
    """Quantities as they come out for somebody who goes on from wrong numbers.

    What was computed in another way by `repeated` is computed so again after updates; with
    `throughout`, the gradients of the updates come from it too.
    """

    def __init__(
        self,
        tape: Tape,
        moving: Moving | None,
        carried: Sequence[Carried],
        repeated: Steps | None = None,
        *,
        throughout: bool = False,
    ) -> None:
        self._tape = tape
        self._moving = moving
        self._repeated = repeated
        self._throughout = throughout
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
        run = self._tape.run_with(leaves, self._repeated)
        if isinstance(inner, NodeValue):
            return run.numbers[self._tape.index[inner.node]]
        return run.derivative(self._tape.index[inner.over], self._tape.index[inner.under])

    def _leaves(self, moving: Moving, count: int) -> Mapping[int, float]:
        if self._throughout:
            return moving.leaves_after(count, changed=self._repeated)
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


@dataclass(frozen=True)
class Repeatable:
    """A mistake that was found, as what it does to the steps of a forward pass."""

    text: str
    steps: Steps


@dataclass(frozen=True)
class Root:
    """A claim that is wrong by itself, and the mistakes that may have been made in it."""

    quantity: InGraph
    digits: Printed
    mistakes: Sequence[Repeatable] = ()


@dataclass(frozen=True)
class Origin:
    """The roots that a number follows from, by their places, and what is repeated of them."""

    roots: Sequence[int]
    repeated: Sequence[str] = field(default=())


class Genealogy:
    """Finds out which wrong numbers of one document follow from which."""

    def __init__(self, tape: Tape, moving: Moving | None) -> None:
        self._tape = tape
        self._moving = moving
        self._ancestors: dict[int, frozenset[int]] = {}
        self._consequences: dict[tuple[Carried, ...], Consequences] = {}

    def origin(self, quantity: InGraph, target: Target, roots: Sequence[Root]) -> Origin | None:
        """Those of the wrong claims before it from which this number follows, if it does."""
        relevant = [i for i, root in enumerate(roots) if self._depends(quantity, root.quantity)]
        together = [tuple(relevant)] if len(relevant) > 1 else []
        groups = [*((i,) for i in relevant), *together]
        for chosen in groups:
            if self._follows(quantity, target, [roots[i] for i in chosen]):
                return Origin(chosen)
        return self._repeated(quantity, target, roots, groups)

    def _depends(self, quantity: InGraph, root: InGraph) -> bool:
        """Whether a wrong number of `root` can make `quantity` wrong."""
        if isinstance(quantity, AfterUpdates):
            return not isinstance(root, AfterUpdates) or root.count == quantity.count
        if isinstance(root, AfterUpdates):
            return False
        index = self._tape.index
        top = quantity.node if isinstance(quantity, NodeValue) else quantity.over
        if isinstance(root, NodeValue):
            return index[root.node] in self._below(index[top])
        if isinstance(quantity, NodeValue):
            return False
        return index[root.over] in self._below(index[top]) and (
            index[quantity.under] in self._below(index[root.under])
        )

    def _below(self, i: int) -> frozenset[int]:
        if i not in self._ancestors:
            interior = self._tape.interior_ancestors(i)
            parents = self._tape.recorded.parents
            self._ancestors[i] = frozenset(
                [i, *interior, *(p for n in interior for p in parents[n])]
            )
        return self._ancestors[i]

    def _repeated(
        self,
        quantity: InGraph,
        target: Target,
        roots: Sequence[Root],
        groups: Sequence[Sequence[int]],
    ) -> Origin | None:
        """The roots whose mistakes lead to the number if they are made again after updates."""
        if not self._is_computed_again(quantity):
            return None
        stop = self._tape.work + _WORK_FOR_REPEATS
        for chosen in groups:
            for mistakes in _choices([roots[i] for i in chosen]):
                if self._tape.work > stop:
                    return None
                if self._repeats(quantity, target, [roots[i] for i in chosen], mistakes):
                    return Origin(chosen, list(dict.fromkeys(m.text for m in mistakes)))
        return None

    def _is_computed_again(self, quantity: InGraph) -> bool:
        """Whether a forward pass after updates leads to it."""
        if not isinstance(quantity, AfterUpdates) or self._moving is None:
            return False
        inner = quantity.quantity
        return isinstance(inner, Derivative) or not inner.node.is_leaf

    def _follows(self, quantity: InGraph, target: Target, roots: Sequence[Root]) -> bool:
        outcomes = []
        for choose in (_middle, _lowest, _highest):
            carried = tuple((root.quantity, choose(root.digits)) for root in roots)
            try:
                if carried not in self._consequences:
                    self._consequences[carried] = Consequences(self._tape, self._moving, carried)
                outcomes.append(self._consequences[carried].number(quantity))
            except (ArithmeticError, ValueError):
                return False
        # From a number with far fewer digits anything would follow.
        if max(outcomes) - min(outcomes) > _MOST_UNITS * float(target.digits.unit):
            outcomes = outcomes[:1]
        return target.is_near(min(outcomes), max(outcomes))

    def _repeats(
        self,
        quantity: InGraph,
        target: Target,
        roots: Sequence[Root],
        mistakes: Sequence[Repeatable],
    ) -> bool:
        """Whether the mistakes lead to the number if they are made again after the updates."""
        carried = [(root.quantity, _middle(root.digits)) for root in roots]
        steps = {i: step for mistake in mistakes for i, step in mistake.steps.items()}
        for throughout in (False, True):
            try:
                number = Consequences(
                    self._tape, self._moving, carried, steps, throughout=throughout
                ).number(quantity)
            except (ArithmeticError, ValueError):
                continue
            if target.is_near(number, number):
                return True
        return False


def _choices(roots: Sequence[Root]) -> Iterator[Sequence[Repeatable]]:
    """Which mistakes may be repeated: of one root any, of several the most likely one of each."""
    known = [root.mistakes for root in roots if root.mistakes]
    if len(known) == 1:
        yield from ([mistake] for mistake in known[0])
    elif known:
        yield [mistakes[0] for mistakes in known]


def _held(tape: Tape, i: int, number: float) -> Step:
    return tape.revalued(i, lambda _: number)


def _middle(digits: Printed) -> float:
    return float(digits.value)


def _lowest(digits: Printed) -> float:
    return float(digits.interval.low)


def _highest(digits: Printed) -> float:
    return float(digits.interval.high)
