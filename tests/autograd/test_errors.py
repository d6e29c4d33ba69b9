"""Errors teach: the type is Python's, the message says what came, where, why and what to do."""

from __future__ import annotations

import inspect
import math
import traceback
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from autograd import Value, dot, gradients, mean, no_grad, ops, scalar_rule, total
from autograd.ops import TABLE

# What a type checker would not let through, but a notebook does.
TEXT: Any = "2"
LIST: Any = [2.0]
TUPLE: Any = (2.0,)


class Case(NamedTuple):
    """An operation outside its domain, and what the error is and says of it."""

    name: str
    f: Callable[[Value], object]
    number: float
    kind: type[Exception]
    says: str


OUTSIDE = [
    Case("log", lambda v: v.log(), 0.0, ValueError, "x > 0"),
    Case("log", lambda v: v.log(), -1.0, ValueError, "logits"),
    Case("log1p", lambda v: v.log1p(), -1.0, ValueError, "x > −1"),
    Case("sqrt", lambda v: v.sqrt(), -4.0, ValueError, "x ≥ 0"),
    Case("exp", lambda v: v.exp(), 1000.0, OverflowError, "logsumexp or softplus"),
    Case("expm1", lambda v: v.expm1(), 1000.0, OverflowError, "below 709.78"),
    Case("sin", lambda v: v.sin(), math.inf, ValueError, "finite angle"),
    Case("cos", lambda v: v.cos(), -math.inf, ValueError, "finite angle"),
    Case("tan", lambda v: v.tan(), math.inf, ValueError, "finite angle"),
    Case("div", lambda v: 1 / v, 0.0, ZeroDivisionError, "denominator other than 0"),
    Case("div", lambda v: Value(1.0) / v, 0.0, ZeroDivisionError, "find out what made it 0"),
    Case("pow", lambda v: v**-1, 0.0, ZeroDivisionError, "negative power"),
    Case("pow", lambda v: v**0.5, -8.0, ValueError, "exponent = 0.5"),
    Case("pow", lambda v: v**2, 1e200, OverflowError, "too large for a float"),
    Case("pow", lambda v: (-8) ** v, 0.5, ValueError, "base = -8"),
    Case("pow", lambda v: 0**v, -1.0, ZeroDivisionError, "base = 0"),
]
outside = pytest.mark.parametrize("case", OUTSIDE, ids=[f"{c.name} {c.number}" for c in OUTSIDE])


class Unprinted(Value):
    """A Value for which the engine has printed no functions: it asks the rows themselves."""

    __slots__ = ()


def state(*values: Value) -> list[object]:
    return [
        (v.data, v.grad, v.reached, v.name, v.op, v.operands, v.partials, v.is_leaf) for v in values
    ]


def says(message: str, *parts: str) -> bool:
    missing = [part for part in parts if part not in message]
    assert not missing, f"{missing} not in {message!r}"
    return True


@outside
@pytest.mark.parametrize("node", [Value, Unprinted])
def test_outside_the_domain(case: Case, node: type[Value]) -> None:
    value = node(case.number, name="net_h1")
    before = state(value)
    with pytest.raises(case.kind) as caught:
        case.f(value)
    assert type(caught.value) is case.kind
    assert says(str(caught.value), case.name, "'net_h1'", repr(case.number), case.says)
    assert state(value) == before


@outside
def test_outside_the_domain_while_nothing_is_recorded(case: Case) -> None:
    with pytest.raises(case.kind) as caught, no_grad():
        case.f(Value(case.number, name="net_h1"))
    assert says(str(caught.value), case.name, "'net_h1'", repr(case.number), case.says)


@pytest.mark.parametrize(
    ("f", "kind", "parts"),
    [
        (lambda: ops.log(-1.0), ValueError, ["log", "-1.0", "x > 0"]),
        (lambda: ops.exp(1000.0), OverflowError, ["exp", "1000.0", "709.78"]),
        (lambda: ops.div(1.0, 0.0), ZeroDivisionError, ["div", "a = 1.0", "b = 0.0"]),
        (lambda: ops.power(-8.0, 0.5), ValueError, ["pow", "-8.0", "0.5"]),
    ],
)
def test_numbers_are_told_the_same(
    f: Callable[[], object], kind: type[Exception], parts: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        f()
    assert says(str(caught.value), *parts)


def test_both_operands_are_named() -> None:
    a, b = Value(2.0, name="out_o1"), Value(0.0, name="target_o1")
    with pytest.raises(ZeroDivisionError) as caught:
        a / b
    assert says(str(caught.value), "2.0, name='out_o1'", "0.0, name='target_o1'")


def test_the_traceback_has_lines_for_functions_that_stand_in_no_file() -> None:
    with pytest.raises(ValueError, match="x > 0") as caught:
        Value(-1.0).log()
    *_, last = traceback.extract_tb(caught.tb)
    assert "log" in last.filename
    assert last.line
    assert inspect.getsource(Value(1.0).log).count("\n") > 5


def test_an_error_leaves_the_graph_as_it_was() -> None:
    x, w = Value(2.0, name="x"), Value(0.0, name="w")
    y = x * w
    y.backward()
    before = state(x, w, y)
    attempts: list[Callable[[], object]] = [
        lambda: x / y,
        lambda: 1.0 + y.log(),
        lambda: (y - 1.0) ** 0.5,
        lambda: x + "1",  # type: ignore[operator]  # the error under test
        lambda: dot([x, y], [x]),
        lambda: y.backward("1"),  # type: ignore[arg-type]  # the error under test
        lambda: setattr(x, "data", "3"),
        lambda: setattr(x, "grad", None),
        lambda: setattr(x, "name", 3),
        lambda: setattr(y, "data", 3.0),
        lambda: gradients(y, [x, "w"]),  # type: ignore[list-item]  # the error under test
    ]
    for attempt in attempts:
        with pytest.raises((ArithmeticError, ValueError, TypeError, AttributeError)):
            attempt()
        assert state(x, w, y) == before
    y.backward()
    assert (x.grad, w.grad) == (0.0, 4.0)


@pytest.mark.parametrize(
    ("thing", "advice"),
    [
        ("0.5", "float(…)"),
        (True, "1.0 or 0.0"),
        (1j, "real and imaginary"),
        ([1.0], "elements one by one"),
        ((1.0,), "elements one by one"),
        ((1.0, 2.0), "elements one by one"),
        ((Value(1.0), Value(2.0)), "elements one by one"),
        (None, "one number"),
    ],
)
@pytest.mark.parametrize("name", ["add", "mul", "pow", "maximum", "leaky_relu"])
def test_wrong_types_name_operation_operand_and_node(name: str, thing: object, advice: str) -> None:
    x, op = Value(2.0, name="out_h1"), TABLE[name]
    orders: list[Any] = [(thing, x), (x, thing)]
    for index, operands in enumerate(orders):
        with pytest.raises(TypeError) as caught:
            op(*operands)
        assert says(str(caught.value), name, op.parameters[index], type(thing).__name__, advice)
        assert says(str(caught.value), "out_h1")


@pytest.mark.parametrize("name", ["relu", "exp", "neg", "abs", "sqrt"])
@pytest.mark.parametrize("thing", ["2", (2.0,), (2.0, 3.0), [2.0], (Value(2.0),), None, True])
def test_a_function_of_one_number_takes_one_number(name: str, thing: Any) -> None:
    with pytest.raises(TypeError, match=rf"{name}.*expected a real number, got"):
        TABLE[name](thing)


@pytest.mark.parametrize("bias", [(3.0,), (3.0, 4.0), [3.0], "3", None])
def test_a_bias_is_one_number(bias: Any) -> None:
    for weight in (2.0, Value(2.0)):
        with pytest.raises(TypeError, match=r"dot.*bias"):
            dot([weight], [1.0], bias)


@pytest.mark.parametrize(
    ("f", "kind", "parts"),
    [
        (lambda: total([]), ValueError, ["total", "empty list", "at least one"]),
        (lambda: mean(()), ValueError, ["mean", "empty list"]),
        (lambda: dot([], []), ValueError, ["dot", "empty list"]),
        (lambda: dot([1.0], [1.0, 2.0]), ValueError, ["dot", "1 weights", "2 inputs"]),
        (lambda: total(Value(2.0, name="x")), TypeError, ["total", "'x'", "total([a, b, …])"]),
        (lambda: total(3.0), TypeError, ["total", "3.0", "list of numbers"]),
        (lambda: total(TEXT), TypeError, ["total", "'2'", "list of numbers"]),
        (lambda: total([1.0, TEXT]), TypeError, ["total", "terms[1]", "'2'"]),
        (lambda: total([Value(1.0), LIST]), TypeError, ["total", "terms[1]", "[2.0]"]),
        (lambda: total([Value(1.0), TUPLE]), TypeError, ["total", "terms[1]", "(2.0,)"]),
        (lambda: total(1.0, 2.0), TypeError, ["total", "(terms)", "2 operands"]),
        (lambda: ops.maximum(1.0), TypeError, ["maximum", "(a, b)", "1 operands"]),
        (lambda: ops.tanh(1.0, slope=2.0), TypeError, ["tanh", "(x)", "slope"]),
        (lambda: ops.tanh(1.0, x=2.0), TypeError, ["tanh", "(x)", "x"]),
        (lambda: ops.where(TEXT, 1.0, 2.0), TypeError, ["where", "condition", "'2'"]),
    ],
)
def test_calls_that_make_no_sense(
    f: Callable[[], object], kind: type[Exception], parts: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        f()
    assert says(str(caught.value), *parts)


@pytest.mark.parametrize(
    "f", [lambda x: x.exp(1.0), lambda x: x.maximum(), lambda x: x.leaky_relu(0.1, 0.2)]
)
def test_methods_count_their_operands(f: Callable[[Value], object]) -> None:
    with pytest.raises(TypeError, match=r"exp|maximum|leaky_relu"):
        f(Value(1.0))


@pytest.mark.parametrize(
    "huge",
    [2**1024, 10**400, -(10**400), 10**5000, Fraction(10**400)],
    ids=["just", "int", "negative", "too long for Python to print", "fraction"],
)
def test_numbers_too_large_for_a_float(huge: Any) -> None:
    x = Value(2.0, name="out_h1")
    with pytest.raises(OverflowError, match=r"'w'.*too large for a float"):
        Value(huge, name="w")
    products: list[Callable[[], Value]] = [lambda: x * huge, lambda: huge * x]
    for product in products:
        with pytest.raises(OverflowError, match=r"mul.*too large for a float") as caught:
            product()
        assert "out_h1" in str(caught.value)
        assert len(str(caught.value)) < 300


def test_a_message_stays_readable_whatever_came() -> None:
    with pytest.raises(TypeError) as caught:
        Value([0.5] * 1000)  # type: ignore[arg-type]  # the error under test
    assert len(str(caught.value)) < 200
    long = scalar_rule(
        "product", lambda t: 1.0 * math.prod(t), lambda y, t: [y / x for x in t], sequences=["t"]
    )
    with pytest.raises(ZeroDivisionError, match="product") as failed:
        long([Value(0.0)] * 1000)
    assert len(str(failed.value)) < 1000


def test_data_that_was_computed_cannot_be_assigned() -> None:
    y = (Value(2.0) * 3.0).named("net_h1")
    with pytest.raises(AttributeError, match=r"net_h1.*computed by mul.*leaves"):
        y.data = 1.0
    assert y.data == 6.0


@pytest.mark.parametrize("seed", ["1", None, True, [1.0], Value(1.0)])
def test_a_seed_is_a_number(seed: float) -> None:
    with pytest.raises(TypeError, match=r"seed of backward\(\)"):
        Value(1.0).backward(seed)
