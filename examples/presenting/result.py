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
    """A picture, to be written as `<name>.svg`."""

    name: str
    caption: str
    svg: str


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
        """How many numbers were checked, and what came out: `45 checked: 43 ✓, 2 ≠ (known)`."""
        found = [row.status for row in self._rows() if row.status]
        counts = {status: found.count(status) for status in ("agrees", "known wrong", "fails")}
        named = ", ".join(
            f"{count} {_SIGNS[status]} {status}" for status, count in counts.items() if count
        )
        return f"{len(found)} checked: {named}" if found else "nothing to check"

    def _rows(self) -> Iterator[Row]:
        for table in self.tables:
            yield from table.rows


def sign(status: Status) -> str:
    """The sign of a status: ✓, ≠ or ✗."""
    return _SIGNS[status]


def claims_table(report: Report) -> Table:
    """A report of `verify` as a table; the place in the document becomes the group's heading."""
    rows = []
    for found in report.rows:
        status: Status = "fails"
        if found.ok:
            status = "known wrong" if found.claim.known_wrong else "agrees"
        verdict = str(found.verdict) if status == "fails" else status
        computed = "" if found.computed is None else repr(found.computed)
        cells = (found.claim.quantity, found.claim.printed, computed, f"{sign(status)} {verdict}")
        rows.append(Row(cells, status, group=found.claim.where, note=found.note))
    headings = ("quantity", "printed", "computed", "verdict")
    return Table("Printed and computed", headings, tuple(rows), summary=report.summary)
