"""Cross entropies over the whole range of logits, measured in units of the last place."""

from __future__ import annotations

import math
import random

import mpmath
import pytest

import nn
from autograd import Value, gradients

RNG = random.Random(0)
LOGITS = [
    *(sign * 10.0**power for sign in (-1, 1) for power in range(-323, 309, 5)),
    *(RNG.uniform(-size, size) for size in (2, 40, 750) for _ in range(300)),
]


def units(found: float, exact: mpmath.mpf) -> float:
    return float(abs(found - exact) / mpmath.mpf(math.ulp(float(exact))))


@pytest.mark.parametrize("target", [0, 1])
def test_binary_cross_entropy_from_logits(target: int) -> None:
    with mpmath.workdps(50):
        for logit in LOGITS:
            z = mpmath.mpf(logit if target == 0 else -logit)
            exact = max(z, 0) + mpmath.log1p(mpmath.exp(-abs(z)))
            found = nn.binary_cross_entropy_from_logits(Value(logit), target).data
            assert units(found, exact) <= 3.0, logit


@pytest.mark.parametrize("target", [0, [1.0, 0.0, 0.0]])
def test_softmax_cross_entropy(target: int | list[float]) -> None:
    """On logits whose differences are floats; others round by themselves before anything else."""
    with mpmath.workdps(400):
        for x in range(-740, 745, 20):
            for other in (-7.0, 0.0, 3.5, 650.0):
                numbers = [64.0, 64.0 - x, 64.0 + other]
                differences = [n - 64.0 for n in numbers]
                exact = mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(d)) for d in differences))
                values = [Value(number) for number in numbers]
                assert units(nn.softmax_cross_entropy(values, target).data, exact) <= 3.0, numbers


@pytest.mark.parametrize("target", [1, [0.0, 1.0, 0.0]])
def test_a_nearly_certain_class(target: int | list[float]) -> None:
    """The loss and its gradient are e⁻³⁰⁰ and keep their digits."""
    values = [Value(500.0), Value(800.0), Value(-100.0)]
    loss = nn.softmax_cross_entropy(values, target)
    assert loss.data == pytest.approx(math.exp(-300.0), rel=1e-14, abs=0.0)
    expected = [math.exp(-300.0), -math.exp(-300.0), 0.0]
    assert gradients(loss, values) == pytest.approx(expected, rel=1e-14, abs=0.0)


def test_one_class() -> None:
    values = [Value(5.0)]
    loss = nn.softmax_cross_entropy(values, 0)
    assert loss.data == 0.0
    assert gradients(loss, values) == [0.0]
