"""A recorded graph computed again over another number type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from autograd.backprop import Node, adjoints, topological_order
from autograd.checking.node_names import node_named
from autograd.checking.number_types import ImpossibleError, NumberType, number_type
from autograd.checking.table import text_table
from autograd.ops import TABLE, Arithmetic, Constant
from autograd.rows import Op
from autograd.value import Value

Leaf = TypeVar("Leaf", bound=Value | str)

# Of a table, and of letters in a number.
_MOST_ROWS = 50
_MOST_LETTERS = 60


# Any, here and below: numbers of the type that the user chose.
class Numbers(Mapping[Value, Any]):
    """One number for every node of a graph, to be had by the node or by its name.

    Raises KeyError for other nodes and if no node, or more than one, has the name.
    """

    def __init__(self, numbers: Mapping[Value, Any]) -> None:
        self._numbers = dict(numbers)

    def __getitem__(self, node: Value | str) -> Any:
        if isinstance(node, str):
            try:
                node = node_named(node, list(self._numbers))
            except ValueError as error:
                raise KeyError(str(error)) from None
        if node not in self._numbers:
            raise KeyError(f"{node!r} is no node of this graph")
        return self._numbers[node]

    def __iter__(self) -> Iterator[Value]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __repr__(self) -> str:
        nodes, rest = _shown(list(self))
        shown = [f"{_name(node)}: {_text(self[node])}" for node in nodes]
        return f"{{{', '.join([*shown, *rest])}}}"


@dataclass(frozen=True, repr=False)
class Evaluation:
    """A graph over another number type; a table of the nodes that have names.

    Attributes:
        value: the output.
        values: every node's value, by the node or by its name.
        gradients: ∂output/∂node for every node, likewise.
    """

    value: Any
    values: Numbers
    gradients: Numbers

    def __str__(self) -> str:
        *_, output = self.values
        headings = ("node", "value", f"∂{_name(output)}/∂node")
        nodes, rest = _shown(list(self.values))
        rows = [
            [_name(node), _text(self.values[node]), _text(self.gradients[node])] for node in nodes
        ]
        return "\n".join([text_table(headings, rows), *rest])

    def __repr__(self) -> str:
        return str(self)


def _shown(order: list[Value]) -> tuple[list[Value], list[str]]:
    """The output and what has a name, as far as they fit, and a line on the rest."""
    *others, output = order
    shown = [*[node for node in others if node.name][: _MOST_ROWS - 1], output]
    left_out = len(order) - len(shown)
    return shown, [f"… and {left_out} more node{'s' * (left_out > 1)}"] if left_out else []


def _name(node: Value) -> str:
    return " ".join(node.name.split()) or "output"


def _text(number: Any) -> str:
    text = str(number)
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"


def evaluate(
    output: Value,
    at: Mapping[Leaf, object] | None = None,
    numbers: object = float,
    *,
    as_written: bool = False,
) -> Evaluation:
    """Compute the graph of `output` again, values and gradients, with numbers of another type.

    `at` gives leaves, or the leaves of these names, other numbers: of that type, or any real
    number, or text. What it does not name keeps the data it has now. `numbers` is
    `fractions.Fraction` (exact; whatever leaves the rational numbers is an error),
    `decimal.Decimal` or the module `mpmath` (as many digits as their contexts say), or `float`.

    A float such as 0.1 stands for the binary number it is, which is not one tenth; with
    `as_written` it stands for the decimal it is written as.

    Raises TypeError for what is no Value or no number and for operations that the number type
    cannot do, ValueError for a key of `at` that is no leaf of the graph or the name of none or of
    several, and what the operations raise outside of their domains.

    >>> from fractions import Fraction
    >>> w, x = Value(0.1, name="w"), Value(3.0, name="x")
    >>> E = (w * x + w * w).named("E")
    >>> evaluate(E, {"w": "1/7"}, numbers=Fraction)
    node  value  ∂E/∂node
    ────  ─────  ────────
    w     1/7    23/7
    x     3      1/7
    E     22/49  1
    … and 2 more nodes
    >>> exact = evaluate(E, numbers=Fraction, as_written=True)
    >>> exact.value, exact.gradients["w"], E.data
    (Fraction(31, 100), Fraction(16, 5), 0.31000000000000005)
    """
    if not isinstance(output, Value):
        raise TypeError(f"evaluate: output is {output!r}, a {type(output).__name__} and no Value")
    kind = number_type(numbers)
    nodes = topological_order(output)
    given = _given(kind, {} if at is None else at, nodes)
    found: dict[Value, Any] = {}
    shadows = {node: Node() for node in nodes}

    def operand(thing: Value | float) -> Any:
        if isinstance(thing, Value):
            return found[thing]
        return _stand_in(kind, _exactly(kind, thing, as_written))

    for node in nodes:
        if node.op is None:
            found[node] = _stand_in(kind, given[node]) if node in given else operand(node.data)
            continue
        arguments = node.op.grouped([operand(thing) for thing in node.operands])
        wanted = [isinstance(thing, Value) for thing in node.operands]
        try:
            found[node] = node.op(*arguments)
            slopes = _slopes(kind, node.op, found[node], arguments, wanted)
        except ImpossibleError as error:
            raise TypeError(f"evaluate: {node!r} was computed by {node.op.name}: {error}") from None
        shadows[node].connect([shadows[parent] for parent in node.parents], slopes)
    swept = adjoints(
        shadows[output],
        [shadows[node] for node in nodes],
        seed=kind.convert(1),
        zero=kind.convert(0),
    )
    values = Numbers({node: _number(kind, stand_in) for node, stand_in in found.items()})
    gradients = Numbers(dict(zip(nodes, swept, strict=True)))
    return Evaluation(values[output], values, gradients)


def _given(kind: NumberType, at: object, order: list[Value]) -> dict[Value, Any]:
    if not isinstance(at, Mapping):
        raise TypeError(f"evaluate: at is {at!r}, but it maps leaves to numbers")
    given: dict[Value, Any] = {}
    nodes = set(order)
    for key, number in at.items():
        leaf = _leaf(key, order)
        if leaf not in nodes or not leaf.is_leaf:
            what = "computed and not given" if leaf in nodes else "not in the graph"
            raise ValueError(f"evaluate: at has the key {key!r}, which is {what}")
        if leaf in given:
            raise ValueError(f"evaluate: at has {leaf!r} twice, as itself and by its name")
        try:
            if isinstance(number, bool | Value):
                raise TypeError(f"a {type(number).__name__} is no number here")
            given[leaf] = kind.convert(number)
        except (TypeError, ValueError, ArithmeticError) as error:
            # What converters raise for odd texts is not always a ValueError.
            raised = TypeError if isinstance(error, TypeError) else ValueError
            raise raised(
                f"evaluate: {leaf!r} cannot be {number!r} in {kind.name}: {error}"
            ) from None
    return given


def _leaf(key: object, order: list[Value]) -> Value:
    if isinstance(key, Value):
        return key
    if not isinstance(key, str):
        raise TypeError(f"evaluate: at has the key {key!r}, which is neither a Value nor a name")
    try:
        return node_named(key, order)
    except ValueError as error:
        raise ValueError(f"evaluate: at: {error}") from None


def _exactly(kind: NumberType, number: float, as_written: bool) -> Any:
    try:
        return kind.convert(repr(number) if as_written else number)
    except (ArithmeticError, ValueError):
        raise ValueError(f"evaluate: {number!r} is no {kind.name}") from None


def _slopes(
    kind: NumberType, op: Op, result: object, arguments: tuple[Any, ...], wanted: list[bool]
) -> list[Any]:
    try:
        return [_number(kind, slope) for slope in op.slopes(result, arguments, wanted)]
    except ImpossibleError:
        raise
    except (TypeError, AttributeError, LookupError):
        raise ImpossibleError(f"a partial of it takes floats only, and no {kind.name}") from None
    except (ArithmeticError, ValueError) as error:
        raise type(error)(f"evaluate: a partial of {op.name} at {arguments}: {error}") from None


def _stand_in(kind: NumberType, number: Any) -> Any:
    return number if kind.convert is float else _Number(kind, number)


def _number(kind: NumberType, thing: Any) -> Any:
    """What a row gave as a number of the type."""
    if isinstance(thing, _Number):
        return thing.number
    if isinstance(thing, Constant) and kind.convert is not float:
        return _number(kind, thing.exactly(_Number(kind, kind.convert(1)), lambda: _pi(kind)))
    return kind.convert(thing)


def _pi(kind: NumberType) -> _Number:
    if kind.pi is None:
        raise ImpossibleError(f"{kind.name} has no π; use numbers=mpmath")
    return _Number(kind, kind.pi())


class _Number(Arithmetic):
    """A number of another type that stands in for a float in rows."""

    __slots__ = ("kind", "number")

    def __init__(self, kind: NumberType, number: Any) -> None:
        self.kind = kind
        self.number = number

    def _apply(self, op: Op, arguments: tuple[object, ...]) -> Any:
        kind = self.kind
        function = kind.functions.get(op.name) if TABLE.get(op.name) is op else None
        try:
            if function is not None:
                return _Number(kind, function(*[_number(kind, a) for a in arguments]))
            return _Number(kind, _number(kind, op.value(*arguments)))
        except (ArithmeticError, ValueError) as error:
            raise op.failure(arguments, error) from None
        except ImpossibleError:
            raise
        except (TypeError, AttributeError, LookupError):
            # Its value is a Python function that takes floats and nothing else.
            raise ImpossibleError(f"{op.name} of a {kind.name}: {kind.advice}") from None

    def _choose(self, then: Any, otherwise: Any) -> Any:
        chosen = then if self.number != 0 else otherwise
        return chosen() if callable(chosen) else chosen

    def __lt__(self, other: Self | float) -> bool:
        return bool(self.number < _plain(other))

    def __le__(self, other: Self | float) -> bool:
        return bool(self.number <= _plain(other))

    def __gt__(self, other: Self | float) -> bool:
        return bool(self.number > _plain(other))

    def __ge__(self, other: Self | float) -> bool:
        return bool(self.number >= _plain(other))

    def __repr__(self) -> str:
        return str(self.number)


def _plain(other: Any) -> Any:
    return other.number if isinstance(other, _Number) else other
