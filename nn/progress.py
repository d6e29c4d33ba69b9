"""The progress bar."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from nn.training import Callback, Training

__all__ = ["progress_bar"]

# A training that ends sooner shows no bar.
_DELAY = 0.5


@contextmanager
def progress_bar(total: int | None, shown: bool | None) -> Iterator[list[Callback]]:
    """A bar over so many epochs; gives the callbacks that move it, none if it is not shown.

    `total` may be unknown. With `shown=None` it is shown in a notebook and where standard error
    is a terminal, and only if the training takes more than a moment.
    """
    if shown is None:
        terminal = sys.stderr is not None and sys.stderr.isatty()
        shown = terminal or "ipykernel.zmqshell" in sys.modules
    if not shown:
        yield []
        return
    with warnings.catch_warnings():
        # A notebook without ipywidgets gets a bar of text, which needs no warning.
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm  # noqa: PLC0415 (takes longer than many trainings)

    with tqdm(total=total, unit="epoch", delay=_DELAY) as bar:

        def advance(training: Training) -> None:
            history = training.history
            bar.set_postfix_str(f"error {history.errors[-1]:.3g}", refresh=False)
            bar.update(history.epochs - bar.n)

        yield [advance]
