"""What became of the claims of a document: one row per claim, as text, HTML and JSON."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from autograd.checking.claims import Claim
from autograd.checking.diagnosis import Diagnosis
from autograd.checking.table import Tone, html_table, line_width, text_table

_HEADINGS = ("quantity", "printed", "computed", "verdict", "where", "note")

# A representation on one line names so many claims.
_MOST_NAMED = 3


class Verdict(StrEnum):
    """What is to be said of a claim, as `verify` says it."""

    AGREES = "agrees"
    CUT_OFF = "cut off"
    ROUNDED = "rounded on the way"
    FOLLOWS = "follows from"
    WRONG = "wrong"
    UNKNOWN = "unknown quantity"


_STYLE = """\
:root { color-scheme: light dark }
body { font-family: system-ui, sans-serif; line-height: 1.4; margin: 2em }
h1 { font-size: 1.3em }
h2 { font-size: 1.1em; margin-top: 1.5em }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
td, th { border-bottom: 1px solid rgba(128, 128, 128, 0.3); padding: 0.25em 0.8em }
td { vertical-align: top }
td:nth-child(-n+4) { white-space: nowrap }
td:nth-child(5) { min-width: 8em }
th { background: Canvas; position: sticky; top: 0 }
"""

# Nothing was done wrong, even if the last digits are others.
_RIGHT = (Verdict.AGREES, Verdict.CUT_OFF, Verdict.ROUNDED)

Cell = str | float | bool | list[str] | None


@dataclass(frozen=True)
class Row:
    """One claim and what became of it.

    Attributes:
        claim: what the document says.
        computed: the exact number, None if the quantity is unknown.
        verdict: the answer: *agrees*; *cut off* instead of rounded; *rounded on the way*, if it
            comes out once intermediates are rounded, as they or the number itself are printed;
            *follows from* a wrong number before it; *wrong*; *unknown quantity*.
        note: why, in words; empty if there is nothing to add.
        diagnosis: the mistakes that give exactly the wrong number, the most likely first.
        follows_from: the quantities that it follows from.
        is_first_wrong: of all wrong numbers it stands first in the computation, so that the
            others may come from it; marked "start here" if there are others.
    """

    claim: Claim
    computed: float | None
    verdict: Verdict
    note: str = ""
    diagnosis: tuple[Diagnosis, ...] = ()
    follows_from: tuple[str, ...] = ()
    is_first_wrong: bool = False

    @property
    def ok(self) -> bool:
        """Nothing is wrong, or what is known to be wrong does not agree."""
        if self.claim.known_wrong:
            return self.verdict not in (Verdict.AGREES, Verdict.UNKNOWN)
        return self.verdict in _RIGHT

    def as_dict(self) -> dict[str, Cell]:
        """The row in plain types, for JSON and data frames."""
        return {
            "quantity": self.claim.quantity,
            "printed": self.claim.printed,
            "where": self.claim.where,
            "known_wrong": self.claim.known_wrong,
            "computed": self.computed,
            "verdict": str(self.verdict),
            "ok": self.ok,
            "note": self.note,
            "diagnosis": [diagnosis.text for diagnosis in self.diagnosis],
            "follows_from": list(self.follows_from),
        }


@dataclass(frozen=True, repr=False)
class Report:
    """One row per claim, in the order of the claims.

    `str()` is a table for terminals, notebooks show a coloured one, `to_json` is for programs.
    """

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """No claim is wrong or unknown, except those known to be wrong, which do not agree."""
        return all(row.ok for row in self.rows)

    @property
    def summary(self) -> str:
        """The verdicts, counted: `3 claims: agrees 2, wrong (known) 1`."""
        counts = Counter(_verdict_text(row) for row in self.rows)
        claims = "1 claim" if len(self.rows) == 1 else f"{len(self.rows)} claims"
        return f"{claims}: " + ", ".join(f"{text} {count}" for text, count in counts.items())

    def __str__(self) -> str:
        return f"{text_table(_HEADINGS, self._cells(), line_width())}\n\n{self.summary}"

    def __repr__(self) -> str:
        failed = [row for row in self.rows if not row.ok]
        if not failed:
            return f"<Report of {self.summary}>"
        names = ", ".join(row.claim.quantity for row in failed[:_MOST_NAMED])
        more = f" and {len(failed) - _MOST_NAMED} more" if len(failed) > _MOST_NAMED else ""
        first = next((row for row in failed if self._is_start(row)), failed[0])
        claim = f"{first.claim.quantity} = {first.claim.printed}"
        return f"<Report of {self.summary}; look at {names}{more}; {claim}: {self.reason(first)}>"

    def reason(self, row: Row) -> str:
        """The verdict on one of the rows and why, on a line: `wrong, start here: sign flipped`."""
        if row.note.startswith(Verdict.FOLLOWS):
            return row.note
        return f"{self._verdict(row)}: {row.note}" if row.note else self._verdict(row)

    def _verdict(self, row: Row) -> str:
        return _verdict_text(row) + (", start here" if self._is_start(row) else "")

    def _is_start(self, row: Row) -> bool:
        """Of several numbers that are wrong, one says that it comes first."""
        if not row.is_first_wrong:
            return False
        return sum(row.verdict is Verdict.WRONG and not row.ok for row in self.rows) > 1

    def _repr_html_(self) -> str:
        tones = [_tone(row) for row in self.rows]
        return html_table(_HEADINGS, self._cells(), tones, self.summary)

    def _cells(self) -> list[list[str]]:
        """The rows as texts."""
        return [_cells(row, self._verdict(row)) for row in self.rows]

    def to_html(self) -> str:
        """The coloured table as a page of its own, what is to be looked at above it.

        What follows from those rows is left to the whole table. The page needs nothing else, and
        follows the reader's light or dark theme.

        >>> Report(()).to_html().splitlines()[0]
        '<!doctype html>'
        """
        failed = [row for row in self.rows if not row.ok and row.verdict is not Verdict.FOLLOWS]
        failed.sort(key=lambda row: not self._is_start(row))
        parts = [f"<h1>{escape(self.summary)}</h1>"]
        if failed:
            parts += ["<h2>To look at</h2>", self._table(failed), "<h2>All claims</h2>"]
        body = "\n".join([*parts, self._table(self.rows)])
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width">\n'
            f"<title>Claims</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
            f"{body}\n</body>\n</html>\n"
        )

    def _table(self, rows: Sequence[Row]) -> str:
        cells = [_cells(row, self._verdict(row)) for row in rows]
        return html_table(_HEADINGS, cells, [_tone(row) for row in rows], "", is_boxed=False)

    def as_dict(self) -> dict[str, bool | list[dict[str, Cell]]]:
        """The report in plain types: `ok` and the rows."""
        return {"ok": self.ok, "rows": [row.as_dict() for row in self.rows]}

    def to_json(self) -> str:
        """The report as JSON. JSON knows no nan and no inf, they are written as text."""
        rows = [row.as_dict() for row in self.rows]
        for row in rows:
            if isinstance(number := row["computed"], float) and not math.isfinite(number):
                row["computed"] = repr(number)
        return json.dumps({"ok": self.ok, "rows": rows}, ensure_ascii=False, indent=2)


def _verdict_text(row: Row) -> str:
    return f"{row.verdict} (known)" if row.ok and row.claim.known_wrong else str(row.verdict)


def _tone(row: Row) -> Tone:
    if not row.ok:
        return "bad"
    return "good" if row.verdict is Verdict.AGREES else "noted"


def _cells(row: Row, verdict: str) -> list[str]:
    claim, computed = row.claim, "" if row.computed is None else repr(row.computed)
    sign = "✓" if row.ok else "✗"
    return [claim.quantity, claim.printed, computed, f"{sign} {verdict}", claim.where, row.note]
