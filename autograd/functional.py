"""Derivatives as results: nothing here touches the `grad` of any Value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

from autograd.backprop import NOTHING, Node, adjoints, topological_order
from autograd.value import Value


class _Zero:
    """The sum of nothing, so that recorded adjoints start without a term 0 +."""

    def __add__(self, other: Value) -> Value:
        return other


class _One:
    """The seed of a recorded sweep, so that it adds no factor 1 ·."""

    def __mul__(self, other: Value | float) -> Value | float:
        return other


@overload
def gradients(
    output: Value, inputs: Sequence[Value], create_graph: Literal[False] = False
) -> list[float]: ...
@overload
def gradients(
    output: Value, inputs: Sequence[Value], create_graph: Literal[True]
) -> list[Value]: ...
def gradients(
    output: Value, inputs: Sequence[Value], create_graph: bool = False
) -> list[float] | list[Value]:
    """∂output/∂input for each input, which may be any node, not only a leaf; 0 without a path.

    With `create_graph` the derivatives are Values that can be differentiated again.

    >>> x = Value(3.0)
    >>> y = x * x * x
    >>> [slope] = gradients(y, [x], create_graph=True)
    >>> slope.data, gradients(slope, [x])
    (27.0, [18.0])
    """
    for place, node in [("output", output), *((f"inputs[{i}]", v) for i, v in enumerate(inputs))]:
        if not isinstance(node, Value):
            raise TypeError(
                f"gradients: {place} is {node!r}, a {type(node).__name__}, but only a Value knows "
                f"how it was made"
            )
    if not create_graph:
        return [slope or 0.0 for slope in adjoints(output, inputs, seed=1.0, zero=NOTHING)]
    shadows = _shadows(output, inputs)
    found: list[object] = adjoints(
        shadows.get(output, Node()),
        [shadows[node] for node in inputs],
        seed=_One(),
        zero=_Zero(),
    )
    return [_as_value(adjoint) for adjoint in found]


def _shadows(output: Value, inputs: Sequence[Value]) -> dict[Value, Node]:
    """A second graph, over the nodes between inputs and output, whose partials are Values.

    Where the recorded graph holds the numbers of its local derivatives, this one holds the rows'
    formulas for them, applied to the Values themselves.
    """
    shadows = {node: Node() for node in inputs}
    for node in topological_order(output):
        parents = [shadows.get(o) if isinstance(o, Value) else None for o in node.operands]
        wanted = [parent is not None for parent in parents]
        if node.op is not None and any(wanted):
            slopes = node.op.slopes(node, node.op.grouped(node.operands), wanted)
            shadows.setdefault(node, Node()).connect([p for p in parents if p is not None], slopes)
    return shadows


def _as_value(adjoint: object) -> Value:
    if isinstance(adjoint, Value):
        return adjoint
    if isinstance(adjoint, _One):
        return Value(1.0)
    return Value(adjoint if isinstance(adjoint, float) else 0.0)
