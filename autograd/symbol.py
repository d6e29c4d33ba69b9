"""A row printed as text, Python, C or LaTeX.

A `Symbol` stands in for a number in a row's value or partials and remembers what is done to it.
"""

from __future__ import annotations

import itertools
import math
import operator
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from types import BuiltinFunctionType
from typing import Final, Literal, Self

from autograd.ops import TABLE, Arithmetic
from autograd.rows import Op, as_float, scalar_rule
from autograd.spelling import ATOM, CHOICE, COMPARISON, PRODUCT, SIGN, SUM, Spelling, infix

# "numpy" is Python over columns of numbers and "lanes" is C over vectors: where nothing else is
# said, they are written as these, but both sides of a choice are computed.
Program = Literal["python", "c", "numpy", "lanes"]
Language = Literal["text", "latex"] | Program
PROGRAMS: Final = ("python", "c", "numpy", "lanes")
_WRITTEN_AS: Final = {"numpy": "python", "lanes": "c"}

# What a printed Python program needs to find by name.
PYTHON_NAMES: dict[str, object] = {
    **{name: thing for name, thing in vars(math).items() if not name.startswith("_")},
    "power": TABLE["pow"].value,
}

# What a Python function that takes floats and nothing else raises when it is given a Symbol.
FLOATS_ONLY: Final = (TypeError, AttributeError, LookupError, ValueError)


class Symbol(Arithmetic):
    """A variable, or an operation on symbols and numbers.

    >>> from autograd.ops import tanh
    >>> x = Symbol("x")
    >>> print(1.0 - tanh(x) ** 2.0)
    1 - tanh(x) ** 2
    """

    __slots__ = ("arguments", "name", "op")

    def __init__(self, name: str, op: Op | None = None, arguments: tuple[object, ...] = ()) -> None:
        self.name = name
        self.op = op
        self.arguments = arguments

    def _apply(self, op: Op, arguments: tuple[object, ...]) -> Symbol:
        return Symbol("", op, op.numbers(arguments))

    def _choose(self, then: object, otherwise: object) -> Symbol:
        branches = [b() if callable(b) else b for b in (then, otherwise)]
        return Symbol("", CHOOSE, (self, *branches))

    def __lt__(self, other: Self | float) -> Symbol:
        return _LESS(self, other)

    def __le__(self, other: Self | float) -> Symbol:
        return _LESS_OR_EQUAL(self, other)

    def __gt__(self, other: Self | float) -> Symbol:
        return _GREATER(self, other)

    def __ge__(self, other: Self | float) -> Symbol:
        return _GREATER_OR_EQUAL(self, other)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Symbol):
            return self is other
        raise TypeError(f"whether {self} equals {other!r} is not known yet: compare by < or >")

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError(f"whether {self} holds is not known yet: write choose(condition, a, b)")

    def __str__(self) -> str:
        return write(self, "text")

    def __repr__(self) -> str:
        return f"<symbol {self}>"


def write(expression: Symbol | float, language: Language) -> str:
    r"""The expression as one piece of text.

    For people ("text", "latex") every operation goes by its name; programs ("python", "c") can
    only use what their language has, so an operation without a spelling there is written as the
    formula that is its value.

    >>> from autograd.ops import sigmoid
    >>> x = Symbol("x")
    >>> write(sigmoid(x), "text")
    'sigmoid(x)'
    >>> write(sigmoid(x), "latex")
    '\\sigma\\left(x\\right)'
    >>> write(1.0 / sigmoid(x), "python")
    '1.0 / ((1.0 if x >= 0.0 else exp(-abs(x))) / (1.0 + exp(-abs(x))))'
    """
    writer = _Writer(language)
    return writer.text(writer.canonical(expression))


def write_program(
    expressions: Sequence[object], language: Program
) -> tuple[list[tuple[str, str]], list[str]]:
    """The expressions for a program: assignments to make first, then one text each.

    What occurs twice is computed once, except where a case that may not arise needs it alone.
    Raises TypeError if an expression is a condition, which is no number.

    >>> from autograd.ops import sigmoid
    >>> y = sigmoid(Symbol("x"))
    >>> assignments, texts = write_program([y], "python")
    >>> assignments
    [('t1', 'exp(-abs(x))')]
    >>> texts
    ['(1.0 if x >= 0.0 else t1) / (1.0 + t1)']
    """
    writer = _Writer(language)
    roots = [writer.canonical(e) for e in expressions]
    for root in roots:
        if isinstance(root, Symbol) and root.op in COMPARISONS.values():
            raise TypeError(f"{root} is a condition, not a number: write choose({root}, 1.0, 0.0)")
    writer.share(roots)
    texts = [writer.text(root) for root in roots]
    return writer.assignments, texts


def write_statements(
    statements: Sequence[tuple[str, object]], language: Program, taken: Iterable[str] = ()
) -> list[tuple[list[tuple[str, str]], str]]:
    """The expressions of consecutive statements, each with the assignments to make before it.

    A statement is the name of a variable and its expression; the name is empty where there is
    none, as in a condition. What occurs twice, in one or in several, is computed once. `taken` are
    names that the program uses beside these.

    >>> x = Symbol("x")
    >>> write_statements([("y", abs(x) + 1.0), ("z", abs(x) - 1.0)], "python")
    [([('t1', 'abs(x)')], 't1 + 1.0'), ([], 't1 - 1.0')]
    """
    writer = _Writer(language, [*taken, *(name for name, _ in statements)])
    roots = [writer.canonical(expression) for _, expression in statements]
    writer.share(roots)
    written = []
    for (name, _), root in zip(statements, roots, strict=True):
        written.append((writer.assignments, writer.statement(name, root)))
        writer.assignments = []
    return written


# No `<` is left for HTML around a formula to take for a tag: MathJax and KaTeX know \lt.
_IN_LATEX = str.maketrans(
    {c: f"\\{c}" for c in "#$%&_{}"}
    | {"\\": r"\backslash{}", "^": r"\wedge{}", "~": r"\sim{}", "<": r"\lt{}", ">": r"\gt{}"}
)


def latex_name(name: str) -> str:
    r"""A name in LaTeX, what follows the first underscore or the letters as its index.

    >>> print(latex_name("net_h1"), latex_name("w5"), latex_name("E"))
    \mathrm{net}_{h1} w_{5} E
    """
    stem, _, index = name.partition("_")
    if not index and (match := re.fullmatch(r"([^\W\d_]+)(\d+)", name)):
        stem, index = match.groups()
    stem, index = stem.translate(_IN_LATEX), index.translate(_IN_LATEX)
    shown = stem if len(stem) <= 1 else rf"\mathrm{{{stem}}}"
    return shown + (f"_{{{index}}}" if index else "")


def variables(op: Op) -> tuple[Symbol | tuple[Symbol, Symbol], ...]:
    """A symbol for each parameter of an operation, for a list a list of two.

    >>> from autograd.ops import dot
    >>> variables(dot)
    ((<symbol weights₁>, <symbol weights₂>), (<symbol inputs₁>, <symbol inputs₂>), <symbol bias>)
    """
    return tuple(
        (Symbol(f"{p}₁"), Symbol(f"{p}₂")) if p in op.sequences else Symbol(p)
        for p in op.parameters
    )


class _Writer:
    """Prints expressions of one language; equal subexpressions are one object to it."""

    def __init__(self, language: Language, taken: Iterable[str] = ()) -> None:
        self.language = language
        self.assignments: list[tuple[str, str]] = []
        self._taken = set(taken)
        self._numbers = itertools.count(1)
        self._canonical: dict[Symbol, object] = {}
        self._known: dict[tuple[object, ...], Symbol] = {}
        self._shared: set[Symbol] = set()
        self._assigned: dict[Symbol, str] = {}

    def canonical(self, thing: object) -> object:
        """The same expression with formulas written out and equal parts identical."""
        if isinstance(thing, tuple):
            return tuple(self.canonical(part) for part in thing)
        if not isinstance(thing, Symbol):
            return as_float(thing, "a symbolic expression")
        if thing not in self._canonical:
            self._canonical[thing] = self._made_canonical(thing)
        return self._canonical[thing]

    def _made_canonical(self, symbol: Symbol) -> object:
        if symbol.op is None:
            self._taken.add(symbol.name)
            return self._known.setdefault((symbol.name,), symbol)
        arguments = tuple(self.canonical(a) for a in symbol.arguments)
        if self.language in PROGRAMS and self._spelling(symbol.op) is None:
            return self.canonical(formula(symbol.op, arguments))
        # Floats are told apart by their text: 0.0 == -0.0, but they are different numbers.
        key = (symbol.op, *(repr(a) if isinstance(a, float) else a for a in arguments))
        return self._known.setdefault(key, Symbol("", symbol.op, arguments))

    def share(self, roots: Sequence[object]) -> None:
        """Find what is worth a name: used twice, and at least once whatever the case."""
        uses = Counter(self._operations(roots))
        pending = list(uses)
        always: set[Symbol] = set()
        for symbol in pending:
            pending.extend(s for s in self._operations(symbol.arguments) if not uses[s])
            uses.update(self._operations(symbol.arguments))
        certain = self._operations(roots)
        for symbol in certain:
            if symbol not in always:
                always.add(symbol)
                unconditional = symbol.arguments[: 1 if symbol.op is CHOOSE else None]
                certain.extend(self._operations(unconditional))
        # Conditions are cheap to ask again, and no numbers to be kept.
        self._shared = {
            symbol
            for symbol in always
            if uses[symbol] > 1 and symbol.op not in COMPARISONS.values()
        }

    def _operations(self, things: Sequence[object]) -> list[Symbol]:
        """The symbols among `things`, variables apart."""
        found: list[Symbol] = []
        for thing in things:
            if isinstance(thing, tuple):
                found.extend(self._operations(thing))
            elif isinstance(thing, Symbol) and thing.op is not None:
                found.append(thing)
        return found

    def text(self, thing: object, need: int = CHOICE) -> str:
        """The text of one part, in parentheses unless it binds as tightly as is needed."""
        text, binding = self._bound(thing)
        return text if binding >= need else f"({text})"

    def statement(self, name: str, thing: object) -> str:
        """The text of what a variable of this name is given, and goes by from here on."""
        if not name or not isinstance(thing, Symbol) or thing not in self._shared:
            return self.text(thing)
        if thing in self._assigned:
            return self._assigned[thing]
        assert thing.op is not None
        text, _ = self._written(thing, thing.op)
        self._assigned[thing] = name
        return text

    def _bound(self, thing: object) -> tuple[str, int]:
        if isinstance(thing, tuple):
            return "[" + ", ".join(self.text(part) for part in thing) + "]", ATOM
        if isinstance(thing, float):
            text = self._number(thing)
            return text, PRODUCT if " " in text else SIGN if text.startswith("-") else ATOM
        assert isinstance(thing, Symbol)
        if thing.op is None:
            return latex_name(thing.name) if self.language == "latex" else thing.name, ATOM
        if thing not in self._shared:
            return self._written(thing, thing.op)
        if thing not in self._assigned:
            text, _ = self._written(thing, thing.op)
            name = next(n for i in self._numbers if (n := f"t{i}") not in self._taken)
            self._assigned[thing] = name
            self.assignments.append((name, text))
        return self._assigned[thing], ATOM

    def _written(self, symbol: Symbol, op: Op) -> tuple[str, int]:
        spelling = self._spelling(op) or self._by_name(op)
        needs = spelling.needs or (CHOICE,) * len(symbol.arguments)
        parts = [self.text(a, n) for a, n in zip(symbol.arguments, needs, strict=True)]
        return spelling.template.format(*parts), spelling.binding

    def _spelling(self, op: Op) -> Spelling | None:
        found = op.spelling.get(self.language)
        if found is None and self.language in _WRITTEN_AS:
            return op.spelling.get(_WRITTEN_AS[self.language])
        return found

    def _by_name(self, op: Op) -> Spelling:
        places = ", ".join(f"{{{i}}}" for i in range(len(op.parameters)))
        if self.language == "latex":
            name = op.name.replace("_", r"\_")
            return Spelling(rf"\operatorname{{{{{name}}}}}\left({places}\right)")
        return Spelling(f"{op.name}({places})")

    def _number(self, number: float) -> str:
        if math.isfinite(number):
            text = repr(number)
            if self.language in PROGRAMS:
                return text
            digits, _, exponent = text.removesuffix(".0").partition("e")
            if not exponent:
                return digits
            power = f"10^{{{int(exponent)}}}"
            return text if self.language == "text" else rf"{digits} \cdot {power}"
        name = "nan" if math.isnan(number) else "inf"
        names = {"c": {"inf": "INFINITY", "nan": "NAN"}, "latex": {"inf": r"\infty"}}
        language = _WRITTEN_AS.get(self.language, self.language)
        return ("-" if number < 0.0 else "") + names.get(language, {}).get(name, name)


def _comparison(name: str, sign: str, latex: str | None = None) -> Op:
    flat = (lambda y, a, b: 0.0,) * 2
    value = getattr(operator, name)
    spelling = infix(sign, COMPARISON, latex, needs=(SUM, SUM))
    return scalar_rule(name, value, *flat, spelling=spelling)


_LESS = _comparison("lt", "<")
_LESS_OR_EQUAL = _comparison("le", "<=", r"\le")
_GREATER = _comparison("gt", ">")
_GREATER_OR_EQUAL = _comparison("ge", ">=", r"\ge")

_NOT_EQUAL = _comparison("ne", "!=", r"\ne")

# By their signs in Python.
COMPARISONS: Final = {
    "<": _LESS,
    "<=": _LESS_OR_EQUAL,
    ">": _GREATER,
    ">=": _GREATER_OR_EQUAL,
    "!=": _NOT_EQUAL,
}

_IF_ELSE = Spelling("{1} if {0} else {2}", CHOICE, (COMPARISON, COMPARISON, CHOICE))
CHOOSE: Final = scalar_rule(
    "choose",
    lambda condition, then, otherwise: then if condition else otherwise,
    lambda y, condition, then, otherwise: 0.0,
    lambda y, condition, then, otherwise: condition,
    lambda y, condition, then, otherwise: 1.0 - condition,
    spelling={
        "text": _IF_ELSE,
        "python": _IF_ELSE,
        "c": Spelling("{0} ? {1} : {2}", CHOICE, (COMPARISON, COMPARISON, CHOICE)),
        "numpy": Spelling("where({0}, {1}, {2})"),
        "lanes": Spelling("choose({0}, {1}, {2})"),
        "latex": Spelling(
            r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}",
            ATOM,
            (CHOICE,) * 3,
        ),
    },
)


def _library(name: str) -> Op:
    """A function of Python's `math` that C's library and numpy have by the same name."""
    value = getattr(math, name)
    places = "({0}, {1})" if name in ("atan2", "fmod", "pow") else "({0})"
    spelling = dict.fromkeys(PROGRAMS, Spelling(name + places))
    return Op(name, value, (_unknown,) * len(places.split()), spelling=spelling)


def _unknown(y: object, *operands: object) -> float:
    raise NotImplementedError("a function of math as the value of a row says nothing of slopes")


# Only functions that `math` takes from C as they are: the others may differ in the last bit.
_FROM_C = ["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh"]
_FROM_C += ["erf", "erfc", "exp", "exp2", "expm1", "fabs", "fmod", "log1p", "pow", "sin", "sinh"]
_FROM_C += ["sqrt", "tan", "tanh"]
_LIBRARY = {op.value: op for op in map(_library, _FROM_C)}


def formula(op: Op, arguments: tuple[object, ...]) -> object:
    """The value of an operation in terms of other operations, for a language that lacks it."""
    if isinstance(op.value, BuiltinFunctionType) and op.value in _LIBRARY:
        return Symbol("", _LIBRARY[op.value], arguments)
    return op.value(*arguments)
