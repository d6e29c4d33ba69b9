"""Copies and pickles of nodes in graphs of any depth.

Left to themselves, `copy` and `pickle` follow a node to its operands, from there to theirs, and
are stopped by the recursion limit. Here every node comes after its operands, in one flat list.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from typing import Any, Self, TypeVar

from autograd.backprop import Node, topological_order
from autograd.rows import Op

# The operation (None for a leaf), the number, the operands and the partials.
Facts = tuple[Op | None, float, tuple[Any, ...], Sequence[float]]


class Copyable(Node):
    """A node that can be copied and pickled together with the graph below it."""

    __slots__ = ()

    def _facts(self) -> Facts:
        raise NotImplementedError

    @classmethod
    def _from_facts(cls, facts: Facts) -> Self:
        raise NotImplementedError

    def __getstate__(self) -> tuple[dict[str, object] | None, dict[str, object]] | None:
        """What there is besides the facts: name, gradient, and whatever a subclass adds."""
        state: Any = super().__getstate__()
        attributes, slots = state if isinstance(state, tuple) else (state, {})
        own = {name: thing for name, thing in slots.items() if name not in _FACTS}
        return (attributes, own) if attributes or own else None

    def __copy__(self) -> Self:
        twin = self._from_facts(self._facts())
        _set_state(twin, self.__getstate__())
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        stack: list[Copyable] = [self]
        while stack:
            node = stack[-1]
            op, number, operands, partials = node._facts()
            missing = [o for o in operands if isinstance(o, Copyable) and id(o) not in memo]
            if id(node) in memo:
                stack.pop()
            elif missing:
                stack.extend(reversed(missing))
            else:
                twins = tuple(memo[id(o)] if isinstance(o, Copyable) else o for o in operands)
                twin = memo[id(node)] = node._from_facts((op, number, twins, partials))
                _set_state(twin, copy.deepcopy(node.__getstate__(), memo))
        found: Self = memo[id(self)]
        return found

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        """How `pickle` writes it: everything below it one by one, then itself."""
        below: list[_Below] = []
        if getattr(_pickling, "node", None) == id(self):
            _pickling.node = None
        else:
            below = [_Below(node) for node in topological_order(self)[:-1]]
        return _rebuilt, (below, type(self), self._facts()), self.__getstate__()


_FACTS = {*Node.__slots__, "_number", "_op", "_operands"} - {"_adjoint"}
CopyableT = TypeVar("CopyableT", bound=Copyable)


def from_facts(kind: type[CopyableT], facts: Facts) -> CopyableT:
    """A node as it was recorded: nothing is computed."""
    return kind._from_facts(facts)


def _rebuilt(below: object, kind: type[CopyableT], facts: Facts) -> CopyableT:  # noqa: ARG001 (it has to be in the pickle before the operands)
    return from_facts(kind, facts)


class _Below:
    """A node that `pickle` reaches after its operands, so that it needs to bring nothing along.

    If the pickle has this node already, the note that is left here is not read. A node that takes
    it for its own later brings only its operands along, and they all the rest: nothing is lost.
    """

    def __init__(self, node: Copyable) -> None:
        self.node = node

    def __reduce__(self) -> tuple[Any, ...]:
        _pickling.node = id(self.node)
        return _same, (self.node,)


_pickling = threading.local()


def _same(node: Copyable) -> Copyable:
    return node


def _set_state(node: Copyable, state: Any) -> None:
    if state is None:
        return
    if hasattr(node, "__setstate__"):
        node.__setstate__(state)
        return
    attributes, slots = state
    if attributes:
        node.__dict__.update(attributes)
    for name, thing in slots.items():
        setattr(node, name, thing)
