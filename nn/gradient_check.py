"""`check_gradients`: the gradients of a network against slopes that are measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import autograd
from autograd import GradientReport, Value, mean, total
from nn.module import Module
from nn.objective import Objective, Penalty

__all__ = ["check_gradients"]


def check_gradients(
    model: Module,
    samples: Iterable[float | Iterable[float]],
    targets: Iterable[float | Iterable[float]],
    *,
    loss: Callable[..., Value],
    penalty: Penalty | None = None,
    reduction: Literal["mean", "sum"] = "mean",
    tolerance: float = 1e-6,
) -> GradientReport:
    """Compare ∂objective/∂parameter from the graph with slopes measured from values alone.

    The objective is what `fit` descends over all the samples: the mean of
    loss(model(sample), target), or the sum for `reduction="sum"`, plus penalty(parameters). The
    report is that of `autograd.check_gradients`, which tells what `tolerance` is, with one row for
    every parameter of the model, frozen ones included, called by its path. Numbers and gradients
    of the parameters stay as they are.

    Every parameter takes some tens of passes through all samples: a few samples are enough.

    Raises ValueError and TypeError for what `fit` refuses.

    >>> from nn.layers import MLP
    >>> from nn.losses import half_squared_error
    >>> net = MLP(2, [2, 1], "tanh", seed=1)
    >>> report = check_gradients(net, [[0, 1], [1, 1]], [1, 0], loss=half_squared_error)
    >>> report.ok, report.rows[0].name
    (True, 'layers.0.neurons.0.weights.0')
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"model is {model!r}, no Module: for a function use autograd.check_gradients"
        )
    objective = Objective(model, samples, targets, loss, penalty=penalty, reduction=reduction)
    pairs = list(zip(objective.samples, objective.targets, strict=True))
    reduced = mean if reduction == "mean" else total

    def whole() -> Value:
        losses = [objective.loss_of(sample, target) for sample, target in pairs]
        return reduced(losses) + objective.penalty_of_parameters()

    return autograd.check_gradients(whole, wrt=model.named_parameters(), tolerance=tolerance)
