"""Right, wrong, kinked and unmeasurable derivatives, each recognised as what it is."""

from __future__ import annotations

import functools
import math
import random

import pytest

from autograd import Value
from autograd.checking.gradient_check import Outcome, check_gradients


def test_right_derivatives_agree() -> None:
    report = check_gradients(lambda a, b, c: (a * b).tanh() + (c * c).exp() / b, 0.3, -2.0, 0.7)
    assert report.ok
    assert [row.name for row in report.rows] == ["a", "b", "c"]
    assert [row.outcome for row in report.rows] == [Outcome.AGREES] * 3
    assert all((row.relative_error or 0.0) < 1e-10 for row in report.rows)


def test_a_wrong_derivative_is_found_and_only_that_one() -> None:
    def f(a: Value, b: Value) -> Value:
        # The engine is told that b is a constant: ∂f/∂b comes out as 0 and is really a.
        return a * b.data + 0.0 * b

    report = check_gradients(f, 3.0, 2.0)
    assert not report.ok
    assert [row.outcome for row in report.rows] == [Outcome.AGREES, Outcome.DIFFERS]
    assert report.rows[1].relative_error == 1.0
    assert repr(report) == "<GradientReport: agrees 1, differs 1; look at b>"


@pytest.mark.parametrize("factor", [1.0 + 1e-5, -1.0, 2.0, math.nan])
def test_small_and_large_mistakes_are_found(factor: float) -> None:
    def f(x: Value) -> Value:
        # The value of x², whose derivative in the graph is wrong by the factor.
        return factor * x * x + (1.0 - factor) * x.data**2

    assert not check_gradients(f, 1.5).ok


def test_a_kink_is_no_failure() -> None:
    report = check_gradients(lambda x: x.relu() + 2.0 * x, Value(0.0, name="net"))
    assert report.ok
    (row,) = report.rows
    assert (row.name, row.outcome) == ("net", Outcome.KINK)
    assert row.note == "slope 2 on the left, 3 on the right"


def test_at_a_kink_a_derivative_outside_both_slopes_is_a_failure() -> None:
    def f(x: Value) -> Value:
        return abs(x) + 3.0 * x - 3.0 * x.data

    (row,) = check_gradients(f, 0.0).rows
    assert row.outcome is Outcome.DIFFERS


def test_the_edge_of_a_domain_is_measured_from_inside() -> None:
    report = check_gradients(lambda x: x**1.5, 0.0, tolerance=1e-6)
    assert report.ok


def test_what_cannot_be_measured_is_not_called_right() -> None:
    def f(x: Value) -> Value:
        if x.data != 1.0:
            raise ValueError("only here")
        return x * 1.0

    report = check_gradients(f, 1.0)
    assert not report.ok
    assert report.rows[0].outcome is Outcome.UNMEASURABLE
    assert report.rows[0].numeric is None
    assert "undefined on both sides" in str(report)


def test_noise_is_not_called_right() -> None:
    noise = random.Random(5)
    (row,) = check_gradients(lambda x: x + noise.uniform(-1.0, 1.0), 1.0).rows
    assert row.outcome is Outcome.UNMEASURABLE


def test_a_zero_gradient_agrees() -> None:
    assert check_gradients(lambda x: (x * 0.0) + 7.0, 2.0).rows[0].outcome is Outcome.AGREES
    assert check_gradients(lambda a, b: a * 2.0, 2.0, 5.0).ok


def test_given_values_are_not_changed() -> None:
    x = Value(2.0, name="x")
    x.backward()
    check_gradients(lambda v: v * v, x)
    assert (x.data, x.grad) == (2.0, 1.0)


def test_inputs_without_names_are_counted() -> None:
    report = check_gradients(lambda *xs: xs[0] * xs[1], 2.0, 3.0)
    assert [row.name for row in report.rows] == ["input 1", "input 2"]


def test_a_function_that_tells_no_signature() -> None:
    report = check_gradients(functools.partial(Value.__add__), 2.0, 3.0)
    assert report.ok


def test_wrong_arguments() -> None:
    with pytest.raises(TypeError, match=r"must return a Value and returned 4.0.*\.data"):
        check_gradients(lambda x: x.data * 2.0, 2.0)
    with pytest.raises(ValueError, match="needs the inputs"):
        check_gradients(lambda: Value(1.0))
    with pytest.raises(ZeroDivisionError):
        check_gradients(lambda x: 1.0 / x, 0.0)


def test_text_and_html() -> None:
    report = check_gradients(lambda x, y: x.relu() * y, 0.0, 2.0)
    first, _, kink, note, smooth = str(report).splitlines()
    assert note == "    slope 0 on the left, 2 on the right"
    assert first.split()[:4] == ["input", "at", "analytic", "numeric"]
    assert "✓ kink" in kink
    assert "✓ agrees" in smooth
    html = report._repr_html_()
    assert html.count("<tr style") == 2
    assert "slope 0 on the left, 2 on the right" in html
