"""Expressions of a program, as short as exact arithmetic allows.

A `Term` is a `Symbol` that simplifies itself while a row builds it. Every rule here keeps all
bits of the result. That leaves few: x + 0 = x is none of them, since −0 + 0 is 0. Two NaNs count
as equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from autograd.ops import TABLE
from autograd.rows import Op, scalar_rule
from autograd.spelling import ATOM, POWER, SIGN, Spelling
from autograd.symbol import CHOOSE, COMPARISONS, Symbol, formula

__all__ = ["Expression", "Term", "Terms", "operations_in", "variables_in"]

_ADD, _SUB, _MUL, _DIV, _NEG, _POW = (TABLE[n] for n in ("add", "sub", "mul", "div", "neg", "pow"))
_CONDITIONS = frozenset(COMPARISONS.values())

# A power whose exponent is a whole number known beforehand is no root of a negative number.
_WHOLE_POWER = scalar_rule(
    "pow",
    _POW.value,
    *_POW.partials,
    spelling={**_POW.spelling, "python": Spelling("{0} ** {1}", POWER, (ATOM, SIGN))},
)

# What grows longer than this goes on in another statement. It bounds the depth of expressions,
# and with it every recursion over them.
MOST_OPERATIONS: Final = 40

# Above so many the expressions met so far are forgotten: they would only have been shared.
_MOST_REMEMBERED: Final = 50_000


class Term(Symbol):
    """A variable of a program, or an operation on terms and numbers, `size` of them in all."""

    __slots__ = ("size", "terms")

    def __init__(
        self, terms: Terms, name: str, op: Op | None = None, arguments: tuple[object, ...] = ()
    ) -> None:
        super().__init__(name, op, arguments)
        self.terms = terms
        self.size: int = sum([part.size for part in _parts(arguments)], op is not None)

    def _apply(self, op: Op, arguments: tuple[object, ...]) -> Term:
        # It is a float where all is known beforehand; rows reckon with both.
        return cast("Term", self.terms.apply(op, op.numbers(arguments)))

    def _choose(self, then: object, otherwise: object) -> Term:
        branches = [b() if callable(b) else b for b in (then, otherwise)]
        return cast("Term", self.terms.apply(CHOOSE, CHOOSE.numbers((self, *branches))))


Expression = Term | float


class Terms:
    """Makes the terms of one program.

    `continued` is called with an expression that has grown long enough and gives a variable that
    a statement of its own computes.
    """

    def __init__(self, continued: Callable[[Term], Term]) -> None:
        self._continued = continued
        self._known: dict[tuple[object, ...], Term] = {}
        self._variables: dict[Term, Term] = {}

    def variable(self, name: str = "") -> Term:
        """A new variable."""
        return Term(self, name)

    def apply(self, op: Op, arguments: tuple[object, ...]) -> Expression:
        """The operation on terms and floats, computed or shortened where that can be done now."""
        if op in _CONDITIONS:
            return self._operation(op, arguments)
        if not _parts(arguments):
            try:
                return op.evaluate(arguments)
            except (ArithmeticError, ValueError):
                # It may stand in a case that does not arise. If it does, it fails then.
                return self._operation(op, arguments)
        if "python" not in op.spelling:
            return self.number(self._written_out(op, arguments))
        rule = _SHORTER.get(op)
        shorter = rule(self, *arguments) if rule else None
        return self._operation(op, arguments) if shorter is None else shorter

    def compare(self, sign: str, left: Expression, right: Expression) -> Term:
        """The condition left < right, or that of another sign."""
        return self._operation(COMPARISONS[sign], (left, right))

    def product(self, a: Expression, b: Expression) -> Expression:
        """The expression a · b."""
        return self.apply(_MUL, (a, b))

    def sum(self, a: Expression, b: Expression) -> Expression:
        """The expression a + b."""
        return self.apply(_ADD, (a, b))

    def number(self, thing: object) -> Expression:
        """What a row's formula gave, as a term or a float."""
        if isinstance(thing, Symbol) and not isinstance(thing, Term):
            assert thing.op is not None
            return self._operation(thing.op, thing.arguments)
        return thing if isinstance(thing, Term) else float(cast("float", thing))

    def replaced(self, expression: Expression, known: Mapping[Term, Expression]) -> Expression:
        """The expression with what is known of its variables in their places."""
        return cast("Expression", self._replaced(expression, known))

    def _replaced(self, thing: object, known: Mapping[Term, Expression]) -> object:
        if isinstance(thing, tuple):
            return tuple(self._replaced(part, known) for part in thing)
        if not isinstance(thing, Term):
            return thing
        if thing.op is None:
            return known.get(thing, thing)
        arguments = tuple(self._replaced(argument, known) for argument in thing.arguments)
        return self.apply(thing.op, arguments)

    def _written_out(self, op: Op, arguments: tuple[object, ...]) -> object:
        try:
            return formula(op, arguments)
        except (TypeError, AttributeError, LookupError) as error:
            raise TypeError(
                f"{op.name} cannot be compiled, because its value is a Python function that takes "
                f"floats and nothing else ({error}): write it with the functions of autograd"
            ) from None

    def _operation(self, op: Op, arguments: tuple[object, ...]) -> Term:
        arguments = tuple(map(self._short, arguments))
        # Floats are told apart by their text: 0.0 == -0.0, but they are different numbers.
        key = (op, *(repr(a) if isinstance(a, float) else a for a in arguments))
        term = self._known.get(key)
        if term is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
                self._variables.clear()
            term = self._known[key] = Term(self, "", op, arguments)
        return term

    def _short(self, thing: object) -> object:
        if isinstance(thing, tuple):
            return tuple(map(self._short, thing))
        if not isinstance(thing, Term) or thing.size <= MOST_OPERATIONS:
            return thing
        if thing not in self._variables:
            self._variables[thing] = self._continued(thing)
        return self._variables[thing]


def variables_in(thing: object, *, certain: bool = True) -> list[tuple[Term, bool]]:
    """Every occurrence of a variable, and whether it is needed whatever the case."""
    found: list[tuple[Term, bool]] = []
    pending = [(part, certain) for part in _parts((thing,))]
    while pending:
        part, always = pending.pop()
        if part.op is None:
            found.append((part, always))
        elif part.op is CHOOSE:
            condition, *branches = part.arguments
            pending += [(p, always) for p in _parts((condition,))]
            pending += [(p, False) for p in _parts(tuple(branches))]
        else:
            pending += [(p, always) for p in _parts(part.arguments)]
    return found


def operations_in(thing: object) -> list[Op]:
    """Every operation of an expression."""
    found: list[Op] = []
    pending = _parts((thing,))
    while pending:
        part = pending.pop()
        if part.op is not None:
            found.append(part.op)
            pending += _parts(part.arguments)
    return found


def _parts(arguments: tuple[object, ...]) -> list[Term]:
    """The terms among the arguments and their lists."""
    found: list[Term] = []
    for argument in arguments:
        if isinstance(argument, Term):
            found.append(argument)
        elif isinstance(argument, tuple):
            found += _parts(argument)
    return found


def _is_number(thing: object, number: float) -> bool:
    return isinstance(thing, float) and repr(thing) == repr(number)


def _negated(thing: object) -> Expression | None:
    """x if the thing is −x."""
    if isinstance(thing, Term) and thing.op is _NEG:
        return cast("Expression", thing.arguments[0])
    return None


def _shorter_sum(terms: Terms, a: Expression, b: Expression) -> Expression | None:
    for here, there in ((a, b), (b, a)):
        if _is_number(there, -0.0):
            return here
    for here, there in ((a, b), (b, a)):
        if (opposite := _negated(there)) is not None:
            return terms.apply(_SUB, (here, opposite))
    return None


def _shorter_difference(terms: Terms, a: Expression, b: Expression) -> Expression | None:
    if _is_number(b, 0.0):
        return a
    opposite = _negated(b)
    return None if opposite is None else terms.apply(_ADD, (a, opposite))


def _shorter_product(terms: Terms, a: Expression, b: Expression) -> Expression | None:
    for here, there in ((a, b), (b, a)):
        if _is_number(there, 1.0):
            return here
        if _is_number(there, -1.0):
            return terms.apply(_NEG, (here,))
    return _sign_first(terms, _MUL, a, b)


def _shorter_quotient(terms: Terms, a: Expression, b: Expression) -> Expression | None:
    if _is_number(b, 1.0):
        return a
    return _sign_first(terms, _DIV, a, b)


def _sign_first(terms: Terms, op: Op, a: Expression, b: Expression) -> Expression | None:
    """−(a · b) for (−a) · b, so that a sum it stands in becomes a difference."""
    above, below = _negated(a), _negated(b)
    if above is None and below is None:
        return None
    positive = terms.apply(op, (a if above is None else above, b if below is None else below))
    one_sign = above is None or below is None
    return terms.apply(_NEG, (positive,)) if one_sign else positive


def _shorter_power(terms: Terms, base: Expression, exponent: Expression) -> Expression | None:
    if _is_number(exponent, 1.0):
        return base
    if _is_number(exponent, 0.0):
        return 1.0
    if isinstance(exponent, float) and exponent.is_integer():
        return terms.apply(_WHOLE_POWER, (base, exponent))
    return None


def _shorter_choice(then: object, otherwise: object) -> object:
    same = then is otherwise or (isinstance(otherwise, float) and _is_number(then, otherwise))
    return then if same else None


_SHORTER: Mapping[Op, Callable[..., Any]] = {
    _ADD: _shorter_sum,
    _SUB: _shorter_difference,
    _MUL: _shorter_product,
    _DIV: _shorter_quotient,
    _NEG: lambda terms, a: _negated(a),
    _POW: _shorter_power,
    CHOOSE: lambda terms, condition, then, otherwise: _shorter_choice(then, otherwise),
}
