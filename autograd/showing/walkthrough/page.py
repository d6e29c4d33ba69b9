"""The walk-through as one HTML page that needs nothing but itself, and as a notebook's output."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from autograd.showing.dot_source import dot_source
from autograd.showing.drawing import Rankdir, checked_picture, html_image, size
from autograd.showing.layout import svg_from_dot
from autograd.showing.walkthrough.animation import animated, scene
from autograd.showing.walkthrough.narration import (
    BACKWARD_HEADINGS,
    FORWARD_HEADINGS,
    backward_rows,
    forward_rows,
    narration,
)
from autograd.showing.walkthrough.passes import Passes, passes
from autograd.showing.walkthrough.stage import Stage, stage
from autograd.value import Value

__all__ = ["Walkthrough", "walkthrough"]

# Of the page inside a notebook, in pixels: how wide notebooks usually are, then of the height
# what stands round the picture, the least and the greatest.
_WIDTH = 950
_AROUND, _LEAST, _GREATEST = 480, 560, 800


class Walkthrough:
    """Both passes over a graph, step by step, as a page; made by `walkthrough`.

    `html` is the page, which needs neither a network nor any other file, `svg` the picture at
    the end of both passes, and `animation` a picture that plays them by itself. `nodes[i]` is the
    Value whose box has the id `node-i` there. Notebooks show the page in a frame of its own.
    """

    def __init__(self, stage: Stage) -> None:
        if not isinstance(stage, Stage):
            raise TypeError("a Walkthrough is made by walkthrough(output)")
        self._stage = stage
        self.nodes = stage.nodes

    @property
    def _passes(self) -> Passes:
        return self._stage.passes

    @property
    def _title(self) -> str:
        return f"Walk-through of {self._passes.labels[self._passes.output]}"

    @cached_property
    def svg(self) -> str:
        """The picture after the last step. Raises TimeoutError or RuntimeError as `draw` does."""
        return svg_from_dot(dot_source(self._stage))

    @cached_property
    def animation(self) -> str:
        """Both passes as an SVG that plays by itself, again and again: for a page or a slide.

        Values appear as soon as their operands have, then gradients flow back along the arrows.
        It has no script; where nothing moves, or readers asked for less motion, it shows the end.
        """
        picture = scene(self._stage, self._passes)
        style = _part("picture.css") + _part("animation.css")
        return animated(picture, svg_from_dot(dot_source(picture)), style)

    @cached_property
    def html(self) -> str:
        """The whole page."""
        style, script = _part("picture.css") + _part("page.css"), _part("page.js")
        return Template(_part("page.html")).substitute(
            title=escape(self._title),
            policy=(
                f"default-src 'none'; style-src '{_fingerprint(style)}'; "
                f"script-src '{_fingerprint(script)}'"
            ),
            style=style,
            script=script,
            svg=self.svg,
            tables=_ledger(self._passes),
            data=_json(narration(self._passes, self._stage.digits)),
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page as `.html`, or the animation as `.svg`, by the suffix; returns the path.

        Both open in any browser. Raises ValueError for another suffix.
        """
        target = Path(path)
        kind = target.suffix.lower()
        if kind not in (".html", ".htm", ".svg"):
            raise ValueError(
                f"cannot save a walk-through as {target.name!r}: the name must end in .html (the "
                f"page) or .svg (the animation); draw(…).save() writes still pictures"
            )
        text = self.animation if kind == ".svg" else self.html
        target.write_text(text, encoding="utf-8", newline="\n")
        return target

    def __repr__(self) -> str:
        count, steps = len(self._passes.nodes), 2 * len(self._passes.computed) + 2
        return (
            f"<walk-through of {self._passes.labels[self._passes.output]}: {count} "
            f"node{'s'[: count != 1]}, {steps} steps; .save('walk.html') writes it>"
        )

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """What notebooks show: the page in a frame, or the picture and the ledger without it."""
        del include, exclude  # the notebook filters by itself
        try:
            html = self._notebook_html()
        except Exception as error:  # noqa: BLE001 (a notebook swallows it: show it instead)
            return {"text/plain": f"{self!r}\ncould not be laid out: {error}"}
        return {"text/plain": repr(self), "text/html": html}

    def _notebook_html(self) -> str:
        """The frame, and beside it what is left where frames and scripts are taken out.

        Notebooks that are not trusted take out the frame, but the <style> that hides picture and
        ledger with it: so one of both is to be seen.
        """
        title = escape(self._title)
        return (
            "<style>.autograd-without-frame { display: none }</style>\n"
            f'<iframe title="{title}" sandbox="allow-scripts allow-modals" width="100%" '
            f'height="{_height(self.svg)}" style="border: none" '
            f'srcdoc="{escape(self.html)}"></iframe>\n'
            f'<div class="autograd-without-frame">{html_image(self.svg, self._title)}\n'
            "<p>This is the end of both passes. Run the cell to step through them.</p>\n"
            f"<details><summary>{title}: the whole ledger</summary>\n"
            f"{_ledger(self._passes)}</details></div>"
        )


def walkthrough(
    output: Value,
    *,
    groups: Mapping[str, Iterable[Value]] | None = None,
    rankdir: Rankdir | None = None,
    digits: int = 6,
    limit: int = 300,
) -> Walkthrough:
    """A page that steps through the forward and the backward pass from `output`.

    Forward, values appear in topological order with the local derivatives beside the arrows;
    backward, gradients flow back, each arrow carrying local · upstream, and where shares meet the
    sum is seen to grow. Buttons, a slider, the arrow keys and autoplay move it; a click on a node
    shows its ledger, with every number as exact as a float. No `backward()` is needed and no
    gradient is touched: the pass starts from 1 at `output`.

    Args:
        output: The node where the backward pass starts.
        groups: Titles and their Values, drawn as boxes; see `draw`.
        rankdir: Which way a computation runs; see `draw`.
        digits: Significant digits of the numbers in the picture.
        limit: Refuse to walk through more nodes than this.

    Raises:
        TypeError: `output` is no Value.
        ValueError: more than `limit` nodes; a leaf's data was assigned after the forward pass;
            and for arguments as `draw` does.

    >>> x = Value(3.0, name="x")
    >>> page = walkthrough((x * x + x).named("y"))
    >>> page
    <walk-through of y: 3 nodes, 6 steps; .save('walk.html') writes it>
    >>> "1.0 + 3.0 = 4.0 + …" in page.html
    True
    """
    if not isinstance(output, Value):
        raise TypeError(
            f"walkthrough() takes the Value that was computed last, where the backward pass "
            f"starts, but got {type(output).__name__} {output!r}"
        )
    picture = checked_picture(
        output,
        direction="forward",
        rankdir=rankdir,
        groups=groups,
        depth=None,
        digits=digits,
        limit=limit,
    )
    return Walkthrough(stage(picture, passes(output, picture.nodes)))


def _height(svg: str) -> int:
    """Of the frame, so that a small picture leaves no empty space below it."""
    width, height = size(svg)
    shown = height * min(1.0, _WIDTH / width)
    return round(min(max(_AROUND + shown, _LEAST), _GREATEST))


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _fingerprint(text: str) -> str:
    """By this the page's policy tells its own style and script from all others."""
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _json(content: object) -> str:
    """JSON in which no character means anything to HTML, whatever the names are."""
    text = json.dumps(content, separators=(",", ":"))
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def _ledger(passes: Passes) -> str:
    """Every number of both passes as tables."""
    return "\n".join(
        [
            _table("forward", "Forward pass", FORWARD_HEADINGS, forward_rows(passes)),
            _table("backward", "Backward pass", BACKWARD_HEADINGS, backward_rows(passes)),
        ]
    )


def _table(name: str, caption: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="scroll"><table id="{name}">\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
    )
