from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest

from nn.history import History
from nn.stopping import (
    Epochs,
    ErrorBelow,
    EverySampleErrorBelow,
    NoImprovement,
    ParameterChangeBelow,
    StopRule,
)


def fired_at(rule: StopRule, errors: list[float]) -> tuple[int, str] | None:
    """The epoch in which it fires and what it says, where all lists are those errors."""
    history = History()
    for error in errors:
        history.append(
            loss=99.0, error=error, largest_error=error, largest_change=error, learning_rate=0.1
        )
        if reason := rule.reason(history):
            return history.epochs, reason
    return None


FALLING = [0.5, 0.3, 0.1, 0.01]


@pytest.mark.parametrize(
    ("rule", "errors", "expected"),
    [
        (Epochs(1), FALLING, (1, "1 epoch is done")),
        (Epochs(3), FALLING, (3, "3 epochs are done")),
        (Epochs(5), FALLING, None),
        (ErrorBelow(0.3), FALLING, (3, "the error of epoch 3 is 0.1, below 0.3")),
        (ErrorBelow(0.01), FALLING, None),
        (ErrorBelow(0.3), [math.nan, math.inf], None),
        (
            EverySampleErrorBelow(0.4),
            FALLING,
            (2, "the largest error of a sample in epoch 2 is 0.3, below 0.4"),
        ),
        (
            ParameterChangeBelow(0.02),
            FALLING,
            (4, "the largest change of a parameter in epoch 4 is 0.01, below 0.02"),
        ),
        (NoImprovement(2), FALLING, None),
        (NoImprovement(1), [0.5, 0.5], (2, "the error has not improved on 0.5 for 1 epoch")),
        (
            NoImprovement(2),
            [0.5, 0.4, 0.45, 0.39, 0.6, 0.39, 0.1],
            (6, "the error has not improved on 0.39 for 2 epochs"),
        ),
        (
            NoImprovement(2, by=0.25),
            [1.0, 0.75, 0.5, 0.4, 0.3],
            (5, "the error has not improved on 0.5 by more than 0.25 for 2 epochs"),
        ),
        (
            Epochs(3) | ErrorBelow(0.2),
            FALLING,
            (3, "3 epochs are done; the error of epoch 3 is 0.1, below 0.2"),
        ),
        (Epochs(4) | ErrorBelow(0.4), FALLING, (2, "the error of epoch 2 is 0.3, below 0.4")),
        (
            Epochs(3) & ErrorBelow(0.4),
            FALLING,
            (3, "3 epochs are done and the error of epoch 3 is 0.1, below 0.4"),
        ),
        (Epochs(4) & ErrorBelow(0.001), FALLING, None),
        ((Epochs(2) & ErrorBelow(0.001)) | Epochs(4), FALLING, (4, "4 epochs are done")),
    ],
)
def test_a_rule_fires_in_its_epoch_and_says_why(
    rule: StopRule, errors: list[float], expected: tuple[int, str] | None
) -> None:
    assert fired_at(rule, errors) == expected


def test_each_rule_looks_at_its_own_list() -> None:
    history = History()
    history.append(loss=0.4, error=0.5, largest_error=0.6, largest_change=0.7, learning_rate=0.1)

    for rule in (ErrorBelow, EverySampleErrorBelow, ParameterChangeBelow):
        number = {ErrorBelow: 0.5, EverySampleErrorBelow: 0.6, ParameterChangeBelow: 0.7}[rule]
        assert not rule(number).reason(history)
        assert rule(math.nextafter(number, 1.0)).reason(history)


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        (Epochs(3), 3),
        (ErrorBelow(0.1), None),
        (Epochs(3) | ErrorBelow(0.1), 3),
        (ErrorBelow(0.1) | (Epochs(5) | Epochs(2)), 2),
        (Epochs(3) & ErrorBelow(0.1), None),
    ],
)
def test_the_number_of_epochs_is_known_where_it_is_bounded(
    rule: StopRule, most: int | None
) -> None:
    assert rule.most_epochs == most


def test_rules_are_written_as_they_are_made() -> None:
    assert repr((Epochs(3) | ErrorBelow(0.1)) & NoImprovement(2)) == (
        "((Epochs(epochs=3) | ErrorBelow(threshold=0.1)) & NoImprovement(epochs=2, by=0.0))"
    )


def epochs(number: Any) -> Epochs:
    """As a user calls it who has no type checker."""
    return Epochs(number)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Epochs(0), ValueError, "Epochs: epochs is 0: give 1 or above"),
        (lambda: epochs(2.5), TypeError, r"Epochs: epochs is 2\.5: give a whole number"),
        (lambda: ErrorBelow(-0.1), ValueError, r"ErrorBelow: threshold is -0\.1"),
        (lambda: ParameterChangeBelow(math.nan), ValueError, "ParameterChangeBelow: threshold is"),
        (lambda: NoImprovement(0), ValueError, "NoImprovement: epochs is 0"),
        (lambda: NoImprovement(3, by=-1.0), ValueError, r"NoImprovement: by is -1\.0"),
        (lambda: operator.or_(Epochs(3), 0.1), TypeError, "unsupported operand"),
        (lambda: operator.and_(Epochs(3), 0.1), TypeError, "unsupported operand"),
        (lambda: StopRule().reason(History()), NotImplementedError, "StopRule does not define"),
    ],
)
def test_what_cannot_be_is_refused(
    make: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()
