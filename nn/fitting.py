"""`fit`: from a model, data and an optimiser to a trained model and its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from autograd import Value
from nn.batches import Batches, Order
from nn.compiling import Backend, CompiledIterations
from nn.epoch import EpochError
from nn.history import History
from nn.measures import Measure
from nn.module import Module
from nn.objective import Objective, Penalty
from nn.optim import Optimiser
from nn.progress import progress_bar
from nn.stopping import Epochs, StopRule
from nn.training import Callback, Training

__all__ = ["fit"]


def fit(
    model: Module,
    samples: Iterable[float | Iterable[float]],
    targets: Iterable[float | Iterable[float]],
    *,
    loss: Callable[..., Value],
    optimiser: Optimiser,
    epochs: int | None = None,
    stop: StopRule | None = None,
    batch_size: int | None = None,
    order: Order = "sequential",
    seed: int = 0,
    iterations_per_epoch: int | None = None,
    stop_before_update: bool = False,
    penalty: Penalty | None = None,
    reduction: Literal["mean", "sum"] = "mean",
    measure: Measure | None = None,
    epoch_error: EpochError = "mean",
    callbacks: Sequence[Callback] = (),
    progress: bool | None = None,
    resume: Mapping[str, object] | None = None,
    compile: Backend | None = None,
) -> History:
    """Train the model by updating its parameters, for each batch, along the gradients of this.

        objective = mean over the batch of loss(model(sample), target) + penalty(parameters)

    with the sum instead of the mean for `reduction="sum"`. The same arguments give the same bits.

    Stopping: after `epochs` epochs, or when the rule `stop` says so (see `nn.stopping`), which is
    asked after every epoch; give one or both. With `stop_before_update` it is asked between the
    last gradients of the epoch and their update, so the last iteration makes none (document 002).

    Batches: of `batch_size` samples, by default 1, in one of the orders of `nn.batches.Batches`:
    "sequential", "wrapping" (document 002's window), "shuffled" (by `seed`) or "full". An epoch
    is one pass through the data, or `iterations_per_epoch` batches (document 002: as many as
    there are samples).

    Errors, which stop rules look at: `measure(prediction, target)` of plain numbers, or the loss
    without a measure. That of an epoch is the mean over its batches of the mean over the batch
    (document 002), or for `epoch_error="sum"` the sum over its samples (document 001).

    `callbacks` are called with the `Training` after every epoch. `progress` shows a bar or does
    not; None leaves it to where the program runs. Ctrl-C ends the training with what was learnt.

    `resume` is the `checkpoint` of an earlier History, or what `Training.checkpoint()` gave in a
    callback, maybe read from JSON. With model, data, optimiser and options made as before, the
    training goes on with the bits it would have had without a stop; epochs count from the
    beginning. Without it an optimiser that was used before keeps its memory and iteration.

    `compile` makes one program of model, loss, measure, penalty and optimiser, as `compile` of
    autograd does, which makes the same training, to the bit, many times faster: "c" or "python"
    says in which language, "auto" takes C where a compiler is installed, and the eager engine for
    what cannot be compiled. None of the functions may go by chance or remember anything then, since
    they are called once; losses and measures are given Values in place of the targets. The `grad`
    of the parameters stays as it was. `History.engine` says what ran.

    Raises ValueError and TypeError for arguments and data that cannot be (see `Objective`), and
    for what cannot be compiled, before anything has moved. FloatingPointError if the objective
    becomes infinite or NaN, naming the first node that did; for this and for what an operation
    raises outside its domain the parameters are set back to the last that gave a finite objective.

    >>> from nn.layers import Neuron
    >>> from nn.optim import SGD
    >>> from nn.stopping import ErrorBelow
    >>> neuron = Neuron([0.0], 0.0, "identity")
    >>> history = fit(
    ...     neuron, [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0],
    ...     loss=lambda y, t: 0.5 * (y - t) ** 2,
    ...     optimiser=SGD(neuron, learning_rate=0.2), epochs=500, stop=ErrorBelow(1e-12),
    ... )
    >>> history.stopped_by
    'the error of epoch 62 is 7.66984e-13, below 1e-12'
    >>> round(neuron.weights[0].data, 4), round(neuron.bias.data, 4)
    (2.0, 1.0)
    """
    objective = Objective(
        model, samples, targets, loss, penalty=penalty, measure=measure, reduction=reduction
    )
    if order == "full" and batch_size is not None:
        raise ValueError(
            f"batch_size is {batch_size!r}, but order 'full' takes all samples at once: give one "
            f"of the two"
        )
    size = 1 if batch_size is None else batch_size
    rule = _rule(epochs, stop)
    batches = Batches(len(objective.samples), size, order, seed)
    per_epoch = batches.per_pass if iterations_per_epoch is None else iterations_per_epoch
    training = Training(
        model,
        objective,
        optimiser,
        batches,
        rule,
        iterations_per_epoch=per_epoch,
        stop_before_update=stop_before_update,
        epoch_error=epoch_error,
        compiled=None
        if compile is None
        else CompiledIterations(
            objective,
            optimiser,
            batches,
            epoch_error=epoch_error,
            iterations_per_epoch=per_epoch,
            backend=compile,
        ),
    )
    if resume is not None:
        training.resume(resume)
    with progress_bar(rule.most_epochs, progress) as bar:
        return training.run(callbacks, watchers=bar)


def _rule(epochs: int | None, stop: StopRule | None) -> StopRule:
    if stop is not None and not isinstance(stop, StopRule):
        raise TypeError(f"stop is {stop!r}, no stop rule: give one, such as Epochs(100)")
    rules = ([] if stop is None else [stop]) + ([] if epochs is None else [Epochs(epochs)])
    if not rules:
        raise ValueError("fit does not know when to stop: give epochs=100, or a rule as stop=…")
    return rules[0] if len(rules) == 1 else rules[0] | rules[1]
