"""What a training descends: the loss over a batch, with its gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from autograd import Value
from nn.data import Row, paired_rows
from nn.measures import Measure
from nn.module import Module

__all__ = ["BatchResult", "Evaluate", "Objective", "Penalty"]

# The parameters that train to what is added to the loss of a batch.
Penalty = Callable[[list[Value]], Value]


class BatchResult(NamedTuple):
    """The objective on a batch, and the error of each of its samples."""

    objective: float
    errors: list[float]


# Samples, by number, to the objective over them, whose gradients it leaves in the parameters.
Evaluate = Callable[[Sequence[int]], BatchResult]


class Objective:
    """mean over the batch of loss(model(sample), target), or the sum, plus penalty(parameters).

    A call evaluates it on some of the samples and leaves ∂objective/∂parameter in the `grad` of
    every parameter. One sample's graph is built, differentiated and dropped before the next.

    The errors are what `measure(prediction, target)` makes of plain numbers; without a measure
    they are the samples' losses.

    Data, model and loss are checked on construction, by one sample whose results are dropped:
    ValueError for data that are empty, ragged or not finite and for targets of the wrong length,
    TypeError for data that are no numbers and for a loss that is not made of the parameters.

    >>> from nn.layers import Neuron
    >>> neuron = Neuron([2.0], 1.0, "identity")
    >>> objective = Objective(neuron, [[1.0], [2.0]], [2.0, 6.0], lambda y, t: 0.5 * (y - t) ** 2)
    >>> objective([0, 1])
    BatchResult(objective=0.5, errors=[0.5, 0.5])
    >>> neuron.weights[0].grad, neuron.bias.grad
    (-0.5, 0.0)
    """

    def __init__(
        self,
        model: Module,
        samples: object,
        targets: object,
        loss: Callable[..., Value],
        *,
        penalty: Penalty | None = None,
        measure: Measure | None = None,
        reduction: Literal["mean", "sum"] = "mean",
    ) -> None:
        if reduction not in ("mean", "sum"):
            raise ValueError(f"reduction is {reduction!r}: give 'mean' or 'sum' (over the batch)")
        if not callable(loss):
            raise TypeError(
                f"loss is {loss!r}, no function: give one of (outputs, targets), such as "
                f"nn.mean_squared_error"
            )
        self.model = model
        self.samples, rows = paired_rows(samples, targets)
        self.loss = loss
        self.penalty = penalty
        self.measure = measure
        self.reduction = reduction
        self.parameters = model.parameters()
        self._all = list(model.named_parameters().values())
        prediction = model(self.samples[0])  # type: ignore[arg-type]  # a model may take one number
        self.targets = _as_predicted(rows, prediction)
        self._check(prediction)

    def __call__(self, batch: Sequence[int]) -> BatchResult:
        """The objective and the errors of these samples; gradients are left in the parameters.

        Raises FloatingPointError, naming the node where it began, if the objective is not finite;
        what an operation raises outside its domain comes through.
        """
        for parameter in self._all:
            if parameter.reached:
                parameter.grad = 0.0
        weight = 1.0 / len(batch) if self.reduction == "mean" else 1.0
        total = 0.0
        errors = []
        for index in batch:
            prediction = self.model(self.samples[index])  # type: ignore[arg-type]  # as above
            target = self.targets[index]
            loss = self.loss(prediction, target)
            number = loss.data
            if not math.isfinite(number):
                raise _not_finite(loss, f"the loss of samples[{index}]")
            loss.backward(weight)
            total += number
            if self.measure is not None:
                number = float(self.measure(_numbers(prediction), target))
            errors.append(number)
        return BatchResult(total * weight + self._penalise(), errors)

    def loss_of(self, sample: Row, target: Row) -> Value:
        """The loss of one sample."""
        prediction = self.model(sample)  # type: ignore[arg-type]  # as above
        return self.loss(prediction, target)

    def error_of(self, sample: Row, target: Row) -> Value | float:
        """The error of one sample: what the measure says, else the loss."""
        if self.measure is None:
            return self.loss_of(sample, target)
        prediction = self.model(sample)  # type: ignore[arg-type]  # as above
        row = prediction if isinstance(prediction, Value) else tuple(prediction)
        # Values stand for numbers here, and a Value may be what comes of it.
        return self.measure(row, target)  # type: ignore[arg-type,return-value]  # see above

    def penalty_of_parameters(self) -> Value | float:
        """What is added to the loss of every batch."""
        return 0.0 if self.penalty is None else self.penalty(self.parameters)

    def _penalise(self) -> float:
        if self.penalty is None:
            return 0.0
        penalty = self.penalty(self.parameters)
        if not math.isfinite(penalty.data):
            raise _not_finite(penalty, "the penalty")
        penalty.backward()
        return penalty.data

    def _check(self, prediction: Value | Sequence[Value]) -> None:
        made = [("loss", self.loss(prediction, self.targets[0]))]
        if self.penalty is not None:
            made.append(("penalty", self.penalty(self.parameters)))
        for name, value in made:
            if not isinstance(value, Value) or value.is_leaf:
                raise TypeError(
                    f"the {name} gave {value!r}, which was not computed from the parameters, so it "
                    f"has no gradients: compute it from the Values it is given, with the functions "
                    f"of autograd, and without float(…), .data or no_grad"
                )


def _as_predicted(rows: list[Row], prediction: Value | Sequence[Value]) -> list[Row]:
    """The targets in the form of the model's outputs: numbers for a Value, rows for a list."""
    outputs = None if isinstance(prediction, Value) else len(prediction)
    first = rows[0]
    entries = len(first) if isinstance(first, tuple) else None
    if outputs == entries:
        return rows
    if outputs is None and entries == 1:
        return [number for row in rows if isinstance(row, tuple) for number in row]
    if outputs == 1 and entries is None:
        return [(row,) for row in rows if not isinstance(row, tuple)]
    if entries is None:
        # The number of a class: what it may be is the loss's business.
        return rows
    raise ValueError(
        f"every target has {entries} number{'s' if entries > 1 else ''}, but the model gives "
        f"{outputs or 1}: give one number for each output"
    )


def _numbers(prediction: Value | Sequence[Value]) -> Row:
    if isinstance(prediction, Value):
        return prediction.data
    return tuple([output.data for output in prediction])


def _not_finite(output: Value, what: str) -> FloatingPointError:
    """The error that says where in the graph the first number that is not finite came up."""
    node = output
    while bad := [parent for parent in node.parents if not math.isfinite(parent.data)]:
        node = bad[0]
    name = f" {node.name!r}" if node.name else ""
    if node.op is None:
        origin = f"the given number{name} is {node.data!r}"
    else:
        operands = ", ".join(_operand(operand) for operand in node.operands)
        origin = f"the first node that is not finite is {node.op.name}{name} of {operands}"
    return FloatingPointError(f"{what} is {output.data!r}: {origin}")


def _operand(operand: Value | float) -> str:
    if isinstance(operand, Value):
        return f"{operand.name} = {operand.data!r}" if operand.name else repr(operand.data)
    return repr(operand)
