"""Derivatives as results: nothing here touches the `grad` of any Value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import compress
from typing import Any, Literal, overload

from autograd.backprop import NOTHING, Node, adjoints, topological_order
from autograd.rows import Op
from autograd.symbol import Symbol, variables
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
    if isinstance(inputs, Value):
        raise TypeError(f"gradients: inputs is the single {inputs!r}; write [x] around it")
    inputs = tuple(inputs)
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
        parents = [shadows.get(parent) for parent in node.parents]
        if node.op is None or not any(parents):
            continue
        slopes = _recorded_slopes(node, node.op, [parent in shadows for parent in node.operands])
        shadows.setdefault(node, Node()).connect([p for p in parents if p is not None], slopes)
    return shadows


def _recorded_slopes(node: Value, op: Op, wanted: Sequence[bool]) -> list[Any]:
    """The partials towards the wanted operands as Values."""
    if not _has_formulas(op):
        raise TypeError(
            f"{op.name} cannot be differentiated again: a partial of it is a Python function that "
            f"takes floats only; write its partials with the functions of this package"
        )
    slopes: list[Any] = op.slopes(node, op.grouped(node.operands), wanted)
    is_parent = [isinstance(operand, Value) for operand in node.operands]
    recorded = compress(node.partials, compress(wanted, is_parent))
    for slope, number in zip(slopes, recorded, strict=True):
        if float(slope) != number and not math.isnan(number):
            raise ValueError(
                f"{node!r} was computed by {op.name} when an operand of it had another data than "
                f"now: its derivative was {number!r} and would be {float(slope)!r}; compute the "
                f"output again after assigning data"
            )
    return slopes


@cache
def _has_formulas(op: Op) -> bool:
    try:
        for partial in op.partials:
            partial(Symbol("y"), *variables(op))
    except (TypeError, AttributeError):
        return False
    return True


def _as_value(adjoint: object) -> Value:
    if isinstance(adjoint, Value):
        return adjoint
    if isinstance(adjoint, _One):
        return Value(1.0)
    return Value(adjoint if isinstance(adjoint, float) else 0.0)
