"""`draw_layers`: networks too large to draw node by node, as units and weights."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, isnan, sqrt
from typing import Literal, NamedTuple, get_args

import graphviz

from autograd.showing.asking import check_whole
from autograd.showing.drawing import Drawing
from autograd.showing.labels import escaped, number, visible
from autograd.showing.layout import FONT
from autograd.value import Value

__all__ = ["Unit", "draw_layers"]

By = Literal["value", "gradient"]

# Blue and orange of the Okabe-Ito palette; the second is dashed, too, for prints in grey.
_POSITIVE = ("#0072b2", "solid")
_NEGATIVE = ("#d55e00", "dashed")
_ZERO = ("#8b9199", "solid")
_THINNEST, _WIDEST = 0.4, 6.0
_PALEST = 0.3
# Among more lines than this between two layers, all are thinner.
_MOST_WIDE = 40

# Up to so many lines between two layers each has its number, up to so many units each its name.
_MOST_NUMBERS = 6
_MOST_NAMES = 60


class Unit(NamedTuple):
    """A neuron in a picture: what it is called, one weight per input, and its bias if any.

    See `draw_layers`.
    """

    name: str
    weights: Sequence[Value]
    bias: Value | None = None


@dataclass(frozen=True)
class _Column:
    """Units below each other: names, and the numbers of those that are shown."""

    names: Sequence[str]
    shown: Sequence[int]

    @property
    def left_out(self) -> int:
        return len(self.names) - len(self.shown)


def draw_layers(
    layers: Sequence[Sequence[Unit]],
    *,
    inputs: Sequence[str] = (),
    by: By = "value",
    digits: int = 4,
    limit: int = 24,
) -> Drawing:
    """Draw layers of units, each unit connected to all units of the layer before by its weights.

    A line is as wide as its weight is large, blue and solid if it is positive, orange and dashed
    if it is negative; the outline of a unit shows its bias in the same way. Small pictures have
    the numbers beside the lines.

    Args:
        layers: The units of each layer, from the inputs to the outputs.
        inputs: What the inputs are called; numbered without.
        by: Whether widths and colours show the "value" or the "gradient" of each weight.
        digits: Significant digits of all numbers.
        limit: Draw at most so many units of a layer: the first and the last ones.

    Raises:
        TypeError: layers that are no lists of `Unit`s; weights that are no Values; names that are
            no text; digits or limit that are no whole numbers.
        ValueError: no layers; a unit whose weights are not one per unit before it; `by` the
            gradient before any backward pass; an unknown `by`; a limit below 2.

    >>> w1, w2, b = Value(0.15, "w1"), Value(-0.2, "w2"), Value(0.35, "b")
    >>> draw_layers([[Unit("h1", [w1, w2], b)]], inputs=["i1", "i2"])
    <drawing of layers 2 → 1 by value: 3 parameters; .save('net.svg') writes it>
    """
    _check_kinds(layers, inputs)
    check_whole("draw_layers()", "digits", digits, 1, 17)
    check_whole("draw_layers()", "limit", limit, 2)
    _check(layers, inputs, by)
    n_in = len(layers[0][0].weights)
    names = [list(inputs) or [f"input {i}" for i in range(1, n_in + 1)]]
    names += [[unit.name for unit in layer] for layer in layers]
    columns = [_Column(each, _shown(len(each), limit)) for each in names]
    sizes = " → ".join(str(len(each)) for each in names)
    parameters = list(dict.fromkeys(_parameters(layers)))
    if by == "gradient" and not any(parameter.reached for parameter in parameters):
        raise ValueError(
            "draw_layers(by='gradient'): no parameter has a gradient yet: call backward() on "
            "what was computed with them first"
        )
    lines = max(len(a.shown) * len(b.shown) for a, b in pairwise(columns))
    pen = _Pen(
        by,
        digits,
        largest=max(
            (abs(x) for x in (_number(p, by) for p in parameters) if isfinite(x)), default=0
        ),
        widest=_WIDEST * min(1.0, sqrt(_MOST_WIDE / lines)),
    )
    count = len(parameters)
    return Drawing(
        _source(layers, columns, pen, numbered=lines <= _MOST_NUMBERS),
        [],
        f"drawing of layers {sizes} by {by}: {count} parameter{'s'[: count != 1]}",
    )


def _check_kinds(layers: Sequence[Sequence[Unit]], inputs: Sequence[str]) -> None:
    if not _all_are(Sequence, layers) or not all(_all_are(Unit, layer) for layer in layers):
        raise TypeError(
            f"draw_layers(): layers is {reprlib.repr(layers)}, but must be a list of lists of "
            f'Units, such as [[Unit("h1", [w1, w2], b)]]'
        )
    for unit in (unit for layer in layers for unit in layer):
        if not _all_are(Value, unit.weights) or not isinstance(unit.bias, Value | None):
            raise TypeError(
                f"draw_layers(): {reprlib.repr(unit)} must have a list of Values as weights, and "
                f"a Value or None as bias"
            )
        if not isinstance(unit.name, str):
            raise TypeError(f"draw_layers(): the name of a unit is text, got {unit.name!r}")
    if isinstance(inputs, str) or not _all_are(str, inputs):
        raise TypeError(f"draw_layers(): inputs is a list of names, got {reprlib.repr(inputs)}")


def _all_are(kind: type, things: object) -> bool:
    return isinstance(things, Sequence) and all(isinstance(thing, kind) for thing in things)


def _check(layers: Sequence[Sequence[Unit]], inputs: Sequence[str], by: By) -> None:
    if not isinstance(by, str) or by not in get_args(By):
        raise ValueError(f"draw_layers(): by={by!r} is neither 'value' nor 'gradient'")
    if not layers or not all(layers):
        raise ValueError("draw_layers(): there must be a layer, and a unit in each")
    if not layers[0][0].weights:
        raise ValueError("draw_layers(): a unit must have a weight for each of its inputs")
    before = len(inputs) or len(layers[0][0].weights)
    for place, layer in enumerate(layers):
        for unit in layer:
            if len(unit.weights) != before:
                raise ValueError(
                    f"draw_layers(): {unit.name or 'a unit'} of layer {place} has "
                    f"{len(unit.weights)} weights, but there are {before} "
                    f"{'units in the layer before' if place else 'inputs'}: a layer takes all "
                    f"outputs of the one before it; draw parts that do not fit one by one"
                )
        before = len(layer)


def _shown(count: int, limit: int) -> list[int]:
    if count <= limit:
        return list(range(count))
    last = limit // 2
    return [*range(limit - last), *range(count - last, count)]


def _parameters(layers: Sequence[Sequence[Unit]]) -> Iterator[Value]:
    for layer in layers:
        for unit in layer:
            yield from unit.weights
            if unit.bias is not None:
                yield unit.bias


def _number(parameter: Value, by: By) -> float:
    return parameter.grad if by == "gradient" else parameter.data


@dataclass(frozen=True)
class _Pen:
    """How a parameter looks, beside the largest one."""

    by: By
    digits: int
    largest: float
    widest: float

    def line(
        self, parameter: Value, thinnest: float = _THINNEST, palest: float = _PALEST
    ) -> dict[str, str]:
        value = _number(parameter, self.by)
        colour, style = _POSITIVE if value > 0.0 else _NEGATIVE if value < 0.0 else _ZERO
        share = min(1.0, abs(value) / self.largest) if self.largest and not isnan(value) else 0.0
        opacity = round(255 * (palest + (1.0 - palest) * share))
        width = thinnest + (self.widest - thinnest) * share
        return {"color": f"{colour}{opacity:02x}", "style": style, "penwidth": f"{width:.3g}"}

    def text(self, parameter: Value) -> str:
        return number(_number(parameter, self.by), self.digits)

    def caption(self, columns: Sequence[_Column]) -> str:
        left_out = sum(column.left_out for column in columns)
        return (
            f"{self.by} of each weight (line) and bias (outline): blue positive, orange dashed "
            f"negative; the widest is {number(self.largest, self.digits)}"
            f"{f'; {left_out} units are left out' if left_out else ''}"
        )


def _source(
    layers: Sequence[Sequence[Unit]], columns: Sequence[_Column], pen: _Pen, *, numbered: bool
) -> str:
    tallest = max(len(column.shown) for column in columns)
    graph = graphviz.Digraph(
        name="layers",
        graph_attr={
            "rankdir": "LR",
            "splines": "line",
            "outputorder": "edgesfirst",
            "bgcolor": "white",
            "fontname": FONT,
            "fontsize": "10",
            "fontcolor": "#555555",
            "label": escaped(pen.caption(columns)),
            "labelloc": "b",
            "margin": "0.15",
            # Where numbers are written, the lines of a tall column must not become steep.
            "nodesep": f"{min(0.9, 3.0 / tallest):.3g}" if numbered else "0.12",
            "ranksep": "3" if numbered else f"{1.5 + 0.06 * tallest:.3g}",
            # Every order of the lines between full layers crosses equally often.
            "mclimit": "0.1",
            "nslimit": "2",
        },
        node_attr={
            "shape": "ellipse",
            "style": "filled",
            "fillcolor": "white",
            "fontname": FONT,
            "fontsize": "11",
            "fontcolor": "#1a1a1a",
            "margin": "0.08,0.03",
        },
        edge_attr={
            "fontname": FONT,
            "fontsize": "9",
            "fontcolor": "#1a1a1a",
            "arrowhead": "none",
            "labeldistance": "5.5",
        },
    )
    drawn = sum(len(column.shown) for column in columns)
    for place, column in enumerate(columns):
        units = layers[place - 1] if place else None
        _add_column(graph, place, column, units, pen, named=drawn <= _MOST_NAMES)
    for place, layer in enumerate(layers, start=1):
        _add_weights(graph, place, layer, columns, pen, numbered=numbered)
    return str(graph.source)


def _add_weights(
    graph: graphviz.Digraph,
    place: int,
    layer: Sequence[Unit],
    columns: Sequence[_Column],
    pen: _Pen,
    *,
    numbered: bool,
) -> None:
    tails, heads = columns[place - 1].shown, columns[place].shown
    # A number stands a little above its line, near the end at which fewer lines meet.
    end, angle = ("taillabel", "14") if len(tails) > len(heads) else ("headlabel", "-14")
    for j in heads:
        for i in tails:
            weight = layer[j].weights[i]
            label = {end: pen.text(weight), "labelangle": angle} if numbered else {}
            graph.edge(
                f"u{place - 1}_{i}",
                f"u{place}_{j}",
                id=f"weight-{place - 1}-{i}-{j}",
                **label,
                **pen.line(weight),
            )


def _add_column(
    graph: graphviz.Digraph,
    place: int,
    column: _Column,
    units: Sequence[Unit] | None,
    pen: _Pen,
    *,
    named: bool,
) -> None:
    """One rank, its units from top to bottom, held in this order by invisible lines."""
    with graph.subgraph() as rank:
        rank.attr(rank="same")
        above = ""
        for i in column.shown:
            if above and i and i - 1 not in column.shown:
                gap = f"u{place}_more"
                rank.node(gap, label=f"⋮ {column.left_out} more", shape="plaintext", style="solid")
                rank.edge(above, gap, style="invis")
                above = gap
            name = f"u{place}_{i}"
            rank.node(name, id=f"unit-{place}-{i}", **_look(column, i, units, pen, named=named))
            if above:
                rank.edge(above, name, style="invis")
            above = name


def _look(
    column: _Column, i: int, units: Sequence[Unit] | None, pen: _Pen, *, named: bool
) -> dict[str, str]:
    lines = [visible(column.names[i], longest=16)] if named else []
    look = {"fillcolor": "#eef2f6", "color": "#888888"}
    bias = units[i].bias if units else None
    if units:
        look = {"color": "#888888"}
    if bias is not None:
        look = pen.line(bias, thinnest=1.0, palest=0.7)
        look["style"] = f"filled,{look['style']}"
        if named:
            lines.append(f"bias {pen.text(bias)}")
    label = "\n".join(line for line in lines if line)
    size = {} if named else {"width": "0.2", "height": "0.2", "fixedsize": "true"}
    return {"label": escaped(label), **look, **size}
