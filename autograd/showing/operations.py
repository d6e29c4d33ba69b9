"""The table of operations as people read it, made from the rows."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.ops import TABLE
from autograd.rows import Op
from autograd.symbol import Symbol, variables, write

_HEADINGS = ("operation", "value", "partial derivatives, y being the result", "at a kink")


def operations_table() -> str:
    """One row per operation as a Markdown table: name, value, partials, kink.

    Operations on lists are shown on a list of two.

    >>> print(operations_table().splitlines()[2])
    | `add(a, b)` | `a + b` | `1`, `1` |  |
    """
    lines = [_HEADINGS, ("---",) * len(_HEADINGS), *map(_row, TABLE.values())]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _row(op: Op) -> tuple[str, ...]:
    arguments = variables(op)
    result = Symbol("y")
    slopes = [
        f"[{', '.join(_text(s) for s in slope)}]" if isinstance(slope, tuple) else _text(slope)
        for slope in (partial(result, *arguments) for partial in op.partials)
    ]
    value = op(*arguments) if op.spelling.get("text") else op.value(*arguments)
    return (
        f"`{op.name}({', '.join(op.parameters)})`",
        f"`{_text(value)}`",
        _listed(slopes),
        op.kink.text if op.kink else "",
    )


def _text(expression: Symbol | float) -> str:
    return write(expression, "text")


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)
