"""Copies and pickles of nodes in graphs of any depth.

Left to themselves, `copy` and `pickle` follow a node to its operands, from there to theirs, and
are stopped by the recursion limit. Here every node comes after its operands, in one flat list.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Container, Iterator, Sequence
from typing import Any, Self, TypeVar

from autograd.backprop import Node
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
        for node in _unknown(self, memo):
            op, number, operands, partials = node._facts()
            twins = tuple(memo[id(o)] if isinstance(o, Copyable) else o for o in operands)
            twin = memo[id(node)] = node._from_facts((op, number, twins, partials))
            _set_state(twin, copy.deepcopy(node.__getstate__(), memo))
        found: Self = memo[id(self)]
        return found

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        """How `pickle` writes it: everything below it one by one, then itself."""
        below: tuple[object, ...] = (_START, _AllBelow(self))
        if _pickling.node == id(self):
            _pickling.node, below = None, ()
        return _rebuilt, (below, type(self), self._facts()), self.__getstate__()


def _unknown(top: Copyable, known: Container[int]) -> Iterator[Copyable]:
    """The nodes under `top`, operands first, that are not known; whoever gets one makes it so."""
    stack = [top]
    while stack:
        node = stack[-1]
        _, _, operands, _ = node._facts()
        missing = [o for o in operands if isinstance(o, Copyable) and id(o) not in known]
        if id(node) in known:
            stack.pop()
        elif missing:
            stack.extend(reversed(missing))
        else:
            yield node


_FACTS = {*Node.__slots__, "_number", "_op", "_operands"} - {"_adjoint"}
CopyableT = TypeVar("CopyableT", bound=Copyable)


def from_facts(kind: type[CopyableT], facts: Facts) -> CopyableT:
    """A node as it was recorded: nothing is computed."""
    return kind._from_facts(facts)


def _rebuilt(below: object, kind: type[CopyableT], facts: Facts) -> CopyableT:  # noqa: ARG001 (it has to be in the pickle before the operands)
    return from_facts(kind, facts)


class _Pickling(threading.local):
    """What the thread has pickled: the nodes by their ids, and the one that comes next."""

    def __init__(self) -> None:
        self.written: set[int] = set()
        self.node: int | None = None


_pickling = _Pickling()


class _Start:
    """Asked for once by every pickle, since it has it from then on: before its first node."""

    def __reduce__(self) -> str:
        _pickling.written.clear()
        return "_START"


_START = _Start()


class _AllBelow:
    """The nodes below one, as far as this pickle does not have them."""

    def __init__(self, node: Copyable) -> None:
        self.node = node

    def __reduce__(self) -> tuple[Any, ...]:
        found = []
        for node in _unknown(self.node, _pickling.written):
            _pickling.written.add(id(node))
            found.append(_Below(node))
        return tuple, (found[:-1],)


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
