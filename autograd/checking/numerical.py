"""Slopes measured from values alone, with a statement of how far they can be trusted.

A derivative that the engine computes can only be checked against something that knows no
derivative rule. Differences of function values are that: `(f(x + h) − f(x − h)) / 2h`. A large
step h leaves the curvature in, a small one divides rounding noise by h; so the step is swept
downwards, each halving is extrapolated to h = 0 (Richardson, in Ridders' table), and the entry
with the smallest honest error is taken.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Literal, NamedTuple

Side = Literal["both", "left", "right"]

# The golden section, which no simple ratio comes near: a periodic function does not show the same
# phase at several steps, as it might at steps of 0.5 or 0.7.
_FIRST_STEP = 0.618033988749895
_MOST_HALVINGS = 60
_MOST_EXTRAPOLATIONS = 10
# Before that many steps agree, agreement may be chance.
_FEWEST_STEPS = 8
# Slopes that change by more than so many times the rounding noise do not change because of it.
_NO_NOISE = 1e8


class NumericalDerivative(NamedTuple):
    """A measured slope and the estimate of its absolute error (truncation and rounding)."""

    value: float
    error: float


class _Entry(NamedTuple):
    """One entry of the table: a slope, and the rounding noise that the differences carry."""

    slope: float
    noise: float


def numerical_derivative(
    f: Callable[[float], float],
    x: float,
    *,
    side: Side = "both",
    scale: float = 1.0,
) -> NumericalDerivative:
    """The slope of `f` at `x`, from values of `f` alone.

    `side="both"` takes central differences `(f(x + h) − f(x − h)) / 2h`; `"right"` and `"left"`
    take `(f(x + h) − f(x)) / h` with h > 0 and h < 0, which at a kink are its two slopes.
    No step is larger than `scale`; steps at which `f` is undefined (it raises ValueError or
    ArithmeticError, or returns inf or nan) are passed over in favour of smaller ones.

    Returns the slope and an estimate of its absolute error. The estimate is honest, not a bound:
    a feature of `f` much narrower than the smallest useful step cannot be seen from its values.

    Raises ValueError if `side` or `scale` make no sense, or if `f` is defined at no step that was
    tried (at the edge of its domain: ask for one side).

    >>> slope = numerical_derivative(lambda x: x**3, 2.0)
    >>> round(slope.value, 9), slope.error < 1e-9
    (12.0, True)
    >>> numerical_derivative(abs, 0.0, side="left").value
    -1.0
    """
    _check_arguments(f, x, side, scale)
    x, scale = float(x), float(scale)
    center = math.nan if side == "both" else float(f(x))
    table = _Table(4.0 if side == "both" else 2.0)
    failure: Exception | None = None
    for halvings in range(_MOST_HALVINGS):
        step = _FIRST_STEP * scale * 0.5**halvings
        if x + step == x or x - step == x:
            break
        try:
            difference = _difference(f, x, center, step, side)
        except (ValueError, ArithmeticError) as error:
            failure = error
            continue
        table.add(difference)
        best = table.best
        if halvings >= _FEWEST_STEPS and best is not None and best.error <= 4 * difference.noise:
            break
    if table.best is None:
        raise ValueError(
            f"no slope of the function at x = {x!r} can be measured (side={side!r}): it is "
            f"undefined at every step up to {scale!r} that was tried"
            + (f"; the last one said: {failure}" if failure else "")
            + ". At the edge of a domain ask for the side inside it, side='left' or 'right'"
        ) from failure
    return table.best


def _check_arguments(f: object, x: float, side: str, scale: float) -> None:
    if not callable(f):
        raise TypeError(f"f is {f!r}, but it is to be a function of one number")
    for name, number in (("x", x), ("scale", scale)):
        if not hasattr(type(number), "__float__"):
            raise TypeError(f"{name} is {number!r}, but it is to be a number")
    if side not in ("both", "left", "right"):
        raise ValueError(f"side must be 'both', 'left' or 'right', not {side!r}")
    if not math.isfinite(x):
        raise ValueError(f"a slope can be measured only at a finite x, not at {x!r}")
    if not (math.isfinite(scale) and scale > 0.0):
        raise ValueError(f"scale, the largest step, must be positive and finite, not {scale!r}")


def _difference(
    f: Callable[[float], float], x: float, center: float, step: float, side: Side
) -> _Entry:
    """The difference quotient at one step, divided by the distance that floats really allow."""
    high = x if side == "left" else x + step
    low = x if side == "right" else x - step
    above = center if side == "left" else float(f(high))
    below = center if side == "right" else float(f(low))
    if not (math.isfinite(above) and math.isfinite(below)):
        raise ValueError(f"the function is {above!r} at {high!r} and {below!r} at {low!r}")
    distance = high - low
    noise = sys.float_info.epsilon * max(abs(above), abs(below)) / distance
    return _Entry((above - below) / distance, noise)


class _Table:
    """Ridders' table: differences at halved steps, extrapolated, and the best entry so far.

    Central differences err by h², h⁴, …, one-sided ones by h, h², …: `growth`, 4 or 2, is by what
    halving the step shrinks the first of these.
    """

    def __init__(self, growth: float) -> None:
        self.best: NumericalDerivative | None = None
        self._growth = growth
        self._row: list[_Entry] = []
        self._change = math.inf

    def add(self, difference: _Entry) -> None:
        """Take in the difference at half the last step."""
        if self._row:
            change = abs(difference.slope - self._row[0].slope)
            # Of a smooth function the changes shrink with the step. If they grow, the larger steps
            # reached over a pole or a bump, and what they agreed on was not the slope here.
            if change > 1.5 * self._change and change > _NO_NOISE * difference.noise:
                self.best, self._row = None, []
            self._change = change
        above = self._row
        self._row = self._extrapolated(difference, above)
        for entry, left, upper in zip(self._row[1:], self._row, above, strict=False):
            # An entry errs by at most what the two that made it differ from it.
            disagreement = max(abs(entry.slope - left.slope), abs(entry.slope - upper.slope))
            error = max(disagreement, entry.noise)
            if math.isfinite(error) and (self.best is None or error < self.best.error):
                self.best = NumericalDerivative(entry.slope, error)

    def _extrapolated(self, difference: _Entry, above: list[_Entry]) -> list[_Entry]:
        """The next row: every entry cancels one more power of the step."""
        row = [difference]
        factor = 1.0
        for upper in above[:_MOST_EXTRAPOLATIONS]:
            factor *= self._growth
            left = row[-1]
            slope = left.slope + (left.slope - upper.slope) / (factor - 1.0)
            noise = (factor * left.noise + upper.noise) / (factor - 1.0)
            row.append(_Entry(slope, noise))
        return row
