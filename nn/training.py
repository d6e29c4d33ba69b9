"""`Training`: the loop, one iteration after another."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from nn._arguments import count
from nn.batches import Batches, Position
from nn.compiling import CannotGoOn, CompiledIterations
from nn.epoch import Epoch, EpochError
from nn.history import Checkpoint, History
from nn.module import Module
from nn.objective import Evaluate
from nn.optim import Memory, Optimiser
from nn.stopping import StopRule

__all__ = ["Callback", "Training"]

Callback = Callable[["Training"], object]

# Seconds that a compiled training may go on before somebody can look at it again.
_MOMENT = 0.05


class _State(NamedTuple):
    """All that moves, at a moment between two iterations. Replaced as a whole, never changed."""

    numbers: list[float]
    memories: list[Memory]
    iteration: int
    position: Position
    epoch: Epoch
    epochs: int
    updates: int
    pending: bool


class Training:
    """A training under way, as callbacks see it: `model`, `optimiser`, `batches` and `history`.

    `evaluate` gives the objective on a batch and leaves the gradients: see `nn.objective`. The
    other arguments are those of `fit`, which makes one and runs it.
    """

    def __init__(
        self,
        model: Module,
        evaluate: Evaluate,
        optimiser: Optimiser,
        batches: Batches,
        stop: StopRule,
        *,
        iterations_per_epoch: int | None = None,
        stop_before_update: bool = False,
        epoch_error: EpochError = "mean",
        compiled: CompiledIterations | None = None,
    ) -> None:
        _check_owner(optimiser, model)
        if epoch_error not in ("mean", "sum"):
            raise ValueError(
                f"epoch_error is {epoch_error!r}: give 'mean' (over the batches) or 'sum' (over "
                f"the samples)"
            )
        self.model = model
        self.evaluate = evaluate
        self.optimiser = optimiser
        self.batches = batches
        self.rule = stop
        self.iterations_per_epoch = batches.per_pass
        if iterations_per_epoch is not None:
            self.iterations_per_epoch = count(iterations_per_epoch, "iterations_per_epoch")
        self.stop_before_update = stop_before_update
        self.epoch_error: EpochError = epoch_error
        self.compiled = compiled
        self.history = History()
        self._began = perf_counter()
        self._began_with = 0
        self._at_once = 1
        self._state = self._captured(Epoch())
        # The last state of which some objective is known to be finite.
        self._proven = self._state

    def run(self, callbacks: Sequence[Callback] = (), watchers: Sequence[Callback] = ()) -> History:
        """Train until the stop rule fires, or Ctrl-C; returns the history.

        Callbacks are called after every epoch. Watchers only look, so a compiled training may make
        many epochs before it calls them.
        """
        history = self.history
        self._began = perf_counter() - history.seconds
        self._began_with = history.updates
        if self.compiled is not None:
            history.engine = self.compiled.backend
        try:
            if history.epochs:
                # Resumed: the rule may be content with what there is.
                history.stopped_by = self.rule.reason(history)
            if self._state.pending and not history.stopped_by:
                self._compiled_or_eagerly(self._make_pending_update)
            while not history.stopped_by:
                self._compiled_or_eagerly(self._run_epoch if callbacks else self._run_epochs)
                for callback in (*callbacks, *watchers):
                    callback(self)
                if callbacks:
                    # They may have moved what they were given.
                    self._state = self._captured(self._state.epoch, pending=self._state.pending)
        except KeyboardInterrupt:
            self._restore(self._state)
            history.interrupted = True
            history.stopped_by = f"interrupted in epoch {history.epochs + 1:,}"
        except BaseException:
            self._restore(self._state)
            raise
        history.seconds = perf_counter() - self._began
        history.checkpoint = self.checkpoint()
        return history

    def stop(self, reason: str) -> None:
        """End the training after this epoch; `reason` says why, in words."""
        self.history.stopped_by = reason

    def checkpoint(self) -> Checkpoint:
        """Everything that `fit(…, resume=…)` needs to go on from here, ready for JSON."""
        return {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "batches": self.batches.state_dict(),
            "epoch": self._state.epoch._asdict(),
            "pending": self._state.pending,
            "history": self.history.state_dict(),
        }

    def resume(self, checkpoint: Mapping[str, object]) -> None:
        """Set everything to where `checkpoint()` was called.

        Raises ValueError or TypeError if it does not fit; nothing has changed then.
        """
        model, optimiser, batches, epoch, history = (
            _part(checkpoint, name)
            for name in ("model", "optimiser", "batches", "epoch", "history")
        )
        if epoch.keys() != set(Epoch._fields):
            raise ValueError(f"the checkpoint's epoch holds {sorted(epoch)}, not {Epoch._fields}")
        past = History.from_state_dict(history)
        before = self.model.state_dict()
        self.model.load_state_dict(model)
        try:
            self.batches.load_state_dict(batches)
            self.optimiser.load_state_dict(optimiser)
        except BaseException:
            self.model.load_state_dict(before)
            self.batches.position = self._state.position
            raise
        self.history = past
        self._state = self._captured(Epoch(**epoch), pending=checkpoint["pending"] is True)
        self._proven = self._state

    def _compiled_or_eagerly(self, work: Callable[[], None]) -> None:
        """Do the work; from its beginning and ever after eagerly, if the program cannot."""
        start = self._state
        try:
            work()
        except CannotGoOn as reason:
            self._restore(start)
            self._leave_program(reason)
            work()

    def _leave_program(self, reason: CannotGoOn) -> None:
        assert self.compiled is not None
        updates = self.history.updates - self._began_with
        if not updates:
            self.compiled.refuse_to_leave(reason)
        before = f"{self.compiled.backend} for {updates:,} updates, then " if updates else ""
        self.history.engine = f"{before}eager: {reason}"
        self.compiled = None

    def _make_pending_update(self) -> None:
        """The update from which the rule kept an earlier training."""
        _, change = self._iterate(1)
        self._state = self._captured(self._state.epoch.with_change(change))

    def _run_epoch(self) -> None:
        """Iterate to the end of the epoch and ask the stop rule."""
        while (left := self.iterations_per_epoch - self._state.epoch.batches) > 1:
            epoch, change = self._iterate(left - 1)
            self._state = self._captured(epoch.with_change(change))
        before, rate = self._state, self.optimiser.rate
        epoch, change = self._iterate(1)
        if not self.stop_before_update:
            self._close(epoch.with_change(change), self.optimiser.rate)
            self._state = self._captured(Epoch())
            return
        after = self._captured(Epoch().with_change(change))
        self.history.updates = before.updates
        self._close(epoch, rate)
        if self.history.stopped_by:
            # The update that has been made already is taken back.
            epochs = self.history.epochs
            self._restore(before._replace(epoch=Epoch(), epochs=epochs, pending=True))
        else:
            self.history.updates = after.updates
            self._state = after._replace(epochs=self.history.epochs)

    def _run_epochs(self) -> None:
        """Make epochs for a moment where the program can make many at once, else one."""
        if self.compiled is None or self.stop_before_update:
            self._run_epoch()
            return
        start, began = self._state, perf_counter()
        length, history = self.iterations_per_epoch, self.history
        seen = [start.epoch]
        left = length * self._epochs_at_once()
        while left:
            if left == 1:
                self._proven = self._captured(start.epoch)
            made = self.optimiser.iteration
            latest = self.compiled.run(max(left - 1, 1), seen.pop())
            seen += [epoch.with_change(change) for epoch, change in latest]
            left -= self.optimiser.iteration - made
        for done, epoch in enumerate(seen, start=1):
            history.updates += length
            self._close(epoch, self.optimiser.rate_of(start.iteration + done * length))
            if history.stopped_by and done < len(seen):
                # Again from the start, only so far.
                self._restore(start)
                self._at_once = done
                self._run_epochs()
                return
        self._state = self._captured(Epoch())
        self._at_once = max(1, round(len(seen) * min(2.0, _MOMENT / (perf_counter() - began))))

    def _epochs_at_once(self) -> int:
        most = self.rule.most_epochs
        done = self.history.epochs
        return self._at_once if most is None or most <= done else min(self._at_once, most - done)

    def _iterate(self, most: int) -> tuple[Epoch, float]:
        """Make up to so many iterations.

        Gives the epoch with what they brought, and the largest change of a parameter in them.
        """
        before = self._state
        if self.compiled is None:
            epoch = self._evaluate()
            self.optimiser.step()
            self.batches.advance()
            changes = map(operator.sub, self._numbers(), before.numbers)
            change = max(map(abs, changes))
        else:
            [(epoch, change)] = self.compiled.run(most, before.epoch)
            self._proven = before
        self.history.updates += epoch.batches - before.epoch.batches
        return epoch, change

    def _evaluate(self) -> Epoch:
        """The epoch with the next batch, whose gradients are left in the parameters."""
        try:
            result = self.evaluate(self.batches.upcoming())
        except (ArithmeticError, ValueError) as error:
            error.add_note(self._where())
            self._state = self._proven
            raise
        self._proven = self._state
        return self._state.epoch.with_batch(result, self.epoch_error)

    def _close(self, epoch: Epoch, rate: float) -> None:
        """Enter the epoch in the history and ask the stop rule."""
        history = self.history
        history.seconds = perf_counter() - self._began
        history.append(
            loss=epoch.loss / epoch.batches,
            error=epoch.error / epoch.batches if self.epoch_error == "mean" else epoch.error,
            largest_error=epoch.largest_error,
            largest_change=math.inf if epoch.largest_change is None else epoch.largest_change,
            learning_rate=rate,
        )
        history.stopped_by = self.rule.reason(history)

    def _numbers(self) -> list[float]:
        return [parameter.data for parameter in self.optimiser.parameters]

    def _captured(self, epoch: Epoch, *, pending: bool = False) -> _State:
        return _State(
            self._numbers(),
            self.optimiser.memories,
            self.optimiser.iteration,
            self.batches.position,
            epoch,
            self.history.epochs,
            self.history.updates,
            pending,
        )

    def _restore(self, state: _State) -> None:
        """Set everything that moves back to this state between two iterations."""
        self._state = state
        for parameter, number in zip(self.optimiser.parameters, state.numbers, strict=True):
            parameter.data = number
        self.optimiser.memories, self.optimiser.iteration = state.memories, state.iteration
        self.batches.position = state.position
        self.history.shorten(state.epochs)
        self.history.updates = state.updates

    def _where(self) -> str:
        """Where in the training something failed, and what it did to the parameters."""
        batch = self.batches.upcoming()
        place = (
            f"in epoch {self.history.epochs + 1:,}, after {self.history.updates:,} updates, on "
            f"samples {', '.join(map(str, batch[:5]))}{', …' if len(batch) > 5 else ''}"
        )
        if self._state is self._proven:
            return f"{place}; no update has led here, so look at the data and the first parameters"
        losses = ", ".join(f"{loss:.4g}" for loss in self.history.losses[-3:])
        return (
            f"{place}{f'; the losses of the last epochs were {losses}' if losses else ''}. The "
            f"parameters are again those before the last update, with which all was finite: a "
            f"smaller learning rate may help"
        )


def _check_owner(optimiser: Optimiser, model: Module) -> None:
    """The optimiser must move parameters of this model, and none that is frozen."""
    if not isinstance(optimiser, Optimiser):
        raise TypeError(
            f"optimiser is {optimiser!r}, no Optimiser: make one of the model's parameters, such "
            f"as SGD(model, learning_rate=0.1)"
        )
    training = set(model.parameters())
    foreign = next((p for p in optimiser.parameters if p not in training), None)
    if foreign is None:
        return
    for path, parameter in model.named_parameters().items():
        if parameter is foreign:
            raise ValueError(
                f"the optimiser moves {path}, which is frozen: make the optimiser after freezing"
            )
    raise ValueError(
        f"the optimiser moves {foreign!r}, which is no parameter of {model!r}: make the optimiser "
        f"of the model that is trained"
    )


def _part(checkpoint: Mapping[str, object], name: str) -> Mapping[str, Any]:
    part = checkpoint.get(name)
    if not isinstance(part, Mapping):
        raise ValueError(
            f"this is no checkpoint of a training, it has no {name!r}: give History.checkpoint or "
            f"what Training.checkpoint() gave"
        )
    return part
