"""The table of operations as people read it, made from the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from inspect import cleandoc
from typing import Any

from autograd.ops import TABLE
from autograd.rows import Op
from autograd.showing.formulas import Expression, Traced
from autograd.symbol import Symbol, variables, write
from autograd.value import Value

__all__ = ["documentation", "operations_table"]

_HEADINGS = ("operation", "value", "partial derivatives, y being the result", "at a kink")

# A partial that is longer is shown as it is in the middle of its domain, without special cases.
_LONGEST = 60


def operations_table() -> str:
    """One row per operation as a Markdown table: call, value, partials, kink.

    Operations on lists are shown on a list of two. A partial that ends in … has special cases,
    which the operation's `help` tells.

    >>> print(operations_table().splitlines()[2])
    | `add(a, b)` | a + b | `1`, `1` |  |
    """
    lines = [_HEADINGS, ("---",) * len(_HEADINGS), *map(_row, TABLE.values())]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def documentation(op: Op) -> str:
    """What `help` shows of an operation: its docstring, with partials, domain and kink.

    >>> print(TABLE["tanh"].__doc__.partition(">>>")[0].strip())
    The hyperbolic tangent (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
    <BLANKLINE>
    ∂y/∂x = 1 - y * y
    Domain: all real numbers
    """
    first, *rest = cleandoc(op.__doc__ or op.name).split("\n\n")
    facts = [
        f"∂y/∂{parameter} = {_slope(partial, op)}"
        for parameter, partial in zip(op.parameters, op.partials, strict=True)
    ]
    facts.append(f"Domain: {op.requires or 'all real numbers'}")
    if op.requires or op.advice:
        facts.append("Raises ValueError, OverflowError or ZeroDivisionError outside of it.")
    if op.kink:
        facts.append(f"At a kink: {op.kink.text}")
    return "\n\n".join([first, "\n".join(facts), *rest])


def _row(op: Op) -> tuple[str, ...]:
    sentence = re.split(r"\.\s|;|\.$", op.__doc__ or "")[0]
    return (
        f"`{op.__reduce__()}{op.__signature__}`",
        " ".join(sentence.split()).replace("|", r"\|"),
        ", ".join(f"`{text}`" for text in _short_slopes(op)),
        op.kink.text if op.kink else "",
    )


def _short_slopes(op: Op) -> Iterator[str]:
    for partial in op.partials:
        text = _shortened(_slope(partial, op))
        if len(text) > _LONGEST and not op.sequences:
            plain = _shortened(_decided_slope(partial, op))
            text = text if plain == text else f"{plain} …"
        yield text


def _slope(partial: Callable[..., Any], op: Op) -> str:
    slope = partial(Symbol("y"), *variables(op))
    return f"[{', '.join(map(_text, slope))}]" if isinstance(slope, tuple) else _text(slope)


def _decided_slope(partial: Callable[..., Any], op: Op) -> str:
    """The partial in the middle of the domain, where all conditions are decided."""
    middle = [sum(interval) / 2 for interval in op.domain]
    operands = [Traced(Symbol(p), x) for p, x in zip(op.parameters, middle, strict=True)]
    slope = partial(Traced(Symbol("y"), op.evaluate(tuple(middle))), *operands)
    return _text(slope.expression if isinstance(slope, Traced) else slope)


def _text(expression: Expression) -> str:
    return write(expression, "text")


def _shortened(text: str) -> str:
    """With four digits where a number has many."""
    return re.sub(r"\d+\.\d{5,}", lambda found: f"{float(found[0]):.4g}", text)


for _op in TABLE.values():
    # Only here can a row's partials be written, and `help` is to show them, of methods too.
    object.__setattr__(_op, "__doc__", documentation(_op))
    if hasattr(Value, _op.name):
        getattr(Value, _op.name).__doc__ = _op.__doc__
