"""Large programs are split, and compile all the same."""

from __future__ import annotations

from typing import Any

import pytest

from autograd import Value, sin, total
from autograd.codegen import c, compile, python
from autograd.codegen.compiler import is_usable
from autograd.codegen.printing import Lengths
from autograd.codegen.targets import Backend

BACKENDS: list[Any] = [
    "python",
    pytest.param("c", marks=pytest.mark.skipif(not is_usable(), reason="there is no C compiler")),
]


def mixed(steps: int) -> Any:
    def f(x: Any, y: Any) -> Any:
        for _ in range(steps):
            x, y = sin(x * y + w), x + y * 0.5
            if x > 5.0:
                return x
        return x * y

    w = Value(0.3, name="w")
    return f, w


def eager(f: Any, *numbers: float) -> tuple[float, tuple[float, ...]]:
    leaves = [Value(number) for number in numbers]
    output = f(*leaves)
    output.backward()
    return output.data, tuple(leaf.grad for leaf in leaves)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("most", [1, 7, 2_000])
def test_a_program_in_parts_is_the_same_program(
    backend: Backend, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for target in (python, c):
        monkeypatch.setattr(target, "LENGTHS", Lengths(most, most))
    f, w = mixed(60)
    expected = eager(f, 0.5, 0.7)
    slope, w.grad = w.grad, 0.0
    program = compile(f, backend)
    assert program.value_and_grad(0.5, 0.7) == expected
    assert w.grad == slope
    assert program(0.5, 0.7) == expected[0]
    assert ("part_2" in program.source) == (most < 2_000)
    w.grad = 0.0
    assert program.over_batch([(0.5, 0.7)] * 3) == expected[0] * 3
    assert w.grad == slope + slope + slope


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_wide_sum_is_no_deep_expression(backend: Backend) -> None:
    def f(*xs: Any) -> Any:
        return total([x * x for x in xs])

    numbers = [0.001 * i for i in range(1500)]
    assert compile(f, backend).value_and_grad(*numbers) == eager(f, *numbers)


def test_a_leaf_with_many_consumers_has_no_deep_adjoint() -> None:
    def f(x: Any) -> Any:
        return total([x * (0.5 + i) for i in range(5000)])

    assert compile(f).value_and_grad(0.25) == eager(f, 0.25)


def test_a_deep_chain_is_no_deep_expression() -> None:
    def f(x: Any) -> Any:
        for _ in range(20_000):
            x = x * 0.9999 + 1e-5
        return x

    assert compile(f).value_and_grad(0.5) == eager(f, 0.5)
