"""Topological order and the chain rule, each written once. Knows no operation."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

__all__ = [
    "MANY",
    "NOTHING",
    "Node",
    "accumulate_gradients",
    "adjoints",
    "gradients_of",
    "set_gradients",
    "topological_order",
]


class _Many:
    """Stands where a second parent would: the node keeps all its parents in one tuple."""

    def __repr__(self) -> str:
        return "MANY"

    def __reduce__(self) -> str:
        # There is one, so that `is` recognises it after copying, too.
        return "MANY"


MANY: Final = _Many()


class Node:
    """A vertex of a computation: its parents, the local derivative towards each, its adjoint.

    One or two parents and their partials have slots of their own, which costs neither the memory
    nor the garbage collector's time that a tuple would. With more parents `_first` and
    `_first_partial` hold tuples and `_second` is `MANY`. A leaf has `_first = None`. `_adjoint`
    is unset until a sweep has reached the node.

    Numbers are floats as a rule, but nothing here asks: a sweep over nodes whose partials are
    `Value`s gives adjoints that can be differentiated again.
    """

    __slots__ = ("_adjoint", "_first", "_first_partial", "_mark", "_second", "_second_partial")

    _adjoint: Any
    _first: Any
    _first_partial: Any
    _mark: object
    _second: Any
    _second_partial: Any

    def __init__(self) -> None:
        self._mark = self._first = self._second = None

    def connect(self, parents: Sequence[Node], partials: Sequence[object]) -> None:
        """Record that ∂self/∂parents[i] = partials[i]."""
        self._mark = self._second = None
        if len(parents) > 2:
            self._first, self._first_partial = tuple(parents), tuple(partials)
            self._second = MANY
        else:
            self._first, self._first_partial = parents[0], partials[0]
            if len(parents) == 2:
                self._second, self._second_partial = parents[1], partials[1]


NodeT = TypeVar("NodeT", bound=Node)
T = TypeVar("T")

# What a sum starts from: unlike 0.0, adding it changes no number, not even −0.0, so one that
# compiled programs can leave out.
NOTHING: Final = -0.0

# Sweeps keep their sums in the nodes themselves. Graphs built in different threads may share
# leaves (the parameters of one model), so only one sweep runs at a time.
_sweeping = threading.RLock()


def _traverse(output: NodeT) -> tuple[list[NodeT], list[NodeT]]:
    """The leaves under `output`, and its interior nodes with operands before their users.

    Depth first with a stack of its own, so depth is bounded by memory alone. Marks are objects
    made for this one traversal: nothing has to be cleared afterwards.
    """
    opened, closed = object(), object()
    leaves: list[NodeT] = []
    interior: list[NodeT] = []
    stack = [output]
    while stack:
        node = stack[-1]
        if node._mark is opened:
            node._mark = closed
            interior.append(stack.pop())
        elif node._mark is closed:
            stack.pop()
        elif node._first is None:
            node._mark = closed
            leaves.append(stack.pop())
        else:
            node._mark = opened
            second = node._second
            if second is None:
                if node._first._mark is not closed:
                    stack.append(node._first)
            elif second is MANY:
                stack.extend([n for n in reversed(node._first) if n._mark is not closed])
            else:
                if second._mark is not closed:
                    stack.append(second)
                if node._first._mark is not closed:
                    stack.append(node._first)
    return leaves, interior


def _sweep(leaves: Sequence[Node], interior: Sequence[Node], seed: object, zero: object) -> None:
    """The chain rule: every adjoint is the sum, over consumers, of adjoint times partial.

    ∂output/∂operand = Σ ∂output/∂node · ∂node/∂operand
    """
    for node in leaves:
        node._adjoint = zero
    for node in interior:
        node._adjoint = zero
    (interior or leaves)[-1]._adjoint = seed
    for node in reversed(interior):
        adjoint = node._adjoint
        second = node._second
        if second is MANY:
            for operand, partial in zip(node._first, node._first_partial, strict=True):
                operand._adjoint += adjoint * partial
        else:
            node._first._adjoint += adjoint * node._first_partial
            if second is not None:
                second._adjoint += adjoint * node._second_partial


def _recorded(nodes: Iterable[Node]) -> list[object]:
    return [getattr(node, "_adjoint", None) for node in nodes]


def _restore(nodes: Iterable[Node], recorded: Iterable[object]) -> None:
    for node, adjoint in zip(nodes, recorded, strict=True):
        if adjoint is not None:
            node._adjoint = adjoint
        elif hasattr(node, "_adjoint"):
            del node._adjoint


def topological_order(output: NodeT) -> list[NodeT]:
    """Every node that `output` depends on, once, operands before their users, `output` last.

    Leaves come first. The order depends on the graph alone, so it is the same in every run.
    TypeError for what is no Value.

    >>> from autograd import Value
    >>> a, b = Value(2.0, name="a"), Value(3.0, name="b")
    >>> [node.name for node in topological_order(((a * b).named("c") + a).named("d"))]
    ['a', 'b', 'c', 'd']
    """
    if not isinstance(output, Node):
        raise TypeError(
            f"topological_order: output is {output!r}, a {type(output).__name__}, but only a "
            f"Value knows how it was made"
        )
    with _sweeping:
        leaves, interior = _traverse(output)
    return leaves + interior


def accumulate_gradients(output: Node, seed: float) -> None:
    """Add seed · ∂output/∂leaf into every leaf; interior nodes get this sweep's adjoint alone.

    The sweep starts from zero in the leaves too and what they had is added at the end, so a
    second sweep exactly doubles them, and whatever interrupts it leaves them as they were.
    """
    with _sweeping:
        leaves, interior = _traverse(output)
        before = _recorded(leaves)
        try:
            _sweep(leaves, interior, seed, NOTHING)
            for leaf, earlier in zip(leaves, before, strict=True):
                if earlier is not None:
                    leaf._adjoint += earlier
        except BaseException:
            _restore(leaves, before)
            _restore(interior, [None] * len(interior))
            raise


def adjoints(output: Node, nodes: Iterable[Node], seed: T, zero: T) -> list[T | None]:
    """seed · ∂output/∂node for each of `nodes`, None where there is no path.

    Every adjoint that was recorded before stays as it was.
    """
    with _sweeping:
        leaves, interior = _traverse(output)
        reached = leaves + interior
        before = _recorded(reached)
        inside = set(reached)
        try:
            try:
                _sweep(leaves, interior, seed, zero)
                found = [node._adjoint if node in inside else None for node in nodes]
            finally:
                _restore(reached, before)
        except BaseException:
            # It may have come in the middle of restoring.
            _restore(reached, before)
            raise
        return found


def gradients_of(leaves: Iterable[Node], default: float) -> list[float]:
    """What sweeps have added up in each leaf; the default where none has reached it."""
    return [getattr(leaf, "_adjoint", default) for leaf in leaves]


def set_gradients(leaves: Iterable[Node], gradients: Iterable[float]) -> None:
    """Let these be what sweeps have added up."""
    for leaf, gradient in zip(leaves, gradients, strict=True):
        leaf._adjoint = gradient
