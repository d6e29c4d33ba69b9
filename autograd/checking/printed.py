"""Printed numbers as evidence: the digits say which numbers they can stand for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real

from autograd.value import Value

# Every decimal number of up to 15 significant digits survives the way through a float.
_DIGITS_OF_A_FLOAT = 15
# More do not tell one float from another.
MOST_DIGITS = 17
# So many units in the last place of a float its arithmetic may have added in rounding.
_ROUNDING = 16
# Beyond it a float holds nothing, and exact powers of ten become slow.
_LARGEST_EXPONENT = 400
# Longer texts are no numbers of anybody's: π to a thousand places is one.
_LONGEST = 2000

_FULL_WIDTH = {0xFEE0 + code: chr(code) for code in range(ord("!"), ord("~") + 1)}
_MINUS_SIGNS = dict.fromkeys(map(ord, "−–﹣"), "-")
_PLAIN = _FULL_WIDTH | _MINUS_SIGNS | {ord("⁄"): "/", ord("…"): "..."}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_PARTS_OF = {None: 0, "%": 2, "‰": 3}

_DECIMAL = re.compile(
    r"""
    [≈≃≅≐≒~]? \s*
    (?P<sign> [+-]?) \s*
    (?P<whole> [1-9]\d{0,2} (?P<comma> [,_'\ \u2009\u202f\u00a0]) \d{3} (?: (?P=comma) \d{3})*
             | \d* )
    (?: \. (?P<decimals> \d*) )?
    (?P<cut> \.\.\. )?
    (?: [eE] (?P<e> [+-]?\d+)
      | \s* (?: [×xX*·⋅] | \\times | \\cdot) \s* 10
        (?: (?P<raised> [⁺⁻]?[⁰¹²³⁴-⁹]+)
          | \s* (?: \^ | \*\*) \s* [{(]? (?P<power> [+-]?\d+) [})]? ) )?
    \s* (?P<parts> [%‰])?
    """,
    re.VERBOSE | re.ASCII,
)
_FRACTION = re.compile(
    r"[≈≃≅≐≒~]?\s*(?P<sign>[+-]?)\s*(?P<over>\d+)\s*/\s*(?P<under>\d+)", re.ASCII
)


@dataclass(frozen=True)
class Interval:
    """The numbers from `low` to `high`; each end belongs to them or not."""

    low: Fraction
    high: Fraction
    low_included: bool = True
    high_included: bool = True

    def __contains__(self, number: Fraction) -> bool:
        if number == self.low:
            return self.low_included
        if number == self.high:
            return self.high_included
        return self.low < number < self.high

    def negated(self) -> Interval:
        """The same numbers with the other sign."""
        return Interval(-self.high, -self.low, self.high_included, self.low_included)


@dataclass(frozen=True, eq=False, repr=False)
class Printed:
    """A number as it was printed; made by `printed`, which says what it is equal to.

    Attributes:
        text: what was printed, as given.
        value: the number that the digits spell, exactly.
        places: decimal places of the last digit: 4 for `0.0822`, −2 for `12e2`, 2 for `12%`.
        interval: the numbers that the digits can stand for.

    Instances compare with `==` alone, and are not hashable.
    """

    text: str
    value: Fraction
    places: int
    interval: Interval

    @property
    def unit(self) -> Fraction:
        """One unit of the last printed place: 1/10000 for `0.0822`."""
        return Fraction(10) ** -self.places

    @property
    def significant(self) -> int:
        """How many significant digits are printed: 3 for `0.0822`, 0 for a zero.

        15 stand for a fraction.
        """
        count = abs(self.value) // self.unit
        return len(str(count)) if count else 0

    @property
    def is_fraction(self) -> bool:
        """Whether it was printed as a fraction of whole numbers, which is exact."""
        return "/" in self.text.translate(_PLAIN)

    @property
    def is_beyond_floats(self) -> bool:
        """Whether more digits are printed than survive in every float."""
        return self.significant > _DIGITS_OF_A_FLOAT

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Printed):
            return self.interval == other.interval
        number = other.data if isinstance(other, Value) else other
        if isinstance(number, bool) or not isinstance(number, Real | Decimal):
            return NotImplemented
        exact = _exact(number)
        return exact is not None and exact in self.interval

    # Many different numbers are equal to one printed number: no hash agrees with all of them.
    __hash__ = None  # type: ignore[assignment]  # how Python spells "not hashable"

    def __repr__(self) -> str:
        low, high = float(self.interval.low), float(self.interval.high)
        return f"printed({self.text!r}, {low!r} to {high!r})"

    def is_cut_off(self, number: float | Real | Decimal | Value) -> bool:
        """Whether these are the first digits of `number`, cut off where they should be rounded.

        >>> printed("0.5932").is_cut_off(0.593269), printed("0.5933").is_cut_off(0.593269)
        (True, False)
        """
        exact = _exact(number.data if isinstance(number, Value) else number)
        if exact is None or self == number or self.value == 0:
            return False
        beyond = exact - self.value if self.value > 0 else self.value - exact
        return 0 < beyond < self.unit

    def vouched_for(self, number: float) -> int:
        """How many of the digits `number` confirms, if more are printed than survive in a float.

        0 if there are no more, or if the rounding of float arithmetic does not account for what
        is between the two.

        >>> printed("0.3333333333333333333").vouched_for(1 / 3), printed("0.33").vouched_for(1 / 3)
        (15, 0)
        """
        if not self.is_beyond_floats or not is_float_rounding(self.value, number):
            return 0
        last = self.unit * Fraction(10) ** (self.significant - _DIGITS_OF_A_FLOAT)
        is_less = 2 * abs(self.value - Fraction(number)) > last
        return _DIGITS_OF_A_FLOAT - is_less

    def difference(self, number: float | Real | Decimal | Value) -> str:
        """How far `number` is from the printed digits, in units of the last printed place.

        >>> printed("0.0822").difference(0.08236)
        '1.6 units of the last printed place (0.0001) above'
        """
        exact = _exact(number.data if isinstance(number, Value) else number)
        if exact is None:
            return f"{number} is not a finite number"
        side = "above" if exact >= self.value else "below"
        if self.is_fraction:
            away = float(abs(exact - self.value))
            return f"{away:.3g} {side} the fraction, which is exact"
        units = (exact - self.value) / self.unit
        size = Decimal(abs(units.numerator)) / units.denominator
        rounded = format(Decimal(f"{size:.2e}").normalize(), "f" if size < 10**6 else "e")
        words = {"0.5": "just over half a unit" if 2 * size > 1 else "half a unit", "1": "1 unit"}
        amount = words.get(rounded, f"{rounded} units")
        return f"{amount} of the last printed place ({float(self.unit):g}) {side}"


def is_float_rounding(number: float | Fraction, right: float) -> bool:
    """Whether no more than the rounding of float arithmetic is between `number` and `right`.

    >>> is_float_rounding(0.1 + 0.2, 0.3), is_float_rounding(0.3000001, 0.3)
    (True, False)
    """
    exact, exact_right = _exact(number), _exact(right)
    if exact is None or exact_right is None:
        return False
    return abs(exact - exact_right) <= _ROUNDING * Fraction(math.ulp(right))


def printed(text: str) -> Printed:
    """A number as printed: equal to every number that rounds to exactly these digits.

    `printed("0.0822") == x` holds if x, rounded to as many decimal places as are printed, gives
    these digits: 0.08215 ≤ x ≤ 0.08225. Trailing zeros count, `0.50` says more than `0.5`. At an
    exact tie the roundings that people use are both accepted, half up (in magnitude) and half to
    even: `0.25` may be printed as `0.2` and as `0.3`. Which side of a tie a float is on is decided
    exactly, on the number that the float is. `nan` and `inf` are equal to nothing printed.

    The other number may be an int, float, Fraction, Decimal, numpy scalar or `Value` and stand on
    either side; inside lists, tuples, dicts and numpy arrays it works as well.

    Understood are: signs (`-` and `−`; a printed `-0.00` is zero or below, `0.00` either),
    `≈0.08`, thousands `1,234.5` and `1 234.5`, powers of ten `-8.2167e-2`, `8.2167041×10⁻²`,
    `8.2×10^-2`, `12%` (0.12 to two places), `3‰`, full-width digits, and an ellipsis: `0.983…` are
    the first digits of the number, cut off and not rounded. A fraction of whole numbers, `1/3`,
    is exact: it has no last digit, and a float is equal to it that agrees with it to the 15
    significant digits that a float carries for certain.

    Raises TypeError if `text` is not text (a float has forgotten its trailing zeros), ValueError
    if it is no number or has no digit.

    >>> printed("0.0822") == 0.082167041
    True
    >>> [0.25, 0.15, -0.082167] == [printed("0.3"), printed("0.1"), printed("−8.217×10⁻²")]
    True
    >>> printed("0.50")
    printed('0.50', 0.495 to 0.505)
    """
    if not isinstance(text, str):
        raise TypeError(
            f"printed() takes the digits as text and got {text!r} of type {type(text).__name__}: a "
            f'number no longer knows how many digits were printed; write printed("0.50")'
        )
    if len(text) > _LONGEST:
        raise ValueError(f"{text[:20]!r}… of {len(text)} characters is not a printed number")
    plain = text.translate(_PLAIN).strip()
    if fraction := _FRACTION.fullmatch(plain):
        return _printed_fraction(text, fraction)
    match = _DECIMAL.fullmatch(plain)
    digits = match and re.sub(r"\D", "", match["whole"]) + (match["decimals"] or "")
    if match is None or not digits:
        raise ValueError(f"{text!r} is not a printed number: {_advice(plain)}")
    return _printed_decimal(text, match, digits)


def _printed_decimal(text: str, match: re.Match[str], digits: str) -> Printed:
    written = match["e"] or match["power"] or (match["raised"] or "0").translate(_SUPERSCRIPTS)
    exponent = int(written)
    if abs(exponent) > _LARGEST_EXPONENT:
        raise ValueError(
            f"{text!r} is out of the range of floats: its exponent {exponent} lies beyond "
            f"±{_LARGEST_EXPONENT}"
        )
    places = len(match["decimals"] or "") + _PARTS_OF[match["parts"]] - exponent
    count, unit = int(digits), Fraction(10) ** -places
    interval = _cut_off(count, unit) if match["cut"] else _rounded(count, unit)
    if count == 0:
        interval = _around_zero(interval, match["sign"])
    elif match["sign"] == "-":
        count, interval = -count, interval.negated()
    return Printed(text, count * unit, places, interval)


def _rounded(count: int, unit: Fraction) -> Interval:
    """The numbers that round to `count` units, for count ≥ 0.

    The lower end goes up to `count` by half up. The upper one stays by half to even, if it is even.
    """
    half = unit / 2
    return Interval(count * unit - half, count * unit + half, True, count % 2 == 0)


def _cut_off(count: int, unit: Fraction) -> Interval:
    """The numbers whose digits begin like those of `count` units, for count ≥ 0."""
    return Interval(count * unit, (count + 1) * unit, True, False)


def _around_zero(interval: Interval, sign: str) -> Interval:
    """The numbers that a zero stands for: of its sign, or of both if it has none."""
    if sign == "+":
        return Interval(Fraction(0), interval.high, True, interval.high_included)
    if sign == "-":
        return Interval(-interval.high, Fraction(0), interval.high_included, True)
    return Interval(-interval.high, interval.high, interval.high_included, interval.high_included)


def _printed_fraction(text: str, match: re.Match[str]) -> Printed:
    under = int(match["under"])
    if under == 0:
        raise ValueError(f"{text!r} is not a number: its denominator is zero")
    value = Fraction(int(match["over"]), under)
    leading = len(str(int(value))) if value >= 1 else 0
    while value and value < Fraction(10) ** (leading - 1):
        leading -= 1
    places = _DIGITS_OF_A_FLOAT - leading
    half = Fraction(10) ** -places / 2
    if match["sign"] == "-":
        value = -value
    return Printed(text, value, places, Interval(value - half, value + half))


def _exact(number: float | Real | Decimal) -> Fraction | None:
    """Exactly the number that this is; None for nan and inf."""
    try:
        return Fraction(number if isinstance(number, Rational | Decimal) else float(number))
    except (ValueError, OverflowError):
        return None


def _advice(text: str) -> str:
    """What to write instead of `text`."""
    if not text:
        return "it is empty"
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return "nan and inf have no digits; ask math.isnan or math.isinf"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return "write a decimal comma as a point, and thousands in threes, as in 1,234.5"
    return "write digits as in 0.0822, -8.2e-2, 8.2×10⁻², 1,234.5, 1/3 or 12%"
