from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, exp
from nn.batches import Batches, Order, Position
from nn.fitting import fit
from nn.history import History
from nn.layers import MLP, Neuron
from nn.losses import half_squared_error
from nn.objective import Objective
from nn.optim import SGD, Adam, Memory, Optimiser
from nn.schedules import PowerDecay
from nn.stopping import Epochs
from nn.training import Training

SAMPLES = [[0.5, -1.0], [1.5, 2.0], [-0.75, 0.25], [0.0, 1.0], [2.0, -0.5]]
TARGETS = [1.0, 0.0, 0.5, 0.25, -1.0]


def network() -> MLP:
    return MLP(2, [3, 1], ["tanh", "identity"], seed=1)


def momentum(model: MLP) -> Optimiser:
    return SGD(model, PowerDecay(0.1, 0.3), momentum=0.5)


def adam(model: MLP) -> Optimiser:
    return Adam(model, 0.05)


def train(model: MLP, optimiser: Optimiser, epochs: int | None = 6, **options: Any) -> History:
    options = {"loss": half_squared_error, "batch_size": 2, "seed": 3, **options}
    return fit(model, SAMPLES, TARGETS, optimiser=optimiser, epochs=epochs, **options)


def lists(history: History) -> dict[str, object]:
    return {k: v for k, v in history.state_dict().items() if k != "seconds"}


@pytest.mark.parametrize("before_update", [False, True])
@pytest.mark.parametrize("order", ["sequential", "wrapping", "shuffled"])
@pytest.mark.parametrize("make", [momentum, adam])
@pytest.mark.parametrize("stopped_after", [1, 2, 5])
def test_going_on_gives_the_bits_of_never_having_stopped(
    make: Callable[[MLP], Optimiser], order: Order, before_update: bool, stopped_after: int
) -> None:
    options: dict[str, Any] = {"order": order, "stop_before_update": before_update}
    whole, part, rest = network(), network(), network()
    expected = train(whole, make(whole), **options)

    stopped = train(part, make(part), stopped_after, **options)
    checkpoint = json.loads(json.dumps(stopped.checkpoint, allow_nan=False))
    history = train(rest, make(rest), resume=checkpoint, **options)

    assert rest.state_dict() == whole.state_dict()
    assert lists(history) == lists(expected)
    assert history.epochs == 6


def test_every_epoch_offers_a_checkpoint_to_go_on_from() -> None:
    whole = network()
    checkpoints: list[str] = []
    expected = train(
        whole,
        momentum(whole),
        order="shuffled",
        callbacks=[lambda training: checkpoints.append(json.dumps(training.checkpoint()))],
    )

    for checkpoint in checkpoints[:-1]:
        rest = network()
        history = train(rest, momentum(rest), order="shuffled", resume=json.loads(checkpoint))
        assert rest.state_dict() == whole.state_dict()
        assert lists(history) == lists(expected)


def test_going_on_where_the_rule_is_already_content_moves_nothing() -> None:
    model, rest = network(), network()
    stopped = train(model, momentum(model), 3, stop_before_update=True)

    history = train(rest, momentum(rest), 3, stop_before_update=True, resume=stopped.checkpoint)

    assert rest.state_dict() == model.state_dict()
    assert history.stopped_by == "3 epochs are done"
    assert lists(history) == lists(stopped)


def damaged(part: str, damage: object) -> dict[str, object]:
    model = network()
    checkpoint = train(model, momentum(model), 2).checkpoint
    assert checkpoint is not None
    return {**checkpoint, part: damage}


@pytest.mark.parametrize(
    ("part", "damage", "message"),
    [
        ("model", {}, "missing: layers"),
        ("model", None, "no checkpoint of a training, it has no 'model'"),
        ("optimiser", {"optimiser": "Adam"}, "this state is of 'Adam'"),
        ("batches", {}, "the batches that were saved had samples None"),
        ("epoch", {"batches": 0}, "the checkpoint's epoch holds"),
        ("history", {}, "no state of a History"),
    ],
)
def test_a_checkpoint_that_does_not_fit_changes_nothing(
    part: str, damage: object, message: str
) -> None:
    model = network()
    optimiser = momentum(model)
    before = model.state_dict(), optimiser.state_dict()

    with pytest.raises(ValueError, match=message):
        train(model, optimiser, resume=damaged(part, damage))

    assert (model.state_dict(), optimiser.state_dict()) == before


def test_a_checkpoint_that_fits_in_part_changes_nothing() -> None:
    model = network()
    objective = Objective(model, SAMPLES, TARGETS, half_squared_error)
    training = Training(model, objective, momentum(model), Batches(5, 2, seed=3), Epochs(3))
    checkpoint = damaged("optimiser", {"optimiser": "Adam"})

    with pytest.raises(ValueError, match="this state is of 'Adam'"):
        training.resume(checkpoint)

    assert training.batches.position == Position(0, 0)
    assert model.state_dict() == network().state_dict()


class Interrupting:
    """A loss during whose nth evaluation Ctrl-C is pressed."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, outputs: list[Value], targets: list[float]) -> Value:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt
        return half_squared_error(outputs, targets)


# One evaluation checks the loss, then five make an epoch.
@pytest.mark.parametrize(("at", "epochs"), [(2, 0), (4, 0), (9, 1), (12, 2)])
def test_ctrl_c_returns_what_was_learnt_and_can_be_gone_on_from(at: int, epochs: int) -> None:
    whole, part, rest = network(), network(), network()
    expected = train(whole, momentum(whole), order="shuffled")

    stopped = train(part, momentum(part), order="shuffled", loss=Interrupting(at))

    assert stopped.interrupted
    assert stopped.stopped_by == f"interrupted in epoch {epochs + 1}"
    assert stopped.losses == expected.losses[:epochs]
    history = train(rest, momentum(rest), order="shuffled", resume=stopped.checkpoint)
    assert rest.state_dict() == whole.state_dict()
    assert lists(history) == lists(expected)
    assert not history.interrupted


class HalfMoved(SGD):
    """Ctrl-C is pressed in the middle of the third update."""

    def step(self) -> None:
        if self.iteration == 2:
            self.parameters[0].data = 77.0
            raise KeyboardInterrupt
        super().step()


@pytest.mark.parametrize("before_update", [False, True])
def test_ctrl_c_in_the_middle_of_an_update_leaves_the_whole_updates(before_update: bool) -> None:
    model, expected = network(), network()
    train(
        expected,
        SGD(expected, 0.1, momentum=0.5),
        stop=Epochs(2),
        iterations_per_epoch=1,
        epochs=None,
    )

    history = train(
        model,
        HalfMoved(model, 0.1, momentum=0.5),
        iterations_per_epoch=1,
        stop_before_update=before_update,
    )

    assert model.state_dict() == expected.state_dict()
    assert (history.epochs, history.updates) == (2, 2)


def exploding(outputs: list[Value], targets: list[float]) -> Value:  # noqa: ARG001
    [output] = outputs
    return (output * 1e150) * (output * 1e150)


@pytest.mark.parametrize("rate", [1e-150, 1e-298])
def test_a_loss_that_is_not_finite_leaves_the_last_good_parameters(rate: float) -> None:
    model = MLP(1, [1], "identity", weights=[[[1.0]]], biases=None)
    optimiser = SGD(model, rate, momentum=0.5)
    seen: list[float] = []

    def watched(outputs: list[Value], targets: list[float]) -> Value:
        loss = exploding(outputs, targets)
        if math.isfinite(loss.data):
            seen.append(model.parameters()[0].data)
        return loss

    trainings: list[Training] = []

    with pytest.raises(
        FloatingPointError, match="first node that is not finite is mul of"
    ) as error:
        fit(
            model,
            [[1.0]],
            [0.0],
            loss=watched,
            optimiser=optimiser,
            epochs=500,
            callbacks=[trainings.append],
        )

    [weight] = model.parameters()
    assert weight.data == seen[-1]
    assert "The parameters are again those before the last update" in error.value.__notes__[0]
    assert "on samples 0; the losses of the last epochs were" in error.value.__notes__[0]
    # All else is of the same moment: the first evaluation of `watched` only checked the loss.
    training = trainings[-1]
    updates = len(seen) - 2
    assert training.history.updates == training.history.epochs == updates
    assert training.batches.position.passes == optimiser.iteration == updates


def test_a_loss_that_was_never_finite_blames_no_update() -> None:
    model = MLP(1, [1], "identity", weights=[[[1e10]]], biases=None)

    with pytest.raises(FloatingPointError) as error:
        fit(model, [[1.0]], [0.0], loss=exploding, optimiser=SGD(model, 0.1), epochs=5)

    assert model.parameters()[0].data == 1e10
    assert "no update has led here, so look at the data" in error.value.__notes__[0]


def test_an_operation_outside_its_domain_leaves_the_last_good_parameters() -> None:
    model = MLP(1, [1], "identity", weights=[[[1.0]]], biases=None)
    optimiser = SGD(model, 10.0, momentum=0.5)

    with pytest.raises(OverflowError) as error:
        fit(
            model,
            [[-1.0]],
            [0.0],
            loss=lambda outputs, target: exp(outputs[0] * -1.0) * -1.0,
            optimiser=optimiser,
            epochs=50,
        )

    # 1 + 10·e = 28.18; the next update adds ½·10·e + 10·e^28.18, and there e^x overflows.
    assert model.parameters()[0].data == pytest.approx(28.18281828459045)
    assert optimiser.iteration == 1
    assert "in epoch 3, after 2 updates, on samples 0" in error.value.__notes__[0]


def test_an_update_to_infinity_leaves_the_parameters() -> None:
    model = MLP(1, [1], "identity", weights=[[[1.0]]], biases=None)

    with pytest.raises(FloatingPointError, match=r"would move layers\.0\.neurons\.0\.weights\.0 "):
        fit(
            model,
            [[1e200]],
            [0.0],
            loss=lambda y, t: y[0] * 1.0,
            optimiser=SGD(model, 1e200),
            epochs=5,
        )

    assert model.parameters()[0].data == 1.0


def test_an_error_in_a_callback_comes_through_and_keeps_what_was_learnt() -> None:
    model, expected = network(), network()
    train(expected, momentum(expected), 2)

    def fail(training: Training) -> None:
        if training.history.epochs == 2:
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        train(model, momentum(model), callbacks=[fail])

    assert model.state_dict() == expected.state_dict()


def test_a_callback_sees_the_training_and_can_stop_it() -> None:
    model = network()
    optimiser = momentum(model)
    seen = []

    def watch(training: Training) -> None:
        assert training.model is model
        assert training.optimiser is optimiser
        seen.append(training.history.epochs)
        if training.history.losses[-1] < training.history.losses[0]:
            training.stop("it learns")

    history = train(model, optimiser, 50, callbacks=[watch])

    assert seen == list(range(1, history.epochs + 1))
    assert history.stopped_by == "it learns"
    assert history.epochs < 50


def test_what_a_callback_moves_stays_moved() -> None:
    model = network()

    def level(training: Training) -> None:
        for parameter in training.optimiser.parameters:
            parameter.data = 0.25

    # One evaluation checks the loss, five make the epoch; the next one is interrupted.
    history = train(model, momentum(model), callbacks=[level], loss=Interrupting(7))

    assert (history.interrupted, history.epochs) == (True, 1)
    assert set(model.state_dict().values()) == {0.25}


@pytest.mark.parametrize("order", ["sequential", "shuffled", "full"])
def test_the_same_seed_gives_the_same_bits(order: Order) -> None:
    first, second = network(), network()
    size = None if order == "full" else 2

    histories = [
        lists(train(model, momentum(model), order=order, batch_size=size))
        for model in (first, second)
    ]

    assert histories[0] == histories[1]
    assert first.state_dict() == second.state_dict()


def test_another_seed_shuffles_otherwise() -> None:
    losses = []
    for seed in (1, 2):
        model = network()
        losses.append(train(model, momentum(model), order="shuffled", seed=seed).losses)

    assert losses[0] != losses[1]


class Fixed(Optimiser):
    """Moves every parameter by the numbers of a list, one after another."""

    changes = (0.5, -0.25, 0.125, 0.0625, -1.0, 0.5, 0.25)

    def change(self, gradient: float, rate: float, memory: Memory) -> tuple[float, Memory]:  # noqa: ARG002
        return self.changes[self.iteration], ()


@pytest.mark.parametrize(
    ("before_update", "largest"), [(False, [0.5, 0.125, 1.0]), (True, [0.5, 0.25, 1.0])]
)
def test_the_largest_change_is_that_of_any_update_since_the_last_test(
    before_update: bool, largest: list[float]
) -> None:
    model = Neuron([0.0, 0.0], 0.0, "identity")

    history = fit(
        model,
        SAMPLES[:2],
        TARGETS[:2],
        loss=half_squared_error,
        optimiser=Fixed(model, 0.1),
        stop=Epochs(3),
        stop_before_update=before_update,
    )

    assert history.largest_changes == largest
    assert history.updates == 6 - before_update


def test_without_any_update_the_largest_change_is_unknown() -> None:
    model = network()

    history = train(
        model, momentum(model), 1, order="full", batch_size=None, stop_before_update=True
    )

    assert history.largest_changes == [math.inf]
    assert history.updates == 0
    assert model.state_dict() == network().state_dict()
