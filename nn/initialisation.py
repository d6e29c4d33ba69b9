"""How weights and biases start.

An initialiser is a function `(generator, n_in, n_out) -> float` that is called once for every
weight (or bias) of a layer with `n_in` inputs and `n_out` neurons. Those below make such
functions; any function of these three arguments serves as well. Nothing here touches Python's
global random state.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

Initialiser = Callable[[Random, int, int], float]


def constant(number: float) -> Initialiser:
    """Every parameter starts at this number.

    >>> constant(0.1)(Random(0), 2, 3)
    0.1
    """
    return lambda generator, n_in, n_out: number


def uniform(low: float, high: float) -> Initialiser:
    """Uniform between low and high. Documents 001 (−0.2, 0.2) and 002 (0, 0.01).

    Raises ValueError if low is above high.

    >>> 0.0 <= uniform(0.0, 0.01)(Random(0), 2, 3) <= 0.01
    True
    """
    if not low <= high:
        raise ValueError(f"uniform: low = {low!r} must not be above high = {high!r}")
    return lambda generator, n_in, n_out: generator.uniform(low, high)


def normal(mean: float = 0.0, deviation: float = 1.0) -> Initialiser:
    """Normally distributed, with this mean and standard deviation.

    Raises ValueError if the deviation is negative.

    >>> normal(3.0, deviation=0.0)(Random(0), 2, 3)
    3.0
    """
    if not deviation >= 0.0:
        raise ValueError(f"normal: the standard deviation must not be negative, got {deviation!r}")
    return lambda generator, n_in, n_out: generator.normalvariate(mean, deviation)


def xavier_uniform() -> Initialiser:
    """Uniform within ±√(6 / (n_in + n_out)), variance 2 / (n_in + n_out); for sigmoid and tanh.

    Source: Glorot and Bengio, 2010.

    >>> abs(xavier_uniform()(Random(0), 2, 4)) <= 1.0
    True
    """
    return lambda generator, n_in, n_out: _within(generator, math.sqrt(6.0 / (n_in + n_out)))


def xavier_normal() -> Initialiser:
    """Normal with variance 2 / (n_in + n_out); for sigmoid and tanh.

    Source: Glorot and Bengio, 2010.

    >>> xavier_normal()(Random(0), 2, 4) == xavier_normal()(Random(0), 2, 4)
    True
    """
    return lambda generator, n_in, n_out: generator.normalvariate(
        0.0, math.sqrt(2.0 / (n_in + n_out))
    )


def he_uniform() -> Initialiser:
    """Uniform within ±√(6 / n_in), variance 2 / n_in; for relu and its relatives.

    Source: He, Zhang, Ren and Sun, 2015.

    >>> abs(he_uniform()(Random(0), 6, 4)) <= 1.0
    True
    """
    return lambda generator, n_in, n_out: _within(generator, math.sqrt(6.0 / n_in))


def he_normal() -> Initialiser:
    """Normal with variance 2 / n_in; for relu and its relatives.

    Source: He, Zhang, Ren and Sun, 2015.

    >>> he_normal()(Random(0), 2, 4) == he_normal()(Random(0), 2, 4)
    True
    """
    return lambda generator, n_in, n_out: generator.normalvariate(0.0, math.sqrt(2.0 / n_in))


def as_generator(seed: int | Random) -> Random:
    """A generator of its own for a number; a generator is used as it is.

    Raises TypeError for anything else: from None or text nobody could make the same network again.

    >>> as_generator(7).random() == as_generator(7).random()
    True
    """
    if isinstance(seed, Random):
        return seed
    if isinstance(seed, int):
        return Random(seed)
    raise TypeError(
        f"seed is {seed!r}, a {type(seed).__name__}: give a whole number, which makes the same "
        f"network again, or a random.Random"
    )


def _within(generator: Random, bound: float) -> float:
    return generator.uniform(-bound, bound)
