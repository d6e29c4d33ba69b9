"""Forward mode: tangents along the graph, by the same partials that the backward pass uses."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any, TypeVar

from autograd.backprop import topological_order
from autograd.functional.reverse import recorded_slopes
from autograd.value import Value

T = TypeVar("T", float, Value)


def pushed_forward(outputs: Iterable[Value], seeds: Mapping[Value, T]) -> list[T | None]:
    """Σ ∂output/∂node · seed over the seeded nodes, for each output; None without a path.

    ∂node/∂t = Σ ∂node/∂operand · ∂operand/∂t

    Seeds that are Values give tangents that are Values and can be differentiated again.

    >>> x = Value(3.0)
    >>> pushed_forward([x * x, x + 1.0, Value(5.0)], {x: 10.0})
    [60.0, 10.0, None]
    """
    create_graph = any(isinstance(seed, Value) for seed in seeds.values())
    found: dict[Value, Any] = dict(seeds)
    passed: set[Value] = set()
    asked = list(outputs)
    for output in asked:
        if output in passed:
            continue
        for node in topological_order(output):
            if node not in passed:
                passed.add(node)
                _push(node, found, create_graph)
    return [found.get(output) for output in asked]


def _push(node: Value, found: dict[Value, Any], create_graph: bool) -> None:
    """The tangent of one node from those of its parents."""
    if node.op is None or node in found:
        return
    reached = [parent in found for parent in node.parents]
    if not any(reached):
        return
    if create_graph:
        wanted = [operand in found for operand in node.operands]
        slopes = recorded_slopes(node, node.op, wanted)
    else:
        slopes = [s for s, flag in zip(node.partials, reached, strict=True) if flag]
    arriving = [found[parent] for parent in node.parents if parent in found]
    found[node] = reduce(operator.add, map(operator.mul, slopes, arriving))
