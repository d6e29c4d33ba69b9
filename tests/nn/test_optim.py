"""The trajectories in PYTORCH were made by PyTorch 2.13.0 (`pip install torch==2.13.0`)

w = torch.tensor([-0.5, 0.75], dtype=torch.float64, requires_grad=True)
optimiser = <that of the case>([w], …)
schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda t: (t + 1) ** -0.2)
for k in range(1, 11):
    optimiser.zero_grad()
    a, b = w
    ((1 - a) ** 2 + 10 * (b - a**2) ** 2).backward()
    optimiser.step()
    schedule.step()  # in the cases with a power decay
    if k in (1, 2, 3, 10):
        print(w.tolist())
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value
from nn.layers import MLP
from nn.optim import SGD, Adam, Memory, Optimiser, RMSprop
from nn.schedules import PowerDecay

Make = Callable[[list[Value]], Optimiser]

PYTORCH: dict[str, tuple[Make, list[tuple[float, float]]]] = {
    "SGD(lr=0.01)": (
        lambda w: SGD(w, 0.01),
        [
            (-0.57, 0.65),
            (-0.6127227999999999, 0.58498),
            (-0.6318269579028937, 0.543069845927968),
            (-0.5733660450630422, 0.4075329661981071),
        ],
    ),
    "SGD(lr=0.01, weight_decay=0.1)": (
        lambda w: SGD(w, 0.01, weight_decay=0.1),
        [
            (-0.5695, 0.64925),
            (-0.61155721905, 0.5836168),
            (-0.6299910383192122, 0.541110269634434),
            (-0.5677259365184574, 0.40153160588203857),
        ],
    ),
    "SGD(lr=0.01, momentum=0.9)": (
        lambda w: SGD(w, 0.01, momentum=0.9, accumulate="gradients"),
        [
            (-0.57, 0.65),
            (-0.6757228, 0.49498000000000003),
            (-0.7477322083902818, 0.347786260487968),
            (0.30257650897892524, 0.0035517695206457763),
        ],
    ),
    "SGD(lr=0.01, momentum=0.9), power decay": (
        lambda w: SGD(w, PowerDecay(0.01, 0.2), momentum=0.9, accumulate="gradients"),
        [
            (-0.57, 0.65),
            (-0.6620370430932434, 0.5150472516778348),
            (-0.7280508405823218, 0.39072759634533044),
            (-0.07024655643423294, 0.14927347814579475),
        ],
    ),
    "SGD(lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.1), power decay": (
        lambda w: SGD(
            w,
            PowerDecay(0.01, 0.2),
            momentum=0.9,
            nesterov=True,
            accumulate="gradients",
            weight_decay=0.1,
        ),
        [
            (-0.63205, 0.558575),
            (-0.6925491736335205, 0.433979926865792),
            (-0.665766435883629, 0.36723108538760707),
            (-0.11647030543579169, 0.03878425550065998),
        ],
    ),
    "Adam(lr=0.1)": (
        lambda w: Adam(w, 0.1),
        [
            (-0.5999999998571428, 0.6500000001),
            (-0.6942486917266867, 0.5546965056348678),
            (-0.7551860664468559, 0.47362333146159125),
            (-0.44011129135154653, 0.3383323130610605),
        ],
    ),
    "Adam(lr=0.1, betas=(0.5, 0.75), eps=0.01, weight_decay=0.1)": (
        lambda w: Adam(w, 0.1, betas=(0.5, 0.75), epsilon=0.01, weight_decay=0.1),
        [
            (-0.5998563218390804, 0.650099157164105),
            (-0.6892814711714997, 0.5587374726282913),
            (-0.7233666826180368, 0.49151932644913743),
            (-0.3305644987418152, 0.15835254573237836),
        ],
    ),
    "RMSprop(lr=0.01)": (
        lambda w: RMSprop(w, 0.01),
        [
            (-0.5999999985714286, 0.650000001),
            (-0.6475045941352622, 0.599639419491042),
            (-0.664725731129944, 0.5696107272505802),
            (-0.6037195295351593, 0.45701490841563724),
        ],
    ),
    "RMSprop(lr=0.01, alpha=0.5, eps=0.01, weight_decay=0.1)": (
        lambda w: RMSprop(w, 0.01, decay=0.5, epsilon=0.01, weight_decay=0.1),
        [
            (-0.5141134170829395, 0.73587768766722),
            (-0.5254479178346083, 0.7245748271440489),
            (-0.535828761455507, 0.7142251903521717),
            (-0.6020926752405033, 0.6473355675942349),
        ],
    ),
}


def descend(w: list[Value], optimiser: Optimiser, updates: int) -> list[tuple[float, float]]:
    places = []
    a, b = w
    for _ in range(updates):
        a.grad = b.grad = 0.0
        ((1 - a) ** 2 + 10 * (b - a**2) ** 2).backward()
        optimiser.step()
        places.append((a.data, b.data))
    return places


def start() -> list[Value]:
    return [Value(-0.5, name="a"), Value(0.75, name="b")]


@pytest.mark.parametrize("case", PYTORCH)
def test_trajectories_agree_with_pytorch(case: str) -> None:
    make, expected = PYTORCH[case]
    w = start()

    places = descend(w, make(w), 10)

    for place, wanted in zip([places[0], places[1], places[2], places[9]], expected, strict=True):
        assert place == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("nesterov", [False, True])
def test_both_forms_of_momentum_agree_while_the_learning_rate_stays(nesterov: bool) -> None:
    w, v = start(), start()
    inside = SGD(w, 0.01, momentum=0.9, nesterov=nesterov)
    outside = SGD(v, 0.01, momentum=0.9, nesterov=nesterov, accumulate="gradients")

    assert descend(w, inside, 10)[9] == pytest.approx(descend(v, outside, 10)[9], rel=1e-12)


def moves(optimiser: Optimiser, w: Value, gradients: list[float]) -> list[float]:
    """By how much each update moves w, which starts at 0, in numbers that floats hold exactly."""
    changes = []
    for gradient in gradients:
        before, w.grad = w.data, gradient
        optimiser.step()
        changes.append(w.data - before)
    return changes


HALVING = {1: 0.5, 2: 0.25, 3: 0.125}


def test_momentum_has_the_learning_rate_of_each_step_inside() -> None:
    # v: −½·8 = −4; ½·(−4) − ¼·0 = −2; ½·(−2) − ⅛·16 = −3
    w = Value(0.0)

    changes = moves(SGD([w], HALVING.__getitem__, momentum=0.5), w, [8.0, 0.0, 16.0])

    assert changes == [-4.0, -2.0, -3.0]


def test_nesterov_looks_ahead_with_the_learning_rate_inside() -> None:
    # v as above; moves: ½·(−4) − 4 = −6; ½·(−2) − 0 = −1; ½·(−3) − 2 = −3.5
    w = Value(0.0)

    changes = moves(SGD([w], HALVING.__getitem__, momentum=0.5, nesterov=True), w, [8.0, 0.0, 16.0])

    assert changes == [-6.0, -1.0, -3.5]


def test_momentum_of_gradients_has_the_last_learning_rate_outside() -> None:
    # v: 8; ½·8 + 0 = 4; ½·4 + 16 = 18, each times its own η
    w = Value(0.0)
    optimiser = SGD([w], HALVING.__getitem__, momentum=0.5, accumulate="gradients")

    assert moves(optimiser, w, [8.0, 0.0, 16.0]) == [-4.0, -1.0, -2.25]


class PreviousGradient(Optimiser):
    """Document 001: change = −η·g − m·g_previous."""

    memory = (0.0,)
    momentum = 0.25

    def change(self, gradient: float, rate: float, memory: Memory) -> tuple[float, Memory]:
        (previous,) = memory
        return -rate * gradient - self.momentum * previous, (gradient,)


def test_the_momentum_of_document_001_is_a_subclass_of_few_lines() -> None:
    # −½·8 = −4; −½·0 − ¼·8 = −2; −½·16 − 0 = −8
    w = Value(0.0)

    assert moves(PreviousGradient([w], 0.5), w, [8.0, 0.0, 16.0]) == [-4.0, -2.0, -8.0]


def test_weight_decay_reaches_the_chosen_parameters_only() -> None:
    weight, bias = Value(2.0), Value(2.0)

    SGD([weight, bias], 0.5, weight_decay=0.25, decayed=[weight]).step()

    assert (weight.data, bias.data) == (1.75, 2.0)


def test_a_parameter_without_any_gradient_stays() -> None:
    for make in (SGD, RMSprop, Adam):
        w = Value(2.0)
        make([w], 0.5).step()
        assert w.data == 2.0


def test_no_gradient_and_no_epsilon_is_no_division_by_zero() -> None:
    for optimiser in (
        RMSprop([w := Value(2.0)], epsilon=0.0),
        Adam([v := Value(2.0)], epsilon=0.0),
    ):
        optimiser.step()
    assert (w.data, v.data) == (2.0, 2.0)


def test_adam_corrects_by_its_own_count_when_the_schedule_begins_again() -> None:
    w, v = start(), start()
    whole, restarted = Adam(w, 0.1), Adam(v, 0.1)
    descend(v, restarted, 5)

    restarted.iteration = 0
    descend(v, restarted, 5)

    assert descend(w, whole, 10)[9] == (v[0].data, v[1].data)


def test_a_schedule_counts_updates_from_1() -> None:
    asked: list[int] = []
    w = Value(0.0)

    def schedule(k: int) -> float:
        asked.append(k)
        return 0.5 / k

    optimiser = SGD([w], schedule)
    asked.clear()
    moves(optimiser, w, [1.0, 1.0, 1.0])

    assert asked == [1, 2, 3]
    assert optimiser.rate == 0.5 / 3
    optimiser.iteration = 0
    assert optimiser.rate == 0.5


@pytest.mark.parametrize("case", PYTORCH)
@pytest.mark.parametrize("stopped_after", [0, 1, 4])
def test_going_on_from_a_saved_state_gives_the_same_bits(case: str, stopped_after: int) -> None:
    make, _ = PYTORCH[case]
    w, v = start(), start()
    first = make(v)
    descend(v, first, stopped_after)

    saved = json.loads(json.dumps(first.state_dict()))
    v = [Value(parameter.data) for parameter in v]
    second = make(v)
    second.load_state_dict(saved)

    assert descend(v, second, 10 - stopped_after) == descend(w, make(w), 10)[stopped_after:]


def test_a_state_calls_the_parameters_of_a_model_by_their_paths() -> None:
    model = MLP(1, [1]).freeze("*bias*")

    state = SGD(model, 0.1).state_dict()

    assert state["memories"] == {"layers.0.neurons.0.weights.0": [0.0]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimiser": "Adam"}, "SGD: this state is of 'Adam'"),
        ({"memories": {"0": [0.0]}}, r"missing: \['1'\], unexpected: \[\]"),
        ({"memories": {"0": [0.0], "1": [0.0], "x": [0.0]}}, r"missing: \[\], unexpected: \['x'\]"),
        ({"memories": {"0": [0.0], "1": [0.0, 1.0]}}, "has 2 numbers for '1'"),
        ({"memories": [0.0, 0.0]}, "no state of an optimiser"),
        ({"iteration": -1}, "no state of an optimiser"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change: dict[str, object], message: str) -> None:
    w = start()
    optimiser = SGD(w, 0.01, momentum=0.5)
    descend(w, optimiser, 3)
    before = optimiser.state_dict()

    with pytest.raises(ValueError, match=message):
        optimiser.load_state_dict({**before, **change})

    assert optimiser.state_dict() == before


def sgd(*arguments: Any, **options: Any) -> SGD:
    """As a user calls it who has no type checker."""
    return SGD(*arguments, **options)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda w: SGD(w, -0.1), ValueError, r"SGD: learning_rate is -0\.1: give a finite number"),
        (lambda w: SGD(w, math.nan), ValueError, "SGD: learning_rate is nan"),
        (lambda w: sgd(w, "fast"), TypeError, "^SGD: learning_rate: expected .* str 'fast'"),
        (lambda w: SGD(w, lambda k: -1.0), ValueError, "learning rate of iteration 1 from <func"),
        (lambda w: SGD(w, 0.1, momentum=1.0), ValueError, r"SGD: momentum is 1\.0"),
        (lambda w: SGD(w, 0.1, nesterov=True), ValueError, "give a momentum above 0"),
        (lambda w: sgd(w, 0.1, accumulate="both"), ValueError, "accumulate is 'both'"),
        (lambda w: SGD(w, 0.1, weight_decay=-1.0), ValueError, r"weight_decay is -1\.0"),
        (lambda w: SGD(w, 0.1, decayed=[Value(7.0)]), ValueError, r"`decayed` holds Value\(7\.0\)"),
        (lambda w: Adam(w, betas=(0.9, 1.5)), ValueError, r"Adam: betas\[1\] is 1\.5"),
        (lambda w: RMSprop(w, decay=-0.5), ValueError, r"RMSprop: decay is -0\.5"),
        (lambda w: RMSprop(w, epsilon=-0.5), ValueError, r"RMSprop: epsilon is -0\.5"),
        (lambda w: SGD([], 0.1), ValueError, "there is no parameter to move"),
        (lambda w: SGD(w[0], 0.1), TypeError, "parameters is one Value"),
        (lambda w: sgd([1.0], 0.1), TypeError, r"parameters\[0\] is 1\.0, a float, no Value"),
        (lambda w: SGD([w[0], w[0] * 2], 0.1), ValueError, r"parameters\[1\] .*computed by.*mul"),
        (lambda w: SGD([w[0], w[1], w[0]], 0.1), ValueError, "'a'.* is twice among the parameters"),
    ],
)
def test_arguments_that_cannot_be_are_refused(
    make: Callable[[list[Value]], Optimiser], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(start())


def test_a_learning_rate_that_turns_negative_moves_nothing() -> None:
    w = Value(1.0)
    optimiser = SGD([w], {1: 0.5, 2: -0.5}.__getitem__)
    w.grad = 1.0
    optimiser.step()

    with pytest.raises(ValueError, match=r"the learning rate of iteration 2 from .* is -0\.5"):
        optimiser.step()

    assert (w.data, optimiser.iteration) == (0.5, 1)


def test_an_update_to_infinity_names_the_parameter_and_moves_nothing() -> None:
    a, b = start()
    optimiser = SGD([a, b], 10.0, momentum=0.5)
    before = optimiser.state_dict()
    a.grad, b.grad = 1.0, 1e308

    with pytest.raises(
        FloatingPointError,
        match=r"SGD: update 1 would move 1 from 0\.75 to -inf \(gradient 1e\+308, learning rate",
    ):
        optimiser.step()

    assert (a.data, b.data) == (-0.5, 0.75)
    assert optimiser.state_dict() == before


def test_a_subclass_without_a_formula_is_told_so() -> None:
    class Idle(Optimiser):
        pass

    with pytest.raises(NotImplementedError, match="Idle does not say how parameters move"):
        Idle([Value(1.0)], 0.1).step()


def test_repr_shows_the_settings() -> None:
    assert repr(SGD(start(), PowerDecay(0.4, 0.2), momentum=0.6)) == (
        "SGD(2 parameters, learning_rate=PowerDecay(rate=0.4, power=0.2), weight_decay=0.0, "
        "momentum=0.6, nesterov=False, accumulate='steps')"
    )
