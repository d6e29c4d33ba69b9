"""A compiled training is the eager one to the last bit, or says why it is not compiled."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd import log

SAMPLES = [[0.5, -1.0], [1.5, 2.0], [-0.75, 0.25], [0.0, 1.0], [2.0, -0.5]]
TARGETS = [1.0, 0.0, 0.5, 0.25, -1.0]
CLASSES = [1, -1, -1, 1, 1]
SHARES = [1, 0, 0.5, 1, 0]


def network(outputs: int = 1, last: str = "identity") -> nn.MLP:
    return nn.MLP(2, [3, outputs], ["tanh", last], seed=1)


def trained(
    compile: str | None,
    make: Callable[[nn.MLP], nn.Optimiser] = lambda model: nn.SGD(model, 0.1),
    model: nn.MLP | None = None,
    targets: Any = TARGETS,
    **options: Any,
) -> tuple[nn.History, dict[str, object]]:
    """The history, and all that must be equal."""
    model = model or network()
    optimiser = make(model)
    options = {"loss": nn.half_squared_error, "epochs": 4, "seed": 3, **options}
    history = nn.fit(model, SAMPLES, targets, optimiser=optimiser, compile=compile, **options)  # type: ignore[arg-type]  # any text is tried
    seen = history.state_dict() | {"seconds": None, "stopped_by": history.stopped_by}
    return history, {**seen, "model": model.state_dict(), "optimiser": optimiser.state_dict()}


OPTIMISERS: dict[str, Callable[[nn.MLP], nn.Optimiser]] = {
    "SGD": lambda model: nn.SGD(model, 0.1),
    "momentum": lambda model: nn.SGD(
        model, nn.PowerDecay(0.1, 0.3), momentum=0.5, weight_decay=0.01
    ),
    "nesterov": lambda model: nn.SGD(
        model, 0.1, momentum=0.5, nesterov=True, accumulate="gradients"
    ),
    "RMSprop": lambda model: nn.RMSprop(model, 0.05),
    "Adam": lambda model: nn.Adam(
        model, 0.05, epsilon=0.0, weight_decay=0.1, decayed=model.parameters()[:2]
    ),
}


@pytest.mark.parametrize("backend", ["python", "auto"])
@pytest.mark.parametrize("order", ["sequential", "wrapping", "shuffled", "full"])
@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("before_update", [False, True])
def test_the_same_training_to_the_bit(
    optimiser: str, order: str, backend: str, before_update: bool
) -> None:
    options: dict[str, Any] = {
        "order": order,
        "batch_size": None if order == "full" else 2,
        "measure": nn.residual_norm,
        "penalty": lambda parameters: nn.l2_penalty(parameters, 0.01),
        "stop_before_update": before_update,
        "iterations_per_epoch": 4,
    }
    _, expected = trained(None, OPTIMISERS[optimiser], **options)
    history, found = trained(backend, OPTIMISERS[optimiser], **options)
    assert found == expected
    assert history.engine in ("c", "python")


@pytest.mark.parametrize(
    ("loss", "targets", "last"),
    [
        (nn.mean_squared_error, TARGETS, "identity"),
        (nn.root_mean_squared_error, TARGETS, "identity"),
        (nn.mean_absolute_error, TARGETS, "identity"),
        (nn.hinge, CLASSES, "identity"),
        (nn.binary_cross_entropy, SHARES, "sigmoid"),
        (nn.binary_cross_entropy_from_logits, SHARES, "identity"),
    ],
)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_every_loss_of_one_output(
    loss: Any, targets: list[float], last: str, reduction: str
) -> None:
    options: dict[str, Any] = {
        "loss": loss,
        "targets": targets,
        "reduction": reduction,
        "order": "full",
        "measure": nn.percent_wrong(),
        "epoch_error": "sum",
    }
    _, expected = trained(None, model=network(1, last), **options)
    history, found = trained("python", model=network(1, last), **options)
    assert found == expected
    assert history.engine == "python"


def test_rules_end_both_trainings_in_the_same_epoch() -> None:
    options: dict[str, Any] = {"epochs": 300, "stop": nn.ErrorBelow(0.01)}
    for before_update in (False, True):
        history, expected = trained(None, stop_before_update=before_update, **options)
        assert 1 < history.epochs < 300
        assert trained("python", stop_before_update=before_update, **options)[1] == expected


@pytest.mark.parametrize("before_update", [False, True])
def test_a_compiled_training_goes_on_where_an_eager_one_stopped(before_update: bool) -> None:
    options: dict[str, Any] = {"stop_before_update": before_update, "order": "shuffled"}
    _, expected = trained(None, OPTIMISERS["Adam"], epochs=6, **options)
    for first, second in (("python", None), (None, "python"), ("python", "python")):
        stopped, _ = trained(first, OPTIMISERS["Adam"], epochs=2, **options)
        checkpoint = json.loads(json.dumps(stopped.checkpoint))
        _, found = trained(second, OPTIMISERS["Adam"], epochs=6, resume=checkpoint, **options)
        assert found == expected


def test_callbacks_see_and_change_what_moves() -> None:
    def halve(training: nn.Training) -> None:
        training.optimiser.learning_rate = 0.5 * training.optimiser.rate
        training.model.parameters()[0].data = 0.25

    assert trained("python", callbacks=[halve])[1] == trained(None, callbacks=[halve])[1]


def test_other_settings_that_a_callback_changes_are_obeyed() -> None:
    def brake(training: nn.Training) -> None:
        assert isinstance(training.optimiser, nn.SGD)
        training.optimiser.momentum = 0.25

    momentum = OPTIMISERS["momentum"]
    history, found = trained("python", momentum, callbacks=[brake])
    assert found == trained(None, momentum, callbacks=[brake])[1]
    assert history.engine == (
        "python for 5 updates, then eager: the settings of the optimiser were changed on the way"
    )


class Reading(nn.Optimiser):
    def change(self, gradient: float, rate: float, memory: Any) -> Any:
        return -rate * math.tanh(gradient), memory


class Stepping(nn.SGD):
    def step(self) -> None:
        super().step()


def rounded(prediction: Any, target: Any) -> Any:
    return round(float(prediction[0]) - target[0])


def by_sign(outputs: Any, targets: Any) -> Any:
    [y], [t] = outputs, targets
    return (y - t) ** 2 if y > 0.0 else 2.0 * (y - t) ** 2


UNCOMPILED: dict[str, tuple[dict[str, Any], str]] = {
    "formula": ({"make": lambda model: Reading(model, 0.1)}, "formula cannot be compiled"),
    "step": ({"make": lambda model: Stepping(model, 0.1)}, "Stepping has a step of its own"),
    "measure": ({"measure": rounded}, "float"),
    "penalty": (
        {"penalty": lambda ws: ws[0] * ws[0] if ws[0] > 0.0 else ws[1] * 1.0},
        "a penalty may not branch",
    ),
    "classes": (
        {
            "model": network(2),
            "targets": [0, 1, 1, 0, 1],
            "loss": nn.softmax_cross_entropy,
        },
        "whole number of a class",
    ),
}


@pytest.mark.parametrize("kind", UNCOMPILED)
def test_what_cannot_be_compiled_runs_eagerly_and_says_so(kind: str) -> None:
    options, reason = UNCOMPILED[kind]
    start = options.get("model", network()).state_dict()
    _, expected = trained(None, **options)
    options.get("model", network()).load_state_dict(start)
    history, found = trained("auto", **options)
    assert found == expected
    assert history.engine.startswith("eager: ")
    assert reason in history.engine
    assert history.engine in history.summary()
    options.get("model", network()).load_state_dict(start)
    with pytest.raises(TypeError, match=f"cannot be compiled: .*{reason}.*compile='auto' it runs"):
        trained("python", **options)


def test_a_batch_that_goes_two_ways_is_left_to_the_eager_engine() -> None:
    options: dict[str, Any] = {"loss": by_sign, "order": "full", "epochs": 3}
    _, expected = trained(None, **options)
    history, found = trained("auto", **options)
    assert found == expected
    assert history.engine.endswith("the samples of a batch went different ways")


def test_single_samples_that_go_two_ways_are_followed() -> None:
    options: dict[str, Any] = {"loss": by_sign, "epochs": 6}
    _, expected = trained(None, **options)
    history, found = trained("python", **options)
    assert (found, history.engine) == (expected, "python")


def test_an_error_on_the_way_is_that_of_the_eager_training() -> None:
    def loss(outputs: Any, _targets: Any) -> Any:
        return -log(outputs[0] - 0.3)

    messages = []
    for backend in (None, "python", "auto"):
        model = nn.MLP(2, [1], ["identity"], weights=[[[0.1, 0.2]]], biases=[[1.0]])
        with pytest.raises((ValueError, ArithmeticError)) as caught:
            trained(backend, lambda m: nn.SGD(m, 5.0), model, loss=loss, epochs=50)
        messages.append((str(caught.value), caught.value.__notes__, model.state_dict()))
    assert messages[0] == messages[1] == messages[2]


def test_an_output_that_is_no_probability_is_named_alike_by_both_trainings() -> None:
    messages = []
    for backend in (None, "python", "auto"):
        model = nn.MLP(2, [1], ["identity"], weights=[[[0.1, 0.1]]], biases=[[0.5]])
        with pytest.raises(
            ValueError, match=r"^binary_cross_entropy: output 0 is .*from 0 to 1"
        ) as e:
            trained(backend, model=model, targets=SHARES, loss=nn.binary_cross_entropy, epochs=50)
        messages.append((str(e.value), e.value.__notes__, model.state_dict()))
    assert messages[0] == messages[1] == messages[2]


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match="compile is 'rust': give one of 'auto', 'c', 'python'"):
        trained("rust")
