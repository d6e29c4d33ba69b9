"""Losses: how far the outputs for one sample are from what they should be.

Each is a function `(outputs, targets) -> Value`. `outputs` is what a network gives for one sample:
a list of Values, or one Value (plain numbers, such as `predict` gives, serve as well). `targets`
is a list with one plain number per output, or one number for one output. The loss of several
samples is the mean of their losses. ValueError is raised where the lengths differ or are 0, and
TypeError for what is no number.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from autograd import (
    Value,
    absolute,
    dot,
    exp,
    log,
    log1p,
    logsumexp,
    mean,
    relu,
    softplus,
    sqrt,
    total,
)
from nn._numbers import as_number, is_list

__all__ = [
    "Loss",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "half_squared_error",
    "hinge",
    "l2_penalty",
    "mean_absolute_error",
    "mean_squared_error",
    "root_mean_squared_error",
    "softmax",
    "softmax_cross_entropy",
]

Outputs = Sequence[Value | float] | Value | float
Targets = Sequence[Value | float] | Value | float
Loss = Callable[[Outputs, Targets], Value]


def half_squared_error(outputs: Outputs, targets: Targets) -> Value:
    """E_total = Σ ½ · (target − output)². Documents 000 and 001.

    The terms of outputs that are named `out_o1`, `out_o2` are nodes named `E_o1`, `E_o2`, and the
    sum is then named `E_total`.

    >>> outputs = [Value(0.75, name="out_o1"), Value(0.5, name="out_o2")]
    >>> loss = half_squared_error(outputs, [0.25, 1.0])
    >>> loss.name, loss.data, [term.name for term in loss.parents]
    ('E_total', 0.25, ['E_o1', 'E_o2'])
    """
    pairs = _pairs("half_squared_error", outputs, targets)
    terms = [0.5 * (target - output) ** 2 for output, target in pairs]
    loss = total(terms)
    for term, (output, _) in zip(terms, pairs, strict=True):
        if output.name.startswith("out_"):
            term.name = "E_" + output.name.removeprefix("out_")
            loss.name = "E_total"
    return loss


def mean_squared_error(outputs: Outputs, targets: Targets) -> Value:
    """Σ (output − target)² / n over the n outputs.

    >>> mean_squared_error([Value(1.0), Value(2.0)], [0.0, 4.0]).data
    2.5
    """
    pairs = _pairs("mean_squared_error", outputs, targets)
    return _mean([(output - target) ** 2 for output, target in pairs])


def root_mean_squared_error(outputs: Outputs, targets: Targets) -> Value:
    """√(Σ (output − target)² / n). Document 001.

    Where all outputs are exactly right the derivative, which has no limit there, is taken as 0.

    >>> root_mean_squared_error([Value(1.0), Value(7.0)], [0.0, 0.0]).data
    5.0
    """
    pairs = _pairs("root_mean_squared_error", outputs, targets)
    mean_square = _mean([(output - target) ** 2 for output, target in pairs])
    # √ has an infinite slope at 0, and ∞ · 0 would make every gradient NaN.
    return sqrt(mean_square) if mean_square > 0.0 else mean_square * 0.0


def mean_absolute_error(outputs: Outputs, targets: Targets) -> Value:
    """Σ |output − target| / n; the derivative where an output is exactly right is 0.

    >>> mean_absolute_error([Value(1.0), Value(2.0)], [0.0, 4.0]).data
    1.5
    """
    pairs = _pairs("mean_absolute_error", outputs, targets)
    return _mean([absolute(output - target) for output, target in pairs])


def hinge(outputs: Outputs, targets: Targets) -> Value:
    """Σ max(0, 1 − target · output) / n, with targets −1 and 1.

    Raises ValueError for any other target.

    >>> hinge(Value(0.25), 1), hinge(Value(0.25), -1), hinge(Value(3.0), 1)
    (Value(0.75), Value(1.25), Value(0.0))
    """
    pairs = _pairs("hinge", outputs, targets)
    for i, (_, target) in enumerate(pairs):
        if not 1.0 <= absolute(target) <= 1.0:
            raise ValueError(f"hinge: target {i} is {target!r}, but the two classes are −1 and 1")
    return _mean([relu(1.0 - target * output) for output, target in pairs])


def binary_cross_entropy(probabilities: Outputs, targets: Targets) -> Value:
    """−Σ (t · ln p + (1 − t) · ln(1 − p)) / n, with targets t from 0 to 1.

    Raises ValueError for other targets, for a p that is no probability, and for one that gives a
    class that occurs probability 0. Where p is the sigmoid of a logit, use
    `binary_cross_entropy_from_logits`, which has no such case.

    >>> round(binary_cross_entropy(Value(0.25), 1).data, 9)
    1.386294361
    """
    pairs = _pairs("binary_cross_entropy", probabilities, targets)
    _check_probabilities("binary_cross_entropy", [target for _, target in pairs])
    return _mean([_surprise(i, p, t) for i, (p, t) in enumerate(pairs)])


def binary_cross_entropy_from_logits(logits: Outputs, targets: Targets) -> Value:
    """Σ (t · softplus(−z) + (1 − t) · softplus(z)) / n, with logits z and targets t from 0 to 1.

    This is the cross entropy of the probabilities σ(z). It never overflows, and it stays exact
    where σ(z) is so close to 0 or 1 that its logarithm is not. Raises ValueError for other targets.

    >>> binary_cross_entropy_from_logits(Value(-1000.0), 1).data
    1000.0
    """
    pairs = _pairs("binary_cross_entropy_from_logits", logits, targets)
    _check_probabilities("binary_cross_entropy_from_logits", [target for _, target in pairs])
    return _mean([_mixed(t, lambda x: softplus(-x), softplus, z) for z, t in pairs])


def softmax_cross_entropy(logits: Outputs, targets: Sequence[Value | float] | int) -> Value:
    """ln Σ exp(z) − Σ t · z: the cross entropy of softmax(z) for logits z. Never overflows.

    Document 002.

    `targets` is the number of the class, counted from 0, or one probability per class with the
    sum 1 (for one class "one hot": a 1 among zeros). Raises ValueError for any other.

    >>> round(softmax_cross_entropy([Value(1.0), Value(2.0)], 1).data, 9)
    0.313261688
    >>> softmax_cross_entropy([Value(1000.0), Value(0.0)], [0.0, 1.0]).data
    1000.0
    """
    values = _values("softmax_cross_entropy", logits)
    if is_list(targets):
        pairs = _pairs("softmax_cross_entropy", values, targets)
        shares = [target for _, target in pairs]
        _check_probabilities("softmax_cross_entropy", shares)
        if absolute(sum(shares) - 1.0) > 1e-9:
            raise ValueError(
                f"softmax_cross_entropy: the targets {shares!r} add up to {sum(shares)!r}, but "
                f"they are the probabilities of the classes, with the sum 1"
            )
        certain = [i for i, share in enumerate(shares) if share >= 1.0]
        if not certain:
            return logsumexp(values) - dot(shares, values)
        [target] = certain
    else:
        target = _class(targets, len(values))
    if len(values) == 1:
        return logsumexp(values) - values[0]
    # From the differences: where the class is nearly certain, ln Σ exp(z) and its z are nearly
    # equal, and what is left of their own difference is rounding.
    own = values[target]
    return logsumexp([0.0 if i == target else z - own for i, z in enumerate(values)])


def l2_penalty(parameters: Sequence[Value], strength: float) -> Value:
    """strength / 2 · Σ w² over the parameters w. Document 002, on weights and biases.

    Its gradient is strength · w, so it is the weight decay of an optimiser as part of the loss.
    Raises ValueError if the strength is negative or there are no parameters.

    >>> l2_penalty([Value(3.0), Value(4.0)], 0.1).data
    1.25
    """
    if not strength >= 0.0:
        raise ValueError(f"l2_penalty: the strength must not be negative, got {strength!r}")
    if not len(parameters):
        raise ValueError("l2_penalty: there are no parameters; are all of them frozen?")
    return dot(parameters, parameters) * (0.5 * strength)


def softmax(logits: Sequence[Value | float]) -> list[Value]:
    """exp(z_i) / Σ exp(z): the probabilities that go with logits. Never overflows.

    Train with `softmax_cross_entropy`, which takes the logits themselves.

    >>> [p.data for p in softmax([0.0, 1000.0])]
    [0.0, 1.0]
    """
    values = _values("softmax", logits)
    log_of_sum = logsumexp(values)
    return [exp(value - log_of_sum) for value in values]


def _values(loss: str, outputs: Outputs) -> list[Value]:
    given: Sequence[object] = outputs if is_list(outputs) else [outputs]
    for i, output in enumerate(given):
        if is_list(output):
            raise TypeError(
                f"{loss}: output {i} is a list, but a loss takes the outputs for one sample; for "
                f"several take the mean of their losses"
            )
    values = [
        output if isinstance(output, Value) else Value(as_number(output, f"output {i} of {loss}"))
        for i, output in enumerate(given)
    ]
    if not values:
        raise ValueError(f"{loss}: there are no outputs")
    return values


def _pairs(loss: str, outputs: Outputs, targets: Targets) -> list[tuple[Value, Value | float]]:
    """Every output with its target."""
    values = _values(loss, outputs)
    given: Sequence[object] = targets if is_list(targets) else [targets]
    numbers = [
        # A loss that is compiled is traced with Values in the places of the targets.
        target if isinstance(target, Value) else as_number(target, f"target {i} of {loss}")
        for i, target in enumerate(given)
    ]
    if len(values) != len(numbers):
        raise ValueError(
            f"{loss}: each output needs its target, but the numbers of outputs and targets are "
            f"{len(values)} and {len(numbers)}; the targets are {numbers!r}"
        )
    return list(zip(values, numbers, strict=True))


def _check_probabilities(loss: str, targets: Sequence[Value | float]) -> None:
    for i, target in enumerate(targets):
        if not 0.0 <= target <= 1.0:
            raise ValueError(f"{loss}: target {i} is {target!r}, but it is a probability, 0 to 1")


def _surprise(place: int, output: Value, target: Value | float) -> Value:
    """−t · ln p − (1 − t) · ln(1 − p) of the output p in this place."""
    # One logarithm takes numbers that are no probabilities. Both together do not, and for a target
    # that is a Value both are taken, so a loss that is compiled for a training needs no test.
    if isinstance(target, float) and (output < 0.0 or output > 1.0):
        raise _no_probability(place, output, target)
    try:
        return _mixed(target, lambda x: -log(x), lambda x: -log1p(-x), output)
    except ValueError:
        raise _no_probability(place, output, target) from None


def _no_probability(place: int, output: Value, target: Value | float) -> ValueError:
    found = f"binary_cross_entropy: output {place} is {output!r}"
    if 0.0 <= output <= 1.0:
        return ValueError(
            f"{found}, which leaves its target {target!r} no probability, and ln 0 is infinite: "
            f"use binary_cross_entropy_from_logits, which takes logits, without the sigmoid"
        )
    return ValueError(
        f"{found}, but a probability is from 0 to 1: end the network in 'sigmoid' (or softmax), or "
        f"use binary_cross_entropy_from_logits, which takes logits"
    )


def _class(number: object, count: int) -> int:
    try:
        index = operator.index(number)  # type: ignore[arg-type]  # it is asked whether it is one
    except TypeError:
        raise TypeError(
            f"softmax_cross_entropy: the target {number!r} is a {type(number).__name__}, but it is "
            f"the whole number of a class, counted from 0, or a list of probabilities"
        ) from None
    if not 0 <= index < count:
        raise ValueError(
            f"softmax_cross_entropy: the target is class {index}, but {count} outputs stand for "
            f"the classes 0 to {count - 1}"
        )
    return index


def _mixed(
    share: Value | float,
    one: Callable[[Value], Value],
    other: Callable[[Value], Value],
    output: Value,
) -> Value:
    """share · one(output) + (1 − share) · other(output); what has no share is not computed.

    A share that is a Value may be another one for the next sample, so both are computed.
    """
    if isinstance(share, float) and share == 1.0:
        return one(output)
    if isinstance(share, float) and share == 0.0:
        return other(output)
    return share * one(output) + (1.0 - share) * other(output)


def _mean(terms: list[Value]) -> Value:
    return terms[0] if len(terms) == 1 else mean(terms)
