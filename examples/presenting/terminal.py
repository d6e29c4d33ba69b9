"""An example as text for a terminal, 80 columns wide and wider."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from examples.presenting.result import Block, Example, Figure, Row, Table


def example_text(example: Example, files: Mapping[str, Path], width: int) -> str:
    """Everything the example has to show; `files` says where each picture was written."""
    title = f"{example.title}\n{'═' * len(example.title)}"
    blocks = [_block_text(block, files, width) for block in example.blocks]
    return "\n\n".join([title, *blocks])


def table_text(table: Table, width: int) -> str:
    """The table with aligned columns, under its groups; notes are wrapped below their rows."""
    body = "\n".join(_table_lines(table, width))
    return "\n\n".join(part for part in (table.title, body, table.summary) if part)


def _block_text(block: Block, files: Mapping[str, Path], width: int) -> str:
    if isinstance(block, Table):
        return table_text(block, width)
    if isinstance(block, Figure):
        return f"{textwrap.fill('Picture: ' + block.caption, width)}\n{files[block.name]}"
    return textwrap.fill(block, width)


def _table_lines(table: Table, width: int) -> Iterator[str]:
    cells = [table.headings, *(row.cells for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    yield _aligned(table.headings, widths)
    yield _aligned(["─" * column for column in widths], widths)
    for group, rows in groupby(table.rows, key=lambda row: row.group):
        if group:
            yield f"· {group}"
        for row in rows:
            yield _aligned(row.cells, widths)
            yield from _note_lines(row, width)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def _note_lines(row: Row, width: int) -> list[str]:
    return textwrap.wrap(row.note, width, initial_indent="    ", subsequent_indent="    ")
