"""Every row of the table, at points of its own domain, against mpmath and measured slopes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import Any

import mpmath
import pytest

from autograd import Value, gradients, no_grad, ops
from autograd.checking.numerical import numerical_derivative
from autograd.ops import TABLE
from autograd.rows import Op

every_row = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
every_row_with_a_kink = pytest.mark.parametrize(
    "op", [op for op in TABLE.values() if op.kink], ids=[n for n, op in TABLE.items() if op.kink]
)
# Operands at which a row is tried: numbers, or tuples of numbers for its lists.
Arguments = tuple[Any, ...]
Points = Callable[..., list[Arguments]]

# In mpmath's functions and in 50 digits, so that plain formulas do not cancel or overflow.
REFERENCES: dict[str, Callable[..., mpmath.mpf]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "pow": mpmath.power,
    "abs": mpmath.fabs,
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "tanh": mpmath.tanh,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "sigmoid": lambda x: (1 + mpmath.tanh(x / 2)) / 2,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "leaky_relu": lambda x, slope: max(x, 0) + slope * min(x, 0),
    "elu": lambda x, alpha: max(x, 0) + alpha * mpmath.expm1(min(x, 0)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "maximum": max,
    "minimum": min,
    "where": lambda condition, a, b: a,  # the domain holds true conditions only
    "dot": lambda weights, inputs, bias: mpmath.fdot(weights, inputs) + bias,
    "total": mpmath.fsum,
    "mean": lambda terms: mpmath.fsum(terms) / len(terms),
    "logsumexp": lambda terms: mpmath.log(mpmath.fsum(map(mpmath.exp, terms))),
}

# What the issue and the contract name, and nobody may lose.
AT_LEAST = (
    "add sub mul div neg pow abs exp log sqrt sin cos tan tanh sigmoid relu leaky_relu elu "
    "softplus silu gelu maximum minimum where dot total mean logsumexp"
)


class Unprinted(Value):
    """A Value for which the engine has printed no functions: it asks the rows themselves."""

    __slots__ = ()


def bits(numbers: Sequence[float]) -> list[str]:
    return [number.hex() for number in numbers]


def nodes(op: Op, arguments: Arguments, kind: type[Value] = Value) -> list[Value]:
    numbers: tuple[Any, ...] = op.flat(arguments)
    return [kind(number) for number in numbers]


def lengths(op: Op) -> tuple[int, ...]:
    return (1, 2, 5) if op.sequences else (1,)


def all_points(op: Op, points: Points) -> list[Arguments]:
    kinks = [op.kink.operands] if op.kink else []
    return [p for length in lengths(op) for p in points(op, length)] + kinks


def reference(op: Op) -> Callable[..., mpmath.mpf]:
    """The reference as a function of the operands one by one."""
    return lambda *operands: REFERENCES[op.name](*op.grouped(operands))


def test_the_table_has_the_operations_that_were_promised() -> None:
    assert set(AT_LEAST.split()) <= TABLE.keys()


def test_every_row_has_a_reference() -> None:
    assert TABLE.keys() == REFERENCES.keys()


@every_row
def test_a_row_says_where_it_can_be_tested_and_what_it_computes(op: Op) -> None:
    assert len(op.domain) == len(op.parameters)
    assert all(low < high for low, high in op.domain)
    assert op.__doc__
    assert ">>>" in op.__doc__


@every_row
def test_value(op: Op, points: Points) -> None:
    for arguments in all_points(op, points):
        operands = nodes(op, arguments)
        with mpmath.workdps(50):
            expected = float(reference(op)(*[mpmath.mpf(x.data) for x in operands]))
        assert op(*op.grouped(operands)).data == pytest.approx(expected, rel=2e-15, abs=2e-16)


@every_row
def test_first_and_second_derivative_against_measured_slopes(
    op: Op, wrong_derivatives: Callable[[Op], list[str]]
) -> None:
    assert wrong_derivatives(op) == []


@every_row
def test_first_and_second_derivative_against_the_reference(op: Op, points: Points) -> None:
    for arguments in [p for length in lengths(op)[:2] for p in points(op, length, count=2)]:
        operands = nodes(op, arguments)
        first = gradients(op(*op.grouped(operands)), operands, create_graph=True)
        second = [gradients(slope, operands) for slope in first]
        with mpmath.workdps(50):
            at = tuple(mpmath.mpf(x.data) for x in operands)

            def slope(*variables: int, at: tuple[mpmath.mpf, ...] = at) -> float:
                orders = tuple(variables.count(i) for i in range(len(at)))
                return float(mpmath.diff(reference(op), at, orders))

            places = range(len(at))
            assert [s.data for s in first] == pytest.approx(
                [slope(i) for i in places], rel=1e-13, abs=1e-15
            )
            for i in places:
                assert second[i] == pytest.approx(
                    [slope(i, j) for j in places], rel=1e-12, abs=1e-14
                )


@every_row
def test_first_derivatives_are_the_same_bits_with_and_without_a_graph(
    op: Op, points: Points
) -> None:
    for arguments in all_points(op, points):
        operands = nodes(op, arguments)
        result = op(*op.grouped(operands))
        recorded = gradients(result, operands, create_graph=True)
        assert bits([slope.data for slope in recorded]) == bits(gradients(result, operands))


def patterns(count: int) -> Iterator[tuple[bool, ...]]:
    """Which operands are Values: every choice but none."""
    return (pattern for pattern in itertools.product([True, False], repeat=count) if any(pattern))


@every_row
@pytest.mark.parametrize("kind", [Value, Unprinted])
def test_values_and_numbers_in_any_pattern_give_the_same_bits(
    op: Op, kind: type[Value], points: Points
) -> None:
    for arguments in points(op, 2) + ([op.kink.operands] if op.kink else []):
        numbers: tuple[Any, ...] = op.flat(arguments)
        whole = op(*op.grouped(nodes(op, arguments)))
        plain = op(*arguments)
        assert type(plain) is float
        assert plain.hex() == whole.data.hex()
        for pattern in patterns(len(numbers)):
            operands = [
                kind(number) if wanted else number
                for number, wanted in zip(numbers, pattern, strict=True)
            ]
            result = op(*op.grouped(operands))
            assert type(result) is Value
            assert result.op is op
            assert result.data.hex() == whole.data.hex()
            assert result.operands == tuple(operands)
            assert result.parents == tuple(compress(operands, pattern))
            assert bits(result.partials) == bits(list(compress(whole.partials, pattern)))
            assert set(map(type, result.partials)) == {float}


@every_row
def test_nothing_is_recorded_while_recording_is_off(op: Op, points: Points) -> None:
    for arguments in points(op, 2):
        for kind in (Value, Unprinted):
            with no_grad():
                result = op(*op.grouped(nodes(op, arguments, kind)))
            assert result.is_leaf
            assert result.parents == result.operands == result.partials == ()
            assert result.data == op(*arguments)


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.sequences], ids=str)
@pytest.mark.parametrize("length", [33, 50, 100, 101, 150])
def test_long_lists_are_the_same_bits_as_numbers(op: Op, length: int, points: Points) -> None:
    """On both sides of the length up to which functions are printed."""
    [arguments] = points(op, length, count=1)
    operands, unprinted = nodes(op, arguments), nodes(op, arguments, Unprinted)
    result = op(*op.grouped(operands))
    assert result.data.hex() == op(*arguments).hex()
    assert result.parents == tuple(operands)
    assert bits(result.partials) == bits(op(*op.grouped(unprinted)).partials)


@every_row_with_a_kink
def test_the_derivative_at_a_kink_is_the_documented_one(op: Op) -> None:
    kink = op.kink
    assert kink is not None
    assert kink.margin(*kink.operands) == 0.0
    result = op(*[Value(number) for number in kink.operands])
    assert result.partials == kink.derivatives


@every_row_with_a_kink
def test_the_derivative_at_a_kink_lies_between_the_slopes_of_its_sides(op: Op) -> None:
    kink = op.kink
    assert kink is not None
    differ = []
    for index, derivative in enumerate(kink.derivatives):

        def along(x: float, index: int = index) -> float:
            assert kink is not None
            return op(*kink.operands[:index], x, *kink.operands[index + 1 :])

        left, right = (
            numerical_derivative(along, kink.operands[index], side=side).value
            for side in ("left", "right")
        )
        assert min(left, right) - 1e-9 <= derivative <= max(left, right) + 1e-9
        differ.append(abs(left - right) > 0.1)
    assert any(differ)


@every_row_with_a_kink
def test_the_margin_grows_with_the_distance_from_the_kink(op: Op) -> None:
    kink = op.kink
    assert kink is not None
    first, *others = kink.operands
    near, far = (abs(kink.margin(first + distance, *others)) for distance in (0.1, 0.2))
    assert 0.0 < near < far


@pytest.mark.parametrize("condition", [False, 0, 0.0, Value(0.0)])
def test_where_a_condition_does_not_hold_the_last_operand_counts(condition: float) -> None:
    a, b = Value(2.0), Value(3.0)
    result = ops.where(condition, a, b)
    assert result.data == 3.0
    assert gradients(result, [a, b]) == [0.0, 1.0]


@pytest.mark.parametrize("condition", [True, 1, -0.5, math.inf, math.nan, Value(2.0)])
def test_where_a_condition_holds_the_first_alternative_counts(condition: float) -> None:
    a, b = Value(2.0), Value(3.0)
    result = ops.where(condition, a, b)
    assert result.data == 2.0
    assert gradients(result, [a, b]) == [1.0, 0.0]


@pytest.mark.parametrize("x", [-math.inf, -1e308, -1000.0, -750.0, 750.0, 1000.0, 1e308, math.inf])
def test_sigmoid_and_softplus_never_overflow(x: float) -> None:
    node = Value(x)
    assert node.sigmoid().data == (0.0 if x < 0.0 else 1.0)
    assert node.softplus().data == max(x, 0.0)
    assert node.sigmoid().partials == (0.0,)
    assert node.softplus().partials == (0.0 if x < 0.0 else 1.0,)


@pytest.mark.parametrize(
    ("terms", "value", "partials"),
    [
        ([1000.0, 1000.0], 1000.0 + math.log(2.0), (0.5, 0.5)),
        ([-1000.0, -1000.0], -1000.0 + math.log(2.0), (0.5, 0.5)),
        ([1e308, 0.0], 1e308, (1.0, 0.0)),
        ([-1e308, 1e308], 1e308, (0.0, 1.0)),
        ([0.0, -math.inf], 0.0, (1.0, 0.0)),
    ],
)
def test_logsumexp_never_overflows(
    terms: list[float], value: float, partials: tuple[float, ...]
) -> None:
    result = ops.logsumexp([Value(term) for term in terms])
    assert result.data == value
    assert result.partials == pytest.approx(partials, rel=1e-12)


@pytest.mark.parametrize(("term", "others"), [(math.inf, math.inf), (-math.inf, -math.inf)])
def test_logsumexp_of_infinities_is_infinite(term: float, others: float) -> None:
    assert ops.logsumexp([Value(term), Value(others)]).data == term


@pytest.mark.parametrize(
    ("base", "exponent", "slope"),
    [
        (0.0, 2.0, 0.0),
        (0.0, 1.0, 1.0),
        (0.0, 0.0, 0.0),
        (0.0, 0.5, math.inf),
        (-2.0, 3.0, 12.0),
        (-2.0, -1.0, -0.25),
        (-2.0, 0.0, 0.0),
        (4.0, 0.5, 0.25),
    ],
)
def test_powers_of_any_base_have_their_slope(base: float, exponent: float, slope: float) -> None:
    """The partial for the exponent, which may not exist, is not asked for."""
    assert (Value(base) ** exponent).partials == (slope,)
    assert (Value(base) ** int(exponent) if exponent % 1 == 0 else Value(base) ** 0.5).data == (
        base**exponent
    )


@pytest.mark.parametrize(("base", "slope"), [(0.0, 0.0), (2.0, 8.0 * math.log(2.0))])
def test_slope_of_a_power_by_its_exponent(base: float, slope: float) -> None:
    assert (base ** Value(3.0)).partials == (slope,)


@pytest.mark.parametrize(("number", "slope"), [(-2.0, 12.0), (-0.5, 0.75)])
def test_slope_by_the_exponent_of_a_negative_base_is_no_number(number: float, slope: float) -> None:
    base, exponent = Value(number), Value(3.0)
    by_base, by_exponent = gradients(base**exponent, [base, exponent])
    assert by_base == slope
    assert math.isnan(by_exponent)


@pytest.mark.parametrize(
    ("power", "first", "second"), [(2, 0.0, 2.0), (3, 0.0, 0.0), (1, 1.0, 0.0), (0, 0.0, 0.0)]
)
def test_whole_powers_can_be_differentiated_twice_at_zero(
    power: int, first: float, second: float
) -> None:
    x = Value(0.0)
    [slope] = gradients(x**power, [x], create_graph=True)
    assert slope.data == first
    assert gradients(slope, [x]) == [second]


@pytest.mark.parametrize("op", [op for op in TABLE.values() if len(op.domain) == 1], ids=str)
def test_not_a_number_goes_through(op: Op) -> None:
    arguments = [[math.nan, 1.0]] if op.sequences else [math.nan]
    assert math.isnan(op(*arguments))


def test_the_maximum_with_something_undefined_is_undefined() -> None:
    for a, b in [(math.nan, 1.0), (1.0, math.nan)]:
        assert math.isnan(ops.maximum(a, b))
        assert math.isnan(ops.minimum(Value(a), b).data)


@pytest.mark.parametrize("op", TABLE.values(), ids=str)
def test_every_row_is_a_function_of_the_package_and_a_method(op: Op) -> None:
    assert [getattr(ops, name) for name in ops.__all__ if getattr(ops, name) is op] == [op]
    if op.sequences or op.name in {"add", "sub", "mul", "div", "neg", "pow", "abs"}:
        return
    numbers = [(low + high) / 2.0 for low, high in op.domain]
    first, *others = numbers
    method = getattr(Value(first), op.name)
    assert method(*others).op is op
    assert method(*others).data == op(*numbers)


def test_defaults_and_names_of_operands() -> None:
    x = Value(-2.0)
    assert ops.leaky_relu(x).operands == (x, 0.01)
    assert ops.leaky_relu(x, slope=0.5).data == x.leaky_relu(0.5).data == -1.0
    assert ops.elu(x, alpha=Value(2.0)).data == 2.0 * math.expm1(-2.0)
    assert ops.dot([x], [3.0]).operands == (x, 3.0, 0.0)
    assert ops.maximum(b=x, a=1.0).operands == (1.0, x)


def test_lists_may_be_any_iterable() -> None:
    a, b = Value(2.0), Value(3.0)
    iterables: list[Any] = [[a, b], (a, b), {a: 1, b: 2}.keys(), iter([a, b])]
    for terms in iterables:
        assert ops.total(terms).parents == (a, b)
