"""Nodes that stand exactly where the slopes from the two sides differ."""

from __future__ import annotations

import math

from autograd.rows import Op, as_float
from autograd.value import Value

__all__ = ["one_sided_slopes"]


def one_sided_slopes(node: Value, parent: Value) -> tuple[float, float] | None:
    """∂node/∂parent from the left and from the right, if they differ at a kink of its operation.

    They are the partials of the operation at the floats next to the parent's number. None where
    there is no kink, and where the operation is not defined on both sides.

    >>> net = Value(0.0)
    >>> one_sided_slopes(net.relu(), net), one_sided_slopes(abs(net), net)
    ((0.0, 1.0), (-1.0, 1.0))
    """
    op = node.op
    if op is None or op.kink is None:
        return None
    try:
        here, below, above = (
            [_moved(operand, parent, x) for operand in node.operands]
            for x in (
                parent.data,
                math.nextafter(parent.data, -math.inf),
                math.nextafter(parent.data, math.inf),
            )
        )
        if op.kink.margin(*op.grouped(here)) != 0.0:
            return None
        wanted = [operand is parent for operand in node.operands]
        left, right = _slope(op, below, wanted), _slope(op, above, wanted)
    except (ArithmeticError, ValueError):
        return None
    return None if math.isclose(left, right, rel_tol=1e-9) else (left, right)


def _moved(operand: Value | float, parent: Value, x: float) -> float:
    return x if operand is parent else float(operand)


def _slope(op: Op, numbers: list[float], wanted: list[bool]) -> float:
    arguments = op.grouped(numbers)
    slopes = op.slopes(op.evaluate(arguments), arguments, wanted)
    return math.fsum(as_float(slope, f"a partial of {op.name}") for slope in slopes)
