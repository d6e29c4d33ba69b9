"""Printed digits against Python's own exact rounding (decimal, format), and every notation."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value
from autograd.checking.printed import Printed, printed

FINITE = st.floats(min_value=-1e6, max_value=1e6)
PLACES = st.integers(min_value=0, max_value=12)


def rounded_text(x: float, places: int, rounding: str) -> str:
    """What decimal prints for exactly the float x: `str` of a Decimal(float) is exact."""
    return format(Decimal(x).quantize(Decimal(1).scaleb(-places), rounding=rounding), "f")


@given(FINITE, PLACES, st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_a_number_is_equal_to_its_own_rounding(x: float, places: int, rounding: str) -> None:
    assert printed(rounded_text(x, places, rounding)) == x


@given(FINITE, PLACES)
def test_the_neighbouring_digits_are_wrong_except_at_a_tie(x: float, places: int) -> None:
    tie = rounded_text(x, places, ROUND_HALF_UP) != rounded_text(x, places, ROUND_HALF_EVEN)
    assume(not tie)
    digits = Decimal(rounded_text(x, places, ROUND_HALF_EVEN))
    for step in (-1, 1):
        text = format(digits + step * Decimal(1).scaleb(-places), "f")
        assert printed(text) != x


@given(st.floats(min_value=1e-300, max_value=1e300), st.integers(min_value=0, max_value=16))
def test_scientific_notation_is_equal_to_its_own_rounding(x: float, places: int) -> None:
    assert printed(f"{x:.{places}e}") == x
    assert printed(f"-{x:.{places}e}") == -x


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_all_digits_tell_a_float_from_its_neighbours(x: float) -> None:
    assert printed(f"{x:.17e}") == x
    assert printed(f"{x:.17e}") != math.nextafter(x, math.inf)
    assert printed(f"{x:.17e}") != math.nextafter(x, 0.0)


@pytest.mark.parametrize(
    ("text", "equal", "unequal"),
    [
        ("0.25", [0.25, 0.2451, 0.2549999], [0.2449, 0.2551, -0.25]),
        ("0.50", [0.5, 0.4951, 0.504], [0.49, 0.51]),
        ("0.5", [0.5, 0.46, 0.54, 0.49], [0.44, 0.551]),
        ("30", [30, 29.5, 30.5, 30.4], [29.4, 30.6]),
        ("31", [31, 30.5, 31.4], [31.5]),
        ("5.", [5.2], [5.6]),
        (".5", [0.5], [0.6]),
        ("-0.5", [-0.5, -0.45], [0.5]),
        ("−0.5", [-0.5], [0.5]),
        ("– 0.5", [-0.5], [0.5]),
        ("+0.5", [0.5], [-0.5]),
        ("-8.2167e-2", [-0.082167041], [-0.08217, 0.082167]),
        ("8.2167041×10⁻²", [0.0821670409], [0.0821670395]),
        ("8.2 × 10^-2", [0.082], [0.083]),
        ("8.2 x 10^{-2}", [0.082], [0.083]),
        ("8.2*10**(-2)", [0.082], [0.083]),
        (r"8.2 \times 10^{−2}", [0.082], [0.083]),
        (r"8.2 \cdot 10^3", [8200, 8249], [8251]),
        ("8.2E+3", [8200], [8251]),
        ("12e2", [1200, 1249], [1251]),
        ("1,234.5", [1234.5, 1234.46], [1234.4]),
        ("1 234 567", [1234567], [1234568]),
        ("1\u202f234.50", [1234.5], [1234.49]),
        ("1_000", [1000], [1001]),
        ("≈0.08", [0.0822], [0.0722]),
        ("≈ -0.08", [-0.0822], [0.0822]),
        ("12%", [0.12, 0.1249], [0.1251, 12]),
        ("12.0 %", [0.12, 0.1204], [0.1206]),
        ("3‰", [0.003], [0.0036]),
        ("0.08%", [0.0008], [0.08]),
        ("-0.29", [-0.29], [0.29]),
        ("0.983…", [0.9830001, 0.98316, 0.98399999], [0.9829999, 0.9840001]),
        ("0.75…", [0.75], [1.75, Fraction(76, 100), 0.7499]),
        ("-0.983...", [-0.98316], [-0.9840001, -0.9829, 0.9831]),
        ("  0.5\n", [0.5], [0.6]),
    ],
)
def test_notations(
    text: str, equal: list[float | Fraction], unequal: list[float | Fraction]
) -> None:
    for number in equal:
        assert printed(text) == number
    for number in unequal:
        assert printed(text) != number


@pytest.mark.parametrize(
    ("tie", "texts", "not_these"),
    [
        (0.25, ["0.2", "0.3"], ["0.1", "0.4"]),
        (0.75, ["0.8"], ["0.7"]),
        (-0.25, ["-0.2", "-0.3"], ["-0.1"]),
        (-0.75, ["-0.8"], ["-0.7"]),
        (0.5, ["0", "1"], ["2", "-1", "-0"]),
        (1.5, ["2"], ["1"]),
        (Decimal("0.35"), ["0.4"], ["0.3"]),
        (Fraction(45, 100), ["0.4", "0.5"], ["0.3"]),
    ],
)
def test_ties(tie: float, texts: list[str], not_these: list[str]) -> None:
    assert [text for text in texts + not_these if printed(text) == tie] == texts


def test_which_side_of_a_tie_a_float_is_on_is_decided_exactly() -> None:
    # The float 0.35 is 0.34999…, the float 0.15 is 0.1499999…, the float 0.45 is 0.4500…01.
    assert printed("0.3") == 0.35
    assert printed("0.4") != 0.35
    assert printed("0.4") != 0.45
    assert printed("0.2") == 0.25
    assert printed("0.2") != math.nextafter(0.25, 1.0)


def test_the_sign_of_a_zero() -> None:
    assert printed("0.00") == 0.004
    assert printed("0.00") == -0.004
    assert printed("0.00") == Decimal("0.005")
    assert printed("-0.00") == -0.004
    assert printed("-0.00") == 0.0
    assert printed("-0.00") != 0.004
    assert printed("+0.00") != -0.004
    assert printed("0.0…") == -0.09
    assert printed("0.0…") != 0.1


def test_nothing_printed_is_nan_or_inf() -> None:
    for number in (math.nan, math.inf, -math.inf, np.float64("nan"), Decimal("nan")):
        assert printed("0.0") != number
        assert number != printed("0.0")


@pytest.mark.parametrize(
    ("text", "numerator", "denominator"), [("1/3", 1, 3), ("-2/3", -2, 3), ("22⁄7", 22, 7)]
)
def test_a_fraction_is_exact_up_to_the_certain_digits_of_a_float(
    text: str, numerator: int, denominator: int
) -> None:
    exact = numerator / denominator
    assert printed(text) == Fraction(numerator, denominator)
    assert printed(text) == exact
    assert printed(text) == math.nextafter(exact, math.inf)
    assert printed(text) != exact * (1.0 + 1e-14)
    assert printed(text) != round(exact, 12)


@pytest.mark.parametrize(
    "number",
    [
        1,
        1.0,
        Fraction(1),
        Decimal("1.0"),
        np.float64(1.0),
        np.float32(1.0),
        np.longdouble(1.0),
        np.int64(1),
        Value(1.0),
        Value(0.5) * 2,
    ],
    ids=lambda number: type(number).__name__,
)
def test_kinds_of_numbers_on_either_side(number: float) -> None:
    assert number == printed("1.0")
    assert printed("1.0") == number
    assert not number != printed("1.0")
    assert number != printed("1.1")
    assert printed("1.1") != number


def test_inside_containers() -> None:
    assert [0.25, 0.082167] == [printed("0.25"), printed("0.0822")]
    assert (0.0, printed("0.25")) == (0.0, Value(0.2501))
    assert {"w5": 0.082167041, "E": Value(0.298)} == {"w5": printed("0.0822"), "E": printed("0.30")}
    assert [0.25] != [printed("0.26")]
    assert 0.0822 in [printed("0.1"), printed("0.08")]


def test_numpy_arrays_compare_element_by_element() -> None:
    numbers = np.array([0.25, 0.35])
    for equal in (numbers == printed("0.25"), printed("0.25") == numbers):
        assert np.asarray(equal).tolist() == [True, False]


@pytest.mark.parametrize("other", ["1", None, True, [1], 1 + 0j, object()])
def test_what_is_no_real_number_is_unequal(other: object) -> None:
    assert printed("1") != other
    assert other != printed("1")


def test_two_printed_numbers_are_equal_if_they_stand_for_the_same_numbers() -> None:
    assert printed("0.0822") == printed("8.22×10⁻²")
    assert printed("0.0822") != printed("0.08220")


def test_a_printed_number_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(printed("1"))


def test_facts() -> None:
    number = printed("-8.2167e-2")
    assert number.text == "-8.2167e-2"
    assert number.value == Fraction(-82167, 1000000)
    assert number.places == 6
    assert number.unit == Fraction(1, 1000000)
    assert number.interval.low == Fraction(-821675, 10**7)
    assert number.interval.high == Fraction(-821665, 10**7)
    assert [printed(text).places for text in ("30", "12%", "12e2", "0.50")] == [0, 2, -2, 2]
    fractions = [printed(text).places for text in ("1/3", "22/7", "-1/30", "200/2", "0/5")]
    assert fractions == [15, 14, 16, 12, 15]
    with pytest.raises(AttributeError):
        number.places = 3  # type: ignore[misc]  # the point


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0.0822", 3),
        ("-8.20e5", 3),
        ("30", 2),
        ("0.00", 0),
        ("0.1000", 4),
        ("1/3", 15),
        ("22/7", 15),
    ],
)
def test_significant_digits(text: str, count: int) -> None:
    assert printed(text).significant == count


def test_digits_beyond_those_of_a_float() -> None:
    third = 1 / 3
    assert printed("0." + "3" * 28).vouched_for(third) == 15
    assert printed("0." + "3" * 15).vouched_for(third) == 0
    assert printed("0." + "3" * 16).vouched_for(third) == 15
    x = -0.0978143
    for ulps, count in ((1, 15), (15, 14), (17, 0)):
        other = x
        for _ in range(ulps):
            other = math.nextafter(other, 0.0)
        assert printed(f"{other:.25f}").vouched_for(x) == count
        assert printed(f"{other:.25f}") != x
    assert printed("0." + "3" * 28).vouched_for(math.nan) == 0
    assert printed("1" * 400).vouched_for(math.inf) == 0


def test_repr_says_what_it_is_equal_to() -> None:
    assert repr(printed("0.0822")) == "printed('0.0822', 0.08215 to 0.08225)"
    assert repr(printed("−3")) == "printed('−3', -3.5 to -2.5)"


def test_an_assertion_shows_the_exact_value_and_the_digits() -> None:
    with pytest.raises(
        AssertionError, match=r"0\.0824 == printed\('0\.0822', 0\.08215 to 0\.08225\)"
    ):
        assert 0.0824 == printed("0.0822")


@pytest.mark.parametrize(
    ("text", "number", "difference"),
    [
        ("0.0822", 0.08236, "1.6 units of the last printed place (0.0001) above"),
        ("0.0822", Value(-0.0822), "1640 units of the last printed place (0.0001) below"),
        ("30", 31, "1 unit of the last printed place (1) above"),
        (
            "0.2",
            math.nextafter(0.25, 1),
            "just over half a unit of the last printed place (0.1) above",
        ),
        ("0.3", 0.25, "half a unit of the last printed place (0.1) below"),
        ("1e-300", 1e300, "1e+600 units of the last printed place (1e-300) above"),
        ("0.5", math.nan, "nan is not a finite number"),
        ("-1/4", -0.25125, "0.00125 below the fraction, which is exact"),
    ],
)
def test_difference(text: str, number: float, difference: str) -> None:
    assert printed(text).difference(number) == difference


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "empty"),
        ("0,0822", "decimal comma"),
        ("12,34", "decimal comma"),
        ("1,23,456", "write digits"),
        ("nan", "math.isnan"),
        ("-inf", "math.isinf"),
        (".", "write digits"),
        ("-", "write digits"),
        ("0.08.2", "write digits"),
        ("about 0.08", "write digits"),
        ("0.5 0.6", "write digits"),
        ("1/0", "denominator is zero"),
        ("1.5/2", "write digits"),
        ("1e999", "range of floats"),
        ("٣", "write digits"),
    ],
)
def test_what_is_no_printed_number_is_refused(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice) as caught:
        printed(text)
    assert repr(text) in str(caught.value)


def test_a_number_instead_of_its_digits_is_refused() -> None:
    with pytest.raises(TypeError, match=r"0\.5 of type float.*forgotten|no longer knows"):
        printed(0.50)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match="Printed"):
        printed(printed("1"))  # type: ignore[arg-type]  # the point
    assert isinstance(printed("1"), Printed)


@pytest.mark.parametrize(
    "text", ["1" * 5000, "1×10^" + "9" * 5000, "1/" + "3" * 5000, "1" + ",000" * 999]
)
def test_a_text_of_thousands_of_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="characters is not a printed number") as caught:
        printed(text)
    assert len(str(caught.value)) < 200
