"""`History`: what a training did, epoch by epoch."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Checkpoint", "History"]

# The state of a training between two iterations, ready for JSON.
Checkpoint = dict[str, object]

_NOT_SAVED = ("stopped_by", "interrupted", "engine", "checkpoint")


@dataclass(repr=False)
class History:
    """What a training did. Lists have one entry per epoch.

    - `losses`: the objective that is descended, penalty included: the mean over the batches.
    - `errors`: what was measured, or the loss without penalty if nothing else was; put together
      as `fit` was told. Measured on the way, batch by batch, each before its update.
    - `largest_errors`: the largest error of any one sample.
    - `least_errors`: the least of `errors` up to there.
    - `largest_changes`: the largest change of any parameter in any one update.
    - `learning_rates`: the learning rate of the last update.

    `updates` counts the updates, `seconds` is the time taken. `stopped_by` says in words why it
    ended; `interrupted` is whether that was Ctrl-C. `engine` says what ran: "eager", or "c" or
    "python" for a compiled program, and why if it could not go on. `checkpoint` is the state at
    the end, ready for JSON, from which `fit(…, resume=…)` goes on.
    """

    losses: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    largest_errors: list[float] = field(default_factory=list)
    least_errors: list[float] = field(default_factory=list)
    largest_changes: list[float] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)
    updates: int = 0
    seconds: float = 0.0
    stopped_by: str = ""
    interrupted: bool = False
    engine: str = "eager"
    checkpoint: Checkpoint | None = None

    @property
    def epochs(self) -> int:
        """The number of epochs that were completed."""
        return len(self.losses)

    def append(
        self,
        *,
        loss: float,
        error: float,
        largest_error: float,
        largest_change: float,
        learning_rate: float,
    ) -> None:
        """Add an epoch."""
        least = min(error, self.least_errors[-1]) if self.least_errors else error
        self.errors.append(error)
        self.largest_errors.append(largest_error)
        self.least_errors.append(least)
        self.largest_changes.append(largest_change)
        self.learning_rates.append(learning_rate)
        self.losses.append(loss)

    def shorten(self, epochs: int) -> None:
        """Forget what came after so many epochs."""
        for entry in vars(self).values():
            if isinstance(entry, list):
                del entry[epochs:]

    def state_dict(self) -> dict[str, object]:
        """The lists, the number of updates and the seconds, ready for JSON."""
        return {
            name: list(entry) if isinstance(entry, list) else entry
            for name, entry in vars(self).items()
            if name not in _NOT_SAVED
        }

    @classmethod
    def from_state_dict(cls, state: Mapping[str, object]) -> Self:
        """The history of which `state_dict` gave this; ValueError if it is none."""
        history = cls()
        if state.keys() != history.state_dict().keys():
            raise ValueError(f"this is no state of a History: it holds {sorted(state)}")
        for name, entry in state.items():
            setattr(history, name, list(entry) if isinstance(entry, list) else entry)
        return history

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw losses, and errors where they differ, over the epochs, with a logarithmic axis.

        Needs matplotlib, which `pip install 'scalar-autograd[plot]'` installs; ImportError
        without it. Draws into the given axes, else into a new figure; returns the axes.
        """
        try:
            import matplotlib.pyplot as plt  # noqa: PLC0415 (an extra, and slow to import)
        except ImportError as error:
            raise ImportError(
                "History.plot draws with matplotlib, which is not installed: "
                "pip install 'scalar-autograd[plot]'"
            ) from error
        if axes is None:
            _, axes = plt.subplots()
        epochs = range(1, self.epochs + 1)
        axes.plot(epochs, self.losses, label="loss")
        if self.errors != self.losses:
            axes.plot(epochs, self.errors, label="error")
        if any(number > 0.0 for number in (*self.losses, *self.errors)):
            axes.set_yscale("log", nonpositive="mask")
        axes.set_xlabel("epoch")
        axes.legend()
        axes.grid(visible=True, alpha=0.3)
        return axes

    def _repr_html_(self) -> str:
        """What notebooks show: the summary, and the plot where matplotlib is installed."""
        text = f'<pre style="margin: 0">{html.escape(self.summary())}</pre>'
        try:
            from matplotlib.figure import Figure  # noqa: PLC0415 (an extra, and slow to import)
        except ImportError:
            return text
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        self.plot(figure.subplots())
        png = io.BytesIO()
        figure.savefig(png, format="png")
        data = base64.b64encode(png.getvalue()).decode()
        return f'{text}<img alt="losses over the epochs" src="data:image/png;base64,{data}">'

    def summary(self) -> str:
        """What happened, in a few lines of text.

        >>> history = History(updates=6, seconds=0.5, stopped_by="2 epochs are done")
        >>> for error in (0.5, 0.25):
        ...     history.append(loss=error, error=error, largest_error=error, largest_change=0.1,
        ...                    learning_rate=0.5)
        >>> print(history.summary())
        2 epochs, 6 updates, 0.5 s
        stopped:        2 epochs are done
        loss:           0.5 → 0.25
        error:          0.5 → 0.25, least 0.25 in epoch 2
        largest change: 0.1 in the last epoch
        learning rate:  0.5 → 0.5
        """
        head = f"{_counted(self.epochs, 'epoch')}, {_counted(self.updates, 'update')}"
        lines = [f"{head}, {self.seconds:.3g} s", f"stopped:        {self.stopped_by}"]
        if self.engine != "eager":
            lines.append(f"engine:         {self.engine}")
        if self.losses:
            least = self.least_errors[-1]
            lines += [
                f"loss:           {_from_to(self.losses)}",
                f"error:          {_from_to(self.errors)}, least {least:.6g} in epoch "
                f"{self.errors.index(least) + 1}",
                f"largest change: {self.largest_changes[-1]:.6g} in the last epoch",
                f"learning rate:  {_from_to(self.learning_rates)}",
            ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        losses = f", loss {_from_to(self.losses)}" if self.losses else ""
        stopped = f"; {self.stopped_by}" if self.stopped_by else ""
        return f"History({_counted(self.epochs, 'epoch')}{losses}, {self.seconds:.3g} s{stopped})"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _from_to(numbers: list[float]) -> str:
    return f"{numbers[0]:.6g} → {numbers[-1]:.6g}"
