"""What a training reports of each sample, where that is not the loss it descends.

A measure is a function `(prediction, target) -> number` of plain numbers, a number or a tuple
each, as the model gives and the data hold them. Losses serve as measures too. The smaller, the
better.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import SupportsFloat

from autograd import absolute, sqrt, total, where
from nn.data import Row

__all__ = ["Measure", "percent_wrong", "residual_norm"]

Measure = Callable[[Row, Row], SupportsFloat]


def residual_norm(prediction: Row, target: Row) -> float:
    """‖t − y‖ = √Σ (tᵢ − yᵢ)² of a prediction y and a target t, which are rows of numbers.

    Document 002 logs its mean over a batch as the loss. Raises ValueError for rows of unequal
    length.

    >>> residual_norm((1.0, 6.0), (4.0, 2.0))
    5.0
    """
    outputs, wanted = _as_tuple(prediction), _as_tuple(target)
    if len(outputs) != len(wanted):
        raise ValueError(
            f"residual_norm: each output needs its target, but the numbers of outputs and targets "
            f"are {len(outputs)} and {len(wanted)}"
        )
    misses = [t - y for y, t in zip(outputs, wanted, strict=True)]
    # √x² is |x|, but for numbers whose square is too large or too small.
    return absolute(misses[0]) if len(misses) == 1 else sqrt(total([x * x for x in misses]))


def percent_wrong(threshold: float = 0.5) -> Measure:
    """A measure: 0 if a sample is classified rightly, else 100. Its mean is the percentage wrong.

    With several outputs the class is the largest of them, and the target is the number of the
    class or a row whose largest entry it is. With one output the class is whether it lies above
    the threshold, and so for the target: ½ suits probabilities and targets 0 and 1, 0 suits
    logits, and targets −1 and 1.

    >>> wrong = percent_wrong()
    >>> wrong((0.2, 0.7, 0.1), 1), wrong((0.2, 0.7), (1.0, 0.0)), wrong(0.3, 0)
    (0.0, 100.0, 0.0)
    >>> percent_wrong(threshold=0.0)((0.3,), (-1.0,))
    100.0
    """

    def measure(prediction: Row, target: Row) -> float:
        outputs, wanted = _as_tuple(prediction), _as_tuple(target)
        if len(outputs) == 1:
            of_upper_class = where(wanted[0] > threshold, 0.0, 100.0)
            return where(outputs[0] > threshold, of_upper_class, 100.0 - of_upper_class)
        chosen = outputs.index(max(outputs))
        right = chosen == (wanted.index(max(wanted)) if isinstance(target, tuple) else target)
        return 0.0 if right else 100.0

    return measure


def _as_tuple(row: Row) -> tuple[float, ...]:
    return row if isinstance(row, tuple) else (row,)
