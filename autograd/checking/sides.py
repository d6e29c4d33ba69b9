"""Numbers that come out with the slope from the other side of a kink."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from autograd.checking.case import slopes_with
from autograd.checking.kinks import one_sided_slopes
from autograd.checking.places import Places
from autograd.checking.printed import Printed
from autograd.checking.quantities import AfterUpdates, Derivative, InGraph, NodeValue
from autograd.checking.replay import Run, Step, Tape
from autograd.checking.updates import Moving

# Of the kinks on the way to one number so many are looked at.
_MOST_KINKS = 20


@dataclass(frozen=True)
class _Kink:
    """A local derivative, ∂node/∂parent, that has another slope on either side."""

    node: int
    position: int
    left: float
    right: float

    def slope(self, side: str) -> float:
        return self.right if side == "right" else self.left


class Sides:
    """What becomes of derivatives where a node stands exactly at a kink.

    The derivative taken there is a convention, and an author may have another.
    """

    def __init__(self, tape: Tape, moving: Moving | None) -> None:
        self._tape = tape
        self._moving = moving

    def told(self, quantity: InGraph, digits: Printed) -> str:
        """Which slope at which kink gives the printed number; "" if there is none."""
        kinks = list(islice(self._on_the_way_to(quantity), _MOST_KINKS))
        together = [kinks] if len(kinks) > 1 else []
        for chosen in [*([kink] for kink in kinks), *together]:
            for side in ("right", "left"):
                if self._gives(quantity, digits, chosen, side):
                    return self._words(chosen, side)
        return ""

    def _on_the_way_to(self, quantity: InGraph) -> Iterator[_Kink]:
        """The kinks that may have a share, the latest first."""
        index, parents = self._tape.index, self._tape.recorded.parents
        if not self._kinks or isinstance(quantity, NodeValue):
            return
        if isinstance(quantity, Derivative):
            over = index[quantity.over]
            below: Collection[int] = self._tape.tangents(index[quantity.under])
        else:
            assert self._moving is not None
            over, below = self._moving.objective, range(len(self._tape))
        above = frozenset(self._tape.interior_ancestors(over))
        for kink in self._kinks:
            if kink.node in above and parents[kink.node][kink.position] in below:
                yield kink

    @cached_property
    def _kinks(self) -> list[_Kink]:
        """All of the graph."""
        nodes, found = self._tape.nodes, []
        for i in reversed(range(len(nodes))):
            for position, parent in enumerate(self._tape.recorded.parents[i]):
                slopes = one_sided_slopes(nodes[i], nodes[parent])
                if slopes is not None:
                    found.append(_Kink(i, position, *slopes))
        return found

    def _gives(self, quantity: InGraph, digits: Printed, kinks: Sequence[_Kink], side: str) -> bool:
        edges = {(kink.node, kink.position): kink.slope(side) for kink in kinks}
        steps = {i: self._tape.step(i).with_slopes(s) for i, s in slopes_with(edges).items()}
        try:
            return digits == self._number(quantity, steps)
        except (ArithmeticError, ValueError):
            return False

    def _number(self, quantity: InGraph, steps: dict[int, Step]) -> float:
        if isinstance(quantity, AfterUpdates):
            assert self._moving is not None
            leaves = self._moving.leaves_after(quantity.count, None, steps)
            # What is asked for afterwards is computed by the rules, not by the author.
            return self._in(self._tape.run_with(leaves), quantity.quantity)
        return self._in(self._tape.run(steps), quantity)

    def _in(self, run: Run, quantity: NodeValue | Derivative) -> float:
        index = self._tape.index
        if isinstance(quantity, NodeValue):
            return run.numbers[index[quantity.node]]
        return run.derivative(index[quantity.over], index[quantity.under])

    def _words(self, kinks: Sequence[_Kink], side: str) -> str:
        recorded = self._tape.recorded
        at = self._places.listed([recorded.parents[kink.node][kink.position] for kink in kinks])
        if len(kinks) > 1:
            return f"{at} are exactly at kinks: the printed number takes their slopes on the {side}"
        (kink,) = kinks
        taken = recorded.slopes[kink.node][kink.position]
        return (
            f"{at} is exactly at the kink of {self._places.called(kink.node)}: the printed number "
            f"takes the slope on the {side}, {kink.slope(side):g}, and not {taken:g}"
        )

    @cached_property
    def _places(self) -> Places:
        return Places(self._tape)
