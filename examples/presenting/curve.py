"""A curve with steps on it, as SVG: no plotting library comes with the plain installation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _MARGIN = 720, 440, 50
_POINTS = 120
_UP, _DOWN = "#00785a", "#b34700"

Point = tuple[float, float]


@dataclass(frozen=True)
class Move:
    """A step on a curve, from one point to another; `label` names where it starts."""

    label: str
    start: Point
    end: Point

    @property
    def rises(self) -> bool:
        """Whether it ends higher than it began."""
        return self.end[1] > self.start[1]


def curve_svg(
    function: Callable[[float], float],
    between: tuple[int, int],
    moves: Sequence[Move],
    top: tuple[str, float],
) -> str:
    """Draw the function over an interval, the place and name of its maximum, and the moves.

    A filled circle is where a move starts and an open one where it ends; those that lead up are
    green, those that lead down orange.
    """
    low, high = between
    xs = [low + (high - low) * k / _POINTS for k in range(_POINTS + 1)]
    ys = [function(x) for x in xs]
    least, most = min(ys), max(ys)

    def place(x: float, y: float) -> Point:
        across = _MARGIN + (x - low) / (high - low) * (_WIDTH - 2 * _MARGIN)
        down = _HEIGHT - _MARGIN - (y - least) / (most - least) * (_HEIGHT - 2 * _MARGIN)
        return round(across, 1), round(down, 1)

    path = " ".join("{},{}".format(*place(x, y)) for x, y in zip(xs, ys, strict=True))
    arrows = [_arrow(place(*move.start), place(*move.end), move.rises) for move in moves]
    starts = {place(*move.start): move.label for move in moves}
    labels = [_label(point, label) for point, label in starts.items()]
    ticks = [_text(*place(x, least), str(x), down=22) for x in range(low, high + 1)]
    name, at = top
    peak, foot = place(at, function(at)), place(at, least)
    lines = [
        '<rect width="100%" height="100%" fill="white"/>',
        _line(place(low, least), place(high, least), "#555555", 1),
        *ticks,
        f'<g stroke-dasharray="4 5">{_line(peak, foot, "#555555", 1)}</g>',
        _text(*peak, name, down=-12),
        f'<polyline points="{path}" fill="none" stroke="#1a1a1a" stroke-width="2"/>',
        *arrows,
        *labels,
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-size="16" '
        'font-family="Verdana, DejaVu Sans, sans-serif">\n' + "\n".join(lines) + "\n</svg>\n"
    )


def _arrow(start: Point, end: Point, rises: bool) -> str:
    colour = _UP if rises else _DOWN
    return (
        f"{_line(start, end, colour, 3)}\n"
        f'<circle cx="{start[0]}" cy="{start[1]}" r="5.5" fill="{colour}"/>\n'
        f'<circle cx="{end[0]}" cy="{end[1]}" r="5" fill="white" stroke="{colour}" '
        'stroke-width="2.5"/>'
    )


def _label(point: Point, text: str) -> str:
    """Beside the point, on the side that is away from the middle."""
    left = point[0] < _WIDTH / 2
    anchor, across = ("end", point[0] - 12) if left else ("start", point[0] + 12)
    return _text(across, point[1], text, anchor=anchor)


def _text(x: float, y: float, text: str, down: float = 0, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y + down:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(start: Point, end: Point, colour: str, width: int) -> str:
    return (
        f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )
