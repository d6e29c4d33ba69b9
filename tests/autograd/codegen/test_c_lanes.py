"""Four samples at once in C have the bits of one after another."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from autograd import Value, compile, log, tanh, total, where
from autograd.codegen.compiler import is_usable
from autograd.ops import TABLE
from autograd.rows import Op

pytestmark = pytest.mark.skipif(not is_usable(), reason="there is no C compiler")

# Twice as many as there are lanes, and one.
SAMPLES = 9


def plain(gradient: Any, rate: Any, memory: Any) -> Any:
    return -rate * gradient, memory


def trained(f: Callable[..., Any], samples: list[list[float]], w: Value) -> tuple[float, str]:
    """What one update along the gradients of all samples makes of w, and the program's source."""
    trainer = compile(f, "c").trainer(samples, [w], plain)
    assert trainer.run(range(len(samples)), [len(samples)], [0.5]) == 1
    return w.data, trainer.source


def trained_eagerly(f: Callable[..., Any], samples: list[list[float]], w: Value) -> float:
    for sample in samples:
        f(*map(Value, sample)).backward()
    return w.data - 0.5 * w.grad


def function_of(op: Op, w: Value) -> Callable[..., Any]:
    """A function of what the operation takes; lists are of two, and w is in each."""

    def f(*numbers: Value) -> Any:
        given = iter(numbers)
        operands: list[Any] = []
        for parameter in op.parameters:
            if parameter in op.conditions:
                operands.append(numbers[0] > w)
            elif parameter in op.sequences:
                operands.append([next(given), next(given) * w])
            else:
                operands.append(next(given))
        return op(*operands) * w

    return f


def samples_of(op: Op) -> list[list[float]]:
    random = Random(op.name)
    counts = [2 if p in op.sequences else int(p not in op.conditions) for p in op.parameters]
    intervals = [i for i, count in zip(op.domain, counts, strict=True) for _ in range(count)]
    return [[random.uniform(*interval) for interval in intervals] for _ in range(SAMPLES)]


@pytest.mark.parametrize("name", TABLE)
def test_every_operation_has_the_bits_of_one_sample_after_another(name: str) -> None:
    op, v, w = TABLE[name], Value(1.25, "w"), Value(1.25, "w")
    expected = trained_eagerly(function_of(op, v), samples_of(op), v)
    number, source = trained(function_of(op, w), samples_of(op), w)
    assert number.hex() == expected.hex()
    assert "program_for_lanes(four" in source


@pytest.mark.parametrize(
    ("f", "is_side_by_side"),
    [
        (lambda x, w: where(x > 1.0, w * x, -0.0), True),
        (lambda x, w: where(x > w, where(x > 2.0, x, w), abs(w)) * w, True),
        (lambda x, w: where(x > 1.0, log(x), 0.0) * w, True),
        (lambda x, w: w * x if w > 0.0 else x, True),
        (lambda x, w: x**w, False),
        (lambda x, w: w, True),
    ],
    ids=[
        "signed zero",
        "in two steps",
        "both sides computed anyway",
        "guard",
        "domain",
        "nothing to do",
    ],
)
def test_choices_have_the_bits_of_one_sample_after_another(
    f: Callable[[Any, Any], Any], *, is_side_by_side: bool
) -> None:
    v, w = Value(0.75, "w"), Value(0.75, "w")
    samples = [[0.5 * k] for k in range(1, SAMPLES + 1)]
    expected = trained_eagerly(lambda x: f(x, v), samples, v)
    number, source = trained(lambda x: f(x, w), samples, w)
    assert number.hex() == expected.hex()
    assert ("program_for_lanes(four" in source) == is_side_by_side


@pytest.mark.parametrize("count", range(1, 10))
def test_any_number_of_samples_and_parameters(count: int) -> None:
    names = ["lanes", "ALL", "apart", "add_four", "each_tanh", "one_seed", "LANES", "tanh", "four"]
    eager, compiled = ([Value(0.1 * k, n) for k, n in enumerate(names[:count])] for _ in "ab")
    random = Random(count)
    samples = [[random.gauss(0.0, 1.0), random.gauss(0.0, 1.0)] for _ in range(7 + count)]

    def f(w: list[Value], x: Value, y: Value) -> Value:
        return total([tanh(weight * x + 0.1 * k) * y for k, weight in enumerate(w)]) ** 2

    for sample in samples:
        f(eager, *map(Value, sample)).backward()
    compile(lambda x, y: f(compiled, x, y), "c").over_batch(samples)
    assert [w.grad.hex() for w in compiled] == [w.grad.hex() for w in eager]


def test_samples_that_go_another_way_are_added_once() -> None:
    v, w = Value(0.75, "w"), Value(0.75, "w")
    samples = [[float(k)] for k in [1, 2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12, 13, 14, -15, 16]]
    f = compile(lambda x: w * x if x > 0.0 else w * w * x, "c")
    expected = trained_eagerly(lambda x: v * x if x > 0.0 else v * v * x, samples, v)
    f.over_batch(samples)
    assert (w.data - 0.5 * w.grad).hex() == expected.hex()
    assert f.report().traces == 2


def test_an_error_in_one_lane_is_that_of_its_sample() -> None:
    w = Value(1.0, "w")
    f = compile(lambda x: log(w * x), "c")
    with pytest.raises(ValueError, match="log"):
        f.over_batch([[1.0], [2.0], [-1.0], [3.0], [4.0]])
    assert not w.reached
