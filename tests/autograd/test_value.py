"""`Value`: what it takes, what it remembers, and what `backward` makes of it."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, mean, ops, total
from autograd.ops import TABLE

ARITHMETIC: list[tuple[str, Callable[..., Value]]] = [
    ("add", operator.add),
    ("sub", operator.sub),
    ("mul", operator.mul),
    ("div", operator.truediv),
    ("pow", operator.pow),
]
every_operator = pytest.mark.parametrize(
    ("name", "apply"), ARITHMETIC, ids=[n for n, _ in ARITHMETIC]
)

# The same number in every guise.
HALF = [Fraction(1, 2), Decimal("0.5"), np.float64(0.5), np.float32(0.5), np.float16(0.5)]
TWO = [2, np.int64(2), np.int8(2), np.uint16(2), np.longdouble(2.0)]

NO_NUMBERS = ["0.5", b"1", True, False, 1j, None, [1.0], (1.0,), (1.0, 2.0), {}, np.bool_(True)]


# --- a leaf


@pytest.mark.parametrize("number", [*HALF, *TWO, 0.5, -0.0, math.inf])
def test_any_real_number_becomes_a_float(number: Real) -> None:
    value = Value(number)  # type: ignore[arg-type]  # numbers.Real is not in PEP 484's tower
    assert type(value.data) is float
    assert value.data == float(number)


def test_a_leaf_has_not_been_computed() -> None:
    leaf = Value(0.5)
    assert leaf.is_leaf
    assert leaf.op is None
    assert leaf.operands == leaf.parents == leaf.partials == ()
    assert (leaf.grad, leaf.reached, leaf.name) == (0.0, False, "")


@pytest.mark.parametrize("thing", [*NO_NUMBERS, np.array(1.0), np.array([1.0]), Value(1.0)])
def test_anything_else_is_no_leaf(thing: object) -> None:
    with pytest.raises(TypeError, match="expected a real number, got"):
        Value(thing)  # type: ignore[arg-type]  # the error under test


def test_names() -> None:
    value = Value(0.5, name="w5")
    assert value.name == "w5"
    assert value.named("w5+") is value
    assert value.name == "w5+"
    value.name = ""
    assert value.name == ""
    assert (Value(1.0) * value).named("net").name == "net"


@pytest.mark.parametrize("name", [5, None, b"w"])
def test_a_name_is_text(name: str) -> None:
    value = Value(1.0, name="w")
    with pytest.raises(TypeError, match="a name is text"):
        value.name = name
    assert value.name == "w"
    with pytest.raises(TypeError, match="a name is text"):
        Value(1.0, name=name)


# --- what an operation remembers


@every_operator
@pytest.mark.parametrize("other", [*HALF, *TWO])
def test_operators_take_any_number_on_either_side(
    name: str, apply: Callable[..., Value], other: Real
) -> None:
    x, op, number = Value(1.5), TABLE[name], float(other)
    pairs: list[tuple[Value, Any]] = [
        (apply(x, other), (x, number)),
        (apply(other, x), (number, x)),
    ]
    for result, operands in pairs:
        expected = op(*operands)
        assert type(result) is Value
        assert result.op is op
        assert result.operands == operands
        assert [type(o) for o in result.operands] == [type(o) for o in operands]
        assert result.data.hex() == expected.data.hex()
        assert result.partials == expected.partials


@every_operator
def test_operators_between_values(name: str, apply: Callable[..., Value]) -> None:
    a, b = Value(1.5), Value(0.5)
    result, expected = apply(a, b), TABLE[name](a, b)
    assert (result.op, result.operands, result.parents) == (TABLE[name], (a, b), (a, b))
    assert (result.data, result.partials) == (expected.data, expected.partials)
    assert result.data == apply(1.5, 0.5)
    twice = apply(a, a)
    assert twice.parents == (a, a)
    assert len(twice.partials) == 2


def test_signs() -> None:
    x = Value(-0.5)
    assert +x is x
    assert ((-x).data, (-x).partials, (-x).op) == (0.5, (-1.0,), TABLE["neg"])
    assert (abs(x).data, abs(x).partials, abs(x).op) == (0.5, (-1.0,), TABLE["abs"])


@every_operator
@pytest.mark.parametrize("other", NO_NUMBERS, ids=repr)
def test_operators_take_nothing_else(name: str, apply: Callable[..., Value], other: object) -> None:
    x = Value(1.5)
    for operands in [(x, other), (other, x)]:
        with pytest.raises(TypeError, match=f"{name}.*expected a real number, got"):
            apply(*operands)


def test_operands_keep_order_repeats_and_constants() -> None:
    leaves: list[Any] = [Value(2.0), Value(3.0), Value(5.0)]
    a, b, c = leaves
    assert (b - a).operands == (b, a)
    assert (1 - a).operands == (1.0, a)
    assert (1 - a).parents == (a,)
    assert dot([a, 4.0, a], [b, c, 7.0], a).operands == (a, 4.0, a, b, c, 7.0, a)
    assert dot([a, 4.0, a], [b, c, 7.0], a).parents == (a, a, b, c, a)
    assert dot([a, 4.0, a], [b, c, 7.0], a).partials == (3.0, 7.0, 2.0, 4.0, 1.0)
    assert total([a, 1, a, 2, a]).parents == (a, a, a)


def test_a_sum_by_python_is_a_chain_of_additions() -> None:
    a, b = Value(2.0), Value(3.0)
    result = sum([a, b])
    assert isinstance(result, Value)
    assert result.data == 5.0


# --- backward


def test_a_second_pass_exactly_doubles() -> None:
    a, b = Value(0.1), Value(0.7)
    y = (a * b).tanh() + (a / 3.0).exp()
    y.backward()
    first = [a.grad, b.grad]
    inside = y.grad
    y.backward()
    assert [a.grad, b.grad] == [2.0 * grad for grad in first]
    assert y.grad == inside == 1.0
    y.backward()
    assert [a.grad, b.grad] == [first[0] * 2.0 + first[0], first[1] * 2.0 + first[1]]


def test_interior_nodes_start_again() -> None:
    x = Value(3.0)
    h = x * x
    y = h * 5.0
    y.backward()
    y.backward()
    assert (h.grad, x.grad) == (5.0, 60.0)
    h.backward()
    assert (h.grad, x.grad, y.grad) == (1.0, 66.0, 1.0)


def test_gradients_of_several_outputs_add_up_in_leaves_alone() -> None:
    x = Value(3.0)
    h = x * 2.0
    (h * 5.0).backward()
    (h * 7.0).backward()
    assert (x.grad, h.grad) == (24.0, 7.0)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda a: a + a, 2.0),
        (lambda a: a * a, 6.0),
        (lambda a: a - a, 0.0),
        (lambda a: a / a, 0.0),
        (lambda a: total([a, a, a, a]), 4.0),
        (lambda a: mean([a, a]), 1.0),
        (lambda a: dot([a, a], [a, a], a), 13.0),
        (lambda a: (a * 2.0) * (a + 1.0), 14.0),
    ],
)
def test_every_edge_counts(f: Callable[[Value], Value], slope: float) -> None:
    a = Value(3.0)
    f(a).backward()
    assert a.grad == slope


def test_shared_nodes_are_swept_once() -> None:
    """2⁶⁰ paths, 60 nodes."""
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


def test_the_seed_scales() -> None:
    x = Value(3.0)
    y = x * x
    y.backward(seed=Fraction(1, 2))  # type: ignore[arg-type]  # any real number will do
    assert (x.grad, y.grad) == (3.0, 0.5)


def test_a_leaf_is_its_own_derivative() -> None:
    x = Value(3.0)
    x.backward()
    x.backward(2.0)
    assert x.grad == 3.0
    assert x.reached


def test_partials_are_those_of_the_forward_pass() -> None:
    x, w = Value(3.0), Value(2.0)
    y = w * x
    x.data, w.data = 100.0, 200.0
    y.backward()
    assert (w.grad, x.grad, y.data) == (3.0, 2.0, 6.0)
    assert (w * x).data == 20_000.0


def test_what_a_pass_has_not_reached_has_no_gradient() -> None:
    x, other = Value(3.0), Value(1.0)
    y = x * x
    z = y * other
    y.backward()
    assert [v.reached for v in (x, y, z, other)] == [True, True, False, False]
    assert (z.grad, other.grad) == (0.0, 0.0)


def test_a_gradient_can_be_set_and_is_added_to() -> None:
    x = Value(3.0)
    (x * 2.0).backward()
    x.grad = 0
    assert type(x.grad) is float
    (x * 2.0).backward()
    assert x.grad == 2.0
    x.grad += 5.0
    (x * 2.0).backward()
    assert x.grad == 9.0


# --- a number among numbers


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("b", [1.0, 2.0, 3.0, math.nan])
def test_order_is_that_of_the_numbers(compare: Callable[..., bool], b: float) -> None:
    a, expected, reflected = Value(2.0), compare(2.0, b), compare(b, 2.0)
    others = [Value(b), b, np.float64(b), np.float32(b)]
    assert [compare(a, other) for other in others] == [expected] * 4
    assert [compare(other, a) for other in others] == [reflected] * 4


@pytest.mark.parametrize("other", ["1", None, 1j, True, [1.0]])
def test_only_numbers_are_in_order(other: object) -> None:
    with pytest.raises(TypeError, match="comparison"):
        assert Value(1.0) < other  # type: ignore[operator]  # the error under test


def test_sorting_and_extremes() -> None:
    a, b, c = Value(2.0), Value(1.0), Value(3.0)
    assert sorted([a, b, c]) == [b, a, c]
    assert max([a, b, c]) is c


def test_equality_and_hash_are_identity() -> None:
    a, b = Value(2.0), Value(2.0)
    assert a == a  # noqa: PLR0124 (identity is the point)
    assert a != b
    assert a != 2.0
    assert len({a, b, a}) == 2
    before = hash(a)
    a.data = 5.0
    a.name = "a"
    assert hash(a) == before


def test_as_a_float_and_as_a_truth_value() -> None:
    assert float(Value(2.5)) == 2.5
    assert math.isclose(Value(2.5), 2.5)
    assert bool(Value(-0.5))
    assert not Value(0.0)


def test_representation() -> None:
    x = Value(0.5, name="w5")
    assert repr(x) == "Value(0.5, name='w5')"
    assert repr(Value(0.1) + 0.2) == "Value(0.30000000000000004)"
    x.backward()
    assert repr(x) == "Value(0.5, name='w5', grad=1.0)"
    assert str(x) == repr(x)


def test_format() -> None:
    x = Value(0.123456, name="x")
    assert f"{x:.3f}|{x:>8.1e}|{x}" == f"0.123| 1.2e-01|{x!r}"
    with pytest.raises(ValueError, match="format"):
        format(x, "d")


# --- copies


def test_copies_of_leaves_stand_alone() -> None:
    x = Value(2.0, name="w")
    x.backward()
    for twin in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert (twin.data, twin.name, twin.grad) == (2.0, "w", 1.0)
        assert twin != x
        twin.data = 5.0
        assert x.data == 2.0


@pytest.mark.parametrize("f", [lambda a, b: a * b, lambda a, b: dot([a, a], [b, 3.0], a)])
def test_a_deep_copy_of_a_graph_is_a_graph(f: Callable[..., Value]) -> None:
    a, b = Value(2.0), Value(5.0)
    a_twin, b_twin, twin = copy.deepcopy((a, b, f(a, b)))
    twin.backward()
    f(a, b).backward()
    assert twin.op is f(a, b).op
    assert (a_twin.grad, b_twin.grad) == (a.grad, b.grad)


# --- subclasses and help


def test_a_subclass_takes_part() -> None:
    class Parameter(Value):
        """A Value with room for more."""

    leaves: list[Any] = [Parameter(2.0), Value(3.0)]
    a, b = leaves
    for result in (a * b, b * a, a * 3, 3 * a, a.tanh(), dot([a], [b]), -a, a + a):
        result.backward()
        assert result.parents
    assert a.grad == 3.0 * 4 + (1.0 - math.tanh(2.0) ** 2) + 3.0 - 1.0 + 2.0


@pytest.mark.parametrize("name", ["exp", "sigmoid", "maximum", "leaky_relu", "where"])
def test_methods_are_found_in_the_help(name: str) -> None:
    method = getattr(Value, name)
    assert method.__name__ == name
    assert method.__doc__ == getattr(ops, name).__doc__
