"""The picture on which a walk-through happens: it has room for every number that will appear."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from autograd.showing.dot_source import Picture
from autograd.showing.labels import number, visible, written
from autograd.showing.walkthrough.passes import Passes, Share
from autograd.value import Value

__all__ = ["Stage", "called", "stage", "sums"]

# Widens a box by about half a digit on each side; other spaces are stripped at the ends.
_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Stage(Picture):
    """A picture whose boxes end in two rows, the value and the gradient.

    Arrows have three rows: the local derivative, the factor from upstream, and their product.
    """

    passes: Passes = field(kw_only=True)

    def rows(self, node: Value) -> list[str]:
        """Label, operation, value, and the gradient in a field wide enough for its sums."""
        texts = sums(self.passes, node, self.digits)
        missing = 2 + max(map(len, texts)) - len(texts[-1])
        gradient = f"{missing * _SPACE}{texts[-1]}{missing * _SPACE}"
        label, computed = self.passes.labels[node], called(self.passes, node, self.digits)
        # The operation says enough of a node without a name, if there is no other one like it.
        rows = [label, computed] if visible(node.name) or "#" in label else [computed]
        return [*filter(None, rows), number(node.data, self.digits), gradient]

    def weights(self, node: Value) -> list[str]:
        """Local derivative, upstream gradient and product for each arrow into the node."""
        return [r" \n ".join(_carried(share, self.digits)) for share in self.passes.shares[node]]

    def caption(self) -> str:
        """How to read the picture's arrows, if it has any."""
        if not self.passes.computed:
            return ""
        return "beside each arrow: local derivative × gradient from upstream = what it adds"


def stage(picture: Picture, passes: Passes) -> Stage:
    """The picture as a stage for these passes."""
    given = {each.name: getattr(picture, each.name) for each in fields(picture)}
    return Stage(**given, passes=passes)


def called(passes: Passes, node: Value, digits: int) -> str:
    """The node's operation on its operands as they are called; "" for a leaf."""
    if node.op is None:
        return ""
    references = [
        passes.labels[operand] if isinstance(operand, Value) else number(operand, digits)
        for operand in node.operands
    ]
    return written(node.op, references)


def sums(passes: Passes, node: Value, digits: int) -> list[str]:
    """What a node's gradient field shows after each share that it receives, or at the start."""
    if node is passes.output:
        return ["grad 1"]
    return [
        f"grad {number(share.after, digits)}"
        if share.is_last
        else f"{number(share.after, digits)} + …"
        for share in passes.received[node]
    ]


def _carried(share: Share, digits: int) -> list[str]:
    return [
        number(share.local, digits),
        f"× {number(share.upstream, digits)}",
        f"= {number(share.amount, digits)}",
    ]
