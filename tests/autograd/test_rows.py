"""A user's own operation is a full citizen: nothing but one call makes it one."""

from __future__ import annotations

import math
import pydoc
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from autograd import (
    Value,
    check_gradients,
    draw,
    evaluate,
    explain,
    gradients,
    ops,
    scalar_rule,
    verify,
)
from autograd.ops import TABLE
from autograd.rows import Kink, Op, choose
from autograd.symbol import Language, Symbol, write

Check = Callable[[Op], list[str]]


def softsign() -> Op:
    return scalar_rule(
        "softsign",
        lambda x: x / (1.0 + abs(x)),
        lambda y, x: (1.0 + abs(x)) ** -2.0,
        domain=[(0.1, 3)],
    )


def python_tanh(partial: Callable[..., object], value: Callable[..., object] = math.tanh) -> Op:
    """An operation whose value only knows floats, as `math` has it."""
    return scalar_rule("my_tanh", value, partial, domain=[(-2, 2)])


@pytest.mark.parametrize("x", [0.5, -0.25])
def test_it_is_evaluated_and_differentiated_twice(x: float) -> None:
    node = Value(x, name="x")
    y = softsign()(node)
    # By hand: y = x/(1+|x|), y′ = 1/(1+|x|)², y″ = −2·sign(x)/(1+|x|)³.
    size = 1.0 + abs(x)
    assert y.data == x / size
    [slope] = gradients(y, [node], create_graph=True)
    assert slope.data == pytest.approx(1.0 / size**2, rel=1e-15)
    assert gradients(slope, [node]) == pytest.approx([-2.0 * math.copysign(1.0, x) / size**3])
    y.backward()
    assert node.grad == slope.data


def test_on_numbers_it_is_a_function() -> None:
    result = softsign()(3)
    assert type(result) is float
    assert result == 0.75


def test_it_knows_how_it_was_made() -> None:
    op, x = softsign(), Value(0.5)
    y = op(x)
    assert (y.op, y.operands, y.op and y.op.symbol) == (op, (x,), "softsign")
    assert repr(op) == "<operation softsign(x)>"
    assert op(y).parents == (y,)


def test_help_speaks_of_it_and_not_of_its_class() -> None:
    def bent(x: float) -> float:
        """x², of which a half is taken."""
        return 0.5 * x * x

    assert scalar_rule("bent", bent, lambda y, x: x).__doc__ == bent.__doc__
    page = pydoc.plain(pydoc.render_doc(softsign()))
    assert "<operation softsign(x)>" in page
    assert "The operation 'softsign'." in page
    assert "class Op" not in page


def test_it_stays_out_of_the_table() -> None:
    before = dict(TABLE)
    softsign()
    assert before == TABLE
    assert not hasattr(Value, "softsign")


def test_it_is_drawn() -> None:
    picture = draw(softsign()(Value(0.5, name="net_h1")))
    assert "softsign" in picture.dot
    assert "softsign" in picture.svg


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("text", "softsign(x)"),
        ("latex", r"\operatorname{softsign}\left(x\right)"),
        ("python", "x / (1.0 + abs(x))"),
        ("c", "x / (1.0 + fabs(x))"),
    ],
)
def test_it_is_written_by_name_for_people_and_as_its_formula_for_programs(
    language: Language, text: str
) -> None:
    assert write(softsign()(Symbol("x")), language) == text


def test_it_can_be_checked_like_the_rows_of_the_table(wrong_derivatives: Check) -> None:
    assert wrong_derivatives(softsign()) == []


@pytest.mark.parametrize(
    "value", [math.tanh, lambda x: math.tanh(1.0 * x), lambda x: float(np.tanh(x))]
)
def test_a_plain_python_function_serves_as_value(
    value: Callable[..., object], wrong_derivatives: Check
) -> None:
    op, x = python_tanh(lambda y, x: 1.0 - y * y, value), Value(0.5, name="x")
    y = op(x)
    assert y.data == pytest.approx(math.tanh(0.5), rel=1e-15)
    assert y.partials == pytest.approx(x.tanh().partials, rel=1e-15)
    [slope] = gradients(y, [x], create_graph=True)
    [expected] = gradients(x.tanh(), [x], create_graph=True)
    assert gradients(slope, [x]) == pytest.approx(gradients(expected, [x]), rel=1e-14)
    assert write(op(Symbol("x")), "text") == "my_tanh(x)"
    assert "my_tanh" in draw(y).dot
    assert wrong_derivatives(op) == []


def test_the_mistake_of_document_001_is_found(wrong_derivatives: Check) -> None:
    """There the derivative of y = tanh(x) is taken for y − y², which is that of the sigmoid."""
    op = python_tanh(lambda y, x: y - y * y)
    report = check_gradients(op, 0.5)
    assert not report.ok
    [row] = report.rows
    y = math.tanh(0.5)
    assert row.analytic == y - y * y
    assert row.numeric is not None
    assert row.numeric.value == pytest.approx(1.0 - y * y, rel=1e-9)
    assert wrong_derivatives(op) != []


def test_a_wrong_second_derivative_is_found(wrong_derivatives: Check) -> None:
    """The first derivative is right; half of the second is lost in an operation it uses."""
    same = scalar_rule("same", lambda x: 1.0 * x, lambda y, x: 0.0)
    op = scalar_rule("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * same(x), domain=[(1, 2)])
    assert check_gradients(op, 1.5).ok
    assert wrong_derivatives(op) != []


def test_a_partial_that_only_knows_floats_cannot_be_differentiated_silently() -> None:
    op, x = scalar_rule("my_sin", math.sin, lambda y, x: math.cos(x)), Value(0.5)
    assert gradients(op(x), [x]) == [math.cos(0.5)]
    with pytest.raises(TypeError, match="my_sin"):
        gradients(op(x), [x], create_graph=True)


def test_several_operands_and_lists() -> None:
    norm = scalar_rule(
        "weighted_norm",
        lambda weights, inputs, power: ops.total(
            [w * abs(i) ** power for w, i in zip(weights, inputs, strict=True)]
        ),
        lambda y, weights, inputs, power: [abs(i) ** power for i in inputs],
        lambda y, weights, inputs, power: [
            w * power * abs(i) ** (power - 2.0) * i for w, i in zip(weights, inputs, strict=True)
        ],
        lambda y, weights, inputs, power: ops.total(
            [w * abs(i) ** power * ops.log(abs(i)) for w, i in zip(weights, inputs, strict=True)]
        ),
        sequences=["weights", "inputs"],
        domain=[(0.5, 2), (0.5, 2), (1, 3)],
    )
    w, i, p = Value(2.0), Value(-3.0), Value(2.0)
    y = norm([w, 1.0], [i, 4.0], p)
    assert y.data == 34.0
    assert y.operands == (w, 1.0, i, 4.0, p)
    assert gradients(y, [w, i]) == pytest.approx([9.0, -12.0])


def test_lists_are_checked_too(wrong_derivatives: Check) -> None:
    def square_sum(terms: list[float]) -> float:
        return ops.total([t * t for t in terms])

    right = scalar_rule(
        "ss", square_sum, lambda y, t: [2.0 * i for i in t], sequences=["terms"], domain=[(1, 2)]
    )
    wrong = scalar_rule(
        "ss", square_sum, lambda y, t: [2.0 * t[0] for i in t], sequences=["terms"], domain=[(1, 2)]
    )
    assert wrong_derivatives(right) == []
    assert wrong_derivatives(wrong) != []


def test_a_row_may_have_a_kink_of_its_own() -> None:
    hinge = scalar_rule(
        "hinge",
        lambda margin: choose(margin < 1.0, lambda: 1.0 - margin, 0.0),
        lambda y, margin: choose(margin < 1.0, -1.0, 0.0),
        domain=[(-3, 3)],
        kink=Kink((1.0,), (0.0,), lambda margin: margin - 1.0, "0 at 1, the slope from the right"),
    )
    assert hinge(Value(1.0)).partials == (0.0,)
    assert hinge(Value(0.75)).data == 0.25
    assert write(hinge(Symbol("m")), "python") == "1.0 - m if m < 1.0 else 0.0"


def test_branches_in_plain_python_are_taken_on_numbers() -> None:
    """Symbols refuse to be a condition, so the row is asked each time."""
    op = scalar_rule(
        "clip",
        lambda x: 2.0 * x if x < 1.0 else 2.0,
        lambda y, x: 2.0 if x < 1.0 else 0.0,
    )
    assert [(op(Value(x)).data, op(Value(x)).partials) for x in (0.5, 2.0)] == [
        (1.0, (2.0,)),
        (2.0, (0.0,)),
    ]


def test_methods_of_floats_may_be_used() -> None:
    op = scalar_rule("frac", lambda x: 0.0 if x.is_integer() else x, lambda y, x: 1.0)
    assert [op(Value(2.0)).data, op(Value(2.5)).data] == [0.0, 2.5]


@pytest.mark.parametrize(
    "value",
    [lambda x: {2.5: 6.0}[x], lambda x: [0.0, 6.0][x > 1.0], lambda x: float(str(x)) + 3.5],
)
def test_a_value_may_need_to_know_the_number(value: Callable[[float], float]) -> None:
    op, x = scalar_rule("looked_up", value, lambda y, x: {2.5: 4.0}[x]), Value(2.5, name="x")
    y = op(x).named("y")
    assert (y.data, gradients(y, [x])) == (6.0, [4.0])
    assert verify(y, {"y": "6.0", "dy/dx": "5.0"}).rows[1].computed == 4.0
    assert explain(y, x).number == 4.0
    with pytest.raises(TypeError, match="looked_up cannot be differentiated again"):
        gradients(y, [x], create_graph=True)
    with pytest.raises((TypeError, ValueError), match="looked_up"):
        evaluate(y, numbers=Fraction)


@pytest.mark.parametrize("at", [3.0, Value(3.0)])
def test_a_number_that_a_table_does_not_have_is_outside_the_domain(at: float | Value) -> None:
    op = scalar_rule("looked_up", lambda x: {2.5: 6.0}[x], lambda y, x: {2.5: 4.0}[x])
    with pytest.raises(ValueError, match=r"looked_up cannot take x = .*3\.0.* KeyError\(3\.0\)"):
        op(at)


def test_equality_with_a_number_is_decided_by_the_number() -> None:
    sinc = scalar_rule(
        "sinc",
        lambda x: choose(x == 0.0, 1.0, lambda: ops.sin(x) / x),
        lambda y, x: 0.0 if x == 0.0 else (ops.cos(x) - y) / x,
    )
    assert sinc(0.0) == 1.0
    at_zero = sinc(Value(0.0))
    assert (at_zero.data, at_zero.partials) == (1.0, (0.0,))
    assert sinc(Value(0.5)).data == sinc(0.5)


@pytest.mark.parametrize(
    ("value", "partial"),
    [
        (lambda x: choose(x > 0.0, 1, -1), lambda y, x: 0),
        (lambda x: 1, lambda y, x: 0),
        (lambda x: 1 if x > 0 else -1, lambda y, x: 0),
    ],
)
def test_whole_numbers_from_a_row_become_floats(
    value: Callable[..., object], partial: Callable[..., object]
) -> None:
    result = scalar_rule("sign", value, partial)(Value(2.0))
    assert (result.data, result.partials) == (1.0, (0.0,))
    assert type(result.data) is type(result.partials[0]) is float


@pytest.mark.parametrize("value", [lambda x: x > 0, lambda x: bool(x > 0), lambda x: "1"])
def test_a_value_that_is_no_number_is_refused(value: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="step"):
        scalar_rule("step", value, lambda y, x: 0.0)(Value(2.0))


def test_a_partial_that_is_no_number_is_refused() -> None:
    op = scalar_rule("step", lambda x: 0.0 if x < 0.0 else 1.0, lambda y, x: "0")
    with pytest.raises(TypeError, match="partial of step"):
        op(Value(2.0))


@pytest.mark.parametrize(
    "names", ["op", "node", "new", "exp", "abs", "t1", "Value", "record", "y", "inf", "ä"]
)
def test_operands_may_have_any_name(names: str) -> None:
    source = f"lambda {names}, other: ({names} - other) * ({names} - other)"
    by_first = f"lambda result, {names}, other: 2.0 * ({names} - other)"
    by_other = f"lambda result, {names}, other: -2.0 * ({names} - other)"
    op = scalar_rule("square", *[eval(text) for text in (source, by_first, by_other)])
    a, b = Value(5.0), Value(2.0)
    assert op(a, b).data == op(a, 2.0).data == op(5.0, b).data == 9.0
    assert gradients(op(a, b), [a, b]) == [6.0, -6.0]
    assert gradients(op(5.0, b), [b]) == [-6.0]


def test_as_many_partials_as_operands() -> None:
    with pytest.raises(TypeError, match=r"'area' has 2 operands \(a, b\) but 1 partial"):
        scalar_rule("area", lambda a, b: a * b, lambda y, a, b: b)


@pytest.mark.parametrize(
    "value", [lambda *terms: 0.0, lambda x, *, slope: 0.0, lambda x, **facts: 0.0]
)
def test_operands_have_places(value: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="'f' must take each operand by position"):
        scalar_rule("f", value, lambda y, x: 0.0)


@pytest.mark.parametrize("value", [math.log, max, math.hypot])
def test_a_builtin_that_does_not_tell_its_operands_is_to_be_wrapped(
    value: Callable[..., object],
) -> None:
    with pytest.raises(TypeError, match="'f'"):
        scalar_rule("f", value, lambda y, x: 0.0)
