"""Functions that make the derivative of a function."""

from __future__ import annotations

import math
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from autograd import Value, exp, log, no_grad, total
from autograd.functional import (
    derivatives,
    grad,
    gradients,
    hessian,
    hessian_vector_product,
    jacobian,
    jvp,
    value_and_grad,
)

Point = namedtuple("Point", "x y")

# Everything that takes a function and gives a function of its arguments.
CURRIED = [grad, value_and_grad, jacobian, hessian]
every_curried = pytest.mark.parametrize("transform", CURRIED)


def bent(x: Value, y: Value) -> Value:
    """No derivative of it up to the third order is constant."""
    return (x * y).sin() * exp(x / y) + log(x * x + y)


# --- values


def test_a_derivative_is_a_plain_number_again() -> None:
    result = grad(lambda x: x * x)(3)
    assert result == 6.0
    assert type(result) is float
    value, slope = value_and_grad(lambda x: x * x)(3)
    assert (value, slope) == (9.0, 6.0)
    assert {type(value), type(slope)} == {float}


@pytest.mark.parametrize("number", [2, 2.0, Fraction(2), np.float32(2.0), np.int64(2)])
def test_any_real_number_is_an_argument(number: float) -> None:
    assert grad(lambda x: x * x * x)(number) == 12.0


def test_chosen_arguments() -> None:
    def f(a: Value, b: Value, c: float = 1.0, *, scale: float = 1.0) -> Value:
        return a * a * b * c * scale

    assert grad(f)(3.0, 5.0) == 30.0
    assert grad(f, 1)(3.0, 5.0) == 9.0
    assert grad(f, -1)(3.0, 5.0) == 9.0
    assert grad(f, argnums=[2])(3.0, 5.0, 2.0) == (45.0,)
    assert grad(f, argnums=(1, 0))(3.0, 5.0, 2.0, scale=10.0) == (180.0, 600.0)
    assert value_and_grad(f, (0, 1))(3.0, 5.0, scale=10.0) == (450.0, (300.0, 90.0))


def test_other_arguments_arrive_as_they_are() -> None:
    seen = []

    def f(x: Value, *rest: object, **named: object) -> Value:
        seen.append((rest, named))
        return x * 2.0

    data = [1.0, "text", None]
    assert grad(f)(1.0, data, label="a") == 2.0
    assert seen == [((data,), {"label": "a"})]
    assert seen[0][0][0] is data


def test_gradients_have_the_shape_of_the_arguments() -> None:
    def f(p: dict[str, Any]) -> Value:
        (a, b), c, d = p["w"], p["b"], p["xy"]
        result: Value = total([a * b * c, d.x * 7.0, d.y * 0.0])
        return result

    point = {"w": [2.0, 3.0], "b": 5.0, "xy": Point(1.0, 1)}
    slopes = grad(f)(point)
    assert slopes == {"w": [15.0, 10.0], "b": 6.0, "xy": Point(7.0, 0.0)}
    assert type(slopes["xy"]) is Point
    assert point == {"w": [2.0, 3.0], "b": 5.0, "xy": Point(1.0, 1)}
    assert grad(lambda p: p[1] * 2.0)((1.0, 2.0)) == (0.0, 2.0)
    assert grad(lambda p: p["b"])(OrderedDict(b=1.0, a=2.0)) == {"b": 1.0, "a": 0.0}


def test_a_function_may_change_the_lists_it_is_given() -> None:
    def f(x: list[Value]) -> Value:
        x.reverse()
        x.append(x[0] * x[0])
        return total(x)

    given = [1.0, 2.0]
    assert grad(f)(given) == [1.0, 5.0]
    assert given == [1.0, 2.0]


def test_a_jacobian_has_the_shape_of_results_and_arguments() -> None:
    def f(x: list[Value], y: Value) -> dict[str, object]:
        return {"a": x[0] * y, "b": (x[1], x[0] * x[1])}

    assert jacobian(f)([2.0, 3.0], 5.0) == {"a": [5.0, 0.0], "b": ([0.0, 1.0], [3.0, 2.0])}
    assert jacobian(f, (0, 1))([2.0, 3.0], 5.0)["a"] == ([5.0, 0.0], 2.0)
    assert jacobian(lambda x: x * x)(3.0) == 6.0


def test_a_hessian_against_50_digits() -> None:
    with mpmath.workdps(50):

        def reference(x: mpmath.mpf, y: mpmath.mpf) -> mpmath.mpf:
            return mpmath.sin(x * y) * mpmath.exp(x / y) + mpmath.log(x * x + y)

        expected = [
            [float(mpmath.diff(reference, (0.7, 1.3), order)) for order in row]
            for row in [[(2, 0), (1, 1)], [(1, 1), (0, 2)]]
        ]
    by_list = hessian(lambda p: bent(p[0], p[1]))([0.7, 1.3])
    by_place = hessian(bent, argnums=(0, 1))(0.7, 1.3)
    for row, other, wanted in zip(by_list, by_place, expected, strict=True):
        assert row == pytest.approx(wanted, rel=1e-13)
        assert row == list(other)
    assert hessian(bent)(0.7, 1.3) == by_list[0][0]
    by_dict = hessian(lambda p: bent(p["x"], p["y"]))({"x": 0.7, "y": 1.3})
    assert by_dict["x"]["y"] == by_list[0][1]


def test_products_with_the_hessian_and_the_jacobian() -> None:
    at, along = (0.7, 1.3), (2.0, -3.0)
    rows = hessian(bent, (0, 1))(*at)
    expected = [row[0] * along[0] + row[1] * along[1] for row in rows]
    assert hessian_vector_product(bent, at, along) == pytest.approx(tuple(expected), rel=1e-13)
    by_x, by_y = grad(bent, (0, 1))(*at)
    value, tangent = jvp(bent, at, along)
    assert value == value_and_grad(bent)(*at)[0]
    assert tangent == pytest.approx(by_x * along[0] + by_y * along[1], rel=1e-15)


def test_directions_have_the_shape_of_the_arguments() -> None:
    def f(p: dict[str, Value]) -> list[Value]:
        return [p["a"] * p["b"], p["a"] * 1.0]

    assert jvp(f, {"a": 2.0, "b": 3.0}, {"a": 1, "b": 0}) == ([6.0, 2.0], [3.0, 1.0])
    point, direction = {"a": 2.0, "b": 3.0}, {"a": 1, "b": 10}
    assert hessian_vector_product(lambda p: f(p)[0], point, direction) == {"a": 10.0, "b": 1.0}
    assert hessian_vector_product(lambda x: x**3, 2.0, 1.0) == 12.0
    assert hessian_vector_product(lambda x: x**3, (2.0,), (1.0,)) == (12.0,)


def test_higher_derivatives_against_50_digits() -> None:
    with mpmath.workdps(50):
        expected = [float(mpmath.diff(mpmath.tanh, mpmath.mpf(0.3), n)) for n in range(7)]
    found = derivatives(lambda x: x.tanh(), 0.3, 6)
    assert found == pytest.approx(expected, rel=1e-12)
    assert {type(number) for number in found} == {float}
    assert derivatives(lambda x: x * x, 3.0, 0) == [9.0]
    assert derivatives(lambda x: x * x, 3.0, 4) == [9.0, 6.0, 2.0, 0.0, 0.0]


# --- nesting


def test_a_derivative_can_be_differentiated() -> None:
    sine = grad(grad(grad(grad(lambda x: x.sin()))))
    assert sine(0.3) == pytest.approx(math.sin(0.3), rel=1e-15)
    assert grad(lambda x: jacobian(lambda y: [y * y, y])(x)[0] * x)(3.0) == 12.0
    assert grad(hessian(lambda y: y**3))(3.0) == 6.0
    assert grad(lambda x: hessian_vector_product(lambda y: y**3, x, 2.0))(3.0) == 12.0
    assert grad(lambda x: jvp(lambda y: y * y, x, 1.0)[1])(3.0) == 2.0
    assert grad(lambda x: derivatives(lambda y: y**4, x, 2)[2])(3.0) == 72.0
    assert jvp(grad(lambda x: x**3), 2.0, 1.0) == (12.0, 12.0)
    assert grad(lambda x: value_and_grad(lambda y: y * y)(x)[0])(3.0) == 6.0


def test_variables_of_one_value_are_told_apart() -> None:
    """d/dx (x · d/dy (x · y) at y = x) is 2x; taking y for x would give more."""
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0
    assert grad(lambda x: x * jvp(lambda y: x * y, x, 1.0)[1])(3.0) == 6.0
    assert grad(lambda x: grad(lambda y: y * y, 0)(x) * x)(3.0) == 12.0


def test_what_a_function_knows_from_outside_counts_only_outside() -> None:
    """The inner derivative is taken at a plain number, but depends on x."""
    assert grad(lambda x: grad(lambda y: x * x * y)(2.0))(3.0) == 6.0
    assert grad(lambda x: jvp(lambda y: x * y, 2.0, 1.0)[1])(3.0) == 1.0
    w = Value(5.0)
    assert grad(lambda x: x * w)(2.0) == 5.0


def test_one_value_as_two_arguments() -> None:
    x = Value(3.0)
    by_a, by_b = grad(lambda a, b: a * a * b, (0, 1))(x, x)
    assert (by_a.data, by_b.data) == (18.0, 9.0)
    assert gradients(by_a, [x]) == [12.0]


@pytest.mark.parametrize("place", ["argument", "other argument", "keyword", "direction"])
def test_given_values_results_are_values(place: str) -> None:
    w = Value(5.0, name="w")
    results = {
        "argument": lambda: grad(lambda x: x**3)(w),
        "other argument": lambda: grad(lambda x, y: x * y[0] * y[0])(2.0, [w]),
        "keyword": lambda: grad(lambda x, y: x * y**2)(2.0, y=w),
        "direction": lambda: jvp(lambda x: x * x, 1.5, w)[1],
    }
    result = results[place]()
    assert isinstance(result, Value)
    slope = {"argument": 30.0, "other argument": 10.0, "keyword": 10.0, "direction": 3.0}[place]
    assert gradients(result, [w]) == [slope]
    assert not w.reached


def test_a_function_is_recorded_where_nothing_else_is() -> None:
    x = Value(3.0)
    with no_grad():
        assert grad(lambda x: x * x)(3.0) == 6.0
        slope = grad(lambda x: x * x)(x)
        assert (x * x).is_leaf
        assert grad(grad(lambda x: x**3))(2.0) == 12.0
    assert slope.data == 6.0
    assert slope.is_leaf

    def half_recorded(x: Value) -> Value:
        with no_grad():
            scale = x * x
        return scale * x

    assert grad(half_recorded)(3.0) == 9.0


def test_an_error_leaves_no_trace() -> None:
    def broken(x: Value) -> Value:
        raise KeyError(x.name)

    x = Value(2.0)
    with pytest.raises(KeyError, match="x"):
        grad(broken)(1.0)
    # Were it still taken for nested, a Value would come out.
    assert type(grad(lambda x: x * x)(1.0)) is float
    with pytest.raises(KeyError):
        grad(broken)(x)
    assert not x.reached


def test_signed_zeros_and_other_numbers_arrive_unchanged() -> None:
    for number in (-0.0, 5e-324, math.inf):
        for argument in (number, Value(number)):
            seen: list[Value] = []
            grad(lambda x, seen=seen: seen.append(x) or x)(argument)
            assert seen[0].data.hex() == number.hex()
    assert grad(lambda x: x)(math.nan) == 1.0


# --- errors


@every_curried
def test_a_result_must_know_how_it_was_made(
    transform: Callable[..., Callable[..., object]],
) -> None:
    for f in (math.tanh, lambda x: x.data, lambda x: None, lambda x: "text"):
        with pytest.raises(TypeError, match=rf"{transform.__name__}: .*the function's result is"):
            transform(f)(1.0)


@pytest.mark.parametrize("transform", [grad, value_and_grad, hessian])
def test_only_one_number_has_a_gradient(transform: Callable[..., Callable[..., object]]) -> None:
    with pytest.raises(TypeError, match=r"returned a list of 2.*jacobian"):
        transform(lambda x: [x, x])(1.0)


@every_curried
@pytest.mark.parametrize(
    ("argument", "error", "text"),
    [
        ("1", TypeError, "x: expected a real number, got str"),
        (True, TypeError, "x: expected a real number, got bool"),
        (1j, TypeError, "x: expected a real number, got complex"),
        (None, TypeError, "x: expected a real number, got NoneType"),
        ([1.0, [2.0, "3"]], TypeError, r"x\[1\]\[1\]: expected"),
        ({"a": None}, TypeError, r"x\['a'\]: expected"),
        (np.array([1.0]), TypeError, "x: expected .* take its elements one by one"),
        (10**400, OverflowError, "x: .* too large for a float"),
        ([], ValueError, "no number in x"),
        ({}, ValueError, "no number in x"),
    ],
)
def test_arguments_must_be_numbers(
    transform: Callable[..., Callable[..., object]],
    argument: object,
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=f"{transform.__name__}: .*{text}"):
        transform(lambda x: x)(argument)


def test_a_list_inside_itself() -> None:
    endless: list[object] = [1.0]
    endless.append(endless)
    with pytest.raises(ValueError, match="contain itself"):
        grad(lambda x: x[0])(endless)
    assert grad(lambda x, y: x)(1.0, endless) == 1.0


@pytest.mark.parametrize(
    ("argnums", "error", "text"),
    [
        (2, ValueError, "argument 2, but the function was given 2"),
        (-3, ValueError, "argument -3"),
        ((), ValueError, "argnums is empty"),
        ((0, 0), ValueError, "twice"),
        ((0, -2), ValueError, "twice"),
        ("x", TypeError, "argnums is 'x'"),
        (1.0, TypeError, "argnums is 1.0"),
        ((1.0,), TypeError, "argnums is"),
        (None, TypeError, "argnums is None"),
        (True, TypeError, "argnums is True"),
    ],
)
def test_argnums_name_arguments(argnums: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        grad(lambda x, y: x * y, argnums)(1.0, 2.0)  # type: ignore[arg-type]  # the error under test


def test_assigning_to_an_argument_is_told() -> None:
    def f(rate: Value) -> Value:
        square = rate * rate
        rate.data = 5.0
        return square

    with pytest.raises(ValueError, match=r"grad: .* assigned 5.0 to .* rate, which was 3.0"):
        grad(f)(3.0)


def test_arguments_without_a_path_on_request() -> None:
    def f(a: Value, b: Value) -> Value:  # noqa: ARG001 (that it is not used is the point)
        return a * 2.0

    assert grad(f, (0, 1))(1.0, 2.0) == (2.0, 0.0)
    for transform in (grad, value_and_grad, jacobian):
        with pytest.raises(ValueError, match=r"not computed from .*name='b'"):
            transform(f, (0, 1), require_path=True)(1.0, 2.0)
        assert transform(f, require_path=True)(1.0, 2.0)


@pytest.mark.parametrize(
    ("primals", "tangents"),
    [(1.0, [1.0]), ([1.0], 1.0), ([1.0, 2.0], [1.0]), ((1.0,), 1.0), ({"a": 1.0}, {"b": 1.0})],
)
@pytest.mark.parametrize("transform", [jvp, hessian_vector_product])
def test_a_direction_must_fit(
    transform: Callable[..., object], primals: object, tangents: object
) -> None:
    with pytest.raises(ValueError, match=f"{transform.__name__}: the direction .* must have one"):
        transform(lambda x: x if isinstance(x, Value) else Value(0.0), primals, tangents)


def test_a_direction_is_made_of_numbers() -> None:
    with pytest.raises(TypeError, match=r"jvp: .*expected a real number, got str"):
        jvp(lambda x: x[0], [1.0], ["1"])


@pytest.mark.parametrize(("n", "error"), [(-1, ValueError), (1.0, TypeError), (True, TypeError)])
def test_an_order_is_a_whole_number(n: int, error: type[Exception]) -> None:
    with pytest.raises(error, match="derivatives: n is"):
        derivatives(lambda x: x, 1.0, n)


@every_curried
def test_a_function_is_asked_for(transform: Callable[..., Callable[..., object]]) -> None:
    for thing in (3.0, Value(1.0), None):
        with pytest.raises(TypeError, match=f"{transform.__name__}: .*is no function"):
            transform(thing)


def test_derivatives_go_by_a_name() -> None:
    assert grad(bent).__name__ == "grad(bent)"
    assert "bent" in str(hessian(bent).__doc__)
