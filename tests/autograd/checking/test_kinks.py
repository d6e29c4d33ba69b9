"""Slopes on the two sides of a kink."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from autograd import Value, elu, leaky_relu, maximum, minimum, scalar_rule
from autograd.checking.kinks import one_sided_slopes
from autograd.rows import Kink

# The slope 2x is not quite the same at the two floats next to 0.5.
smooth = scalar_rule(
    "smooth",
    lambda x: x * x,
    lambda y, x: 2.0 * x,
    kink=Kink((0.5,), (1.0,), lambda x: x - 0.5, "none"),
)


@pytest.mark.parametrize(
    ("make", "at", "slopes"),
    [
        (lambda x: x.relu(), 0.0, (0.0, 1.0)),
        (abs, 0.0, (-1.0, 1.0)),
        (lambda x: leaky_relu(x, 0.1), 0.0, (0.1, 1.0)),
        (lambda x: leaky_relu(x, -2.0), 0.0, (-2.0, 1.0)),
        (lambda x: elu(x, 0.5), 0.0, (0.5, 1.0)),
        (lambda x: maximum(x, 3.0), 3.0, (0.0, 1.0)),
        (lambda x: maximum(3.0, x), 3.0, (0.0, 1.0)),
        (lambda x: minimum(x, 3.0), 3.0, (1.0, 0.0)),
        (lambda x: minimum(-3.0, x), -3.0, (1.0, 0.0)),
    ],
)
def test_both_slopes_at_a_kink(
    make: Callable[[Value], Value], at: float, slopes: tuple[float, float]
) -> None:
    x = Value(at)
    assert one_sided_slopes(make(x), x) == slopes


@pytest.mark.parametrize(
    ("make", "at"),
    [
        (lambda x: x.relu(), 5e-324),
        (lambda x: x.relu(), math.nan),
        (lambda x: maximum(x, 3.0), 3.5),
        (lambda x: maximum(x, x), 3.0),
        (lambda x: elu(x, 1.0), 0.0),
        (smooth, 0.5),
        (lambda slope: leaky_relu(0.0, slope), 0.1),
        (lambda x: x * 0.0, 0.0),
        (lambda x: x, 0.0),
    ],
)
def test_none_where_there_is_no_kink(make: Callable[[Value], Value], at: float) -> None:
    x = Value(at)
    assert one_sided_slopes(make(x), x) is None


def test_none_at_the_edge_of_a_domain() -> None:
    edged = scalar_rule(
        "edged",
        math.sqrt,
        lambda y, x: 0.5 / math.sqrt(x) if x > 0.0 else 0.0,
        kink=Kink((0.0,), (0.0,), lambda x: x, "0 at the edge"),
    )
    x = Value(0.0)
    assert one_sided_slopes(edged(x), x) is None
