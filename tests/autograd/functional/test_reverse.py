"""`gradients`: derivatives as results, and derivatives of derivatives."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, dot, gradients, logsumexp, maximum, mean, no_grad, total
from autograd.backprop import topological_order
from autograd.checking.numerical import numerical_derivative


def two_layers(x: Value, w: Value) -> Value:
    """Shared nodes, repeated operands and lists, so that a second derivative has many paths."""
    hidden = dot([w, x, w], [x, x, 0.5], w).tanh()
    return logsumexp([hidden * x, w.sigmoid() / hidden, hidden * hidden]) + mean([x, hidden, x])


def test_slopes_in_the_order_asked_for() -> None:
    a, b, c = Value(2.0), Value(3.0), Value(5.0)
    y = a * b + c
    assert gradients(y, [c, a, b, a]) == [1.0, 3.0, 2.0, 3.0]
    assert gradients(y, (a, b)) == [3.0, 2.0]
    assert gradients(y, iter([a, b])) == [3.0, 2.0]  # type: ignore[call-overload]  # lenient
    assert gradients(y, []) == []


def test_inside_the_graph_and_outside_of_it() -> None:
    a, unrelated = Value(2.0), Value(3.0)
    h = a * a
    y = h * h
    later = y * unrelated
    for create_graph in (False, True):
        slopes = gradients(y, [h, y, a, unrelated, later], create_graph=create_graph)
        assert [float(slope) for slope in slopes] == [8.0, 1.0, 32.0, 0.0, 0.0]
        assert {type(slope) for slope in slopes} == {Value if create_graph else float}


def test_no_gradient_is_touched() -> None:
    a, b = Value(2.0), Value(3.0)
    h = a * b
    y = h * a
    h.backward()
    for create_graph in (False, True):
        gradients(y, [a, h], create_graph=create_graph)
        assert [(v.grad, v.reached) for v in (a, b, h, y)] == [
            (3.0, True),
            (2.0, True),
            (1.0, True),
            (0.0, False),
        ]


@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0).filter(lambda w: abs(w) > 0.1))
def test_the_same_slopes_as_backward(x: float, w: float) -> None:
    leaves: list[Any] = [Value(x), Value(w)]
    a, b = leaves
    y = a * b / (b * b + 1.0) + (a * b).tanh() * b - total([a, b, a, 3.0])
    y.backward()
    assert gradients(y, [a, b]) == [a.grad, b.grad]
    again = gradients(y, [a, b], create_graph=True)
    assert [slope.data for slope in again] == pytest.approx([a.grad, b.grad], rel=1e-15)


def test_second_derivatives_are_the_slopes_of_the_first() -> None:
    at = (0.7, -0.4)

    def first(i: int, *numbers: float) -> float:
        inputs = [Value(number) for number in numbers]
        return gradients(two_layers(*inputs), inputs)[i]

    inputs = [Value(number) for number in at]
    slopes = gradients(two_layers(*inputs), inputs, create_graph=True)
    hessian = [gradients(slope, inputs) for slope in slopes]
    for i in (0, 1):
        by_x = numerical_derivative(lambda x, i=i: first(i, x, at[1]), at[0])  # type: ignore[misc]  # mypy infers no lambda with a default
        by_w = numerical_derivative(lambda w, i=i: first(i, at[0], w), at[1])  # type: ignore[misc]
        assert hessian[i] == pytest.approx([by_x.value, by_w.value], rel=1e-8)
    assert hessian[0][1] == pytest.approx(hessian[1][0], rel=1e-14)


@pytest.mark.parametrize(
    ("f", "at", "expected"),
    [
        (lambda x: x**5, 2.0, [32.0, 80.0, 160.0, 240.0, 240.0, 120.0, 0.0]),
        (lambda x: x * x * x, 2.0, [8.0, 12.0, 12.0, 6.0, 0.0]),
        (lambda x: x.exp(), 0.0, [1.0] * 8),
        (lambda x: x.sin(), 0.0, [0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0]),
        (lambda x: 1 / x, 0.5, [2.0, -4.0, 16.0, -96.0, 768.0]),
        (lambda x: x.log(), 1.0, [0.0, 1.0, -1.0, 2.0, -6.0, 24.0]),
        (lambda x: x.tanh(), 0.0, [0.0, 1.0, 0.0, -2.0, 0.0, 16.0]),
        (lambda x: x.sigmoid(), 0.0, [0.5, 0.25, 0.0, -0.125, 0.0, 0.25]),
        (lambda x: dot([x, x], [x, 1.0], x), 3.0, [15.0, 8.0, 2.0, 0.0]),
        (lambda x: maximum(x * x, x), 3.0, [9.0, 6.0, 2.0, 0.0]),
    ],
)
def test_derivatives_of_any_order(
    f: Callable[[Value], Value], at: float, expected: list[float]
) -> None:
    x = Value(at)
    derivative, found = f(x), []
    for _ in expected:
        found.append(derivative.data)
        [derivative] = gradients(derivative, [x], create_graph=True)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_derivative_is_a_value_like_any_other() -> None:
    """The square of a slope as a penalty, as `backward` sees it."""
    x = Value(3.0, name="x")
    [slope] = gradients(x * x * x, [x], create_graph=True)
    (slope * slope).backward()
    assert x.grad == 4 * 9.0 * 3.0**3


def test_no_operation_is_recorded_that_multiplies_by_one_or_adds_nothing() -> None:
    x, w = Value(3.0), Value(2.0)
    [slope] = gradients(w * x, [x], create_graph=True)
    assert slope is w
    [slope] = gradients((w * x).tanh(), [x], create_graph=True)
    names = [node.op.name for node in topological_order(slope) if node.op]
    assert sorted(names) == ["mul", "mul", "mul", "sub", "tanh"]


def test_recording_can_be_off_for_derivatives_too() -> None:
    x = Value(3.0)
    y = x * x * x
    with no_grad():
        [slope] = gradients(y, [x], create_graph=True)
    assert slope.data == 27.0
    assert slope.is_leaf


def test_data_assigned_since_is_no_silent_mixture() -> None:
    """Recorded slopes stay those of the forward pass; formulas would be asked at new numbers."""
    x = Value(3.0)
    y = x * x * x
    x.data = 5.0
    assert gradients(y, [x]) == [27.0]
    with pytest.raises(ValueError, match=r"mul.*compute the output again"):
        gradients(y, [x], create_graph=True)
    x.data = 3.0
    assert [slope.data for slope in gradients(y, [x], create_graph=True)] == [27.0]


def test_undefined_slopes_are_no_change_of_data() -> None:
    base = Value(-2.0)
    exponent = Value(3.0)
    slopes = gradients(base**exponent, [base, exponent], create_graph=True)
    assert slopes[0].data == 12.0
    assert math.isnan(slopes[1].data)


@pytest.mark.parametrize(
    ("output", "inputs", "part"),
    [
        (3.0, [Value(1.0)], "output is 3.0, a float"),
        ([Value(1.0)], [Value(1.0)], "output is .*, a list"),
        (Value(1.0), [Value(1.0), 2.0], r"inputs\[1\] is 2.0, a float"),
        (Value(1.0), Value(2.0), r"inputs is the single .* write \[x\] around it"),
    ],
)
def test_only_values_have_derivatives(output: Value, inputs: list[Value], part: str) -> None:
    with pytest.raises(TypeError, match=f"gradients: {part}"):
        gradients(output, inputs)


def test_no_reference_cycle_is_left_behind() -> None:
    gc.collect()
    gc.disable()
    try:
        x = Value(3.0)
        y = (x * x).tanh() * x
        [slope] = gradients(y, [x], create_graph=True)
        gradients(slope, [x], create_graph=True)
        del y, slope
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_long_chains_have_second_derivatives() -> None:
    x = Value(1.0)
    y = x
    for _ in range(5000):
        y = y * x
    [slope] = gradients(y, [x], create_graph=True)
    assert slope.data == 5001.0
    assert gradients(slope, [x]) == [5001.0 * 5000.0]
