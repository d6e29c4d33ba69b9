"""The printed functions: as few steps as a person would write, and no others."""

from __future__ import annotations

import ast
import math
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import pytest

from autograd import Value, dot, gradients, ops, scalar_rule, total
from autograd.ops import TABLE
from autograd.recorder import recorder_source
from autograd.rows import Op


def calls(source: str) -> Counter[str]:
    """How often the body of the printed function calls what."""
    return Counter(
        node.func.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def patterns(op: Op) -> list[tuple[int, ...]]:
    """All Values, and one Value among numbers, at each place."""
    count = len(op.parameters)
    single = [tuple(1 if i == place else -1 for i in range(count)) for place in range(count)]
    return [(1,) * count, *single]


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
def test_every_row_can_be_printed(op: Op) -> None:
    for pattern in patterns(op):
        source = recorder_source(op, pattern)
        assert "def record(" in source
        ast.parse(source)


@pytest.mark.parametrize(
    ("name", "function"), [("exp", "exp"), ("tanh", "tanh"), ("sigmoid", "exp"), ("tan", "tan")]
)
def test_the_value_serves_its_own_derivative(name: str, function: str) -> None:
    assert calls(recorder_source(TABLE[name], (1,)))[function] == 1


def test_partials_of_numbers_are_not_computed() -> None:
    assert calls(recorder_source(ops.power, (1, -1)))["log"] == 0
    assert calls(recorder_source(ops.power, (-1, 1)))["log"] == 1


def test_an_operator_looks_at_what_stands_on_its_right() -> None:
    assert "type(b_node)" in recorder_source(ops.mul, (1, 1), is_operator=True)
    assert "type(" not in recorder_source(ops.mul, (1, 1))
    assert "type(" not in recorder_source(ops.neg, (1,), is_operator=True)


def test_a_function_of_floats_cannot_be_printed() -> None:
    op = scalar_rule("my_tanh", lambda x: math.tanh(float(x)), lambda y, x: 1.0 - y * y)
    with pytest.raises(TypeError):
        recorder_source(op, (1,))


def test_a_row_that_is_printed_is_asked_once() -> None:
    asked: list[str] = []

    def value(a: float, b: float) -> float:
        asked.append("value")
        return a * b

    def partial(_y: float, _a: float, b: float) -> float:
        asked.append("partial")
        return b

    op = scalar_rule("product", value, partial, lambda y, a, b: a)
    a, b = Value(2.0), Value(3.0)
    op(a, b)
    once = list(asked)
    for _ in range(10):
        assert op(a, b).partials == (3.0, 2.0)
    assert asked == once


def functions_called(action: Callable[[], object]) -> list[str]:
    """Python's functions, by their names and, if they were printed, the files that they claim."""
    called: list[str] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            file = frame.f_code.co_filename
            called.append(file if file.startswith("<autograd") else frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(before)
    return called[1:]


@pytest.mark.parametrize("number", [2.0, 2, -1000, 2**53 + 1, -int(sys.float_info.max), math.inf])
def test_a_plain_number_beside_an_operator_goes_straight_to_its_printed_function(
    number: float,
) -> None:
    x = Value(0.5)
    right = ["<autograd sub (1, 1)>", "_mixed", "<autograd sub (1, -1)>"]
    left = ["<lambda>", "_mixed", "<autograd sub (-1, 1)>"]
    for _ in range(2):
        found = functions_called(lambda: x - number), functions_called(lambda: number - x)
    assert found == (right, left)


def test_all_ways_to_an_operation_lead_to_one_printed_function() -> None:
    x = Value(0.5)
    ways: list[tuple[Callable[[], object], tuple[int, ...]]] = [
        (lambda: ops.maximum(x, 2.0), (1, -1)),
        (lambda: ops.maximum(2.0, x), (-1, 1)),
        (lambda: x.maximum(x), (1, 1)),
        (lambda: ops.maximum(2, x), (-1, 1)),
        (lambda: -x, (1,)),
        (lambda: dot([x, x], [1.0, 2.0]), (2, -2, -1)),
    ]
    for way, pattern in ways:
        way()
        assert functions_called(way)[-1].endswith(f" {pattern}>")


@pytest.mark.parametrize(("count", "is_printed"), [(100, True), (101, False)])
def test_lists_are_printed_up_to_a_length(count: int, is_printed: bool) -> None:
    xs = [Value(0.5)] * count
    total(xs)
    called = functions_called(lambda: total(xs))
    assert (f"<autograd total ({count},)>" in called) is is_printed
    assert ("_interpret" in called) is not is_printed


@pytest.mark.parametrize("other", [[1.0, 2.0], [Value(1.0), Value(2.0)]], ids=["floats", "Values"])
@pytest.mark.parametrize("reverse", [False, True])
def test_lists_of_one_kind_are_printed_too(other: list[Value | float], reverse: bool) -> None:
    asked: list[object] = []

    def value(weights: Sequence[float], inputs: Sequence[float]) -> float:
        asked.append(weights)
        return dot(weights, inputs)

    op = scalar_rule(
        "weighted", value, lambda y, w, i: i, lambda y, w, i: w, sequences=["weights", "inputs"]
    )
    lists: list[Any] = [[Value(3.0), Value(4.0)], other][:: -1 if reverse else 1]
    assert [op(*lists).data for _ in range(3)] == [11.0] * 3
    assert len(asked) == 1


def test_a_function_of_floats_is_asked_every_time() -> None:
    asked: list[float] = []

    def value(x: float) -> float:
        asked.append(float(x))
        return math.tanh(x)

    op = scalar_rule("my_tanh", value, lambda y, x: 1.0 - y * y)
    for number in (0.25, 0.5):
        assert op(Value(number)).data == math.tanh(number)
    assert asked[-2:] == [0.25, 0.5]


def test_rows_of_one_name_do_not_mix() -> None:
    twice = scalar_rule("f", lambda x: 2.0 * x, lambda y, x: 2.0)
    thrice = scalar_rule("f", lambda x: 3.0 * x, lambda y, x: 3.0)
    x = Value(5.0)
    assert [twice(x).data, thrice(x).data] == [10.0, 15.0]
    assert [gradients(f(x), [x]) for f in (twice, thrice)] == [[2.0], [3.0]]
