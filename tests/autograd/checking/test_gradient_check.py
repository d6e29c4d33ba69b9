"""Right, wrong, kinked and unmeasurable derivatives, each recognised as what it is."""

from __future__ import annotations

import functools
import math
import random
from typing import Any

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
    untyped: Any = check_gradients
    told = r"^check_gradients: row: .* list \[0.5, 1.0\].*lambda a, b: f\(\[a, b\]\)"
    with pytest.raises(TypeError, match=told):
        untyped(lambda row: row[0] * row[1], [0.5, 1.0])
    with pytest.raises(TypeError, match=r"returned \[Value\(2.0\)\] of type list: .*one number of"):
        untyped(lambda x: [x * 2.0], 1.0)
    with pytest.raises(TypeError, match=r"^check_gradients: x: .* str '0.5': write float"):
        untyped(lambda x: x, "0.5")


def test_values_that_the_function_uses_itself() -> None:
    w, b, unnamed = Value(0.5, name="w"), Value(-0.25, name="b"), Value(2.0)
    w.backward()

    def loss() -> Value:
        return (w * 3.0 + b).tanh() * unnamed

    report = check_gradients(loss, wrt=[w, b, unnamed])
    assert report.ok
    assert [row.name for row in report.rows] == ["w", "b", "Value 3"]
    assert [row.at for row in report.rows] == [0.5, -0.25, 2.0]
    slope = 2.0 * (1.0 - math.tanh(1.25) ** 2)
    expected = [3.0 * slope, slope, math.tanh(1.25)]
    assert [row.analytic for row in report.rows] == pytest.approx(expected, rel=1e-14)
    assert (w.data, w.grad, b.data, b.reached) == (0.5, 1.0, -0.25, False)


def test_they_can_be_named_and_stand_beside_inputs() -> None:
    w = Value(0.5, name="w")
    report = check_gradients(lambda x: w * x * x, 3.0, wrt={"layer.weight": w})
    assert [(row.name, row.analytic) for row in report.rows] == [("x", 3.0), ("layer.weight", 9.0)]
    assert report.ok


def test_values_of_one_name_have_a_row_each() -> None:
    first, second = Value(0.5, name="w"), Value(3.0, name="w")
    report = check_gradients(lambda: first * second, wrt=[first, second])
    assert [(row.name, row.at) for row in report.rows] == [("w", 0.5), ("w", 3.0)]


def test_what_the_graph_does_not_know_of_them_is_found() -> None:
    w, x = Value(0.5, name="w"), Value(2.0, name="x")
    recorded = w * x
    assert not check_gradients(lambda: recorded, wrt=[w]).ok
    report = check_gradients(lambda: w.data * x, wrt=[w, x])
    assert [row.outcome for row in report.rows] == [Outcome.DIFFERS, Outcome.AGREES]


def test_they_are_put_back_after_an_error() -> None:
    w = Value(0.5, name="w")

    def loss() -> Value:
        if w.data != 0.5:
            raise KeyError("elsewhere")
        return w * 2.0

    with pytest.raises(KeyError):
        check_gradients(loss, wrt=[w])
    assert w.data == 0.5


@pytest.mark.parametrize(
    ("wrt", "error", "message"),
    [
        (Value(1.0, name="w"), TypeError, "wrt is Value.*a list of Values, or a dict of them"),
        (3.0, TypeError, "wrt is 3.0"),
        ([1.0], TypeError, "wrt has 1.0, a float and no Value"),
        ({"w": 1.0}, TypeError, "wrt has 1.0"),
        ({3: Value(1.0)}, TypeError, "wrt has the key 3"),
        ([Value(1.0) * 2.0], ValueError, "wrt has Value.2.0., which was computed"),
        ([], ValueError, r"needs the inputs .* or as wrt=\[…\] the Values"),
    ],
)
def test_wrong_values(wrt: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        check_gradients(lambda: Value(1.0), wrt=wrt)


def test_a_function_of_other_inputs_is_told_of_wrt() -> None:
    w = Value(1.0, name="w")
    with pytest.raises(TypeError, match=r"f does not take 1 input: .*wrt=\[…\] for Values that f"):
        check_gradients(lambda: w * w, w)


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
