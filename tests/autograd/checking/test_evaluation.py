"""Graphs over numbers that are no floats."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from autograd import (
    Value,
    dot,
    exp,
    gradients,
    log,
    logsumexp,
    mean,
    ops,
    scalar_rule,
    sigmoid,
    sqrt,
    total,
    where,
)
from autograd.backprop import topological_order
from autograd.checking.evaluation import evaluate
from autograd.ops import TABLE
from autograd.rows import Op

Points = Callable[..., list[tuple[object, ...]]]
every_row = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())

FORMULAS: dict[str, Callable[..., Any]] = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "tanh": mpmath.tanh,
    "tan": mpmath.tan,
    "expm1": mpmath.expm1,
    "log1p": mpmath.log1p,
    "sqrt": mpmath.sqrt,
}


def rational(w: Value, x: Value) -> Value:
    return dot([w, 3.0, w], [x, w, x / w], 0.5) ** 3 - mean([w, x, w]) / abs(w - x)


def test_rational_examples_are_exact() -> None:
    w, x = Value(0.1, name="w"), Value(3.0, name="x")
    result = evaluate(rational(w, x), {w: Fraction(1, 7), x: "2/3"}, numbers=Fraction)
    # By hand: (2/21 + 3/7 + 2/3 + 1/2)³ − (20/63) / (11/21)
    assert result.value == Fraction(71, 42) ** 3 - Fraction(20, 33)
    assert {type(number) for number in result.values.values()} == {Fraction}
    assert {type(number) for number in result.gradients.values()} == {Fraction}


def test_gradients_are_exact() -> None:
    x, y = Value(3.0), Value(7.0)
    h = x * y
    output = mean([h / x, x**3, y]) + total([h, h]) * 0.25
    result = evaluate(output, {x: Fraction(1, 3), y: Fraction(2, 5)}, numbers=Fraction)
    # ∂/∂x (y/3 + x³/3 + y/3 + xy/2) = x² + y/2, ∂/∂y = 2/3 + x/2
    assert result.gradients[x] == Fraction(1, 9) + Fraction(1, 5)
    assert result.gradients[y] == Fraction(2, 3) + Fraction(1, 6)
    assert result.gradients[h] == 1 + Fraction(1, 2)
    assert result.gradients[output] == 1
    assert result.values[h] == Fraction(2, 15)


def test_floats_are_binary_unless_they_are_taken_as_written() -> None:
    x = Value(0.1)
    output = x * 0.2 + 0.3
    binary = evaluate(output, numbers=Fraction)
    written = evaluate(output, numbers=Fraction, as_written=True)
    assert binary.value == Fraction(0.1) * Fraction(0.2) + Fraction(0.3) != written.value
    assert written.value == Fraction(32, 100)
    assert written.gradients[x] == Fraction(2, 10)
    assert evaluate(output, numbers=Decimal, as_written=True).value == Decimal("0.32")
    with mpmath.workdps(40):
        found = evaluate(output, numbers=mpmath, as_written=True).value
        assert abs(found - mpmath.mpf(32) / 100) < 1e-39
    # Numbers inside of rows are not the user's: leaky_relu's 0.01 is, softplus's ½ would not be.
    assert evaluate(Value(-1.0).leaky_relu(), numbers=Fraction, as_written=True).value == Fraction(
        -1, 100
    )


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("x", [-7.25, -0.5, -1e-9, 1e-9, 0.5, 1.25])
def test_fifty_digits(name: str, x: float) -> None:
    if name in {"sqrt", "log1p"}:
        x = abs(x)
    leaf = Value(x)
    with mpmath.workdps(65):
        at = mpmath.mpf(x)
        value, slope = FORMULAS[name](at), mpmath.diff(FORMULAS[name], at)
    with mpmath.workdps(50):
        result = evaluate(TABLE[name](leaf), numbers=mpmath)
    assert abs(result.value - value) <= abs(value) * mpmath.mpf("1e-48")
    # Differences of 65 digits give a slope of some 32.
    assert abs(result.gradients[leaf] - slope) <= abs(slope) * mpmath.mpf("1e-28")


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "silu", "tanh", "expm1", "log1p", "sqrt"])
@pytest.mark.parametrize("x", [-7.25, -0.5, -1e-30, 0.0, 1e-300, 1e-9, 0.5, 1.25, 1000.0])
def test_decimals_have_the_digits_of_their_context(name: str, x: float) -> None:
    if name in {"sqrt", "log1p"}:
        x = abs(x)
    leaf = Value(x)
    with decimal.localcontext(prec=30):
        result = evaluate(
            TABLE[name](leaf) if x < 700 or name != "expm1" else leaf, numbers=Decimal
        )
    with mpmath.workdps(400 if abs(x) < 1e-20 else 60):
        at = mpmath.mpf(x)
        expected = FORMULAS[name](at) if x < 700 or name != "expm1" else at
        assert abs(mpmath.mpf(str(result.value)) - expected) <= abs(expected) * mpmath.mpf("1e-28")
    assert type(result.value) is Decimal
    assert type(result.gradients[leaf]) is Decimal


@pytest.mark.parametrize("infinity", [math.inf, -math.inf])
def test_decimals_know_infinities(infinity: float) -> None:
    x = Value(infinity)
    for name in ("tanh", "sigmoid", "relu", "softplus", "abs"):
        assert float(evaluate(TABLE[name](x), numbers=Decimal).value) == TABLE[name](infinity)


@every_row
def test_floats_again_are_the_same_bits(op: Op, points: Points) -> None:
    for arguments in points(op, 2) + ([op.kink.operands] if op.kink else []):
        operands = [Value(number) for number in op.flat(arguments)]  # type: ignore[arg-type]  # floats all
        output = op(*op.grouped(operands))
        result = evaluate(output)
        assert result.value.hex() == output.data.hex()
        assert [result.gradients[x] for x in operands] == gradients(output, operands)


@every_row
def test_fifty_digits_agree_with_floats(op: Op, points: Points) -> None:
    for arguments in points(op, 2):
        operands = [Value(number) for number in op.flat(arguments)]  # type: ignore[arg-type]  # floats all
        output = op(*op.grouped(operands))
        with mpmath.workdps(50):
            result = evaluate(output, numbers=mpmath)
        assert float(result.value) == pytest.approx(output.data, rel=2e-15, abs=2e-16)
        assert [float(result.gradients[x]) for x in operands] == pytest.approx(
            gradients(output, operands), rel=1e-14, abs=1e-16
        )


def test_other_numbers_take_other_branches() -> None:
    x = Value(2.0)
    output = where(x, x.relu() * 3.0, -x) + ops.maximum(x, 1.0)
    assert evaluate(output, {x: -2}, numbers=Fraction).value == 1
    assert evaluate(output, {x: -2}, numbers=Fraction).gradients[x] == 0
    assert evaluate(output, {x: 2}, numbers=Fraction).gradients[x] == 4
    assert evaluate(where(x * 1.0, 1.0, x), {x: 0}, numbers=Decimal).value == 0


def test_the_graph_stays_as_it_was() -> None:
    x = Value(2.0, name="x")
    y = x * x
    y.backward()
    x.data = 5.0
    assert evaluate(y, {x: 3}, numbers=Fraction).gradients[x] == 6
    assert evaluate(y).value == 25.0  # what it does not name keeps the data it has now
    assert (x.data, x.grad, y.data, y.partials) == (5.0, 4.0, 4.0, (2.0, 2.0))


def named_graph() -> tuple[Value, Value, Value]:
    w, x = Value(0.5, name="w"), Value(3.0, name="x")
    return w, x, (((w * x).named("net") + w * w) * 2.0).named("y")


def test_leaves_and_results_go_by_their_names() -> None:
    w, x, y = named_graph()
    mixed: dict[Value | str, object] = {"w": "1/7", x: 2}
    by_name = evaluate(y, mixed, numbers=Fraction)
    by_value = evaluate(y, {w: "1/7", x: 2}, numbers=Fraction)
    assert by_name.value == by_value.value == by_name.values["y"]
    assert by_name.values["net"] == by_name.values[y.parents[0].parents[0]] == Fraction(2, 7)
    assert by_name.gradients["w"] == by_value.gradients[w] == 2 * (2 + Fraction(2, 7))
    assert dict(by_name.gradients) == dict(by_value.gradients)
    assert len(by_name.values) == 6
    assert "w" in by_name.values
    assert "v" not in by_name.values
    with pytest.raises(KeyError, match=r"no node is named 'W' under .*mean 'w'"):
        by_name.gradients["W"]
    with pytest.raises(KeyError, match=r"1\.0.* is no node of this graph"):
        by_name.values[Value(1.0)]


def test_the_result_is_printed_as_a_table() -> None:
    w, _, y = named_graph()
    result = evaluate(y, {"w": "1/7"}, numbers=Fraction)
    assert str(result) == repr(result)
    assert str(result).splitlines() == [
        "node  value  ∂y/∂node",
        "────  ─────  ────────",
        "w     1/7    46/7",
        "x     3      2/7",
        "net   3/7    2",
        "y     44/49  1",
        "… and 2 more nodes",
    ]
    assert repr(result.gradients) == "{w: 46/7, x: 2/7, net: 2, y: 1, … and 2 more nodes}"
    nameless = evaluate(w * w, numbers=Decimal)
    assert str(nameless).splitlines()[-1] == "output  0.25   1"
    with mpmath.workdps(30):
        assert "0.25" in str(evaluate(w * w, numbers=mpmath))
    many = total([Value(1.0, name=f"x{k}") for k in range(200)]).named("sum")
    lines = str(evaluate(many)).splitlines()
    assert len(lines) == 53
    assert lines[-2].startswith("sum ")
    assert lines[-1] == "… and 151 more nodes"
    power = Value(1.0, name="base") ** 400
    longest = max(map(len, str(evaluate(power, {"base": "1/7"}, numbers=Fraction)).splitlines()))
    assert longest < 200


def test_a_leaf_and_a_graph_of_any_depth() -> None:
    x = Value(2.0)
    assert evaluate(x, {x: "1/2"}, numbers=Fraction).gradients[x] == 1
    y = x
    for _ in range(3_000):
        y = y * 1.0
    assert evaluate(y, numbers=Fraction).gradients[x] == 1


def test_exact_roots() -> None:
    x = Value(2.25)
    assert evaluate(sqrt(x), numbers=Fraction).gradients[x] == Fraction(1, 3)
    with pytest.raises(TypeError, match=r"evaluate: .* sqrt: the square root of 2 is no Fraction"):
        evaluate(sqrt(x), {x: 2}, numbers=Fraction)


def test_own_operations() -> None:
    cube = scalar_rule("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    floats_only = scalar_rule("cbrt", math.cbrt, lambda y, x: y / (3.0 * x))
    half_known = scalar_rule("half_known", lambda x: x * x, lambda y, x: 2.0 * math.cbrt(x) ** 3)
    hidden = scalar_rule("tanh", lambda x: x * 2.0, lambda y, x: 2.0)
    x = Value(2.0)
    assert evaluate(cube(x), {x: "1/2"}, numbers=Fraction).gradients[x] == Fraction(3, 4)
    assert evaluate(hidden(x), numbers=Decimal).value == 4
    assert evaluate(floats_only(x)).value == math.cbrt(2.0)
    for op in (floats_only, half_known):
        with pytest.raises(TypeError, match=f"was computed by {op.name}: .* Decimal"):
            evaluate(op(x), numbers=Decimal)


# --- errors


@pytest.mark.parametrize(
    ("f", "numbers", "text"),
    [
        (exp, Fraction, "by exp: exp of a Fraction: it would not be a Fraction"),
        (sigmoid, Fraction, "by sigmoid: exp of a Fraction"),
        (lambda x: logsumexp([x, x]), Fraction, "by logsumexp: exp of a Fraction"),
        (lambda x: x.gelu(), Fraction, "by gelu: the square root of 1/2"),
        (lambda x: x**0.5, Fraction, "by pow: 2 to the power of 1/2 is no Fraction"),
        (lambda x: 2.0**x, Fraction, "by pow: log of a Fraction"),
        (lambda x: x.sin(), Decimal, "by sin: sin of a Decimal: .*use numbers=mpmath"),
        (lambda x: x.gelu(), Decimal, "by gelu: erfc of a Decimal"),
    ],
)
def test_what_a_type_cannot_do(f: Callable[[Value], Value], numbers: object, text: str) -> None:
    with pytest.raises(TypeError, match=f"evaluate: .*was computed {text}"):
        evaluate(f(Value(2.0)), numbers=numbers)


@pytest.mark.parametrize("numbers", [Fraction, Decimal, mpmath, float])
@pytest.mark.parametrize(
    ("f", "at", "error", "text"),
    [
        (lambda x: 1.0 / x, 0, ArithmeticError, "div cannot take a = 1.*, b = 0"),
        (sqrt, -1, Exception, "sqrt cannot take x = -1.*x ≥ 0"),
        (lambda x: x**-1, 0, ArithmeticError, "pow cannot take base = 0.*, exponent = -1"),
    ],
)
def test_outside_of_a_domain(
    f: Callable[[Value], Value], at: int, error: type[Exception], text: str, numbers: object
) -> None:
    x = Value(2.0)
    with pytest.raises(error, match=text) as caught:
        evaluate(f(x), {x: at}, numbers=numbers)
    assert isinstance(caught.value, (ArithmeticError, ValueError))


@pytest.mark.parametrize("at", [0, -1])
def test_logarithms_of_no_positive_number(at: int) -> None:
    x = Value(2.0)
    for numbers in (float, mpmath):
        with pytest.raises(ValueError, match=r"log cannot take x = .*it requires x > 0"):
            evaluate(log(x), {x: at}, numbers=numbers)
    with pytest.raises(ArithmeticError, match=r"log cannot take x = .*it requires x > 0"):
        evaluate(log(x), {x: at}, numbers=Decimal)
    with pytest.raises(ArithmeticError, match="log1p cannot take x = -1"):
        evaluate(x.log1p(), {x: -1}, numbers=Decimal)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("as_written", [True, False])
def test_fractions_are_finite(number: float, as_written: bool) -> None:
    with pytest.raises(ValueError, match=f"evaluate: {number} is no Fraction"):
        evaluate(Value(number) * 2.0, numbers=Fraction, as_written=as_written)
    x = Value(1.0)
    with pytest.raises(ValueError, match="cannot be"):
        evaluate(x, {x: number}, numbers=Fraction)
    with pytest.raises(ValueError, match=r"a partial of sqrt at \(0,\)"):
        evaluate(sqrt(x), {x: 0}, numbers=Fraction)


@pytest.mark.parametrize("number", ["abc", "", None, [], True, 1j, Value(1.0)])
@pytest.mark.parametrize("numbers", [Fraction, Decimal, mpmath, float])
def test_what_is_no_number(number: object, numbers: object) -> None:
    x = Value(1.0, name="rate")
    with pytest.raises((TypeError, ValueError), match=r"evaluate: .*'rate'.* cannot be"):
        evaluate(x, {x: number}, numbers=numbers)


@pytest.mark.parametrize("numbers", [int, complex, "Fraction", None, 1.0, math, np])
def test_what_is_no_number_type(numbers: object) -> None:
    with pytest.raises(TypeError, match=r"numbers is .*mpmath"):
        evaluate(Value(1.0), numbers=numbers)


@pytest.mark.parametrize("numbers", [mpmath, mpmath.mp, mpmath.mpf])
def test_mpmath_goes_by_several_names(numbers: object) -> None:
    assert isinstance(evaluate(Value(1.0).exp(), numbers=numbers).value, mpmath.mpf)


def test_only_leaves_of_the_graph_are_given() -> None:
    x, other = Value(2.0), Value(3.0)
    y = x * x
    with pytest.raises(ValueError, match="not in the graph"):
        evaluate(y, {other: 1})
    with pytest.raises(ValueError, match="computed and not given"):
        evaluate(y, {y: 1})
    with pytest.raises(TypeError, match="the key 3, which is neither a Value nor a name"):
        evaluate(y, {3: 1})  # type: ignore[type-var]  # the error under test
    named = (Value(2.0, name="w") * x).named("y")
    with pytest.raises(ValueError, match=r"evaluate: at: no node is named 'W' .*mean 'w'\?"):
        evaluate(named, {"W": 1})
    with pytest.raises(ValueError, match="computed and not given"):
        evaluate(named, {"y": 1})
    twice: dict[Value | str, int] = {"w": 1, named.parents[0]: 1}
    with pytest.raises(ValueError, match=r"evaluate: at has .*'w'.* twice"):
        evaluate(named, twice)
    with pytest.raises(TypeError, match="maps leaves to numbers"):
        evaluate(y, [1.0])  # type: ignore[arg-type]  # the error under test
    with pytest.raises(TypeError, match=r"output is 2.0"):
        evaluate(2.0)  # type: ignore[arg-type]  # the error under test
    assert topological_order(y) == [x, y]
