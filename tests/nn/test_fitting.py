from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value
from nn.fitting import fit
from nn.history import History
from nn.layers import MLP, Neuron
from nn.losses import half_squared_error, l2_penalty, root_mean_squared_error
from nn.measures import percent_wrong, residual_norm
from nn.module import Module
from nn.optim import SGD
from nn.schedules import PowerDecay
from nn.stopping import (
    ErrorBelow,
    EverySampleErrorBelow,
    NoImprovement,
    ParameterChangeBelow,
)


def test_document_000_after_10_000_rounds() -> None:
    net = MLP(
        2,
        [2, 2],
        weights=[[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]],
        biases=[0.35, 0.6],
    ).freeze("*bias*")

    history = fit(
        net,
        [[0.05, 0.1]],
        [[0.01, 0.99]],
        loss=half_squared_error,
        optimiser=SGD(net, 0.5),
        epochs=10_000,
    )

    # Printed in the document: the errors before any update and after 9,999 of them.
    assert round(history.errors[0], 9) == 0.298371109
    assert round(history.errors[-1], 10) == 0.0000351085
    assert history.updates == 10_000
    assert [p.data for p in net.named_parameters().values() if p not in net.parameters()] == [
        0.35,
        0.6,
    ]


def surface_net() -> tuple[MLP, np.ndarray[Any, np.dtype[np.float64]]]:
    """Document 002's points and its net with three hidden neurons, drawn in its order."""
    generator = np.random.RandomState(42)
    points = generator.uniform(-2.0, 2.0, (100, 2))
    weights, biases = [], []
    for n_in, n_out in ((2, 3), (3, 1)):
        weights.append((generator.random_sample((n_out, n_in)) / 100.0).tolist())
        biases.append((generator.random_sample(n_out) / 100.0).tolist())
    return MLP(2, [3, 1], ["sigmoid", "identity"], weights=weights, biases=biases), points


# After each iteration: the logged loss, η, the hidden layer's weights and biases row by row, the
# output's. Computed with 50 digits from the formulas of document 002 for f1 = x² + y².
SURFACE = {
    1: (
        2.976669767512489,
        0.4,
        [0.006172283565161494, 0.0010263141764575519, 0.0014933380156473208],
        [0.0007707597716701685, 0.009616185142253535, 0.00826805719153385],
        [0.004997980690547252, 0.0008877236443977269, 0.0021101174578617337],
        [0.5963515267907004, 0.6035804322098193, 0.601343874445543, 1.1971872588155177],
    ),
    3: (
        1.6688746955581955,
        0.3210966247040923,
        [0.0071285642093220514, 0.01602789829221653, -0.04511046582324423],
        [0.0011742599343009404, 0.025056205868589768, -0.037483939803064206],
        [0.0051826830948077, 0.016412091240657418, -0.04301723846947102],
        [1.1396999720710705, 1.1498640782706067, 1.1442812857533409, 2.2921167433904044],
    ),
    5: (
        1.405895643150829,
        0.2899118654710782,
        [-0.022326319875853016, 0.10496833339262146, -0.32917707093593374],
        [-0.028737590297430247, 0.11492257194810226, -0.32374604203656054],
        [-0.024668772844452614, 0.10590465333415292, -0.32768871428234614],
        [0.8606568632384312, 0.8708834662903059, 0.8646715491872954, 1.7069768226332156],
    ),
}


@pytest.mark.parametrize("penalty", [False, True])
def test_document_002_batches_momentum_decay_penalty_and_logged_loss(penalty: bool) -> None:
    net, points = surface_net()
    optimiser = SGD(net, PowerDecay(0.4, 0.2), momentum=0.6, weight_decay=0.0 if penalty else 1e-4)
    states: list[list[float]] = []

    history = fit(
        net,
        points,
        (points**2).sum(axis=1),
        loss=half_squared_error,
        penalty=(lambda parameters: l2_penalty(parameters, 1e-4)) if penalty else None,
        measure=residual_norm,
        optimiser=optimiser,
        batch_size=40,
        order="wrapping",
        iterations_per_epoch=1,
        epochs=5,
        callbacks=[lambda training: states.append([p.data for p in training.model.parameters()])],
    )

    for iteration, (loss, rate, *rows) in SURFACE.items():
        assert history.errors[iteration - 1] == pytest.approx(loss, rel=1e-13)
        assert history.learning_rates[iteration - 1] == pytest.approx(rate, rel=1e-15)
        expected = [number for row in rows for number in row]
        assert states[iteration - 1] == pytest.approx(expected, abs=1e-12)


def test_document_002_asks_before_the_update_and_counts_iterations() -> None:
    net, points = surface_net()
    after_two, _ = surface_net()
    arguments: dict[str, Any] = {
        "samples": points[:7],
        "targets": points[:7, :1],
        "loss": half_squared_error,
        "batch_size": 3,
        "order": "wrapping",
    }

    history = fit(
        net,
        optimiser=SGD(net, 0.1),
        iterations_per_epoch=3,
        epochs=1,
        stop_before_update=True,
        **arguments,
    )
    fit(after_two, optimiser=SGD(after_two, 0.1), iterations_per_epoch=2, epochs=1, **arguments)

    assert (history.epochs, history.updates) == (1, 2)
    assert net.state_dict() == after_two.state_dict()


PATTERNS = [[1, 0, 1, 0, 1], [1, 0, 1, 1, 1], [0, 0, 1, 1, 0]]
LABELS = [[1.0, 0.0], [0.0, 1.0], [0.5, 0.25]]


def test_document_001_sums_the_errors_of_an_epochs_samples() -> None:
    net = MLP(5, [4, 2], "tanh", biases=None, seed=5)
    outputs = np.array(net.predict([list(map(float, row)) for row in PATTERNS]))
    expected = np.sqrt(((outputs - LABELS) ** 2).mean(axis=1))

    history = fit(
        net,
        PATTERNS,
        LABELS,
        loss=half_squared_error,
        measure=root_mean_squared_error,
        epoch_error="sum",
        optimiser=SGD(net, 0.0),
        epochs=2,
    )

    assert history.errors == pytest.approx([expected.sum()] * 2, rel=1e-14)
    assert history.largest_errors == pytest.approx([expected.max()] * 2, rel=1e-14)
    assert history.updates == 6


def test_document_001_updates_after_every_sample_in_order() -> None:
    net, by_hand = (MLP(5, [4, 2], "tanh", biases=None, seed=5) for _ in range(2))

    fit(net, PATTERNS, LABELS, loss=half_squared_error, optimiser=SGD(net, 0.1), epochs=3)

    for _ in range(3):
        for sample, target in zip(PATTERNS, LABELS, strict=True):
            by_hand.zero_grad()
            half_squared_error(by_hand(sample), target).backward()
            for parameter in by_hand.parameters():
                parameter.data -= 0.1 * parameter.grad
    assert net.state_dict() == by_hand.state_dict()


def line() -> Neuron:
    return Neuron([0.0], 0.0, "identity")


def learn(model: Neuron, **options: Any) -> History:
    options = {"loss": half_squared_error, "optimiser": SGD(model, 0.2), "epochs": 500, **options}
    return fit(model, [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], **options)


@pytest.mark.parametrize(
    "rule", [ErrorBelow(1e-6), EverySampleErrorBelow(1e-6), ParameterChangeBelow(1e-4)]
)
def test_every_rule_ends_a_real_training(rule: ErrorBelow) -> None:
    model = line()

    history = learn(model, stop=rule)

    assert 1 < history.epochs < 500
    assert history.stopped_by.startswith("the ")
    assert model.weights[0].data == pytest.approx(2.0, abs=1e-2)


def test_the_error_of_an_epoch_may_be_a_percentage() -> None:
    model = Neuron([1.0], 0.0)

    history = fit(
        model,
        [[-1.0], [-0.5], [0.5], [1.0]],
        [1, 1, 0, 0],
        loss=half_squared_error,
        measure=percent_wrong(),
        optimiser=SGD(model, 0.5),
        stop=ErrorBelow(20.0),
        epochs=100,
    )

    assert history.errors[0] == 100.0
    assert history.stopped_by.endswith("is 0, below 20")


def test_the_loss_holds_the_penalty_and_the_error_does_not() -> None:
    model = Neuron([3.0], 0.0, "identity")

    history = learn(
        model, optimiser=SGD(model, 0.0), penalty=lambda w: l2_penalty(w, 2.0), epochs=1
    )

    # Residuals 1, 0 and −1; ½·2·3² = 9
    assert history.errors == [pytest.approx(1.0 / 3.0)]
    assert history.losses == [pytest.approx(9.0 + 1.0 / 3.0)]


def test_a_full_batch_is_one_update_an_epoch() -> None:
    assert learn(line(), order="full", epochs=4).updates == 4


def test_only_what_the_optimiser_was_given_moves() -> None:
    model = line()

    learn(model, optimiser=SGD([model.weights[0]], 0.2), epochs=3)

    assert model.bias is not None
    assert model.bias.data == 0.0
    assert model.weights[0].data != 0.0


def test_an_optimiser_keeps_its_memory_from_fit_to_fit_and_a_schedule_can_begin_again() -> None:
    model, twin = line(), line()
    optimiser = SGD(model, PowerDecay(0.2, 0.5), momentum=0.5)
    learn(model, optimiser=optimiser, epochs=2)
    remembered = optimiser.memories
    optimiser.iteration = 0
    learn(model, optimiser=optimiser, epochs=1)

    fresh = SGD(twin, PowerDecay(0.2, 0.5), momentum=0.5)
    learn(twin, optimiser=fresh, epochs=2)
    fresh.load_state_dict({**fresh.state_dict(), "iteration": 0})
    learn(twin, optimiser=fresh, epochs=1)

    assert any(remembered)
    assert twin.state_dict() == model.state_dict()
    assert optimiser.rate == 0.2 / math.sqrt(3)


def test_arrays_serve_as_data() -> None:
    model, twin = line(), line()
    learn(model, epochs=3)

    fit(
        twin,
        np.array([[0.0], [1.0], [2.0]]),
        np.array([1.0, 3.0, 5.0]),
        loss=half_squared_error,
        optimiser=SGD(twin, 0.2),
        epochs=3,
    )

    assert twin.state_dict() == model.state_dict()


class Line(Module):
    """A user's own model, of plain numbers as samples."""

    def __init__(self) -> None:
        self.slope = Value(0.0)

    def __call__(self, inputs: Any) -> Value:
        output: Value = self.slope * inputs
        return output


def test_a_model_may_take_plain_numbers() -> None:
    model = Line()

    fit(
        model,
        [1.0, 2.0],
        [3.0, 6.0],
        loss=lambda y, t: (y - t) ** 2,
        optimiser=SGD(model, 0.1),
        epochs=200,
    )

    assert model.slope.data == pytest.approx(3.0)


def frozen_late(model: Neuron) -> SGD:
    optimiser = SGD(model, 0.1)
    model.freeze("bias")
    return optimiser


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda m: {"samples": []}, ValueError, "samples is empty"),
        (lambda m: {"samples": [[1.0], [2.0, 3.0]]}, ValueError, r"samples\[1\] is a row of 2"),
        (lambda m: {"samples": [[1.0, 2.0]], "targets": [1.0]}, ValueError, "2"),
        (lambda m: {"targets": ["cat", "dog"]}, TypeError, r"targets\[0\] is the text 'cat'"),
        (lambda m: {"targets": [1.0]}, ValueError, "2 samples but 1 targets"),
        (lambda m: {"targets": [[1.0, 2.0]] * 2}, ValueError, "every target has 2 numbers"),
        (lambda m: {"targets": [1.0, math.nan]}, ValueError, r"targets\[1\] is nan"),
        (lambda m: {"batch_size": 0}, ValueError, "batch_size is 0: give 1 or above"),
        (lambda m: {"batch_size": 2, "order": "full"}, ValueError, "batch_size is 2, but order"),
        (lambda m: {"order": "random"}, ValueError, "order is 'random'"),
        (lambda m: {"seed": "lucky"}, TypeError, "seed is 'lucky', a str"),
        (lambda m: {"epochs": 0}, ValueError, "Epochs: epochs is 0"),
        (lambda m: {"epochs": None}, ValueError, "fit does not know when to stop: give epochs=100"),
        (lambda m: {"stop": 10}, TypeError, "stop is 10, no stop rule"),
        (lambda m: {"iterations_per_epoch": 0}, ValueError, "iterations_per_epoch is 0"),
        (lambda m: {"epoch_error": "least"}, ValueError, "epoch_error is 'least'"),
        (lambda m: {"optimiser": SGD}, TypeError, "optimiser is <class .*>, no Optimiser"),
        (lambda m: {"optimiser": SGD(line(), 0.1)}, ValueError, "which is no parameter of Neuron"),
        (lambda m: {"optimiser": frozen_late(m)}, ValueError, "moves bias, which is frozen: make"),
        (lambda m: {"loss": lambda y, t: y.data}, TypeError, "the loss gave 0.0"),
        (lambda m: {"resume": {}}, ValueError, "this is no checkpoint of a training"),
    ],
)
def test_nothing_moves_before_all_is_known_to_be_right(
    change: Callable[[Neuron], dict[str, Any]], error: type[Exception], message: str
) -> None:
    model = line()
    optimiser = SGD(model, 0.1)
    arguments: dict[str, Any] = {
        "samples": [[1.0], [2.0]],
        "targets": [2.0, 4.0],
        "loss": half_squared_error,
        "optimiser": optimiser,
        "epochs": 5,
        **change(model),
    }

    with pytest.raises(error, match=message):
        fit(model, **arguments)

    assert model.state_dict() == line().state_dict()
    assert optimiser.iteration == 0


def test_no_improvement_ends_a_training_that_stands_still() -> None:
    net = Neuron([0.5], 0.0)

    history = fit(
        net, [[1.0]], [0.0], loss=half_squared_error, optimiser=SGD(net, 0.0), stop=NoImprovement(3)
    )

    assert history.epochs == 4
    assert history.stopped_by.startswith("the error has not improved on")
