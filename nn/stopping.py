"""When a training ends. Rules combine: `Epochs(1000) | ErrorBelow(0.01)`."""

from __future__ import annotations

from nn._arguments import count, not_negative
from nn.history import History

__all__ = [
    "Epochs",
    "ErrorBelow",
    "EverySampleErrorBelow",
    "NoImprovement",
    "ParameterChangeBelow",
    "StopRule",
]


class StopRule:
    """Looks at the history after every epoch and says why to stop, or "" to go on.

    `first | second` stops when either says so, `first & second` when both do. A subclass defines
    `reason(history)`:

    >>> class Seconds(StopRule):
    ...     def __init__(self, limit):
    ...         self.limit = limit
    ...     def reason(self, history):
    ...         return f"{self.limit} s are over" if history.seconds > self.limit else ""
    >>> (Seconds(60) | Epochs(10)).reason(History(seconds=61.0))
    '60 s are over'
    """

    def reason(self, history: History) -> str:
        """Why to stop now, in words; "" to go on. Asked after every epoch, never before one."""
        raise NotImplementedError(f"{type(self).__name__} does not define reason(self, history)")

    @property
    def most_epochs(self) -> int | None:
        """The number of epochs after which it stops whatever happens; None if it need not."""
        return None

    def __or__(self, other: StopRule) -> StopRule:
        return _Either(self, other) if isinstance(other, StopRule) else NotImplemented

    def __and__(self, other: StopRule) -> StopRule:
        return _Both(self, other) if isinstance(other, StopRule) else NotImplemented

    def __repr__(self) -> str:
        settings = ", ".join(f"{k}={v!r}" for k, v in vars(self).items())
        return f"{type(self).__name__}({settings})"


class _Either(StopRule):
    def __init__(self, first: StopRule, second: StopRule) -> None:
        self.first, self.second = first, second

    def reason(self, history: History) -> str:
        reasons = (self.first.reason(history), self.second.reason(history))
        return "; ".join(filter(None, reasons))

    @property
    def most_epochs(self) -> int | None:
        known = [rule.most_epochs for rule in (self.first, self.second)]
        return min((epochs for epochs in known if epochs is not None), default=None)

    def __repr__(self) -> str:
        return f"({self.first!r} | {self.second!r})"


class _Both(StopRule):
    def __init__(self, first: StopRule, second: StopRule) -> None:
        self.first, self.second = first, second

    def reason(self, history: History) -> str:
        reasons = (self.first.reason(history), self.second.reason(history))
        return " and ".join(reasons) if all(reasons) else ""

    def __repr__(self) -> str:
        return f"({self.first!r} & {self.second!r})"


class Epochs(StopRule):
    """Stops after so many epochs; those before a resumed training's checkpoint count.

    >>> Epochs(2).reason(History(losses=[0.5, 0.4]))
    '2 epochs are done'
    """

    def __init__(self, epochs: int) -> None:
        self.epochs = count(epochs, "Epochs: epochs")

    def reason(self, history: History) -> str:
        """Fires when history has as many epochs."""
        if history.epochs < self.epochs:
            return ""
        return f"{self.epochs:,} epoch{' is' if self.epochs == 1 else 's are'} done"

    @property
    def most_epochs(self) -> int:
        """As many as were given."""
        return self.epochs


class _Below(StopRule):
    """Stops when the last epoch's number in one of the history's lists is below a threshold."""

    def __init__(self, threshold: float) -> None:
        self.threshold = not_negative(threshold, f"{type(self).__name__}: threshold")

    def _below(self, numbers: list[float], words: str) -> str:
        if not numbers[-1] < self.threshold:
            return ""
        return f"{words} epoch {len(numbers):,} is {numbers[-1]:.6g}, below {self.threshold:.6g}"


class ErrorBelow(_Below):
    """Stops when the error of an epoch is below the threshold. Documents 001 and 002.

    For document 001's other form, an error in per cent, measure one: `percent_wrong()`.

    >>> ErrorBelow(0.001).reason(History(errors=[0.5, 0.0004]))
    'the error of epoch 2 is 0.0004, below 0.001'
    """

    def reason(self, history: History) -> str:
        """Fires on the last of `history.errors`."""
        return self._below(history.errors, "the error of")


class EverySampleErrorBelow(_Below):
    """Stops when no sample of an epoch had an error of the threshold or above. Document 002.

    Each sample's error is that of the moment when its batch came up, before the update.

    >>> EverySampleErrorBelow(0.1).reason(History(largest_errors=[0.5, 0.09]))
    'the largest error of a sample in epoch 2 is 0.09, below 0.1'
    """

    def reason(self, history: History) -> str:
        """Fires on the last of `history.largest_errors`."""
        return self._below(history.largest_errors, "the largest error of a sample in")


class ParameterChangeBelow(_Below):
    """Stops when no update of an epoch changed any parameter by the threshold. Document 001.

    >>> ParameterChangeBelow(1e-6).reason(History(largest_changes=[1e-3, 1e-7]))
    'the largest change of a parameter in epoch 2 is 1e-07, below 1e-06'
    """

    def reason(self, history: History) -> str:
        """Fires on the last of `history.largest_changes`."""
        return self._below(history.largest_changes, "the largest change of a parameter in")


class NoImprovement(StopRule):
    """Stops when the least error so far is no better than it was so many epochs ago.

    An improvement of `by` or less counts as none. Raises ValueError for less than one epoch and
    for a negative `by`.

    >>> NoImprovement(2).reason(History(least_errors=[0.5, 0.3, 0.3, 0.3]))
    'the error has not improved on 0.3 for 2 epochs'
    """

    def __init__(self, epochs: int, by: float = 0.0) -> None:
        self.epochs = count(epochs, "NoImprovement: epochs")
        self.by = not_negative(by, "NoImprovement: by")

    def reason(self, history: History) -> str:
        """Fires on `history.least_errors`."""
        least = history.least_errors
        if len(least) <= self.epochs or least[-1 - self.epochs] - least[-1] > self.by:
            return ""
        times = f"{self.epochs:,} epoch{'' if self.epochs == 1 else 's'}"
        margin = f" by more than {self.by:.6g}" if self.by else ""
        return f"the error has not improved on {least[-1 - self.epochs]:.6g}{margin} for {times}"
