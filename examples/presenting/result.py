"""What an example has to show: text, tables and pictures, and whether all of it is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from autograd import Report

Status = Literal["", "agrees", "known wrong", "fails"]

_SIGNS: dict[Status, str] = {"": "", "agrees": "✓", "known wrong": "≠", "fails": "✗"}


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        cells: one text per column.
        status: what was found about the line, "" if nothing is claimed. Only "fails" is bad news.
        group: lines of one group follow each other and stand under this heading.
        note: what is to be said about this line.
    """

    cells: tuple[str, ...]
    status: Status = ""
    group: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under headings; `summary` says in a sentence what they come to."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    summary: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture: an SVG, or a PNG where that would be large, written to a file of its name."""

    name: str
    caption: str
    svg: str = ""
    png: bytes = b""

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.{'png' if self.png else 'svg'}"

    @property
    def content(self) -> bytes:
        """What is in its file."""
        return self.png or self.svg.encode()


Block = str | Table | Figure


@dataclass(frozen=True)
class Example:
    """What a script hands over: paragraphs, tables and pictures, in reading order.

    Attributes:
        name: the script's own name, `two_two_two`.
        title: the heading.
        blocks: a text is a paragraph.
        source: the address where the document can be read, if it is known.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    source: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables among the blocks."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures among the blocks."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))

    @property
    def failures(self) -> tuple[Row, ...]:
        """The lines that should agree and do not."""
        return tuple(row for row in self._rows() if row.status == "fails")

    @property
    def summary(self) -> str:
        """How many lines were checked, and with which result."""
        found = [row.status for row in self._rows() if row.status]
        words: dict[Status, str] = {
            "agrees": "agree",
            "known wrong": "known wrong",
            "fails": "WRONG",
        }
        parts = [f"{found.count(key)} {word}" for key, word in words.items() if key in found]
        return f"{len(found)} checked: {', '.join(parts)}" if found else "nothing to check"

    def _rows(self) -> Iterator[Row]:
        for table in self.tables:
            yield from table.rows


def claims_table(
    report: Report, title: str = "Printed and computed", printed: str = "printed"
) -> Table:
    """A report of `verify` as a table; the place in the document becomes the group's heading."""
    rows = []
    for found in report.rows:
        status: Status = "fails"
        if found.ok:
            status = "known wrong" if found.claim.known_wrong else "agrees"
        verdict = status if status == "known wrong" else str(found.verdict)
        computed = "" if found.computed is None else repr(found.computed)
        cells = (found.claim.quantity, found.claim.printed, computed, f"{_SIGNS[status]} {verdict}")
        note = found.claim.known_wrong if status == "known wrong" else found.note
        rows.append(Row(cells, status, group=found.claim.where, note=note))
    headings = ("quantity", printed, "computed", "verdict")
    return Table(title, headings, tuple(rows), summary=report.summary)
