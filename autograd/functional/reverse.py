"""Reverse mode with the derivatives as results: no Value's `grad` is touched."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import compress
from typing import Any, Literal, overload

from autograd.backprop import NOTHING, Node, adjoints, topological_order
from autograd.recording import current_tracer, unwatched
from autograd.rows import Op
from autograd.symbol import FLOATS_ONLY, Symbol, variables
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
    output: Value,
    inputs: Sequence[Value],
    create_graph: Literal[False] = False,
    *,
    require_path: bool = False,
) -> list[float]: ...
@overload
def gradients(
    output: Value,
    inputs: Sequence[Value],
    create_graph: Literal[True],
    *,
    require_path: bool = False,
) -> list[Value]: ...
@overload
def gradients(
    output: Value, inputs: Sequence[Value], create_graph: bool, *, require_path: bool = False
) -> list[float] | list[Value]: ...
def gradients(
    output: Value,
    inputs: Sequence[Value],
    create_graph: bool = False,
    *,
    require_path: bool = False,
) -> list[float] | list[Value]:
    """∂output/∂input for each input, which may be any node, not only a leaf; 0 without a path.

    With `create_graph` the derivatives are Values that can be differentiated again. With
    `require_path` an input that the output was not computed from is a ValueError that names it.

    >>> x = Value(3.0)
    >>> y = x * x * x
    >>> [slope] = gradients(y, [x], create_graph=True)
    >>> slope.data, gradients(slope, [x])
    (27.0, [18.0])
    """
    inputs = _checked(output, inputs)
    if create_graph:
        shadows = _shadows(output, inputs)
        found: list[Any] = adjoints(
            shadows.get(output, Node()),
            [shadows[node] for node in inputs],
            seed=_One(),
            zero=_Zero(),
        )
    else:
        if (tracer := current_tracer.get()) is not None:
            tracer.reading(output, "gradients(…)")
        found = adjoints(output, inputs, seed=1.0, zero=NOTHING)
    if require_path:
        _require_path(output, inputs, found)
    return [_as_value(slope) for slope in found] if create_graph else [s or 0.0 for s in found]


def _checked(output: object, inputs: object) -> tuple[Value, ...]:
    if isinstance(inputs, Value):
        raise TypeError(f"gradients: inputs is the single {inputs!r}; write [x] around it")
    if not isinstance(inputs, Iterable):
        raise TypeError(f"gradients: inputs is {inputs!r}, but it is a list of Values")
    inputs = tuple(inputs)
    for place, node in [("output", output), *((f"inputs[{i}]", v) for i, v in enumerate(inputs))]:
        if not isinstance(node, Value):
            raise TypeError(
                f"gradients: {place} is {node!r}, a {type(node).__name__}, but only a Value knows "
                f"how it was made"
            )
    return inputs


def _require_path(output: Value, inputs: Sequence[Value], found: Sequence[object]) -> None:
    lost = [
        f"inputs[{i}] = {node!r}"
        for i, (node, slope) in enumerate(zip(inputs, found, strict=True))
        if slope is None
    ]
    if lost:
        raise ValueError(
            f"{output!r} was not computed from {', '.join(lost)}: is it the Value that was used, "
            f"or a copy, or a number taken from it by float(…), math.exp or .data?"
        )


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
        slopes = recorded_slopes(node, node.op, [parent in shadows for parent in node.operands])
        shadows.setdefault(node, Node()).connect([p for p in parents if p is not None], slopes)
    return shadows


def recorded_slopes(node: Value, op: Op, wanted: Sequence[bool]) -> list[Any]:
    """The partials towards the wanted operands as Values."""
    if not _has_formulas(op):
        raise TypeError(
            f"{op.name} cannot be differentiated again: a partial of it is a Python function that "
            f"takes floats only; write its partials with the functions of this package"
        )
    slopes: list[Any] = op.slopes(node, op.grouped(node.operands), wanted)
    is_parent = [isinstance(operand, Value) for operand in node.operands]
    recorded = compress(node.partials, compress(wanted, is_parent))
    with unwatched():
        _check_current(node, op, slopes, recorded)
    return slopes


def _check_current(node: Value, op: Op, slopes: Iterable[Any], recorded: Iterable[float]) -> None:
    """The formulas give the numbers that were recorded, unless data was assigned in between."""
    for slope, number in zip(slopes, recorded, strict=True):
        if float(slope) != number and not math.isnan(number):
            raise ValueError(
                f"{node!r} was computed by {op.name} when an operand of it had another data than "
                f"now: its derivative was {number!r} and would be {float(slope)!r}; compute the "
                f"output again after assigning data"
            )


@cache
def _has_formulas(op: Op) -> bool:
    try:
        for partial in op.partials:
            partial(Symbol("y"), *variables(op))
    except FLOATS_ONLY:
        return False
    return True


def _as_value(adjoint: object) -> Value:
    if isinstance(adjoint, Value):
        return adjoint
    if isinstance(adjoint, _One):
        return Value(1.0)
    return Value(adjoint if isinstance(adjoint, float) else 0.0)
