"""The DOT source of a picture: nodes, arrows and boxes, forward or reversed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import graphviz

from autograd.showing.labels import (
    called,
    escaped,
    formula,
    number,
    parent_marks,
    record,
    slope,
    visible,
)
from autograd.showing.layout import FONT
from autograd.showing.neighbourhood import shape
from autograd.value import Value

__all__ = ["Picture", "dot_source"]

# Blue, orange and green of the Okabe-Ito palette, which colour-blind people tell apart; outlines
# and corners differ too, so a print in grey keeps the kinds apart.
_INK, _PALE_INK = "#1a1a1a", "#555555"
_LEAF = {"class": "leaf", "style": "rounded,filled", "fillcolor": "#dcebf7", "color": "#0072b2"}
_OPERATION = {"class": "operation", "style": "filled", "fillcolor": "white", "color": "#444444"}
_AMPLIFIER = {
    "class": "amplifier",
    "style": "filled",
    "fillcolor": "#d9f0e7",
    "color": "#00785a",
    "penwidth": "1.6",
}
_OUTPUT = {
    "class": "output",
    "style": "filled",
    "fillcolor": "#fde6c4",
    "color": "#b34700",
    "penwidth": "2.6",
}

# Beyond so many nodes the layout stops improving early: seconds become milliseconds.
_LARGE = 150
_HASTE = {"nslimit": "2", "nslimit1": "2", "mclimit": "0.5"}
# Bending arrows round boxes takes minutes once they cross so many ranks together, as they do from
# weights that every step of a long computation shares. Straight ones pass behind the boxes.
_TANGLED = 1000
_STRAIGHT = {
    "nslimit": "1",
    "nslimit1": "1",
    "mclimit": "0.1",
    "splines": "line",
    "outputorder": "edgesfirst",
}

_AGAINST_THE_FLOW = {"LR": "◄", "RL": "►", "TB": "▲", "BT": "▼"}


@dataclass(frozen=True)
class Picture:
    """What is drawn: `nodes` in topological order, and for each the adjoint if it is reversed."""

    nodes: tuple[Value, ...]
    outputs: tuple[Value, ...]
    groups: Mapping[str, Sequence[Value]]
    rankdir: str
    digits: int
    adjoints: Mapping[Value, float] | None = None

    def rows(self, node: Value) -> list[str]:
        """The lines of a node's label."""
        if self.adjoints is None:
            return self._forward_rows(node)
        return self._reversed_rows(node, self.adjoints[node])

    def _forward_rows(self, node: Value) -> list[str]:
        rows = [visible(node.name), formula(node, self.digits), number(node.data, self.digits)]
        if node.reached:
            rows.append(f"grad {number(node.grad, self.digits)}")
        return [row for row in rows if row]

    def _reversed_rows(self, node: Value, adjoint: float) -> list[str]:
        rows = [self._derivative(node), number(adjoint, self.digits)]
        gain = slope(node, self.digits)
        if gain:
            arrow = _AGAINST_THE_FLOW[self.rankdir]
            rows.append(f"{arrow} {gain} = {number(node.partials[0], self.digits)}")
        return rows

    def _derivative(self, node: Value) -> str:
        output = visible(self.outputs[0].name) or "output"
        return f"∂{output}/∂{called(node, self.digits)}"

    def look(self, node: Value) -> dict[str, str]:
        """Colour and outline of a node's kind."""
        if node in self.outputs:
            return _OUTPUT
        if node.is_leaf:
            return _LEAF
        if self.adjoints is not None and slope(node, self.digits):
            return _AMPLIFIER
        return _OPERATION

    def weights(self, node: Value) -> list[str]:
        """What stands beside the arrow to each parent: the local derivative, reversed a factor."""
        marks = parent_marks(node)
        if self.adjoints is None:
            factors = [number(partial, self.digits) for partial in node.partials]
        elif slope(node, self.digits):
            factors = ["" for _ in node.partials]
        else:
            factors = [f"× {number(partial, self.digits)}" for partial in node.partials]
            if visible(node.name):
                return factors  # the formula that explains the marks is not in the box
        return [f"{mark} {factor}".strip() for mark, factor in zip(marks, factors, strict=True)]

    def caption(self) -> str:
        """How to read the picture's arrows, if it has any."""
        if all(node.is_leaf for node in self.nodes):
            return ""
        if self.adjoints is None:
            return "beside each arrow: the local derivative, ∂head/∂tail"
        amplifier = ""
        if any(slope(node, self.digits) for node in self.nodes):
            amplifier = f", a box with {_AGAINST_THE_FLOW[self.rankdir]} by that constant"
        return f"an arrow multiplies by the factor beside it{amplifier}; where arrows meet, add"


def dot_source(picture: Picture) -> str:
    """The DOT text of the picture; the same picture gives the same bytes in every run."""
    graph = graphviz.Digraph(
        name="graph",
        graph_attr=_graph_attributes(picture),
        node_attr={
            "shape": "record",
            "fontname": FONT,
            "fontsize": "11",
            "fontcolor": _INK,
            "margin": "0.1,0.04",
        },
        edge_attr={
            "fontname": FONT,
            "fontsize": "9",
            "fontcolor": _PALE_INK,
            "color": "#666666",
            "arrowsize": "0.7",
        },
    )
    ids = {node: index for index, node in enumerate(picture.nodes)}
    # Nodes before boxes: the layout keeps operands in this order where crossings allow it.
    for node in picture.nodes:
        _add_node(graph, picture, node, ids[node])
    _add_groups(graph, picture, ids)
    for node in picture.nodes:
        _add_arrows(graph, picture, node, ids)
    return str(graph.source)


def _graph_attributes(picture: Picture) -> dict[str, str]:
    attributes = {
        "rankdir": picture.rankdir,
        "bgcolor": "white",
        "fontname": FONT,
        "fontsize": "9",
        "fontcolor": _PALE_INK,
        "label": escaped(picture.caption()),
        "labelloc": "b",
        "margin": "0.15",
        "nodesep": "0.2",
        "ranksep": "0.3",
    }
    if shape(picture.nodes).span > _TANGLED:
        return attributes | _STRAIGHT
    return attributes | _HASTE if len(picture.nodes) > _LARGE else attributes


def _add_groups(graph: graphviz.Digraph, picture: Picture, ids: Mapping[Value, int]) -> None:
    for index, (title, members) in enumerate(picture.groups.items()):
        inside = [ids[node] for node in dict.fromkeys(members) if node in ids]
        if not inside:
            continue
        with graph.subgraph(name=f"cluster_{index}") as box:
            box.attr(
                id=f"group-{index}",
                label=escaped(visible(title)),
                labelloc="t",
                labeljust="r",
                style="rounded,filled",
                fillcolor="#f3f3f3",
                color="#999999",
                fontcolor=_INK,
                fontsize="12",
                margin="12",
            )
            for place in inside:
                box.node(f"n{place}")


def _add_node(graph: graphviz.Digraph, picture: Picture, node: Value, place: int) -> None:
    label = record(picture.rows(node), across=picture.rankdir in ("LR", "RL"))
    graph.node(f"n{place}", label=label, id=f"node-{place}", **picture.look(node))


def _add_arrows(
    graph: graphviz.Digraph, picture: Picture, node: Value, ids: Mapping[Value, int]
) -> None:
    """One arrow per operand that is a Value, repeats kept; a stub for operands left out."""
    hidden = set()
    # `dir` turns an arrow round without moving its ends: the reversed network keeps its layout.
    turned = {} if picture.adjoints is None else {"dir": "back"}
    head = ids[node]
    for which, (parent, weight) in enumerate(zip(node.parents, picture.weights(node), strict=True)):
        if parent not in ids:
            hidden.add(parent)
            continue
        graph.edge(
            f"n{ids[parent]}",
            f"n{head}",
            label=f" {weight} " if weight else None,  # the spaces keep it off the line
            id=f"edge-{ids[parent]}-{head}-{which}",
            **turned,
        )
    if hidden:
        stub = f"n{head}_more"
        graph.node(stub, label=f"… {len(hidden)} more", shape="plaintext", fontcolor=_PALE_INK)
        graph.edge(stub, f"n{head}", style="dashed", **turned)
