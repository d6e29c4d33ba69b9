"""What a function may do while it is traced, and what would fix a number for ever."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, exp, gradients, log, no_grad, where
from autograd.codegen import compile
from autograd.codegen.targets import Backend


def test_leaves_outside_are_parameters_and_leaves_inside_are_constants() -> None:
    w = Value(2.0, name="w")
    f = compile(lambda x: w * x + Value(10.0) * x)
    assert f(3.0) == 36.0
    w.data = 5.0
    assert f(3.0) == 45.0
    f.value_and_grad(3.0)
    assert w.grad == 3.0


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_a_parameter_that_only_decides_is_not_reached(backend: Backend) -> None:
    w, limit = Value(2.0), Value(1.0)
    f = compile(lambda x: w * x if x > limit else x, backend)
    f.value_and_grad(3.0)
    f.over_batch([(3.0,), (0.5,)])
    assert not limit.reached
    assert w.grad == 6.0
    limit.data = 5.0
    assert f(3.0) == 3.0


def test_a_parameter_receives_gradients_as_backward_gives_them() -> None:
    w = Value(2.0)
    f = compile(lambda x: w * w * x)
    f.value_and_grad(3.0)
    f.value_and_grad(3.0)
    assert w.grad == 24.0


@pytest.mark.parametrize(
    ("how", "f"),
    [
        (".data", lambda x: x * x.data),
        ("float", lambda x: x * float(x)),
        ("float", lambda x: x * math.tanh(x)),
        (".data = …", lambda x: x.__setattr__("data", 1.0)),
        (".grad", lambda x: x + x.grad),
        (".backward", lambda x: (x * x).backward() or x),
        ("gradients", lambda x: gradients(x * x, [x])[0] * x),
    ],
)
def test_reading_a_number_out_of_the_graph_is_refused(how: str, f: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="inside a function that is compiled") as error:
        compile(f)(2.0)
    assert how in str(error.value)
    assert compile(lambda x: x * 2.0)(1.0) == 2.0


def test_outside_of_traces_numbers_can_be_read_as_ever() -> None:
    x = Value(2.0)
    f = compile(lambda y: x * y)
    f(1.0)
    assert x.data == float(x) == 2.0
    x.backward()
    assert x.grad == 1.0


def test_numbers_of_constants_can_be_read_and_all_can_be_shown() -> None:
    def f(x: Value) -> Value:
        half = Value(0.5)
        assert repr(x) == "Value(3.0, name='x')"
        assert f"{x:.1f}" == "3.0"
        return x * half.data

    assert compile(f)(3.0) == 1.5


def test_derivatives_inside_stay_derivatives() -> None:
    slope = compile(lambda x: gradients(x**3, [x], create_graph=True)[0])
    assert slope.value_and_grad(2.0) == (12.0, (12.0,))
    assert slope(3.0) == 27.0


def test_nothing_flows_through_no_grad_but_the_number_is_current() -> None:
    def f(x: Value) -> Value:
        with no_grad():
            scale = x * x
        return scale * x

    assert compile(f).value_and_grad(2.0) == (8.0, (4.0,))
    program = compile(f)
    program(2.0)
    assert program.value_and_grad(3.0) == (27.0, (9.0,))


def test_a_branch_on_what_was_computed_in_no_grad_is_a_branch() -> None:
    def f(x: Value) -> Value:
        with no_grad():
            square = x * x
        return x * 2.0 if square > 4.0 else x * 3.0

    program = compile(f)
    assert [program(x) for x in (1.0, 3.0, -3.0)] == [3.0, 6.0, -6.0]


def test_what_was_computed_before_cannot_be_used_inside() -> None:
    outside = (Value(2.0) * 3.0).named("net")
    with pytest.raises(TypeError, match=r"name='net'.*computed before the function was called"):
        compile(lambda x: x * outside)(1.0)


@pytest.mark.parametrize("result", [None, "text", [Value(1.0)], True])
def test_the_result_is_one_number(result: object) -> None:
    with pytest.raises(TypeError, match="return one Value"):
        compile(lambda x: result)(1.0)  # type: ignore[arg-type, return-value]  # that is the test


def test_a_constant_is_a_function_too() -> None:
    assert compile(lambda x: 3).value_and_grad(1.0) == (3.0, (0.0,))
    assert compile(lambda x: Value(3.0)).value_and_grad(1.0) == (3.0, (0.0,))
    assert compile(lambda x: x).value_and_grad(1.0) == (1.0, (1.0,))


def test_conditions_for_where_are_no_branches() -> None:
    f = compile(lambda x: where(x > 0.0, x * x, -x))
    assert [f(x) for x in (3.0, -3.0, 0.0)] == [9.0, 3.0, 0.0]
    assert f.value_and_grad(-3.0) == (3.0, (-1.0,))
    assert f.report().traces == 1


@pytest.mark.parametrize(
    "f",
    [
        max,
        lambda x, y: x if x > y else y * 0.5,
        lambda x, y: x if not x > y else y * 2.0,
        lambda x, y: x * ((x > 0.0) + (y > 0.0) + 1),
        lambda x, y: x if (x > 0.0) == (y > 0.0) else y,
        lambda x, y: x if (x > 0.0) ^ (y > 0.0) else y,
        lambda x, y: {True: x, False: y * 3.0}[x < y],
        lambda x, y: [x, y * 2.0][x < y],
        lambda x, y: x * float(x >= y) + y,
        lambda x, y: x if sum(v > 0.0 for v in (x, y)) == 1 else y,
        lambda x, y: sum(sorted([x, y, x * y]), start=0.0) * x,
        lambda x, y: x * 2.0 if x else y,
        lambda x, y: where(x > 0.0, x, y) if y > 0.0 else x * y,
    ],
)
def test_branches_go_the_way_of_the_eager_function(f: Callable[..., Any]) -> None:
    program = compile(f)
    for x in (-2.0, 0.0, 1.0, 2.0):
        for y in (-2.0, -1.0, 0.0, 2.0):
            a, b = Value(x), Value(y)
            output = f(a, b)
            output.backward()
            assert program.value_and_grad(x, y) == (output.data, (a.grad, b.grad))


def test_a_condition_is_no_number_either() -> None:
    with pytest.raises(TypeError, match="add"):
        compile(lambda x: x + (x > 1.0))(2.0)


def test_errors_inside_the_traced_function_come_through() -> None:
    with pytest.raises(KeyError):
        compile(lambda x: {"there": x}["missing"])(1.0)
    with pytest.raises(ValueError, match="log cannot take x = Value"):
        compile(lambda x: log(x - 2.0))(1.0)
    assert Value(1.0).data == 1.0


def test_what_nothing_depends_on_is_left_out() -> None:
    def f(x: Value) -> Value:
        exp(x)
        return x * 2.0

    program = compile(f)
    program.value_and_grad(1.0)
    assert "exp" not in program.source


def test_a_compiled_function_inside_another_becomes_part_of_it() -> None:
    inner = compile(lambda x: x * x)
    outer = compile(lambda x: inner(x) * x)
    assert outer.value_and_grad(2.0) == (8.0, (12.0,))


@pytest.mark.parametrize("backend", ["python", "auto"])
def test_an_argument_that_is_compared_for_equality_is_a_number(backend: Any) -> None:
    def loss(y: Any, target: Any) -> Any:
        if target == 1:
            return -log(y)
        return -log(1.0 - y) if target in (0, -1) else y * 0.0

    compiled = compile(loss, backend)
    for target in (1.0, 0.0, -1.0, 0.5, 1.0):
        assert compiled(0.25, target) == loss(0.25, target)
    assert compiled.report().traces == 4
