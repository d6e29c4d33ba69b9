"""Points at which a row can be tried, and the check that every row has to pass there."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, check_gradients, gradients
from autograd.checking.gradient_check import GradientReport, Outcome
from autograd.rows import Kink, Op

Arguments = tuple[float | tuple[float, ...], ...]

# A difference quotient may not straddle a kink.
_LEAST_MARGIN = 0.2


def _points(op: Op, length: int = 3, count: int = 3) -> list[Arguments]:
    """`count` points of the row's domain, the same in every run, with lists of `length`."""
    rng = random.Random(op.name)
    found: list[Arguments] = []
    while len(found) < count:
        arguments = tuple(
            tuple(rng.uniform(*interval) for _ in range(length))
            if parameter in op.sequences
            else rng.uniform(*interval)
            for parameter, interval in zip(op.parameters, op.domain, strict=True)
        )
        if op.kink is None or _is_beside(op.kink, arguments, len(found)):
            found.append(arguments)
    return found


def _is_beside(kink: Kink, arguments: Arguments, place: int) -> bool:
    """On either side of the kink by turns, first close to it."""
    margin = kink.margin(*arguments) * (-1.0 if place % 2 else 1.0)
    return _LEAST_MARGIN < margin < (1.0 if place < 2 else math.inf)


def _reports(op: Op, arguments: Arguments) -> list[GradientReport]:
    """First derivatives, then those of each first derivative, beside measured slopes."""

    def value(*operands: Value) -> Value:
        return op(*op.grouped(operands))

    def derivative(index: int) -> Callable[..., Value]:
        return lambda *operands: gradients(value(*operands), [operands[index]], create_graph=True)[
            0
        ]

    flat: tuple[Any, ...] = op.flat(arguments)
    return [
        check_gradients(function, *flat)
        for function in (value, *(derivative(index) for index in range(len(flat))))
    ]


@pytest.fixture(scope="session")
def points() -> Callable[..., list[Arguments]]:
    return _points


@pytest.fixture(scope="session")
def wrong_derivatives() -> Callable[[Op], list[str]]:
    """The check of a row: all reports that find a first or second derivative wrong."""

    def check(op: Op) -> list[str]:
        return [
            f"{op.name}{arguments}\n{report}"
            for length in ((1, 3) if op.sequences else (1,))
            for arguments in _points(op, length)
            for report in _reports(op, arguments)
            if any(row.outcome is not Outcome.AGREES for row in report.rows)
        ]

    return check
