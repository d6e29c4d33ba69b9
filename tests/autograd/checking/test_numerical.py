"""Measured slopes against derivatives known from mathematics, and the honesty of their errors."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.checking.numerical import numerical_derivative

SMOOTH: list[tuple[str, Callable[[float], float], float, float]] = [
    ("exp", math.exp, 1.0, math.e),
    ("exp, huge", math.exp, 700.0, math.exp(700.0)),
    ("log near its edge", math.log, 1e-6, 1e6),
    ("square root near its edge", math.sqrt, 1e-6, 500.0),
    ("a fast oscillation", lambda x: math.sin(1000.0 * x), 0.3, 1000.0 * math.cos(300.0)),
    ("a period of one", lambda x: math.sin(2.0 * math.pi * x), 0.0, 2.0 * math.pi),
    ("a period of a tenth", lambda x: math.sin(20.0 * math.pi * x), 0.0, 20.0 * math.pi),
    ("a bump between plateaus", lambda x: max(x, 0.0) * max(0.01 - x, 0.0), 0.003, 0.004),
    ("a bump on a height", lambda x: 5.0 + max(x, 0.0) * max(0.01 - x, 0.0), 0.003, 0.004),
    ("a kink nearby", lambda x: max(x, 0.0), 0.01, 1.0),
    ("a kink very near", abs, 1e-9, 1.0),
    ("a pole nearby", lambda x: 1.0 / x, 0.01, -1e4),
    ("a pole very near", lambda x: 1.0 / x, 1e-8, -1e16),
    ("saturated", math.tanh, 25.0, 0.0),
    ("a constant", lambda x: 5.0, 3.0, 0.0),
    ("a tiny slope on a large value", lambda x: 1.0 + 1e-9 * x * x, 2.0, 4e-9),
    ("huge values", lambda x: 1e300 * x, 1.0, 1e300),
    ("a large x", lambda x: x * x, 1e6, 2e6),
]


@pytest.mark.parametrize(
    ("f", "x", "slope"), [row[1:] for row in SMOOTH], ids=[r[0] for r in SMOOTH]
)
def test_central_slope(f: Callable[[float], float], x: float, slope: float) -> None:
    measured = numerical_derivative(f, x)
    assert abs(measured.value - slope) <= 10.0 * measured.error
    assert measured.error <= 1e-9 * max(abs(slope), 1.0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_sided_slopes_of_a_smooth_function(side: str) -> None:
    measured = numerical_derivative(math.exp, 1.0, side=side)  # type: ignore[arg-type]  # both are sides
    assert measured.value == pytest.approx(math.e, rel=1e-11)
    assert measured.error < 1e-10


def test_a_kink_has_two_slopes() -> None:
    assert numerical_derivative(abs, 0.0, side="left").value == -1.0
    assert numerical_derivative(abs, 0.0, side="right").value == 1.0
    assert numerical_derivative(abs, 0.0).value == 0.0


@given(
    st.floats(min_value=-3.0, max_value=3.0),
    st.lists(st.floats(min_value=-10.0, max_value=10.0), min_size=4, max_size=4),
)
def test_cubics_are_measured_to_rounding(x: float, c: list[float]) -> None:
    measured = numerical_derivative(lambda v: c[0] + v * (c[1] + v * (c[2] + v * c[3])), x)
    exact = math.fsum([c[1], 2.0 * c[2] * x, 3.0 * c[3] * x * x])
    assert abs(measured.value - exact) <= 1e-11
    assert measured.error <= 1e-11


def test_a_one_sided_slope_sees_the_bump_it_stands_on() -> None:
    measured = numerical_derivative(lambda x: max(x, 0.0) * max(0.01 - x, 0.0), 0.0, side="right")
    assert measured.value == pytest.approx(0.01, rel=1e-9)


def test_no_step_is_larger_than_the_scale() -> None:
    seen: list[float] = []

    def f(x: float) -> float:
        seen.append(x)
        return x * x

    numerical_derivative(f, 1.0, scale=1e-3)
    assert max(abs(x - 1.0) for x in seen) <= 1e-3


@pytest.mark.parametrize("edge", [math.inf, math.nan])
def test_steps_that_leave_the_domain_are_passed_over(edge: float) -> None:
    measured = numerical_derivative(lambda x: x * x if abs(x) < 2.001 else edge, 2.0)
    assert measured.value == pytest.approx(4.0, rel=1e-11)


def test_the_edge_of_a_domain_asks_for_one_side() -> None:
    def f(x: float) -> float:
        return x * math.sqrt(x)

    with pytest.raises(ValueError, match=r"undefined at every step.*math domain error.*'right'"):
        numerical_derivative(f, 0.0)
    assert numerical_derivative(f, 0.0, side="right").value == pytest.approx(0.0, abs=1e-8)


def test_a_vertical_slope_admits_that_it_is_not_known() -> None:
    measured = numerical_derivative(math.sqrt, 0.0, side="right")
    assert measured.error > 0.1


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="side must be"):
        numerical_derivative(abs, 0.0, side="middle")  # type: ignore[arg-type]  # the point
    with pytest.raises(ValueError, match="finite x"):
        numerical_derivative(abs, math.inf)
    for scale in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="scale"):
            numerical_derivative(abs, 0.0, scale=scale)


def test_errors_that_are_not_about_the_domain_pass_through() -> None:
    def f(x: float) -> float:
        raise KeyError(x)

    with pytest.raises(KeyError):
        numerical_derivative(f, 0.0)
