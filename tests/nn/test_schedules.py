"""The learning rates marked so were made by PyTorch 2.13.0 (`pip install torch==2.13.0`)

optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.8)
schedule = <the scheduler named in the test>(optimiser, …)
for _ in range(12):
    print(optimiser.param_groups[0]["lr"])
    optimiser.step()
    schedule.step()
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nn.schedules import CosineDecay, PowerDecay, Schedule, StepDecay

POWER = [
    0.8, 0.6964404506368993, 0.6421932494081846, 0.6062866266041592,
    0.5798237309421564, 0.5590616950172634, 0.5420887307203848, 0.5278031643091577,
    0.5155152119818034, 0.5047658755841546, 0.4952351365470764, 0.48669147351456465,
]  # fmt: skip
COSINE = [
    0.8, 0.7858225407650742, 0.7444387364909135, 0.67920125688085,
    0.5953952545506604, 0.4998101933956499, 0.40018980660435033, 0.3046047454493399,
    0.22079874311915032, 0.15556126350908664, 0.11417745923492593, 0.1,
]  # fmt: skip
STEPS = [0.8] * 4 + [0.24] * 4 + [0.072] * 4


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        pytest.param(PowerDecay(0.8, power=0.2), POWER, id="LambdaLR: (t + 1) ** -0.2"),
        pytest.param(StepDecay(0.8, every=4, factor=0.3), STEPS, id="StepLR: 4, 0.3"),
        pytest.param(CosineDecay(0.8, iterations=11, least=0.1), COSINE, id="CosineAnnealingLR"),
    ],
)
def test_schedules_agree_with_pytorch(schedule: Schedule, rates: list[float]) -> None:
    assert [schedule(k) for k in range(1, 13)] == pytest.approx(rates, rel=1e-14)


def test_power_decay_gives_the_learning_rates_of_document_002() -> None:
    schedule = PowerDecay(0.4, power=0.2)

    assert [schedule(k) for k in (1, 2, 5)] == pytest.approx(
        [0.4, 0.34822022531844965, 0.2899118654710782], rel=1e-15
    )


def test_a_cosine_stays_at_its_least_after_its_end() -> None:
    schedule = CosineDecay(0.8, iterations=11, least=0.1)

    assert schedule(13) == schedule(1000) == 0.1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PowerDecay(-0.4, 0.2), "PowerDecay: rate is -0.4: give a finite number, 0 or"),
        (lambda: PowerDecay(0.4, -0.2), "PowerDecay: power is -0.2"),
        (lambda: StepDecay(0.4, 0, 0.5), "StepDecay: every is 0: give 1 or above"),
        (lambda: StepDecay(0.4, 3, -0.5), "StepDecay: factor is -0.5"),
        (lambda: CosineDecay(float("inf"), 3), "CosineDecay: rate is inf"),
        (lambda: CosineDecay(0.4, -1), "CosineDecay: iterations is -1"),
        (lambda: CosineDecay(0.4, 1, least=float("nan")), "CosineDecay: least is nan"),
    ],
)
def test_settings_that_cannot_be_are_refused(make: Callable[[], Schedule], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_text_and_halves_are_refused() -> None:
    with pytest.raises(TypeError, match=r"PowerDecay: rate.*expected a real number, got str"):
        PowerDecay("0.4", 0.2)  # type: ignore[arg-type]  # the error under test
    with pytest.raises(TypeError, match=r"StepDecay: every is 2\.5: give a whole number"):
        StepDecay(0.4, 2.5, 0.5)  # type: ignore[arg-type]  # the error under test
