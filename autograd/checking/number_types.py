"""Numbers other than floats that the rows of the table can be computed with."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from functools import partial
from typing import Any

# How a number type does what rows do not spell out in other rows, by the row's name.
Functions = Mapping[str, Callable[..., Any]]


class ImpossibleError(TypeError):
    """What a number type cannot do."""


_ARITHMETIC: Functions = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "abs": operator.abs,
}


@dataclass(frozen=True)
class NumberType:
    """A number type and what it can do.

    Attributes:
        name: how messages call it.
        convert: a float, int, Fraction, Decimal, text or number of this type as one of this type,
            exactly as far as the type can.
        functions: operations by the names of their rows.
        pi: what gives π, if the type has it.
        advice: what to do about an operation that is not among them.
    """

    name: str
    convert: Callable[[Any], Any]
    functions: Functions
    pi: Callable[[], Any] | None = None
    advice: str = ""


def number_type(numbers: object) -> NumberType:
    """The number type that a user means by a class or a module.

    Raises TypeError for what is none of Fraction, Decimal, float and mpmath.
    """
    if numbers is Fraction:
        return _FRACTION
    if numbers is Decimal:
        return _DECIMAL
    if numbers is float:
        return _FLOAT
    context = getattr(numbers, "context", numbers)
    if hasattr(context, "mpf") and hasattr(context, "exp"):
        return _mpmath(context)
    raise TypeError(
        f"numbers is {numbers!r}, but it is one of fractions.Fraction, decimal.Decimal, float "
        f"and the module mpmath"
    )


def _fraction(number: Any) -> Fraction:
    try:
        return Fraction(number)
    except OverflowError:
        raise ValueError(f"{number!r} is no Fraction") from None


def _whole_power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise ImpossibleError(
            f"{base} to the power of {exponent} is no Fraction; use numbers=mpmath"
        )
    return base**exponent.numerator


def _rational_root(x: Fraction) -> Fraction:
    root = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
    if root * root != x:
        raise ImpossibleError(f"the square root of {x} is no Fraction; use numbers=mpmath")
    return root


_FRACTION = NumberType(
    "Fraction",
    _fraction,
    {**_ARITHMETIC, "pow": _whole_power, "sqrt": _rational_root},
    advice="it would not be a Fraction; use numbers=mpmath",
)

_FLOAT = NumberType("float", float, {})


def _decimal(number: Any) -> Decimal:
    if isinstance(number, Fraction):
        return Decimal(number.numerator) / Decimal(number.denominator)
    return Decimal(number)


def _is_tiny(x: Decimal) -> bool:
    """Whether 1 + x is 1, and functions like log(1 + x) are x, to all digits."""
    return not x or x.adjusted() < -getcontext().prec


def _near_zero(function: Callable[[Decimal], Decimal], x: Decimal) -> Decimal:
    """A function that loses as many digits as x has zeros before its first one."""
    if not x.is_finite() or _is_tiny(x):
        return x
    with localcontext() as context:
        context.prec += 5 + max(0, -x.adjusted())
        result = function(x)
    return +result


def _expm1(x: Decimal) -> Decimal:
    return Decimal(-1) if x == -math.inf else _near_zero(lambda x: x.exp() - 1, x)


def _tanh(x: Decimal) -> Decimal:
    if x.is_infinite():
        return Decimal(1).copy_sign(x)
    # Of −2|x|, so that no exponential is larger than 1.
    e = _expm1(-2 * abs(x))
    return (-e / (2 + e)).copy_sign(x)


def _finite(function: Callable[..., Decimal], *operands: Decimal) -> Decimal:
    """Decimal goes on where others end, with log(0) = −∞ and 0⁻¹ = ∞."""
    result = function(*operands)
    if result.is_infinite() and all(operand.is_finite() for operand in operands):
        raise ZeroDivisionError("the result is not finite")
    return result


_DECIMAL = NumberType(
    "Decimal",
    _decimal,
    {
        **_ARITHMETIC,
        "pow": partial(_finite, operator.pow),
        "exp": Decimal.exp,
        "expm1": _expm1,
        "log": partial(_finite, Decimal.ln),
        "log1p": partial(_finite, partial(_near_zero, lambda x: (1 + x).ln())),
        "sqrt": Decimal.sqrt,
        "tanh": _tanh,
    },
    advice="Decimal does not have it; use numbers=mpmath",
)


def _mpmath(context: Any) -> NumberType:
    """The real numbers of an mpmath context, in the precision that the user has set there."""

    def convert(number: Any) -> Any:
        if isinstance(number, Decimal) and number.is_finite():
            number = Fraction(number)
        if isinstance(number, Fraction):
            return context.mpf(number.numerator) / context.mpf(number.denominator)
        return context.mpf(number)

    def real(function: Callable[..., Any], *operands: Any) -> Any:
        """mpmath goes on where real functions end: with complex numbers, and with log(0) = −∞."""
        result = function(*operands)
        if not isinstance(result, context.mpf):
            raise ValueError("the result is not real")
        if not context.isfinite(result) and all(map(context.isfinite, operands)):
            raise ValueError("the result is not finite")
        return result

    names = {"pow": "power"} | {
        name: name
        for name in "exp expm1 log log1p sqrt sin cos tan tanh erf erfc".split()  # noqa: SIM905 (as one reads them)
    }
    functions = {name: partial(real, getattr(context, ours)) for name, ours in names.items()}
    return NumberType(
        "mpmath",
        convert,
        {**_ARITHMETIC, **functions},
        pi=lambda: +context.pi,
        advice="mpmath is not told how to do it",
    )
