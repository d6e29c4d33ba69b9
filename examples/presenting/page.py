"""Examples as one page that opens from disk: no script, no network, pictures inside."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from examples.presenting.result import Block, Example, Figure, Row, Table

_STYLE = Path(__file__).with_name("page.css")


def page_html(examples: Sequence[Example]) -> str:
    """The whole page. Pictures are inside it, and link to their files beside it."""
    contents = "\n".join(_card(example) for example in examples)
    sections = "\n".join(_section(example) for example in examples)
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Backpropagation by hand, checked</title>
<style>
{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<header>
<h1>Backpropagation by hand, checked</h1>
<p>Each document below works a network through by hand. Here the network is built from scalar
values, the engine computes every derivative, and each printed number is held against the computed
one, to exactly the digits that were printed. The documents are five published articles, numbered
000 to 004; the first is Matt Mazur’s “A Step by Step Backpropagation Example”.</p>
<nav aria-label="Documents">
{contents}
</nav>
</header>
<main>
{sections}
</main>
</body>
</html>
"""


def _card(example: Example) -> str:
    state = "fails" if example.failures else "agrees"
    return (
        f'<a class="card {state}" href="#{escape(example.name)}">'
        f"<strong>{escape(example.title)}</strong><span>{escape(example.summary)}</span></a>"
    )


def _section(example: Example) -> str:
    source = ""
    if example.source:
        address = escape(example.source)
        source = f'<p class="source">The document: <a href="{address}">{address}</a></p>\n'
    blocks = "\n".join(_block(block) for block in example.blocks)
    return (
        f'<section id="{escape(example.name)}">\n<h2>{escape(example.title)}</h2>\n'
        f"{source}{blocks}\n</section>"
    )


def _block(block: Block) -> str:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Figure):
        return _figure(block)
    return f"<p>{escape(block)}</p>"


def _figure(figure: Figure) -> str:
    # As images and not inline: the ids inside one SVG would collide with those of the next.
    kind = "png" if figure.png else "svg+xml"
    data = base64.b64encode(figure.content).decode()
    file, caption = escape(figure.file), escape(figure.caption)
    return (
        f'<figure>\n<a class="picture" href="{file}">'
        f'<img alt="{caption}" src="data:image/{kind};base64,{data}"></a>\n'
        f'<figcaption>{caption} · <a href="{file}">{file}</a></figcaption>\n</figure>'
    )


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
    groups = groupby(table.rows, key=lambda row: row.group)
    bodies = "\n".join(
        _body(group, list(rows), columns=len(table.headings)) for group, rows in groups
    )
    summary = f'\n<p class="summary">{escape(table.summary)}</p>' if table.summary else ""
    return (
        f"<h3>{escape(table.title)}</h3>\n"
        f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n{bodies}\n</table></div>'
        f"{summary}"
    )


def _body(group: str, rows: Sequence[Row], columns: int) -> str:
    lines = []
    if group:
        heading = f'<th class="group" scope="rowgroup" colspan="{columns}">{escape(group)}</th>'
        lines.append(f"<tr>{heading}</tr>")
    for row in rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row.cells)
        kind = row.status.replace(" ", "-")
        lines.append(f'<tr class="{kind}">{cells}</tr>')
        if row.note:
            note = f'<td colspan="{columns}">{escape(row.note)}</td>'
            lines.append(f'<tr class="note {kind}">{note}</tr>')
    return "<tbody>\n" + "\n".join(lines) + "\n</tbody>"
