"""Reports as tables: aligned text for terminals, HTML for notebooks and pages."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Literal

Tone = Literal["good", "bad", "noted"]

# See-through colours under the page's own text colour: readable on light and on dark themes.
# Inline, because notebooks strip <style> from outputs that are not trusted.
_TINTS: dict[Tone, str] = {
    "good": "background-color: rgba(46, 160, 67, 0.22)",
    "bad": "background-color: rgba(248, 81, 73, 0.28)",
    "noted": "background-color: rgba(210, 153, 34, 0.25)",
}


def text_width(text: str) -> int:
    """Columns that `text` takes in a terminal: East Asian wide letters two, combining marks none.

    >>> text_width("∂E/∂w5"), text_width("輸出"), text_width("x\u0302")
    (6, 4, 1)
    """
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


# Where a text goes that no terminal shows, such as a file or a notebook.
_USUAL_WIDTH = 100

_INDENT = "    "

# Of a table in a notebook; a longer one scrolls.
_TALLEST = "32em"


def line_width() -> int:
    """Columns of the terminal that is printed to; 100 if it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _USUAL_WIDTH


def text_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None
) -> str:
    """Columns aligned to the left and as wide as their widest cell; empty columns are left out.

    If that is wider than `width`, the last column stands below its rows, wrapped.

    >>> print(text_table(["quantity", "value"], [["net_h1", "0.3775"], ["E", "0.298"]]))
    quantity  value
    ────────  ──────
    net_h1    0.3775
    E         0.298
    """
    whole = _aligned(headings, rows)
    if width is None or max(map(text_width, whole)) <= width:
        return "\n".join(whole)
    heading, rule, *lines = _aligned(headings[:-1], [row[:-1] for row in rows])
    below = [
        textwrap.wrap(row[-1], width, initial_indent=_INDENT, subsequent_indent=_INDENT)
        for row in rows
    ]
    told = [part for line, notes in zip(lines, below, strict=True) for part in (line, *notes)]
    return "\n".join([heading, rule, *told])


def _aligned(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    columns = [
        [heading, "─" * text_width(heading), *cells]
        for heading, *cells in zip(headings, *rows, strict=True)
        if any(cells)
    ]
    for column in columns:
        width = max(map(text_width, column))
        column[1] = "─" * width
        column[:] = [cell + " " * (width - text_width(cell)) for cell in column]
    return ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]


def html_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    tones: Sequence[Tone],
    caption: str,
    *,
    is_boxed: bool = True,
) -> str:
    """The same as an HTML table: one tone per row, `caption` above, everything escaped.

    In its box a long table scrolls, as a notebook needs it and a page does not.
    """
    filled = [place for place in range(len(headings)) if any(row[place] for row in rows)]
    names = [headings[place] for place in filled]
    head = "".join(f'<th scope="col" style="text-align: left">{escape(h)}</th>' for h in names)
    body = "\n".join(
        f'<tr style="{_TINTS[tone]}">'
        + "".join(f'<td style="text-align: left">{escape(row[place])}</td>' for place in filled)
        + "</tr>"
        for row, tone in zip(rows, tones, strict=True)
    )
    title = f'<caption style="text-align: left">{escape(caption)}</caption>\n' if caption else ""
    table = f"<table>\n{title}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    return (
        f'<div style="overflow: auto; max-height: {_TALLEST}">{table}</div>' if is_boxed else table
    )
