"""What stands in a picture: numbers, names and formulas, escaped for DOT."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import graphviz

from autograd.rows import Op
from autograd.symbol import Symbol, write
from autograd.value import Value

__all__ = [
    "called",
    "escaped",
    "formula",
    "number",
    "parent_marks",
    "record",
    "slope",
    "visible",
    "written",
]

_LONGEST_NAME = 28
_LONGEST_LINE = 30
_MOST_LINES = 4


def number(value: float, digits: int) -> str:
    """The number to so many significant digits, without trailing zeros.

    >>> number(0.0821670405642, 6), number(2.0, 6), number(1.5e-9, 6)
    ('0.082167', '2', '1.5e-09')
    """
    return f"{float(value):.{digits}g}"


def visible(name: str, longest: int = _LONGEST_NAME) -> str:
    r"""A name on one line, what cannot be printed replaced, cut in the middle if it is long.

    >>> visible("first line\nsecond\0"), visible("a" * 60, longest=9)
    ('first line second�', 'aaaa…aaaa')
    """
    line = " ".join(name.split())
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    if len(line) <= longest:
        return line
    half = (longest - 1) // 2
    return f"{line[:half]}…{line[-half:]}"


def escaped(text: str) -> str:
    r"""Text as a DOT label that shows exactly this text, wrapped where a line gets long.

    DOT reads backslashes, HTML entities and labels in angle brackets as markup.

    >>> escaped(r"a\b & c")
    'a\\\\b &amp; c'
    """
    return graphviz.escape(text.replace("&", "&amp;"))


def record(rows: list[str], across: bool) -> str:
    r"""The label of a record-shaped node: one field per row, from top to bottom.

    Record labels and no HTML-like ones: Graphviz's WebAssembly build cannot read the latter, and
    shows the node's name instead. `across` tells that the graph is laid out from left to right,
    which turns records on their side.

    >>> record(["net_h1", "a < b"], across=True)
    'net_h1|a \\< b'
    """
    fields = "|".join(_field(row) for row in rows)
    return fields if across else f"{{{fields}}}"


def _field(text: str) -> str:
    escape = str.maketrans({c: f"\\{c}" for c in r"\{}|<>"} | {"&": "&amp;"})
    return r"\n".join(line.translate(escape) for line in _wrapped(text))


def _wrapped(text: str) -> list[str]:
    lines = textwrap.wrap(text, _LONGEST_LINE, break_long_words=False, break_on_hyphens=False)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], "…", lines[-1]]
    return lines or [""]


def parent_marks(node: Value) -> list[str]:
    """For each parent the mark that tells it from others that look the same, mostly none.

    Two operands without a name are ① and ②, in the node's formula and on their arrows.

    >>> a, b = Value(1.0), Value(2.0)
    >>> parent_marks(a - b), parent_marks(a - a), parent_marks(a - 2.0)
    (['①', '②'], ['', ''], [''])
    """
    looks: dict[str, list[Value]] = {}
    distinct = dict.fromkeys(node.parents)
    for parent in distinct:
        looks.setdefault(_called(parent), []).append(parent)
    alike = [parent for parent in distinct if len(looks[_called(parent)]) > 1]
    marks = {parent: _circled(place) for place, parent in enumerate(alike, start=1)}
    return [marks.get(parent, "") for parent in node.parents]


def _called(operand: Value) -> str:
    return visible(operand.name, longest=16)


def _circled(place: int) -> str:
    return chr(ord("①") + place - 1) if place <= 20 else f"({place})"


def called(node: Value, digits: int = 6) -> str:
    """What a node is called wherever it is spoken of: its name, else its operation or number.

    >>> w, x = Value(0.5, name="w"), Value(2.0, name="x")
    >>> called(w), called(w * x), called((w * x) ** 2), called(Value(3.0))
    ('w', '(w × x)', '(· ** 2)', '3')
    """
    if name := visible(node.name):
        return name
    return number(node.data, digits) if node.op is None else f"({visible(formula(node, digits))})"


def formula(node: Value, digits: int) -> str:
    """The node's operation on its operands; a dot stands for an operand without a name.

    >>> w, x = Value(0.5, name="w"), Value(2.0, name="x")
    >>> formula(w * x, 6), formula((w * x) ** 2, 6), formula((1 - x).sigmoid(), 6)
    ('w × x', '· ** 2', 'σ(·)')
    """
    op = node.op
    if op is None:
        return ""
    marks = iter(parent_marks(node))
    references = [
        (_called(o) + next(marks)) or "·" if isinstance(o, Value) else number(o, digits)
        for o in node.operands
    ]
    return written(op, references)


def written(op: Op, references: Sequence[str]) -> str:
    """The operation on operands that are called so.

    >>> from autograd.ops import mul, sigmoid
    >>> written(mul, ["0.5", "-2"]), written(sigmoid, ["net_h1"])
    ('0.5 × (-2)', 'σ(net_h1)')
    """
    function = _function_name(op)
    if function:
        return f"{function}({', '.join(references)})"
    if not op.sequences:
        references = [f"({r})" if r.startswith("-") else r for r in references]
    if len(op.symbol) == 1 and len(references) == 2:
        return f"{references[0]} {op.symbol} {references[1]}"
    return write(Symbol("", op, op.grouped([Symbol(r) for r in references])), "text")


def _function_name(op: Op) -> str:
    """σ or sqrt for an operation that is written as a function, "" for one like + or dot."""
    spelling = op.spelling.get("text")
    name, bracket, _ = (spelling.template if spelling else f"{op.symbol}(").partition("(")
    return name if bracket and name.isidentifier() else ""


def slope(node: Value, digits: int) -> str:
    """The derivative of a function of one Value, such as σ′(net_h1); "" for other operations.

    >>> z = Value(0.5, name="z")
    >>> slope(z.sigmoid(), 6), slope(z.leaky_relu(), 6), slope(z * 2.0, 6)
    ('σ′(z)', 'leaky′(z, 0.01)', '')
    """
    function = _function_name(node.op) if node.op and not node.op.sequences else ""
    if not function or len(node.parents) != 1:
        return ""
    return f"{function}′{formula(node, digits).removeprefix(function)}"
