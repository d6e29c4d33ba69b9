"""The table: one row per operation, and nothing about an operation anywhere else.

Values and partials are written with the operations of this very table, so whatever can stand in
for a number can read them: a `Value` evaluates and differentiates, a `Symbol` prints. A partial
is called with the result first and then the operands: for y = tanh(x) it is
`lambda y, x: 1.0 - y * y`. There is one callable per operand, because not all of them exist
everywhere: the partial for the exponent of x ** 2 would take the logarithm of a negative base.

To add an operation, add a row. It becomes a function of the package and a method of `Value`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Self

from autograd.rows import Kink, Op, Operand, choose, scalar_rule
from autograd.spelling import (
    ATOM,
    CHOICE,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Spelling,
    call,
    infix,
)

__all__ = [
    "absolute",
    "add",
    "cos",
    "div",
    "dot",
    "elu",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "gelu",
    "leaky_relu",
    "log",
    "log1p",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "mul",
    "neg",
    "power",
    "relu",
    "sigmoid",
    "silu",
    "sin",
    "softplus",
    "sqrt",
    "sub",
    "tan",
    "tanh",
    "total",
    "where",
]

TABLE: dict[str, Op] = {}


class Constant(float):
    """A number in a row that no float is exactly, such as √½ or 1/3.

    `exactly(one, pi)` computes it from 1 and from what gives π, for numbers that are no floats.

    >>> from fractions import Fraction
    >>> third = Constant(1.0 / 3.0, lambda one, pi: one / 3)
    >>> third, third.exactly(Fraction(1), None)
    (0.3333333333333333, Fraction(1, 3))
    """

    exactly: Callable[[Any, Any], Any]

    def __new__(cls, number: float, exactly: Callable[[Any, Any], Any]) -> Self:
        constant = super().__new__(cls, number)
        constant.exactly = exactly
        return constant


_SQRT_HALF = Constant(math.sqrt(0.5), lambda one, pi: (one / 2).sqrt())
_SQRT_2_PI = Constant(math.sqrt(2.0 * math.pi), lambda one, pi: (2 * pi()).sqrt())
_TWO_OVER_SQRT_PI = Constant(2.0 / math.sqrt(math.pi), lambda one, pi: 2 / pi().sqrt())


def _method(op: Op) -> Callable[..., Operand]:
    def method(self: Operand, *operands: Operand | float, **named: Operand | float) -> Operand:
        return op(self, *operands, **named)

    method.__name__ = method.__qualname__ = op.name
    method.__doc__ = op.__doc__
    return method


def _row(
    *partials: Callable[..., object], name: str = "", **facts: Any
) -> Callable[[Callable[..., object]], Op]:
    """Turn the function below, the value, into a row of the table and a method of operands."""

    def enter(value: Callable[..., object]) -> Op:
        op = scalar_rule(name or value.__name__, value, *partials, **facts)
        TABLE[op.name] = op
        if not op.sequences:
            setattr(Operand, op.name, _method(op))
        return op

    return enter


@_row(
    lambda y, a, b: 1.0,
    lambda y, a, b: 1.0,
    symbol="+",
    spelling=infix("+", SUM),
    domain=[(-3, 3), (-3, 3)],
)
def add(a: float, b: float) -> float:
    """a + b.

    >>> add(0.25, 0.5)
    0.75
    """
    return a + b


@_row(
    lambda y, a, b: 1.0,
    lambda y, a, b: -1.0,
    symbol="−",
    spelling=infix("-", SUM),
    domain=[(-3, 3), (-3, 3)],
)
def sub(a: float, b: float) -> float:
    """a − b.

    >>> sub(0.75, 0.5)
    0.25
    """
    return a - b


@_row(
    lambda y, a, b: b,
    lambda y, a, b: a,
    symbol="×",
    spelling=infix("*", PRODUCT, latex=r"\cdot"),
    domain=[(-3, 3), (-3, 3)],
)
def mul(a: float, b: float) -> float:
    """a · b.

    >>> mul(0.5, 3.0)
    1.5
    """
    return a * b


@_row(
    lambda y, a, b: 1.0 / b,
    lambda y, a, b: -y / b,
    symbol="÷",
    spelling={
        **infix("/", PRODUCT),
        "latex": Spelling(r"\frac{{{0}}}{{{1}}}", POWER, (CHOICE, CHOICE)),
    },
    domain=[(-3, 3), (0.5, 3)],
    requires="a denominator other than 0",
    advice="find out what made it 0",
)
def div(a: float, b: float) -> float:
    """a / b.

    >>> div(3.0, 4.0)
    0.75
    """
    return a / b


@_row(
    lambda y, x: -1.0,
    symbol="neg",
    spelling=dict.fromkeys(("text", "python", "c", "latex"), Spelling("-{0}", SIGN, (POWER,))),
    domain=[(-3, 3)],
)
def neg(x: float) -> float:
    """−x.

    >>> neg(0.5)
    -0.5
    """
    return -x


@_row(
    lambda y, x: choose(x > 0.0, 1.0, lambda: choose(x < 0.0, -1.0, 0.0)),
    name="abs",
    symbol="|x|",
    spelling=call("abs", c="fabs", latex=r"\left|{0}\right|"),
    domain=[(-3, 3)],
    kink=Kink((0.0,), (0.0,), lambda x: x, "0 at x = 0, between the slopes −1 and 1"),
)
def absolute(x: float) -> float:
    """|x|.

    >>> absolute(-0.5)
    0.5
    """
    return abs(x)


@_row(
    lambda y, x: y,
    spelling=call("exp", latex="e^{{{0}}}", latex_binding=POWER),
    domain=[(-3, 3)],
    advice="keep x below 709.78, or use logsumexp or softplus, which cannot overflow",
)
def exp(x: float) -> float:
    """eˣ.

    >>> exp(0.0)
    1.0
    """
    return math.exp(x)


@_row(
    lambda y, x: y + 1.0,
    spelling=call("expm1"),
    domain=[(-3, 3)],
    advice="keep x below 709.78",
)
def expm1(x: float) -> float:
    """eˣ − 1, accurate near 0.

    >>> expm1(1e-18)
    1e-18
    """
    return math.expm1(x)


@_row(
    lambda y, x: 1.0 / x,
    spelling=call("log", latex=r"\ln\left({0}\right)"),
    domain=[(0.2, 3)],
    requires="x > 0",
    advice="for the logarithm of a probability use a loss that takes logits",
)
def log(x: float) -> float:
    """The natural logarithm of x.

    >>> log(1.0)
    0.0
    """
    return math.log(x)


@_row(
    lambda y, x: 1.0 / (1.0 + x),
    spelling=call("log1p", latex=r"\ln\left(1 + {0}\right)"),
    domain=[(-0.5, 3)],
    requires="x > −1",
)
def log1p(x: float) -> float:
    """ln(1 + x), accurate near 0.

    >>> log1p(1e-18)
    1e-18
    """
    return math.log1p(x)


def _power_partial_base(y: float, base: float, exponent: float) -> float:
    def ordinary() -> float:
        slope: float = exponent * base ** (exponent - 1.0)
        return slope

    def at_zero() -> float:
        return choose(exponent > 0.0, math.inf, 0.0)

    def below_one() -> float:
        # As a power it could overflow where y does not.
        return choose(abs(base) <= 0.0, at_zero, lambda: exponent * y / base)

    return choose(exponent >= 1.0, ordinary, below_one)


@_row(
    _power_partial_base,
    lambda y, base, exponent: choose(
        base > 0.0, lambda: y * log(base), lambda: choose(base >= 0.0, 0.0, math.nan)
    ),
    name="pow",
    symbol="xʸ",
    spelling={
        "text": Spelling("{0} ** {1}", POWER, (ATOM, SIGN)),
        "python": Spelling("power({0}, {1})"),
        "c": Spelling("pow({0}, {1})"),
        "latex": Spelling("{0}^{{{1}}}", POWER, (ATOM, CHOICE)),
    },
    domain=[(0.2, 3), (-2, 3)],
    requires="a base above 0 where the exponent is no whole number, and no 0 to a negative power",
    advice="find out what made the base so small",
)
def power(base: float, exponent: float) -> float:
    """base ** exponent.

    ∂/∂exponent exists for base > 0 only; at a negative base it is NaN. At base 0 the derivative
    with respect to the base is ∞ for an exponent between 0 and 1.

    >>> power(3.0, 2.0)
    9.0
    """
    result: float | complex = base**exponent
    if isinstance(result, complex):
        raise ValueError("a root of a negative number is not real")
    return result


@_row(
    lambda y, x: choose(x <= 0.0, math.inf, lambda: 0.5 / y),
    symbol="√",
    spelling=call("sqrt", latex=r"\sqrt{{{0}}}"),
    domain=[(0.2, 3)],
    requires="x ≥ 0",
    advice="find out what made it negative; a sum of squares never is",
)
def sqrt(x: float) -> float:
    """√x. Its derivative at 0 is ∞.

    >>> sqrt(2.25)
    1.5
    """
    return math.sqrt(x)


def _sin_partial(y: float, x: float) -> float:
    return cos(x)


@_row(
    _sin_partial,
    spelling=call("sin", latex=r"\sin\left({0}\right)"),
    domain=[(-3, 3)],
    requires="a finite angle",
)
def sin(x: float) -> float:
    """The sine of x radians.

    >>> sin(0.0)
    0.0
    """
    return math.sin(x)


@_row(
    lambda y, x: -sin(x),
    spelling=call("cos", latex=r"\cos\left({0}\right)"),
    domain=[(-3, 3)],
    requires="a finite angle",
)
def cos(x: float) -> float:
    """The cosine of x radians.

    >>> cos(0.0)
    1.0
    """
    return math.cos(x)


@_row(
    lambda y, x: 1.0 + y * y,
    spelling=call("tan", latex=r"\tan\left({0}\right)"),
    domain=[(-1, 1)],
    requires="a finite angle",
)
def tan(x: float) -> float:
    """The tangent of x radians.

    >>> tan(0.0)
    0.0
    """
    return math.tan(x)


@_row(
    lambda y, x: 1.0 - y * y,
    spelling=call("tanh", latex=r"\tanh\left({0}\right)"),
    domain=[(-3, 3)],
)
def tanh(x: float) -> float:
    """The hyperbolic tangent (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).

    >>> tanh(0.0)
    0.0
    """
    return math.tanh(x)


@_row(
    lambda y, x: _TWO_OVER_SQRT_PI * exp(-x * x),
    spelling=call("erf"),
    domain=[(-2, 2)],
)
def erf(x: float) -> float:
    """The error function 2/√π · ∫₀ˣ e^(−t²) dt.

    >>> erf(0.0)
    0.0
    """
    return math.erf(x)


@_row(
    lambda y, x: -(_TWO_OVER_SQRT_PI * exp(-x * x)),
    spelling=call("erfc"),
    domain=[(-2, 2)],
)
def erfc(x: float) -> float:
    """1 − erf(x), accurate where that is close to 0.

    >>> erfc(0.0)
    1.0
    """
    return math.erfc(x)


@_row(
    lambda y, x: y * (1.0 - y),
    symbol="σ",
    spelling={"latex": Spelling(r"\sigma\left({0}\right)")},
    domain=[(-4, 4)],
)
def sigmoid(x: float) -> float:
    """The logistic function σ(x) = 1 / (1 + e⁻ˣ); never overflows. Documents 000, 002 and 004.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    e = exp(-abs(x))
    return choose(x >= 0.0, 1.0, e) / (1.0 + e)


@_row(
    lambda y, x: choose(x <= 0.0, 0.0, 1.0),
    domain=[(-3, 3)],
    kink=Kink((0.0,), (0.0,), lambda x: x, "0 at x = 0, the slope from the left"),
)
def relu(x: float) -> float:
    """max(0, x).

    >>> relu(-2.0), relu(2.0)
    (0.0, 2.0)
    """
    return choose(x <= 0.0, 0.0, x)


@_row(
    lambda y, x, slope: choose(x <= 0.0, slope, 1.0),
    lambda y, x, slope: choose(x <= 0.0, x, 0.0),
    symbol="leaky",
    domain=[(-3, 3), (0.05, 0.5)],
    kink=Kink(
        (0.0, 0.25), (0.25, 0.0), lambda x, slope: x, "slope at x = 0, the slope from the left"
    ),
)
def leaky_relu(x: float, slope: float = 0.01) -> float:
    """x where x > 0, slope · x elsewhere.

    >>> leaky_relu(-2.0), leaky_relu(-2.0, slope=0.5), leaky_relu(2.0)
    (-0.02, -1.0, 2.0)
    """
    return choose(x <= 0.0, slope * x, x)


@_row(
    lambda y, x, alpha: choose(x <= 0.0, lambda: alpha * exp(x), 1.0),
    lambda y, x, alpha: choose(x <= 0.0, lambda: expm1(x), 0.0),
    domain=[(-3, 3), (0.5, 2)],
    kink=Kink(
        (0.0, 0.5), (0.5, 0.0), lambda x, alpha: x, "alpha at x = 0, the slope from the left"
    ),
)
def elu(x: float, alpha: float = 1.0) -> float:
    """x where x > 0, alpha · (eˣ − 1) elsewhere.

    >>> elu(2.0), elu(-1000.0)
    (2.0, -1.0)
    """
    return choose(x <= 0.0, lambda: alpha * expm1(x), x)


@_row(
    lambda y, x: sigmoid(x),
    domain=[(-4, 4)],
)
def softplus(x: float) -> float:
    """ln(1 + eˣ), a smooth relu; never overflows.

    >>> softplus(1000.0)
    1000.0
    """
    return maximum(x, 0.0) + log1p(exp(-abs(x)))


@_row(
    lambda y, x: sigmoid(x) + y * sigmoid(-x),
    domain=[(-4, 4)],
)
def silu(x: float) -> float:
    """x · σ(x), also called swish.

    >>> silu(0.0)
    0.0
    """
    return x * sigmoid(x)


@_row(
    lambda y, x: 0.5 * erfc(-x * _SQRT_HALF) + x * exp(-0.5 * x * x) / _SQRT_2_PI,
    domain=[(-3, 3)],
)
def gelu(x: float) -> float:
    """x · Φ(x), with Φ the normal distribution (the exact form, not the one with tanh).

    >>> gelu(0.0), round(gelu(1.0), 9)
    (0.0, 0.841344746)
    """
    return x * (0.5 * erfc(-x * _SQRT_HALF))


@_row(
    lambda y, a, b: choose(a > b, 1.0, lambda: choose(a < b, 0.0, 0.5)),
    lambda y, a, b: choose(a > b, 0.0, lambda: choose(a < b, 1.0, 0.5)),
    symbol="max",
    spelling={"latex": Spelling(r"\max\left({0}, {1}\right)")},
    domain=[(-3, 3), (-3, 3)],
    kink=Kink((1.0, 1.0), (0.5, 0.5), lambda a, b: a - b, "½ each at a = b"),
)
def maximum(a: float, b: float) -> float:
    """The larger of two numbers; NaN if one of them is.

    >>> maximum(2.0, 3.0)
    3.0
    """
    return choose(a > b, a, lambda: choose(a <= b, b, lambda: a + b))


@_row(
    lambda y, a, b: choose(a < b, 1.0, lambda: choose(a > b, 0.0, 0.5)),
    lambda y, a, b: choose(a < b, 0.0, lambda: choose(a > b, 1.0, 0.5)),
    symbol="min",
    spelling={"latex": Spelling(r"\min\left({0}, {1}\right)")},
    domain=[(-3, 3), (-3, 3)],
    kink=Kink((1.0, 1.0), (0.5, 0.5), lambda a, b: a - b, "½ each at a = b"),
)
def minimum(a: float, b: float) -> float:
    """The smaller of two numbers; NaN if one of them is.

    >>> minimum(2.0, 3.0)
    2.0
    """
    return choose(a < b, a, lambda: choose(a >= b, b, lambda: a + b))


@_row(
    lambda y, condition, a, b: 0.0,
    lambda y, condition, a, b: choose(condition, 1.0, 0.0),
    lambda y, condition, a, b: choose(condition, 0.0, 1.0),
    conditions=["condition"],
    domain=[(1, 2), (-3, 3), (-3, 3)],
)
def where(condition: bool, a: float, b: float) -> float:
    """a where the condition holds, else b. Both are computed beforehand.

    >>> where(2.0 > 1.0, 10.0, 20.0)
    10.0
    """
    return choose(condition, a, b)


@_row(
    lambda y, weights, inputs, bias: inputs,
    lambda y, weights, inputs, bias: weights,
    lambda y, weights, inputs, bias: 1.0,
    symbol="Σwx+b",
    sequences=("weights", "inputs"),
    domain=[(-2, 2), (-2, 2), (-2, 2)],
)
def dot(weights: Sequence[float], inputs: Sequence[float], bias: float = 0.0) -> float:
    """Σ weights[i] · inputs[i] + bias, a neuron's net input, summed from the left.

    Raises ValueError unless there are as many weights as inputs.

    >>> dot([0.15, 0.2], [0.05, 0.1], 0.35)
    0.3775
    """
    weighted: float = reduce(operator.add, map(operator.mul, weights, inputs))
    return weighted + bias


@_row(
    lambda y, terms: (1.0,) * len(terms),
    symbol="Σ",
    sequences=("terms",),
    domain=[(-3, 3)],
)
def total(terms: Sequence[float]) -> float:
    """The sum of a list, added from the left.

    >>> total([0.25, 0.5, 1.0])
    1.75
    """
    return reduce(operator.add, terms)


def _one_over(count: int) -> float:
    return Constant(1.0 / count, lambda one, pi: one / count)


@_row(
    lambda y, terms: (_one_over(len(terms)),) * len(terms),
    sequences=("terms",),
    domain=[(-3, 3)],
)
def mean(terms: Sequence[float]) -> float:
    """Σ terms / n.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    return reduce(operator.add, terms) / len(terms)


@_row(
    lambda y, terms: tuple(exp(term - y) for term in terms),
    symbol="lse",
    sequences=("terms",),
    domain=[(-3, 3)],
)
def logsumexp(terms: Sequence[float]) -> float:
    """ln Σ exp(terms[i]), a smooth maximum; never overflows.

    >>> logsumexp([0.0, 0.0]) == log(2.0), logsumexp([1000.0, 0.0])
    (True, 1000.0)
    """
    largest = reduce(maximum, terms)

    def smaller(term: float) -> float:
        return choose(term < largest, lambda: exp(term - largest), 0.0)

    # The largest term itself is 1 under the logarithm, which log1p need not be told.
    equal = reduce(operator.add, [choose(term < largest, 0.0, 1.0) for term in terms])
    return largest + log1p(reduce(operator.add, map(smaller, terms)) + (equal - 1.0))


class Arithmetic(Operand):
    """An operand with Python's operators."""

    __slots__ = ()

    def __add__(self, other: Self | float) -> Self:
        return add(self, other)

    def __radd__(self, other: float) -> Self:
        return add(other, self)

    def __sub__(self, other: Self | float) -> Self:
        return sub(self, other)

    def __rsub__(self, other: float) -> Self:
        return sub(other, self)

    def __mul__(self, other: Self | float) -> Self:
        return mul(self, other)

    def __rmul__(self, other: float) -> Self:
        return mul(other, self)

    def __truediv__(self, other: Self | float) -> Self:
        return div(self, other)

    def __rtruediv__(self, other: float) -> Self:
        return div(other, self)

    def __pow__(self, other: Self | float) -> Self:
        return power(self, other)

    def __rpow__(self, other: float) -> Self:
        return power(other, self)

    def __neg__(self) -> Self:
        return neg(self)

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        return absolute(self)


# Doctest looks into functions and classes; the rows' examples it finds here.
__test__ = {op.name: op.__doc__ for op in TABLE.values()}
