"""The number that is looked for: what is claimed, as floats."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd.checking.printed import Printed, is_float_rounding

_FEW = 3

# Numbers of one hypothesis that differ by less than this are the same to a float.
_NOISE = 1e-13


class Target:
    """The numbers that a claim can stand for, as floats."""

    def __init__(self, digits: Printed) -> None:
        self.digits = digits
        noise = _NOISE * abs(float(digits.value))
        self.low = float(digits.interval.low) - noise
        self.high = float(digits.interval.high) + noise

    def hit_by(self, number: float | None) -> bool:
        """Whether the number may have been printed so."""
        if number is None or not self.low <= number <= self.high:
            return False
        return not self.digits.is_beyond_floats or is_float_rounding(self.digits.value, number)

    def explained_by(self, number: float, right: float) -> bool:
        """Whether a mistake that leads to this number explains what is claimed.

        A printed zero has no digit that tells one small number from another: it is zero. And what
        moves the right number no more than the arithmetic of floats may do is no mistake.
        """
        if not self.digits.value and abs(number) > _NOISE * abs(right):
            return False
        return self.low <= number <= self.high and not math.isclose(number, right, rel_tol=_NOISE)

    def is_near(self, low: float, high: float) -> bool:
        """Whether it may follow from what leads to between `low` and `high`.

        The author may have gone on with more digits than are printed, or rounded once more.
        """
        unit = float(self.digits.unit)
        return low - unit <= self.high and self.low <= high + unit

    def chance_of_a_hit(self, outcomes: Iterable[float], right: float) -> float:
        """How many of these would hit any number as far from the right one as the claim.

        That is how densely they lie around it, times how wide its digits are; where there are but
        a few, it is not by chance that one of them fits.
        """
        claimed = float(self.digits.value)
        distance = abs(claimed - right)
        if not distance:
            return 0.0
        near = {
            f"{number:.12e}"
            for number in outcomes
            if abs(number - claimed) <= distance and not math.isclose(number, right, rel_tol=1e-12)
        }
        return 0.0 if len(near) <= _FEW else len(near) * (self.high - self.low) / (2.0 * distance)

    @property
    def magnitude(self) -> int:
        """The exponent of the first digit."""
        value = abs(float(self.digits.value))
        return math.floor(math.log10(value)) if value else -self.digits.places
