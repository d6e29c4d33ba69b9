from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import pytest

from autograd import Value, no_grad
from nn.layers import MLP, Neuron
from nn.losses import half_squared_error, l2_penalty, softmax_cross_entropy
from nn.module import Module
from nn.objective import Objective

SAMPLES = [[0.5, -1.0], [1.5, 2.0], [-0.75, 0.25]]
TARGETS = [[1.0], [0.0], [0.5]]


def network() -> MLP:
    return MLP(2, [3, 1], ["tanh", "identity"], seed=1)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_gradients_are_those_of_the_whole_expression(
    reduction: Literal["mean", "sum"], strength: float
) -> None:
    model, twin = network(), network()
    objective = Objective(
        model,
        SAMPLES,
        TARGETS,
        half_squared_error,
        penalty=(lambda parameters: l2_penalty(parameters, strength)) if strength else None,
        reduction=reduction,
    )

    result = objective([0, 2])

    losses = [half_squared_error(twin(SAMPLES[i]), TARGETS[i]) for i in (0, 2)]
    whole = (losses[0] + losses[1]) / (2.0 if reduction == "mean" else 1.0)
    whole += sum(0.5 * strength * w**2 for w in twin.parameters())
    whole.backward()
    assert result.objective == pytest.approx(whole.data, rel=1e-14)
    assert result.errors == [loss.data for loss in losses]
    assert [p.grad for p in model.parameters()] == pytest.approx(
        [p.grad for p in twin.parameters()], rel=1e-13
    )


def test_each_call_begins_with_gradients_of_zero() -> None:
    model = network().freeze("*bias*")
    objective = Objective(model, SAMPLES, TARGETS, half_squared_error)
    objective([0])
    first = [p.grad for p in model.named_parameters().values()]

    objective([0])

    assert [p.grad for p in model.named_parameters().values()] == first


def test_the_measure_is_given_plain_numbers() -> None:
    seen = []

    def measure(prediction: object, target: object) -> float:
        seen.append((prediction, target))
        return 0.25

    listing, single = MLP(2, [2], "identity", seed=1), Neuron([1.0, 2.0], 0.5, "identity")
    squared = Objective(listing, SAMPLES, [[0, 1]] * 3, half_squared_error, measure=measure)
    assert squared([1]).errors == [0.25]
    Objective(single, SAMPLES, [0, 1, 2], half_squared_error, measure=measure)([1])

    assert seen == [(tuple(listing.predict(SAMPLES[1])), (0.0, 1.0)), (6.0, 1)]


def test_a_loss_serves_as_a_measure() -> None:
    objective = Objective(
        network(), SAMPLES, TARGETS, half_squared_error, measure=half_squared_error
    )

    result = objective([1])

    assert result.errors == [result.objective]


@pytest.mark.parametrize(
    ("model", "targets", "expected"),
    [
        (Neuron([1.0, 2.0]), [[1.0], [0.0], [0.5]], [1.0, 0.0, 0.5]),
        (Neuron([1.0, 2.0]), [1, 0, 0.5], [1, 0, 0.5]),
        (MLP(2, [1]), [1, 0, 0.5], [(1,), (0,), (0.5,)]),
        (MLP(2, [2]), [[1, 0]] * 3, [(1.0, 0.0)] * 3),
    ],
)
def test_targets_take_the_form_of_the_outputs(
    model: Module, targets: object, expected: list[object]
) -> None:
    assert Objective(model, SAMPLES, targets, half_squared_error).targets == expected


def test_targets_may_be_the_numbers_of_classes() -> None:
    objective = Objective(MLP(2, [3], "identity"), SAMPLES, [2, 0, 1], softmax_cross_entropy)

    assert objective.targets == [2, 0, 1]


def objective_of(*arguments: Any, **options: Any) -> Objective:
    """As a user makes it who has no type checker."""
    return Objective(*arguments, **options)


def detached(outputs: list[Value], target: float) -> Value:
    with no_grad():
        return half_squared_error(outputs, target)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: Objective(network(), SAMPLES, [[1.0, 2.0]] * 3, half_squared_error),
            ValueError,
            "every target has 2 numbers, but the model gives 1: give one number for each output",
        ),
        (
            lambda: Objective(Neuron([1.0, 2.0]), SAMPLES, [[1.0, 2.0]] * 3, half_squared_error),
            ValueError,
            "every target has 2 numbers, but the model gives 1",
        ),
        (
            lambda: Objective(MLP(2, [3]), SAMPLES, TARGETS, half_squared_error),
            ValueError,
            "every target has 1 number, but the model gives 3",
        ),
        (
            lambda: Objective(network(), [[1.0, 2.0, 3.0]], [1.0], half_squared_error),
            ValueError,
            "3",
        ),
        (
            lambda: Objective(network(), SAMPLES, TARGETS, lambda outputs, target: Value(1.0)),
            TypeError,
            r"the loss gave Value\(1\.0\), which was not computed from the parameters",
        ),
        (
            lambda: Objective(network(), SAMPLES, TARGETS, detached),
            TypeError,
            "the loss gave .* which was not computed from the parameters",
        ),
        (
            lambda: objective_of(network(), SAMPLES, TARGETS, lambda outputs, target: 1.0),
            TypeError,
            r"the loss gave 1\.0, which was not computed",
        ),
        (
            lambda: objective_of(
                network(), SAMPLES, TARGETS, half_squared_error, penalty=lambda parameters: 0.5
            ),
            TypeError,
            r"the penalty gave 0\.5",
        ),
        (
            lambda: objective_of(network(), SAMPLES, TARGETS, half_squared_error, reduction="max"),
            ValueError,
            "reduction is 'max': give 'mean' or 'sum'",
        ),
    ],
)
def test_what_cannot_be_trained_is_refused(
    make: Callable[[], Objective], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_the_first_node_that_is_not_finite_is_named() -> None:
    neuron = Neuron([1e200], 0.0, "identity", name="o1")

    def loss(output: Value, target: float) -> Value:  # noqa: ARG001
        squared = (output * output).named("squared")
        return (squared - 1.0) * 0.5

    objective = Objective(neuron, [[0.0], [2.0]], [0.0, 0.0], loss)
    objective([0])

    with pytest.raises(
        FloatingPointError,
        match=r"the loss of samples\[1\] is inf: the first node that is not finite is mul "
        r"'squared' of out_o1 = 2e\+200, out_o1 = 2e\+200",
    ):
        objective([0, 1])


def test_a_parameter_that_is_not_finite_is_named() -> None:
    neuron = Neuron([Value(math.nan, name="w5")], 0.0, "identity")

    with pytest.raises(FloatingPointError, match="the given number 'w5' is nan"):
        Objective(neuron, [[1.0]], [0.0], half_squared_error)([0])


def test_a_penalty_that_is_not_finite_is_named() -> None:
    neuron = Neuron([1e200], 0.0, "identity")
    objective = Objective(
        neuron,
        [[1e-200]],
        [0.0],
        half_squared_error,
        penalty=lambda parameters: l2_penalty(parameters, 1.0),
    )

    with pytest.raises(FloatingPointError, match=r"the penalty is inf: the first node .* dot of"):
        objective([0])


def test_construction_leaves_gradients_alone() -> None:
    model = network()

    Objective(model, SAMPLES, TARGETS, half_squared_error)

    assert not any(parameter.reached for parameter in model.parameters())


def test_a_loss_that_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match=r"loss is 'mse', no function: .* nn\.mean_squared_error"):
        Objective(network(), SAMPLES, TARGETS, "mse")  # type: ignore[arg-type]  # the mistake itself
