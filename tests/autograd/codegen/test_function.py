"""`compile` as users meet it: calls, gradients, batches, variants, errors, reports."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, exp, log, relu, scalar_rule, sigmoid, sqrt, total, where
from autograd.codegen import compile
from autograd.codegen.compiler import is_usable
from autograd.codegen.targets import Backend

BACKENDS: list[Any] = [
    "python",
    "numpy",
    pytest.param("c", marks=pytest.mark.skipif(not is_usable(), reason="there is no C compiler")),
]
EXACT = [BACKENDS[0], BACKENDS[2]]


def loop(f: Callable[..., Any], samples: Sequence[Sequence[float]]) -> float:
    """What `over_batch` stands for."""
    total = -0.0
    for sample in samples:
        output = f(*map(Value, sample))
        output.backward()
        total += output.data
    return total


class Network:
    """Two inputs, three hidden units, one output; some weights are 0, so that signs of 0 count."""

    def __init__(self) -> None:
        self.weights = [Value(w, name=f"w{i}") for i, w in enumerate([0.5, -1.5, 0.0, 2.0, -0.0])]
        self.bias = Value(0.1, name="b")

    def __call__(self, x: Any, y: Any, t: Any) -> Any:
        w = self.weights
        h1 = relu(dot([w[0], w[1]], [x, y], self.bias))
        h2 = sigmoid(dot([w[2], w[3]], [x, y], self.bias))
        return (dot([w[4], w[0]], [h1, h2], 0.0) - t) ** 2

    @property
    def gradients(self) -> list[str]:
        return [v.grad.hex() for v in [*self.weights, self.bias]]


SAMPLES = [(0.5, -1.0, 1.0), (-2.0, 0.3, 0.0), (0.0, 0.0, 0.5), (1.5, 2.5, -1.0)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_gradients_have_the_structure_of_the_arguments(backend: Backend) -> None:
    f = compile(lambda p, x, kind: p["w"][0] * x + p["w"][1] * p["b"], backend)
    value, gradients = f.value_and_grad({"w": [2.0, 3.0], "b": 4}, 5.0, "linear")
    assert value == 22.0
    assert gradients == ({"w": [5.0, 4.0], "b": 3.0}, 2.0, None)


@pytest.mark.parametrize("backend", BACKENDS)
def test_arrays_are_arguments_too(backend: Backend) -> None:
    f = compile(lambda X, w: ((X @ w) ** 2).sum(), backend)
    X, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -1.0])
    value, (by_X, by_w) = f.value_and_grad(X, w)
    assert value == ((X @ w) ** 2).sum()
    np.testing.assert_allclose(by_w, 2 * X.T @ (X @ w), rtol=1e-15)
    assert by_X.shape == X.shape


@pytest.mark.parametrize("backend", EXACT)
def test_a_batch_has_the_bits_of_a_loop(backend: Backend) -> None:
    eager, compiled = Network(), Network()
    expected = loop(eager, SAMPLES)
    assert compile(compiled, backend).over_batch(SAMPLES).hex() == expected.hex()
    assert compiled.gradients == eager.gradients


@pytest.mark.parametrize("backend", EXACT)
def test_a_batch_adds_to_earlier_gradients(backend: Backend) -> None:
    eager, compiled = Network(), Network()
    f = compile(compiled, backend)
    for _ in range(2):
        loop(eager, SAMPLES)
        f.over_batch(iter(SAMPLES))
    assert compiled.gradients == eager.gradients


def test_a_batch_over_columns_agrees() -> None:
    eager, compiled = Network(), Network()
    assert compile(compiled, "numpy").over_batch(SAMPLES) == pytest.approx(loop(eager, SAMPLES))
    got, expected = ([float.fromhex(g) for g in n.gradients] for n in (compiled, eager))
    assert got == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("backend", BACKENDS)
def test_samples_may_go_different_ways(backend: Backend) -> None:
    def f(x: Any, y: Any) -> Any:
        if x > y:
            return w * x
        return w * y * y if y > 1.0 else v * x

    samples = [(2.0, 1.0), (1.0, 2.0), (2.0, 1.0), (0.5, 0.75), (1.0, 3.0)]
    v, w = Value(0.3), Value(0.7)
    expected = loop(f, samples), v.grad, w.grad
    v.grad = w.grad = 0.0
    program = compile(f, backend)
    assert (program.over_batch(samples), v.grad, w.grad) == pytest.approx(expected, rel=1e-14)
    assert program.report().traces == 3


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_samples_add_nothing(backend: Backend) -> None:
    w = Value(2.0)
    assert compile(lambda x: w * x, backend).over_batch([]) == 0.0
    assert not w.reached


def test_samples_of_one_batch_have_one_structure() -> None:
    with pytest.raises(ValueError, match="sample 1 has another structure"):
        compile(lambda x: x[0]).over_batch([([1.0],), ([1.0, 2.0],)])


@pytest.mark.parametrize("backend", BACKENDS)
def test_another_structure_is_traced_anew(backend: Backend) -> None:
    f = compile(lambda xs: sum(xs[1:], start=xs[0]), backend)
    assert f([1.0, 2.0]) == 3.0
    assert f([1.0, 2.0, 3.0]) == 6.0
    assert f([5.0, 2.0]) == 7.0
    assert f.report().traces == 2


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_error_is_that_of_the_eager_function(backend: Backend) -> None:
    w = Value(1.0, name="w")
    f = compile(lambda p: log(p * w), backend)
    f.value_and_grad(2.0)
    before = w.grad
    message = r"log cannot take x = Value\(-2\.0\): it requires x > 0"
    for call in (f, f.value_and_grad, lambda p: f.over_batch([(1.0,), (p,)])):
        with pytest.raises(ValueError, match=message):
            call(-2.0)
    assert w.grad == before


@pytest.mark.parametrize("backend", EXACT)
@pytest.mark.parametrize(
    ("f", "x", "error"),
    [
        (lambda x: 1.0 / x, 0.0, ZeroDivisionError),
        (lambda x: 1.0 / (1.0 / x), 0.0, ZeroDivisionError),
        (lambda x: 1.0 / exp(x), 1000.0, OverflowError),
        (lambda x: x**0.5, -1.0, ValueError),
        (lambda x: x**-1, 0.0, ZeroDivisionError),
        (lambda x: sqrt(x - 1.0), 0.5, ValueError),
        (lambda x: relu(-exp(x)), 1000.0, OverflowError),
        (lambda x: where(x > 0.0, log(x), x), -1.0, ValueError),
    ],
)
def test_what_python_raises_is_raised_however_the_result_would_look(
    f: Callable[..., Any], x: float, error: type[Exception], backend: Backend
) -> None:
    program = compile(f, backend)
    program.value_and_grad(2.0)
    with pytest.raises(error):
        program(x)


def test_columns_know_of_errors_by_what_is_not_finite_in_the_end() -> None:
    f = compile(lambda x: 1.0 / x, "numpy")
    with pytest.raises(ZeroDivisionError, match=r"div cannot take a = 1\.0, b = Value"):
        f(0.0)


@pytest.mark.parametrize("backend", BACKENDS)
def test_numbers_that_are_not_finite_go_on_as_they_do_in_python(backend: Backend) -> None:
    f = compile(lambda x, y: x * y + y, backend)
    for x, y in ((1e300, 1e300), (float("inf"), 1.0), (float("inf"), 0.0), (float("nan"), 1.0)):
        a, b = Value(x), Value(y)
        output = a * b + b
        output.backward()
        expected = repr((output.data, (a.grad, b.grad)))
        assert repr(f.value_and_grad(x, y)) == expected


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_batch_with_numbers_that_are_not_finite_is_that_of_python(backend: Backend) -> None:
    w = Value(1e300)
    f = compile(lambda x: w * x, backend)
    assert f.over_batch([(2.0,), (1e300,), (3.0,)]) == math.inf
    assert w.grad == 2.0 + 1e300 + 3.0


@pytest.mark.parametrize("backend", BACKENDS)
def test_users_operations_compile(backend: Backend) -> None:
    wrong = scalar_rule("wrong", math.tanh, lambda y, x: y - y * y)
    swish = scalar_rule(
        "swish",
        lambda x, beta: x * sigmoid(beta * x),
        lambda y, x, beta: sigmoid(beta * x) + beta * y * (1.0 - sigmoid(beta * x)),
        lambda y, x, beta: x * y * (1.0 - sigmoid(beta * x)),
    )
    f = compile(lambda x, beta: wrong(x) * swish(x, beta), backend)
    a, b = Value(0.4), Value(1.5)
    output = wrong(a) * swish(a, b)
    output.backward()
    value, gradients = f.value_and_grad(0.4, 1.5)
    assert value == pytest.approx(output.data, rel=1e-15)
    assert gradients == pytest.approx((a.grad, b.grad), rel=1e-15)


def test_an_operation_without_a_formula_says_so() -> None:
    table = scalar_rule("table", lambda x: {2.0: 1.0}[float(x)], lambda y, x: 0.0)
    with pytest.raises(TypeError, match="table cannot be compiled, because its value is"):
        compile(table)(2.0)
    slope = scalar_rule("slope", lambda x: x * x, lambda y, x: {2.0: 1.0}[float(x)])
    with pytest.raises(TypeError, match="slope cannot be compiled, because a partial"):
        compile(slope).value_and_grad(2.0)


def test_what_keeps_changing_is_an_error_that_says_what() -> None:
    f = compile(total, most_traces=3)
    for length in (1, 2, 3):
        f([1.0] * length)
    f([2.0])
    with pytest.raises(RuntimeError, match=r"traced 3 times, for 3 structures.*another structure"):
        f([1.0] * 4)


def test_a_branch_that_keeps_changing_is_named() -> None:
    def f(x: Value) -> Value:
        steps = 0
        while x.named("step") > 1.0:
            x, steps = x * 0.5, steps + 1
        return x * steps

    program = compile(f, most_traces=5)
    for x in (1.0, 2.0, 4.0, 8.0, 16.0):
        program(x)
    with pytest.raises(RuntimeError, match=r"whether step > 1 \(.*test_function\.py:\d+\)"):
        program(32.0)


def test_the_report_counts_and_the_source_needs_a_call() -> None:
    f = compile(lambda x: sigmoid(x) * x)
    with pytest.raises(RuntimeError, match="call the compiled function first"):
        _ = f.source
    assert f.report().traces == 0
    f.value_and_grad(1.0)
    report = f.report()
    assert (report.backend, report.traces, report.programs) == ("python", 1, 1)
    assert (report.statements, report.adjoint_statements) == (2, 1)
    assert report.seconds > 0.0
    assert report.cache_hit is None


def test_a_function_is_asked_for() -> None:
    with pytest.raises(TypeError, match="compile takes a function, got 3"):
        compile(3)  # type: ignore[arg-type]  # that is the test
    with pytest.raises(ValueError, match="give one of 'python', 'c'"):
        compile(sigmoid, "fortran")  # type: ignore[arg-type]  # that is the test
    assert re.match("<compiled <function", repr(compile(lambda x: x)))


def test_threads_share_a_compiled_function() -> None:
    f = compile(lambda x, y: where(x > y, x * y, x) if x > 0.0 else y)
    expected = {(x, y): f(x, y) for x in (-1.0, 2.0) for y in (0.5, 3.0)}
    wrong: list[object] = []

    def work() -> None:
        for _ in range(200):
            wrong.extend(p for p, value in expected.items() if f(*p) != value)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
