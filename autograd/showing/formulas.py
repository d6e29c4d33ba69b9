"""Local derivatives as formulas, printed from the rows of their operations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Literal

from autograd.ops import Arithmetic, add, mul, neg, sub
from autograd.rows import Op
from autograd.symbol import Symbol, write
from autograd.value import Value

Expression = Symbol | float

# A formula of more operations than this is no longer read by anybody.
_MOST_OPERATIONS = 40

# Stand in for names while a formula is written: letters of a private area, which no row uses.
_FIRST_LETTER = 0xF0000

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class _TooLongError(Exception):
    """The formula has more operations than can be read."""


class Traced(Arithmetic):
    """A number together with the expression that it is the value of.

    A row reads it like a number, so conditions are decided, and leaves behind what it did.
    """

    __slots__ = ("expression", "number")

    def __init__(self, expression: Expression, number: float) -> None:
        self.expression = expression
        self.number = number

    def _apply(self, op: Op, arguments: tuple[object, ...]) -> Traced:
        arguments = op.numbers(arguments)
        symbols = op.grouped([_expression(o) for o in op.flat(arguments)])
        numbers = op.grouped([_number(o) for o in op.flat(arguments)])
        return Traced(simplified(Symbol("", op, symbols)), op.evaluate(numbers))

    def _choose(self, then: object, otherwise: object) -> object:
        chosen = then if self else otherwise
        return chosen() if callable(chosen) else chosen

    def __lt__(self, other: Traced | float) -> bool:
        return self.number < _number(other)

    def __le__(self, other: Traced | float) -> bool:
        return self.number <= _number(other)

    def __gt__(self, other: Traced | float) -> bool:
        return self.number > _number(other)

    def __ge__(self, other: Traced | float) -> bool:
        return self.number >= _number(other)

    def __bool__(self) -> bool:
        return self.number != 0.0


def _number(operand: object) -> float:
    return operand.number if isinstance(operand, Traced) else operand  # type: ignore[return-value]  # Op.numbers has made it a float


def _expression(operand: object) -> Expression:
    return operand.expression if isinstance(operand, Traced) else operand  # type: ignore[return-value]  # as above


class Formulas:
    """Formulas over some nodes, the variables; all others are written out in these.

    >>> t, o = Value(0.01, name="t"), Value(0.75, name="o")
    >>> E = (0.5 * (t - o) ** 2).named("E")
    >>> formulas = Formulas([t, o, E])
    >>> print(formulas.write(formulas.derivative(E, o), "text", lambda node: node.name))
    −(t − o)
    """

    def __init__(self, variables: Iterable[Value]) -> None:
        self._letters = {
            node: chr(_FIRST_LETTER + place) for place, node in enumerate(dict.fromkeys(variables))
        }
        self._nodes = {letter: node for node, letter in self._letters.items()}
        self._traced: dict[Value, Traced | float] = {}
        self._operations = 0

    def derivative(self, over: Value, under: Value) -> Expression | None:
        """∂over/∂under along ways that lead through no other variable.

        None if there is no formula: it would be too long, or a row is no formula itself.
        """
        self._operations = 0
        self._traced = {}
        try:
            return simplified(_expression(self._slope(over, under, {}, is_top=True)))
        except (_TooLongError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None

    def _slope(
        self, node: Value, under: Value, known: dict[Value, Traced | float], *, is_top: bool = False
    ) -> Traced | float:
        if node is under and not is_top:
            return 1.0
        if node.op is None or (node in self._letters and not is_top):
            return 0.0
        if node not in known:
            known[node] = self._computed_slope(node, node.op, under, known)
        return known[node]

    def _computed_slope(
        self, node: Value, op: Op, under: Value, known: dict[Value, Traced | float]
    ) -> Traced | float:
        total: Traced | float = 0.0
        for place, operand in enumerate(node.operands):
            inner = self._slope(operand, under, known) if isinstance(operand, Value) else 0.0
            if isinstance(inner, Traced) or inner:
                total = total + self._local(node, op, place) * inner
        return total

    def _local(self, node: Value, op: Op, place: int) -> Traced | float:
        """The row's partial of the operand in this place, asked with expressions."""
        self._count()
        operands = [self._value(o) if isinstance(o, Value) else o for o in node.operands]
        wanted = [other == place for other in range(len(operands))]
        (slope,) = op.slopes(self._value(node), op.grouped(operands), wanted)
        if isinstance(slope, Traced | float):
            return slope
        raise TypeError(f"a partial of {op.name} is no formula")

    def _value(self, node: Value) -> Traced | float:
        if node not in self._traced:
            self._traced[node] = self._written_out(node)
        return self._traced[node]

    def _written_out(self, node: Value) -> Traced | float:
        if node in self._letters:
            return Traced(Symbol(self._letters[node]), node.data)
        if node.op is None:
            return node.data
        self._count()
        operands = [self._value(o) if isinstance(o, Value) else o for o in node.operands]
        symbols = node.op.grouped([_expression(o) for o in operands])
        return Traced(simplified(Symbol("", node.op, symbols)), node.data)

    def _count(self) -> None:
        self._operations += 1
        if self._operations > _MOST_OPERATIONS:
            raise _TooLongError

    def write(
        self,
        expression: Expression,
        language: Literal["text", "latex"],
        show: Callable[[Value], str],
    ) -> str:
        """The formula with what `show` gives in the places of the variables."""
        text = write(expression, language)
        if language == "text":
            text = typeset(text)
        return "".join(
            show(self._nodes[letter]) if letter in self._nodes else letter for letter in text
        )


def typeset(text: str) -> str:
    """An expression as people write it.

    >>> typeset("-x * y ** 2 - 1"), typeset("x ** 0.5")
    ('−x·y² − 1', 'x^0.5')
    """
    text = re.sub(r" \*\* (-?\d+)(?![\d.e])", lambda match: match[1].translate(_RAISED), text)
    return text.replace(" ** ", "^").replace(" * ", "·").replace("-", "−")


def simplified(expression: Expression) -> Expression:
    """The same with constant factors multiplied, and without + 0, · 1 and ** 1.

    >>> x = Symbol("x")
    >>> print(simplified(0.5 * (2.0 * (x * -1.0))), simplified(x ** 1.0 + 0.0))
    -x x
    """
    if not isinstance(expression, Symbol) or expression.op is None:
        return expression
    op = expression.op
    arguments = op.flat(expression.arguments)
    parts = [simplified(a) if isinstance(a, Symbol | float) else a for a in arguments]
    if all(isinstance(part, float) for part in parts):
        return op.evaluate(op.grouped(parts))
    if (rule := _RULES.get(op.name)) is not None and not op.sequences:
        return rule(*parts)
    return Symbol("", op, op.grouped(parts))


def _product(*factors: Expression) -> Expression:
    constant, symbols = 1.0, list[Symbol]()
    for factor in factors:
        number, others = _factors(factor)
        constant *= number
        symbols += others
    if constant == 0.0 or not symbols:
        return constant
    powers = [(symbol, symbols.count(symbol)) for symbol in dict.fromkeys(symbols)]
    whole: Symbol = reduce(mul, [s if count == 1 else s ** float(count) for s, count in powers])
    if constant == 1.0:
        return whole
    return neg(whole) if constant == -1.0 else mul(constant, whole)


def _factors(expression: Expression) -> tuple[float, list[Symbol]]:
    if not isinstance(expression, Symbol):
        return expression, []
    name = expression.op.name if expression.op else ""
    if name == "neg":
        number, symbols = _factors(_part(expression, 0))
        return -number, symbols
    if name == "mul":
        left, right = _factors(_part(expression, 0)), _factors(_part(expression, 1))
        return left[0] * right[0], left[1] + right[1]
    return 1.0, [expression]


def _part(expression: Symbol, place: int) -> Expression:
    return expression.arguments[place]  # type: ignore[return-value]  # an operand of a plain operation


def _sum(a: Expression, b: Expression) -> Expression:
    if not isinstance(a, Symbol) and a == 0.0:
        return b
    if not isinstance(b, Symbol) and b == 0.0:
        return a
    number, symbols = _factors(b)
    other, same = _factors(a)
    if symbols and symbols == same:
        return _product(other + number, *symbols)
    if symbols and number < 0.0:
        return sub(a, _product(-number, *symbols))
    return add(a, b)


def _difference(a: Expression, b: Expression) -> Expression:
    if not isinstance(b, Symbol) and b == 0.0:
        return a
    if not isinstance(a, Symbol) and a == 0.0:
        return _product(-1.0, b)
    return sub(a, b)


def _power(base: Expression, exponent: Expression) -> Expression:
    if not isinstance(exponent, Symbol) and exponent in (0.0, 1.0):
        return base if exponent else 1.0
    return base**exponent


_RULES: Mapping[str, Callable[..., Expression]] = {
    "add": _sum,
    "mul": _product,
    "neg": lambda x: _product(-1.0, x),
    "pow": _power,
    "sub": _difference,
}
