"""Which nodes a picture holds, found without walking through the rest of the graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from autograd.value import Value

__all__ = ["Shape", "nodes_to_draw", "shape"]

# Points that a node and its arrow take along the flow and across it, and how many nodes one
# after the other still fit a screen from left to right.
_ALONG, _ACROSS = 190, 130
_MOST_ACROSS_A_SCREEN = 12


def nodes_to_draw(outputs: Sequence[Value], depth: int | None, limit: int) -> list[Value]:
    """The outputs and what is at most `depth` steps before them, operands before their users.

    Raises ValueError beyond `limit` nodes, having looked at no more than those: a graph of a
    million nodes takes no longer than a small one.
    """
    found = dict.fromkeys(outputs)
    frontier = list(found)
    steps = 0
    while frontier and steps != depth:
        parents = dict.fromkeys(p for node in frontier for p in node.parents if p not in found)
        found.update(parents)
        frontier = list(parents)
        steps += 1
        if len(found) > limit:
            raise ValueError(_too_large(outputs[0], depth, limit))
    return _operands_first(outputs, found)


def _operands_first(outputs: Sequence[Value], found: Collection[Value]) -> list[Value]:
    """Depth first, so that the operands of a node stand together: layouts start from there."""
    ordered: dict[Value, None] = {}
    stack = list(reversed(outputs))
    while stack:
        node = stack.pop()
        waiting = [p for p in node.parents if p in found and p not in ordered]
        if waiting:
            stack += [node, *reversed(waiting)]
        else:
            ordered[node] = None
    return list(ordered)


def _too_large(output: Value, depth: int | None, limit: int) -> str:
    called = f" of {output.name!r}" if output.name else ""
    if depth is None:
        return (
            f"the graph{called} has more than {limit} nodes, too many to read: draw the "
            f"neighbourhood of one node with draw(node, depth=3), or all of it with a larger limit="
        )
    return (
        f"within depth={depth} the graph{called} has more than {limit} nodes, too many to read: "
        f"take a smaller depth, or a larger limit="
    )


class Shape(NamedTuple):
    """How a graph spreads when its nodes are put into ranks, operands before their users.

    `length` ranks of at most `width` nodes; `span` is how many ranks all arrows cross together.
    """

    length: int
    width: int
    span: int

    @property
    def rankdir(self) -> str:
        """From left to right as articles draw networks, but a long chain from top to bottom."""
        long = self.length > _MOST_ACROSS_A_SCREEN
        return "TB" if long and self.length * _ALONG > self.width * _ACROSS else "LR"


def shape(nodes: Sequence[Value]) -> Shape:
    """The shape of what is drawn, given in topological order."""
    drawn = frozenset(nodes)
    arrows = [(parent, node) for node in nodes for parent in node.parents if parent in drawn]
    rank = dict.fromkeys(nodes, 0)
    for parent, node in arrows:
        rank[node] = max(rank[node], rank[parent] + 1)
    # The layout puts a leaf beside the first node that uses it, not at the far end.
    beside: dict[Value, int] = {}
    for parent, node in arrows:
        if parent.is_leaf:
            beside[parent] = min(rank[node] - 1, beside.get(parent, len(nodes)))
    rank |= beside
    return Shape(
        length=1 + max(rank.values()),
        width=max(Counter(rank.values()).values()),
        span=sum(rank[node] - rank[parent] for parent, node in arrows),
    )
