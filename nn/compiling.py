"""Iterations inside one compiled program, with the bits of those that build a graph each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Literal, get_args

from autograd import Figures, Trainer, compile
from nn.batches import Batches
from nn.epoch import Epoch, EpochError
from nn.objective import Objective
from nn.optim import Optimiser

__all__ = ["Backend", "CannotGoOn", "CompiledIterations"]

Backend = Literal["auto", "c", "python"]

# While a program runs, Ctrl-C has to wait: not longer than so many samples take.
_MOST_SAMPLES = 1_000_000


class CannotGoOn(Exception):  # noqa: N818 (no error: the eager engine takes over)
    """The compiled program cannot make the next iterations; the message says why."""


class _CannotCompile(CannotGoOn):
    """There is no program."""


class CompiledIterations:
    """Gradients and updates of many batches in one call.

    Model, loss, measure, penalty and the optimiser's formula are traced once and become one
    program. So none of them may ask for numbers, go by chance or remember anything, and what a
    program does for one sample it does for all. Raises ValueError for an unknown backend.
    """

    def __init__(
        self,
        objective: Objective,
        optimiser: Optimiser,
        batches: Batches,
        *,
        epoch_error: EpochError,
        iterations_per_epoch: int,
        backend: Backend,
    ) -> None:
        if backend not in get_args(Backend):
            known = ", ".join(map(repr, get_args(Backend)))
            raise ValueError(f"compile is {backend!r}: give one of {known}, or None for no program")
        self.optimiser = optimiser
        self.batches = batches
        compiled = compile(objective.loss_of, backend)
        self.backend = compiled.backend
        self._is_required = backend != "auto"
        self._settings = self._settings_now()
        self._is_mean = objective.reduction == "mean"
        self._make_trainer = partial(
            compiled.trainer,
            list(zip(objective.samples, objective.targets, strict=True)),
            optimiser.parameters,
            optimiser.change,
            memory=optimiser.memory,
            decays=optimiser.decays,
            error=None if objective.measure is None else objective.error_of,
            penalty=None if objective.penalty is None else objective.penalty_of_parameters,
            is_weighted=self._is_mean and batches.size > 1,
            averages_errors=epoch_error == "mean",
            updates_per_figures=iterations_per_epoch,
        )
        # A round is gone through again and again, so it is looked up by where it starts.
        self._rounds: dict[int, tuple[list[int], list[int], list[float]]] = {}

    def run(self, most: int, epoch: Epoch) -> list[tuple[Epoch, float]]:
        """Make up to so many iterations, at least one, in this epoch and those after it.

        Gives the epochs with what they brought, each with the largest change of a parameter in it.
        Raises CannotGoOn if one of them cannot be made; what has moved by then is of no use.
        """
        optimiser = self.optimiser
        if type(optimiser).step is not Optimiser.step:
            raise _CannotCompile(f"{type(optimiser).__name__} has a step of its own")
        if self._settings != self._settings_now():
            raise CannotGoOn("the settings of the optimiser were changed on the way")
        samples, ends, weights = self._round()
        count = min(most, max(1, _MOST_SAMPLES // self.batches.size))
        if self.batches.order == "shuffled":
            count = min(count, len(ends))
        try:
            trainer = self._trainer
            trainer.memories = optimiser.memories
            trainer.figures = [Figures(*epoch[:-1])]
            made = trainer.run(samples, ends, optimiser.rates(count), weights)
        except (TypeError, ValueError, RuntimeError) as cause:
            raise _CannotCompile(str(cause)) from cause
        if made < count:
            raise CannotGoOn(
                "a number left an operation's domain or became infinite, or the samples of a batch "
                "went different ways"
            )
        optimiser.memories = trainer.memories
        optimiser.iteration += count
        self.batches.advance(count)
        seen = [(Epoch(*figures[:-1]), figures.largest_change) for figures in trainer.figures]
        first, change = seen[0]
        return [(first._replace(largest_change=epoch.largest_change), change), *seen[1:]]

    def refuse_to_leave(self, reason: CannotGoOn) -> None:
        """Raise TypeError if there is no program though one was asked for by name."""
        if self._is_required and isinstance(reason, _CannotCompile):
            raise TypeError(
                f"this training cannot be compiled: {reason}. With compile='auto' it runs eagerly"
            ) from reason

    @cached_property
    def _trainer(self) -> Trainer:
        return self._make_trainer()

    def _settings_now(self) -> dict[str, object]:
        """What the program takes for granted of the optimiser."""
        moving = ("iteration", "memories", "learning_rate")
        return {k: v for k, v in vars(self.optimiser).items() if k not in moving}

    def _round(self) -> tuple[list[int], list[int], list[float]]:
        start = self.batches.position.start
        if self.batches.order == "shuffled":
            return self._arrays(self.batches.round())
        if start not in self._rounds:
            self._rounds[start] = self._arrays(self.batches.round())
        return self._rounds[start]

    def _arrays(self, batches: list[Sequence[int]]) -> tuple[list[int], list[int], list[float]]:
        samples: list[int] = []
        ends = []
        for batch in batches:
            samples += batch
            ends.append(len(samples))
        weights = [1.0 / len(batch) if self._is_mean else 1.0 for batch in batches]
        return samples, ends, weights
