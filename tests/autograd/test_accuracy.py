"""Values over the whole range of floats, measured in units of the last place."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable

import mpmath
import pytest

from autograd import Value, gradients, logsumexp
from autograd.ops import TABLE

RNG = random.Random(0)
# From the smallest to the largest float, and where exponentials neither vanish nor overflow.
EVERYWHERE = [
    *(sign * 10.0**power for sign in (-1, 1) for power in range(-323, 309, 3)),
    *(RNG.uniform(-size, size) for size in (2, 40, 750) for _ in range(700)),
]


def softplus(x: mpmath.mpf) -> mpmath.mpf:
    return max(x, 0) + mpmath.log1p(mpmath.exp(-abs(x)))


def log_of_sum(terms: Iterable[mpmath.mpf]) -> mpmath.mpf:
    return mpmath.log(mpmath.fsum(mpmath.exp(term) for term in terms))


def units(found: float, exact: mpmath.mpf, size: float | None = None) -> float:
    """The error in units of the last place of the exact number, or of one of that size."""
    return float(abs(found - exact) / mpmath.mpf(math.ulp(float(exact) if size is None else size)))


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x))),
        ("softplus", softplus),
        ("tanh", mpmath.tanh),
        ("erf", mpmath.erf),
        ("elu", lambda x: x if x > 0 else mpmath.expm1(x)),
    ],
)
def test_a_few_units_everywhere(name: str, reference: Callable[[mpmath.mpf], mpmath.mpf]) -> None:
    op = TABLE[name]
    with mpmath.workdps(50):
        worst = max((units(op(x), reference(mpmath.mpf(x))), x) for x in EVERYWHERE)
    assert worst[0] <= 3.0, worst


@pytest.mark.parametrize("x", [-700.0, -40.0, -1.0, 1.0, 40.0])
def test_slopes_of_softplus(x: float) -> None:
    """The slope is a sigmoid, which keeps its digits however small it is."""
    with mpmath.workdps(50):
        exact = 1 / (1 + mpmath.exp(-mpmath.mpf(x)))
        assert units(Value(x).softplus().partials[0], exact) <= 3.0


def lists() -> list[tuple[float, ...]]:
    sizes = (0.1, 1.0, 30.0, 300.0, 700.0)
    return [
        *(
            tuple(RNG.uniform(-size, size) for _ in range(length))
            for size in sizes
            for length in (1, 2, 3, 10)
            for _ in range(40)
        ),
        *((0.0, -float(x)) for x in range(0, 745, 5)),  # down to results of 10⁻³²³
        *((0.0, -float(x), -float(x)) for x in range(0, 745, 5)),
        *((float(x), float(x), float(x)) for x in range(-700, 700, 100)),
    ]


def test_logsumexp() -> None:
    """To a few units of the largest term or of the result, whichever is larger.

    Where they cancel, the rounding of the largest term itself counts for more than all of this.
    """
    with mpmath.workdps(400):
        for terms in lists():
            exact = log_of_sum(map(mpmath.mpf, terms))
            found, largest = logsumexp(terms), max(terms)
            size = max(abs(largest), abs(float(exact)))
            assert units(found, exact, size) <= 3.0, terms


@pytest.mark.parametrize("x", [0.5, 37.0, 40.0, 300.0, 700.0])
def test_logsumexp_next_to_nothing(x: float) -> None:
    """ln(1 + e⁻ˣ) is not lost beside the 1, and neither is its gradient."""
    zero, term = Value(0.0), Value(-x)
    result = logsumexp([zero, term])
    with mpmath.workdps(400):
        assert units(result.data, softplus(mpmath.mpf(-x))) <= 3.0
        by_zero, by_term = gradients(result, [zero, term])
        assert units(by_term, 1 / (1 + mpmath.exp(mpmath.mpf(x)))) <= 3.0
        assert by_zero == pytest.approx(1.0 - by_term, rel=1e-15)
