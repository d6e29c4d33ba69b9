"""Learning rates that change with the iteration k, which counts updates from 1.

A schedule is a function `k -> learning rate`. Those below say in their repr what they are; any
function of one whole number serves as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from nn._arguments import count, not_negative

__all__ = ["CosineDecay", "PowerDecay", "Schedule", "StepDecay"]

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class PowerDecay:
    """η_k = rate / k^power. Document 002 has rate 0.4 and power 0.2.

    Raises ValueError if the rate or the power is negative.

    >>> PowerDecay(0.4, power=0.5)(4)
    0.2
    """

    rate: float
    power: float

    def __post_init__(self) -> None:
        not_negative(self.rate, "PowerDecay: rate")
        not_negative(self.power, "PowerDecay: power")

    def __call__(self, iteration: int) -> float:
        """The learning rate of this iteration."""
        return self.rate / math.pow(iteration, self.power)


@dataclass(frozen=True)
class StepDecay:
    """η_k = rate · factor^⌊(k − 1) / every⌋: multiplied by `factor` after every so many updates.

    Raises ValueError if the rate or the factor is negative, or `every` is below 1.

    >>> schedule = StepDecay(0.8, every=10, factor=0.5)
    >>> schedule(1), schedule(10), schedule(11), schedule(21)
    (0.8, 0.8, 0.4, 0.2)
    """

    rate: float
    every: int
    factor: float

    def __post_init__(self) -> None:
        not_negative(self.rate, "StepDecay: rate")
        count(self.every, "StepDecay: every")
        not_negative(self.factor, "StepDecay: factor")

    def __call__(self, iteration: int) -> float:
        """The learning rate of this iteration."""
        return self.rate * math.pow(self.factor, (iteration - 1) // self.every)


@dataclass(frozen=True)
class CosineDecay:
    """Half a cosine wave from `rate` down to `least`, and `least` from then on.

        η_k = least + ½ · (rate − least) · (1 + cos(π · (k − 1) / iterations))

    Raises ValueError if a rate is negative or `iterations` is below 1.

    >>> schedule = CosineDecay(0.8, iterations=100)
    >>> schedule(1), schedule(51), schedule(101), schedule(500)
    (0.8, 0.4, 0.0, 0.0)
    """

    rate: float
    iterations: int
    least: float = 0.0

    def __post_init__(self) -> None:
        not_negative(self.rate, "CosineDecay: rate")
        count(self.iterations, "CosineDecay: iterations")
        not_negative(self.least, "CosineDecay: least")

    def __call__(self, iteration: int) -> float:
        """The learning rate of this iteration."""
        elapsed = min((iteration - 1) / self.iterations, 1.0)
        return self.least + 0.5 * (self.rate - self.least) * (1.0 + math.cos(math.pi * elapsed))
