"""Plots, by matplotlib: it comes with the extra `plot`, and without it a text says so."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

from examples.presenting.result import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

Point = tuple[float, float]

_LINES = ("-", "--", "-.", ":")
_COLOURS = "PuOr"
# Points along each side of the plane.
_FINE, _COARSE = 120, 60


@dataclass(frozen=True)
class Panel:
    """A function of the plane, such as a network, and the points that it is to fit.

    `marks` has a number for each point: its class, or its height over the plane.
    """

    title: str
    function: Callable[[Point], float]
    points: Sequence[Point]
    marks: Sequence[float]

    def over_the_plane(self, side: int) -> tuple[list[float], list[float], list[list[float]]]:
        """Two axes that span the points with a margin, and a row of results for each y."""
        xs, ys = (_axis(numbers, side) for numbers in zip(*self.points, strict=True))
        return xs, ys, [[self.function((x, y)) for x in xs] for y in ys]


def _axis(numbers: Sequence[float], side: int) -> list[float]:
    low, high = min(numbers) - 0.5, max(numbers) + 0.5
    return [low + (high - low) * k / (side - 1) for k in range(side)]


def curves_plot(
    name: str,
    caption: str,
    curves: Mapping[str, Sequence[float]],
    *,
    across: str,
    up: str,
    first: int,
) -> Figure | str:
    """Positive numbers one after another, numbered from `first` on, over a logarithmic axis."""

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        for (label, numbers), line in zip(curves.items(), cycle(_LINES)):
            places = range(first, first + len(numbers))
            axes.plot(places, numbers, line, label=label, linewidth=2)
        axes.set(yscale="log", xlabel=across, ylabel=up)
        axes.grid(visible=True, alpha=0.3)
        canvas.legend(loc="outside upper center", ncols=3)

    return _plotted(name, caption, (8.0, 4.5), draw)


def regions_plot(
    name: str, caption: str, panel: Panel, levels: Sequence[float], borders: Sequence[float]
) -> Figure | str:
    """The plane in colours that change at the levels, and the points in those of their classes.

    A line follows the results in `borders`, where the class changes.
    """

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        plane = panel.over_the_plane(_FINE)
        axes.contourf(*plane, levels=levels, cmap=_COLOURS, alpha=0.6)
        axes.contour(*plane, levels=borders, colors="black", linewidths=1)
        across, up = zip(*panel.points, strict=True)
        axes.scatter(
            across,
            up,
            c=panel.marks,
            s=50,
            cmap=_COLOURS,
            vmin=levels[0],
            vmax=levels[-1],
            edgecolors="black",
        )
        axes.set(title=panel.title, aspect="equal")

    return _plotted(name, caption, (6.0, 5.0), draw)


def surfaces_plot(name: str, caption: str, rows: Sequence[Sequence[Panel]]) -> Figure | str:
    """Surfaces over the plane with their contours below; the first of a row sets its limits."""

    def draw(canvas: Canvas) -> None:
        import numpy  # noqa: PLC0415 (comes with matplotlib, as an extra)

        spots = canvas.subplots(
            len(rows), len(rows[0]), squeeze=False, subplot_kw={"projection": "3d"}
        )
        look = {"alpha": 0.6, "cmap": _COLOURS}
        for axes_row, panels in zip(spots, rows, strict=True):
            limits = None
            for axes, panel in zip(axes_row, panels, strict=True):
                xs, ys, heights = map(numpy.array, panel.over_the_plane(_COARSE))
                limits = limits or (heights.min(), heights.max())
                axes.plot_surface(xs, ys[:, None], heights, rstride=1, cstride=1, **look)
                axes.contourf(xs, ys, heights, zdir="z", offset=limits[0], **look)
                axes.scatter(*zip(*panel.points, strict=True), panel.marks, edgecolors="black")
                axes.set(title=panel.title, zlim=limits)
                axes.set_box_aspect(None, zoom=1.15)

    return _plotted(name, caption, (5.0 * len(rows[0]), 4.0 * len(rows)), draw, png=True)


def _plotted(
    name: str,
    caption: str,
    size: tuple[float, float],
    draw: Callable[[Canvas], None],
    png: bool = False,
) -> Figure | str:
    try:
        from matplotlib import rc_context  # noqa: PLC0415 (an extra, and slow to import)
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415
    except ImportError:
        return (
            f"Left out: the plot “{caption}”. It needs matplotlib, which "
            "pip install 'scalar-autograd[plot]' installs."
        )
    file = io.BytesIO()
    # The same plot gives the same bytes: no date, and ids that depend on its name alone.
    with rc_context({"svg.hashsalt": name}):
        canvas = Canvas(figsize=size, layout="constrained")
        draw(canvas)
        if png:
            canvas.savefig(file, format="png")
            return Figure(name, caption, png=file.getvalue())
        canvas.savefig(file, format="svg", metadata={"Date": None})
    return Figure(name, caption, svg=file.getvalue().decode())
