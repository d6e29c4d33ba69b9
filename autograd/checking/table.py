"""Reports as tables: aligned text for terminals, HTML for notebooks and pages."""

from __future__ import annotations

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


def text_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned to the left and as wide as their widest cell; empty columns are left out.

    >>> print(text_table(["quantity", "value"], [["net_h1", "0.3775"], ["E", "0.298"]]))
    quantity  value
    ────────  ──────
    net_h1    0.3775
    E         0.298
    """
    columns = [
        [heading, "─" * text_width(heading), *cells]
        for heading, *cells in zip(headings, *rows, strict=True)
        if any(cells)
    ]
    for column in columns:
        width = max(map(text_width, column))
        column[1] = "─" * width
        column[:] = [cell + " " * (width - text_width(cell)) for cell in column]
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def html_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    tones: Sequence[Tone],
    caption: str,
) -> str:
    """The same as an HTML table: one tone per row, `caption` above, everything escaped."""
    head = "".join(f'<th scope="col" style="text-align: left">{escape(h)}</th>' for h in headings)
    body = "\n".join(
        f'<tr style="{_TINTS[tone]}">'
        + "".join(f'<td style="text-align: left">{escape(cell)}</td>' for cell in row)
        + "</tr>"
        for row, tone in zip(rows, tones, strict=True)
    )
    return (
        f'<table>\n<caption style="text-align: left">{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )
