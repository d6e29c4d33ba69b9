"""What an epoch comes to, batch by batch."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Literal, NamedTuple

from nn.objective import BatchResult

__all__ = ["Epoch", "EpochError"]

# How the errors of a batch's samples become that of the batch.
EpochError = Literal["mean", "sum"]


class Epoch(NamedTuple):
    """Sums over the batches so far, and the largest error of a sample and change of a parameter.

    The largest change is None while there was no update.
    """

    batches: int = 0
    loss: float = 0.0
    error: float = 0.0
    largest_error: float = 0.0
    largest_change: float | None = None

    def with_batch(self, result: BatchResult, kind: EpochError) -> Epoch:
        """With one more batch."""
        errors = result.errors
        # From Python 3.12 on, `sum` has other bits than the additions of a compiled program.
        error = reduce(operator.add, errors, 0.0)
        if kind == "mean":
            error /= len(errors)
        return Epoch(
            self.batches + 1,
            self.loss + result.objective,
            self.error + error,
            max(self.largest_error, *errors),
            self.largest_change,
        )

    def with_change(self, change: float) -> Epoch:
        """With an update that changed no parameter by more than this."""
        if self.largest_change is not None:
            change = max(self.largest_change, change)
        return self._replace(largest_change=change)
