"""Whole trainings inside a program are those of a loop around the eager function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import pytest

from autograd import Value, dot, log, relu, sigmoid, sqrt, tanh, total
from autograd.codegen import compile
from autograd.codegen.compiler import is_usable
from autograd.codegen.running import Figures
from autograd.codegen.targets import Backend

BACKENDS: list[Any] = [
    "python",
    pytest.param("c", marks=pytest.mark.skipif(not is_usable(), reason="there is no C compiler")),
]
Memory = tuple[float, ...]
Change = Callable[[Any, Any, Any], Any]


def plain(gradient: Any, rate: Any, memory: Any) -> Any:
    return -rate * gradient, memory


def with_velocity(gradient: Any, rate: Any, memory: Any) -> Any:
    """Document 002: the rate stands inside the accumulated step."""
    (velocity,) = memory
    velocity = 0.6 * velocity - rate * gradient
    return velocity, (velocity,)


def with_previous_gradient(gradient: Any, rate: Any, memory: Any) -> Any:
    """Document 001: the gradient before this one takes part, not the step."""
    (previous,) = memory
    return -rate * (gradient + 0.1 * previous), (gradient,)


def nesterov(gradient: Any, rate: Any, memory: Any) -> Any:
    (velocity,) = memory
    velocity = 0.9 * velocity + gradient
    return -rate * (gradient + 0.9 * velocity), (velocity,)


def adam(gradient: Any, rate: Any, memory: Any) -> Any:
    average, square, first, second = memory
    average = 0.9 * average + 0.1 * gradient
    square = 0.99 * square + 0.01 * gradient * gradient
    first, second = first * 0.9, second * 0.99
    size = sqrt(square / (1.0 - second)) + 1e-8
    return -rate * (average / (1.0 - first)) / size, (average, square, first, second)


FORMULAS: list[tuple[Change, Memory]] = [
    (plain, ()),
    (with_velocity, (0.0,)),
    (with_previous_gradient, (0.0,)),
    (nesterov, (0.0,)),
    (adam, (0.0, 0.0, 1.0, 1.0)),
]
SAMPLES = [(0.5, -1.0, 1.0), (-2.0, 0.25, 0.0), (0.1, 0.2, 0.5), (1.5, 2.5, -1.0), (0.0, 1.0, 0.3)]
BATCHES = {
    "single": [[0], [1], [2], [3], [4], [0], [3]],
    "mini": [[0, 1], [2, 3, 4], [1], [4, 0, 2, 3]],
    "large": [[0, 1, 2, 3, 4, 4, 2, 1, 0], [3, 2, 1, 0, 4]],
}


class Network:
    def __init__(self) -> None:
        numbers = [0.5, -1.5, 0.3, 2.0, -0.7, 0.4]
        self.weights = [Value(n, name=f"w{i}") for i, n in enumerate(numbers, start=1)]
        self.fixed = Value(0.1, name="b")

    def __call__(self, x: Any, y: Any, t: Any) -> Any:
        w = self.weights
        h1 = relu(dot([w[0], w[1]], [x, y], self.fixed))
        h2 = tanh(dot([w[2], w[3]], [x, y], self.fixed))
        return 0.5 * (t - sigmoid(w[4] * h1 + w[5] * h2)) ** 2

    @property
    def bits(self) -> list[str]:
        return [weight.data.hex() for weight in self.weights]


def miss(x: Any, y: Any, t: Any) -> Any:
    """An error that is not the loss."""
    return x - y * t


def squares(network: Network) -> Any:
    """A penalty that leaves out the last of the weights."""
    return 0.05 * total([w * w for w in network.weights[:-1]])


def eager(
    network: Network,
    batches: Sequence[Sequence[int]],
    *,
    rates: Sequence[float],
    weights: Sequence[float],
    formula: tuple[Change, Memory],
    decays: Sequence[float],
    penalised: bool,
) -> Figures:
    """The loop that a program stands for."""
    change, start = formula
    memories = [start] * len(network.weights)
    _, value, error, largest, largest_change = Figures()
    for batch, rate, weight in zip(batches, rates, weights, strict=True):
        for parameter in network.weights:
            parameter.grad = 0.0
        values = misses = 0.0
        errors = []
        for index in batch:
            output = network(*map(Value, SAMPLES[index]))
            output.backward(weight)
            values += output.data
            errors.append(miss(*SAMPLES[index]))
            misses += errors[-1]
        penalty = squares(network)
        if penalised:
            penalty.backward()
        before = [parameter.data for parameter in network.weights]
        for place, (parameter, decay) in enumerate(zip(network.weights, decays, strict=True)):
            gradient = parameter.grad
            if decay:
                gradient += decay * parameter.data
            moved, memories[place] = change(gradient, rate, memories[place])
            parameter.data += moved
        value += values * weight + (penalty.data if penalised else 0.0)
        error += misses / len(errors)
        largest = max(largest, *errors)
        changes = [abs(p.data - b) for p, b in zip(network.weights, before, strict=True)]
        largest_change = max(largest_change, *changes)
    return Figures(len(batches), value, error, largest, largest_change)


@pytest.mark.parametrize("penalised", [False, True])
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", BATCHES)
@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula[0].__name__)
def test_a_training_has_the_bits_of_the_eager_loop(
    formula: tuple[Change, Memory], kind: str, backend: Backend, penalised: bool
) -> None:
    cycle, times = BATCHES[kind], 10
    rates = [0.5 / k**0.2 for k in range(1, times * len(cycle) + 1)]
    weights = [1.0 / len(batch) for batch in cycle]
    decays = [0.01, 0.01, 0.0, 0.0, 0.5, 0.0]
    expected_network, network = Network(), Network()
    expected = eager(
        expected_network,
        cycle * times,
        rates=rates,
        weights=weights * times,
        formula=formula,
        decays=decays,
        penalised=penalised,
    )
    trainer = compile(network, backend).trainer(
        SAMPLES,
        network.weights,
        formula[0],
        memory=formula[1],
        decays=decays,
        error=miss,
        penalty=(lambda: squares(network)) if penalised else None,
        is_weighted=kind != "single",
        averages_errors=True,
    )
    samples = [index for batch in cycle for index in batch]
    ends = list(accumulate(map(len, cycle)))
    assert trainer.run(samples, ends, rates, weights) == len(rates)
    assert network.bits == expected_network.bits
    assert trainer.figures == [expected]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_training_in_stretches_is_that_in_one(backend: Backend) -> None:
    whole, parts = Network(), Network()
    for network, stretches in ((whole, [14]), (parts, [3, 1, 10])):
        trainer = compile(network, backend).trainer(
            SAMPLES, network.weights, with_velocity, memory=(0.0,), keeps_figures=False
        )
        done = 0
        for updates in stretches:
            samples = [i % 5 for i in range(done, done + updates)]
            done += trainer.run(samples, range(1, updates + 1), [0.5] * updates)
        assert done == 14
        assert trainer.figures == [Figures()]
    assert whole.bits == parts.bits


@pytest.mark.parametrize("backend", BACKENDS)
def test_parameters_that_need_each_other_move_at_once(backend: Backend) -> None:
    """Document 003: a += 0.01·b and b += 0.01·a, both with the old numbers."""
    a, b = Value(5.0, name="a"), Value(6.0, name="b")
    trainer = compile(lambda: a * b, backend).trainer([()], [a, b], plain)
    assert trainer.run([0], [1], [-0.01]) == 1
    assert (a.data, b.data) == (5.0 + 0.01 * 6.0, 6.0 + 0.01 * 5.0)
    assert trainer.figures == [Figures(1, 30.0, 30.0, 30.0, 5.0 + 0.01 * 6.0 - 5.0)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_parameter_that_plays_no_part_decays_all_the_same(backend: Backend) -> None:
    used, unused = Value(1.0), Value(2.0)
    trainer = compile(lambda x: used * x, backend).trainer(
        [(1.0,)], [unused, used], plain, decays=[0.5, 0.0]
    )
    trainer.run([0], [1], [0.5])
    assert (unused.data, used.data) == (1.5, 0.5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_branches_are_followed_from_update_to_update(backend: Backend) -> None:
    def f(x: Any) -> Any:
        return (w - x) ** 2 if w > x else (x - w) * 3.0

    w = Value(0.0)
    trainer = compile(f, backend).trainer([(1.0,), (-1.0,)], [w], plain)
    updates = 40
    assert trainer.run([0, 1], [1, 2], [0.1] * updates) == updates

    moved, w.data = w.data, 0.0
    for index in [0, 1] * 20:
        w.grad = 0.0
        f(Value([1.0, -1.0][index])).backward()
        w.data -= 0.1 * w.grad
    assert w.data == moved


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_batch_that_goes_both_ways_is_left_to_the_caller(backend: Backend) -> None:
    w = Value(0.0)
    trainer = compile(lambda x: (w - x) ** 2 if w > x else x - w, backend).trainer(
        [(1.0,), (2.0,), (-1.0,)], [w], plain
    )
    assert trainer.run([0, 1, 0, 2], [2, 4], [0.25, 0.25]) == 1
    assert w.data == 0.5


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("failing", [0, 1, 13, 38])
def test_the_update_before_an_error_is_the_last(failing: int, backend: Backend) -> None:
    w = Value(10.0)
    samples = [(1.0 if i != failing else -100.0,) for i in range(39)]
    trainer = compile(lambda x: log(w + x), backend).trainer(samples, [w], plain)
    assert trainer.run(range(39), range(1, 40), [0.1] * 39) == failing
    value, moved, w.data = 0.0, w.data, 10.0
    for x, *_ in samples[:failing]:
        value += log(w.data + x)
        w.data -= 0.1 * (1.0 / (w.data + x))
    assert (w.data, value) == (moved, trainer.figures[0].value)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_parameter_that_would_become_infinite_stays(backend: Backend) -> None:
    w = Value(1.0)
    trainer = compile(lambda: w * w, backend).trainer([()], [w], plain)
    made = trainer.run([0] * 5000, range(1, 5001), [10.0] * 5000)
    assert 0 < made < 5000
    assert 1e150 < abs(w.data) < float("inf")


@pytest.mark.parametrize("backend", BACKENDS)
def test_data_that_are_not_finite_are_left_to_the_caller(backend: Backend) -> None:
    w = Value(1.0)
    trainer = compile(lambda x: w * x, backend).trainer([(float("nan"),)], [w], plain)
    assert trainer.run([0], [1], [0.5]) == 0
    assert w.data == 1.0


def test_a_formula_that_asks_for_the_numbers_cannot_be_compiled() -> None:
    w = Value(1.0)

    def clipped(gradient: Any, rate: Any, memory: Any) -> Any:
        return -rate * min(gradient, 1.0), memory

    trainer = compile(lambda x: w * x).trainer([(1.0,)], [w], clipped)
    with pytest.raises(TypeError, match="formula cannot be compiled, because it asks for the num"):
        trainer.run([0], [1], [0.5])


@pytest.mark.parametrize(
    ("samples", "ends", "weights", "message"),
    [
        ([0, 0], [1, 2], [0.5], "there are 2 batches, but 1 weights"),
        ([0, 0], [1, 1], None, r"ends\[1\] is 1, but the batch begins at 1"),
        (
            [0, 0],
            [1, 3],
            None,
            r"ends\[1\] is 3, but the batch begins at 1 and there are 2 samples",
        ),
        ([], [], None, "there are no batches"),
    ],
)
def test_batches_that_cannot_be_are_refused(
    samples: list[int], ends: list[int], weights: list[float] | None, message: str
) -> None:
    w = Value(1.0)
    trainer = compile(lambda x: w * x).trainer([(1.0,)], [w], plain)
    with pytest.raises(ValueError, match=message):
        trainer.run(samples, ends, [0.5, 0.5], weights)
    assert w.data == 1.0


def test_a_penalty_that_branches_cannot_be_compiled() -> None:
    w = Value(1.0, name="w")
    with pytest.raises(TypeError, match="a penalty may not branch, but this one asks whether w > "):
        compile(lambda x: w * x).trainer(
            [(1.0,)], [w], plain, penalty=lambda: w * w if w > 0.0 else w
        )


def test_a_penalty_on_what_does_not_move_is_refused() -> None:
    w, fixed = Value(1.0), Value(2.0, name="fixed")
    with pytest.raises(TypeError, match=r"is also one on Value.*'fixed'.*do not move"):
        compile(lambda x: w * x).trainer([(1.0,)], [w], plain, penalty=lambda: w * fixed)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("stretches", [[14], [3, 1, 10], [4, 4, 6], [1] * 14])
def test_figures_begin_anew_after_so_many_updates(stretches: list[int], backend: Backend) -> None:
    network, expected = Network(), list[Figures]()
    for part in ([0.5] * 4, [0.5] * 4, [0.5] * 4, [0.5] * 2):
        trainer = compile(network, backend).trainer(SAMPLES, network.weights, plain)
        trainer.run([0], [1], part)
        expected += trainer.figures
    twin, done = Network(), 0
    trainer = compile(twin, backend).trainer(SAMPLES, twin.weights, plain, updates_per_figures=4)
    for updates in stretches:
        done += trainer.run([0], [1], [0.5] * updates)
    assert (done, trainer.figures, twin.bits) == (14, expected, network.bits)
