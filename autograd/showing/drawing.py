"""`draw`: a picture of the graph that made a Value, forward or reversed."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from autograd.functional import gradients
from autograd.showing.asking import check_whole
from autograd.showing.dot_source import Picture, dot_source
from autograd.showing.labels import visible
from autograd.showing.layout import svg_from_dot
from autograd.showing.neighbourhood import nodes_to_draw, shape
from autograd.value import Value

__all__ = ["Direction", "Drawing", "Rankdir", "checked_picture", "draw", "html_image", "size"]

# Of the natural size of a picture.
_SMALLEST = 0.45

Direction = Literal["forward", "backward"]
Rankdir = Literal["LR", "RL", "TB", "BT"]


class Drawing:
    """A picture that shows itself in notebooks and can be saved; made by `draw`.

    `dot` is its DOT source and `svg` the picture, laid out when first asked for. `nodes[i]` is
    the Value whose box has the id `node-i` in the SVG.
    """

    def __init__(self, dot: str, nodes: Sequence[Value], description: str) -> None:
        if not isinstance(dot, str) or not isinstance(description, str):
            raise TypeError("a Drawing is made by draw(output) or draw_layers(layers)")
        self.dot = dot
        self.nodes = tuple(nodes)
        self._description = description

    @cached_property
    def svg(self) -> str:
        """The SVG text. Raises TimeoutError or RuntimeError if it cannot be laid out."""
        return svg_from_dot(self.dot)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture as `.svg` or its source as `.dot`, by the suffix; returns the path.

        Raises ValueError for another suffix.
        """
        target = Path(path)
        kind = target.suffix.lower()
        if kind not in (".svg", ".dot"):
            raise ValueError(
                f"cannot save a drawing as {target.name!r}: the name must end in .svg (the "
                f"picture) or .dot (its source, from which `dot -Tpng` or -Tpdf makes the rest)"
            )
        text = self.svg if kind == ".svg" else self.dot
        target.write_text(text, encoding="utf-8", newline="\n")
        return target

    def __repr__(self) -> str:
        return f"<{self._description}; .save('net.svg') writes it>"

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """What notebooks show: plain text always, SVG and an HTML image if the layout succeeds."""
        del include, exclude  # the notebook filters by itself
        try:
            svg = self.svg
        except Exception as error:  # noqa: BLE001 (a notebook swallows it: show it instead)
            return {"text/plain": f"{self!r}\ncould not be laid out: {error}"}
        return {
            "text/plain": repr(self),
            "image/svg+xml": svg,
            "text/html": html_image(svg, self._description),
        }


def html_image(svg: str, description: str) -> str:
    """As an image, not inline: notebooks that are not trusted strip inline SVG.

    It shrinks to the width of the notebook, but not so far that it could not be read: then it
    scrolls.
    """
    data = base64.b64encode(svg.encode()).decode()
    width, _ = size(svg)
    return (
        '<div style="overflow: auto; max-height: 800px">'
        f'<img alt="{html.escape(description)}" '
        f'style="max-width: max(100%, {_SMALLEST * width:.0f}px); height: auto" '
        f'src="data:image/svg+xml;base64,{data}" /></div>'
    )


def size(svg: str) -> tuple[float, float]:
    """Width and height of a picture in pixels."""
    width, height = (
        float(svg.partition(f'{side}="')[2].partition("pt")[0]) for side in ("width", "height")
    )
    return width * 4 / 3, height * 4 / 3  # from points


def draw(
    output: Value | Sequence[Value],
    *,
    direction: Direction = "forward",
    rankdir: Rankdir | None = None,
    groups: Mapping[str, Iterable[Value]] | None = None,
    depth: int | None = None,
    digits: int = 6,
    limit: int = 300,
) -> Drawing:
    """Draw the graph that made `output` (one Value, or several).

    Boxes show name, operation, value and, once `backward()` has reached them, the gradient;
    arrows the local derivative ∂head/∂tail. A dot in an operation is an operand without a name;
    several of those are ①, ②, … in their order, there and on their arrows.

    `direction="backward"` draws the reversed network of document 004: the same boxes in the same
    places with the arrows turned round. Each box shows its adjoint ∂output/∂box, each arrow the
    factor by which it passes that on, and an activation is an amplifier with the constant gain
    σ′(z). It takes one output; no `backward()` is needed and no gradient is touched.

    Args:
        output: What was computed, or a list of such.
        direction: "forward" or "backward".
        rankdir: Which way a computation runs: "LR", "RL", "TB" or "BT". By default from left to
            right, a long chain from top to bottom.
        groups: Titles and their Values, such as {"hidden layer": [h1, h2]}, drawn as boxes.
            Values that are not in the picture are passed over.
        depth: Draw only what is at most so many operations before the output. This looks at no
            more than that, in a graph of any size (backward: the adjoints need all of it).
        digits: Significant digits of all numbers.
        limit: Refuse to draw more nodes than this.

    Raises:
        TypeError: `output` or a member of a group is no Value; `groups` does not map titles to
            Values; depth, digits or limit is no whole number.
        ValueError: more than `limit` nodes; a Value in two groups; several outputs backward;
            an unknown direction or rankdir; depth below 0, digits outside 1 … 17.

    >>> x = Value(3.0, name="x")
    >>> picture = draw((x ** 2).named("y"))
    >>> picture
    <drawing of y: 2 nodes, forward; .save('net.svg') writes it>
    >>> "x ** 2" in picture.svg
    True
    """
    picture = checked_picture(
        output,
        direction=direction,
        rankdir=rankdir,
        groups=groups,
        depth=depth,
        digits=digits,
        limit=limit,
    )
    return Drawing(dot_source(picture), picture.nodes, _description(picture, direction))


def checked_picture(
    output: Value | Sequence[Value],
    *,
    direction: Direction,
    rankdir: Rankdir | None,
    groups: Mapping[str, Iterable[Value]] | None,
    depth: int | None,
    digits: int,
    limit: int,
) -> Picture:
    """What `draw` is to draw; raises what `draw` raises."""
    outputs = _checked_outputs(output)
    _check_choice("direction", direction, get_args(Direction))
    if rankdir is not None:
        _check_choice("rankdir", rankdir, get_args(Rankdir))
    if depth is not None:
        check_whole("draw()", "depth", depth, 0)
    check_whole("draw()", "digits", digits, 1, 17)
    check_whole("draw()", "limit", limit, 1)
    nodes = nodes_to_draw(outputs, depth, limit)
    return Picture(
        nodes=tuple(nodes),
        outputs=outputs,
        groups=_checked_groups({} if groups is None else groups),
        rankdir=rankdir or shape(nodes).rankdir,
        digits=digits,
        adjoints=_adjoints(outputs, nodes) if direction == "backward" else None,
    )


def _checked_outputs(output: object) -> tuple[Value, ...]:
    candidates = (output,) if isinstance(output, Value) else output
    if not isinstance(candidates, Iterable) or isinstance(candidates, str | bytes):
        raise TypeError(
            f"draw() takes the Value that was computed, or a list of Values, but got "
            f"{type(output).__name__} {output!r}: a plain number does not know how it was made"
        )
    outputs = tuple(candidates)
    for place, one in enumerate(outputs):
        if not isinstance(one, Value):
            raise TypeError(f"draw(): output {place} is {type(one).__name__} {one!r}, not a Value")
    if not outputs:
        raise ValueError("draw() got an empty list: give it at least one Value")
    return tuple(dict.fromkeys(outputs))


def _check_choice(argument: str, given: object, choices: tuple[str, ...]) -> None:
    if not isinstance(given, str) or given not in choices:
        known = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"draw(): {argument}={given!r} is not one of {known}")


def _checked_groups(groups: Mapping[str, Iterable[Value]]) -> dict[str, tuple[Value, ...]]:
    if not isinstance(groups, Mapping) or not all(isinstance(title, str) for title in groups):
        raise TypeError(
            f"draw(): groups is {type(groups).__name__} {groups!r}, but must map titles to lists "
            f'of Values, as in {{"hidden layer": [h1, h2]}}'
        )
    checked = {title: tuple(_members(title, members)) for title, members in groups.items()}
    home: dict[Value, str] = {}
    for title, members in checked.items():
        for member in members:
            if home.setdefault(member, title) != title:
                raise ValueError(
                    f"draw(): {member!r} is in the groups {home[member]!r} and {title!r}, but a "
                    f"node has one place in the picture: leave it in one of them"
                )
    return checked


def _members(title: str, members: object) -> Iterable[Value]:
    if not isinstance(members, Iterable):
        raise TypeError(
            f"draw(): groups[{title!r}] is {type(members).__name__} {members!r}, not a list of "
            f"Values"
        )
    for member in members:
        if not isinstance(member, Value):
            raise TypeError(f"draw(): groups[{title!r}] holds {member!r}, which is not a Value")
        yield member


def _adjoints(outputs: Sequence[Value], nodes: Sequence[Value]) -> dict[Value, float]:
    if len(outputs) > 1:
        raise ValueError(
            f"the reversed network starts at one output, got {len(outputs)}: draw them one by "
            f"one, or their total(…)"
        )
    return dict(zip(nodes, gradients(outputs[0], nodes), strict=True))


def _description(picture: Picture, direction: str) -> str:
    names = ", ".join(visible(node.name) for node in picture.outputs if node.name) or "a graph"
    count = len(picture.nodes)
    return f"drawing of {names}: {count} node{'s'[: count != 1]}, {direction}"
