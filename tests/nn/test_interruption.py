"""Ctrl-C and a lack of memory at any moment of a training: no update is left half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import nn

SAMPLES, TARGETS = [[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0]], [0.5, -0.25, 1.0]
EPOCHS = 2


def training(compile: Any) -> tuple[nn.MLP, list[list[float]], Callable[[], nn.History]]:
    """A model, its numbers after each update, and what trains it: one update in each epoch."""
    model = nn.MLP(2, [2, 1], "tanh", seed=0)
    optimiser = nn.Adam(model, 0.1)
    updates = [numbers(model)]

    def note(training: nn.Training) -> None:
        updates.append(numbers(training.model))

    def train() -> nn.History:
        return nn.fit(
            model,
            SAMPLES,
            TARGETS,
            loss=nn.half_squared_error,
            optimiser=optimiser,
            epochs=EPOCHS,
            order="full",
            callbacks=[note],
            progress=False,
            compile=compile,
        )

    return model, updates, train


def numbers(model: nn.Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


# Every single moment would take minutes, and tracing is long.
@pytest.mark.parametrize(
    ("compile", "step", "least", "met"), [(None, 11, 50, {0, 1, 2}), ("python", 997, 10, {0})]
)
def test_parameters_are_those_after_a_whole_number_of_updates(
    interruption: Any, compile: Any, step: int, least: int, met: set[int]
) -> None:
    model, whole, train = training(compile)
    train()
    assert len(whole) == 1 + EPOCHS
    assert whole[-1] == numbers(model)
    moment, seen = 1, []
    while True:
        model, _, train = training(compile)
        if not interruption.strikes(train, moment):
            break
        seen.append(whole.index(numbers(model)))
        moment += step
    assert len(seen) > least
    assert seen == sorted(seen)
    assert met <= set(seen)
