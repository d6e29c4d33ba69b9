"""What one node is to another directly, past all other nodes that have a name."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import cached_property
from heapq import heappop, heappush

from autograd.backprop import topological_order
from autograd.value import Value


def direct_partials(
    top: Value, place: Mapping[Value, int], variables: Container[Value]
) -> dict[Value, float]:
    """∂⁺top/∂variable for the variables next below `top`, through what is no variable.

    `place` numbers the nodes that count, in topological order; ways through others are left out.
    """
    adjoints = {top: 1.0}
    pending = [(-place[top], top)]
    found: dict[Value, float] = {}
    while pending:
        _, node = heappop(pending)
        adjoint = adjoints.pop(node)
        for parent, partial in zip(node.parents, node.partials, strict=True):
            if parent in variables:
                found[parent] = found.get(parent, 0.0) + adjoint * partial
            elif parent in place:
                if parent not in adjoints:
                    heappush(pending, (-place[parent], parent))
                adjoints[parent] = adjoints.get(parent, 0.0) + adjoint * partial
    return found


class Directly:
    """The graph under `over`, with its named nodes as variables.

    >>> u, k = Value(2.0, name="u"), Value(3.0, name="k")
    >>> a = (u * k).named("a")
    >>> y = Directly((u * a).named("y"))
    >>> y.partial(u), y.partial(a), y.partial(k)
    (6.0, 2.0, None)
    >>> [node.name for node in y.between(u)]
    ['a']
    """

    def __init__(self, over: Value) -> None:
        self._over = over
        self._order = topological_order(over)
        self._place = {node: place for place, node in enumerate(self._order)}
        self._named = {node for node in self._order if node.name}

    def partial(self, under: Value) -> float | None:
        """∂⁺over/∂under; None if every way leads through another named node."""
        return self._partials.get(under)

    @cached_property
    def _partials(self) -> dict[Value, float]:
        return direct_partials(self._over, self._place, self._named)

    def between(self, under: Value) -> list[Value]:
        """The other named nodes that are computed from `under` directly."""
        others = [node for node in self._order if node.name and node is not self._over]
        return [node for node in others if under in direct_partials(node, self._place, self._named)]
