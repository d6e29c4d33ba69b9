"""Both passes over a graph, step by step, with every number that occurs on the way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from autograd.backprop import topological_order
from autograd.functional import gradients
from autograd.rows import Op
from autograd.showing.labels import called
from autograd.value import Value

__all__ = ["Passes", "Share", "passes"]


@dataclass(frozen=True)
class Share:
    """What one arrow adds to the gradient of the operand at its tail in the backward pass.

    amount = local · upstream, with local = ∂head/∂tail and upstream = ∂output/∂head; `which` is
    the operand's place among the head's parents. `before` is the tail's sum so far, None at its
    first share, `after` the sum with this one, which is ∂output/∂tail once `is_last`.
    """

    head: Value
    tail: Value
    which: int
    local: float
    upstream: float
    amount: float
    before: float | None
    after: float
    is_last: bool


@dataclass(frozen=True)
class Passes:
    """The passes over the graph of an output.

    `nodes` are in the order of the picture and `labels` what each is called: its name, or its
    operation where it has none, and # and a number where others are called so too. `given` are
    the leaves; `computed` the other nodes as the forward pass makes them, and the backward pass
    takes them the other way round. `gradients` are ∂output/∂node. `shares` are those that each
    node hands on, in its parents' order.
    """

    nodes: tuple[Value, ...]
    labels: dict[Value, str]
    given: tuple[Value, ...]
    computed: tuple[Value, ...]
    gradients: dict[Value, float]
    shares: dict[Value, tuple[Share, ...]]

    @property
    def output(self) -> Value:
        """The node where the backward pass starts."""
        return (self.computed or self.given)[-1]

    @cached_property
    def received(self) -> dict[Value, list[Share]]:
        """The shares that make up each node's gradient, in the order in which they arrive."""
        received: dict[Value, list[Share]] = {node: [] for node in self.nodes}
        for head in reversed(self.computed):
            for share in self.shares[head]:
                received[share.tail].append(share)
        return received


def passes(output: Value, nodes: Sequence[Value]) -> Passes:
    """The passes over the graph of `output`, all of whose nodes are given in picture order.

    Raises ValueError if a leaf's data was assigned after the forward pass: the numbers that the
    nodes keep are then not what their formulas give.
    """
    order = topological_order(output)
    computed = tuple(node for node in order if not node.is_leaf)
    slopes = dict(zip(nodes, gradients(output, nodes), strict=True))
    labels = _labels(nodes)
    for node in computed:
        if node.op is not None and not _is_current(node, node.op):
            raise ValueError(
                f"{labels[node]} was computed when an operand of it had another data than now, so "
                f"no step could be followed: compute the output again after assigning data"
            )
    return Passes(
        nodes=tuple(nodes),
        labels=labels,
        given=tuple(node for node in order if node.is_leaf),
        computed=computed,
        gradients=slopes,
        shares=_shares(computed, slopes),
    )


def _labels(nodes: Sequence[Value]) -> dict[Value, str]:
    names = [called(node) for node in nodes]
    bearers = Counter(names)
    return {
        node: name if bearers[name] == 1 else f"{name} #{number}"
        for number, (node, name) in enumerate(zip(nodes, names, strict=True))
    }


def _is_current(node: Value, op: Op) -> bool:
    """Whether the operation on the operands as they are now gives what the node holds."""
    numbers = op.grouped([float(operand) for operand in node.operands])
    try:
        now = op.evaluate(numbers)
    except (ArithmeticError, ValueError):
        return False
    return math.isclose(now, node.data, rel_tol=1e-12) or math.isnan(now)


def _shares(
    computed: Sequence[Value], slopes: dict[Value, float]
) -> dict[Value, tuple[Share, ...]]:
    to_come = Counter(parent for node in computed for parent in node.parents)
    sums: dict[Value, float] = {}
    shares: dict[Value, tuple[Share, ...]] = dict.fromkeys(slopes, ())
    for head in reversed(computed):
        handed_on = []
        for which, (tail, local) in enumerate(zip(head.parents, head.partials, strict=True)):
            amount = local * slopes[head] + 0.0  # the sum turns −0.0 into 0.0
            before = sums.get(tail)
            sums[tail] = amount if before is None else before + amount
            to_come[tail] -= 1
            handed_on.append(
                Share(
                    head=head,
                    tail=tail,
                    which=which,
                    local=local,
                    upstream=slopes[head],
                    amount=amount,
                    before=before,
                    after=sums[tail],
                    is_last=not to_come[tail],
                )
            )
        shares[head] = tuple(handed_on)
    return shares
