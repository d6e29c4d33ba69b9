"""What became of the claims of a document: one row per claim, as text, HTML and JSON."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from autograd.checking.claims import Claim
from autograd.checking.diagnosis import Diagnosis
from autograd.checking.table import Tone, html_table, line_width, text_table

_HEADINGS = ("quantity", "printed", "computed", "verdict", "where", "note")


class Verdict(StrEnum):
    """What is to be said of a claim, as `verify` says it."""

    AGREES = "agrees"
    CUT_OFF = "cut off"
    ROUNDED = "rounded on the way"
    FOLLOWS = "follows from"
    WRONG = "wrong"
    UNKNOWN = "unknown quantity"


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
            comes out once intermediates are rounded; *follows from* a wrong number before it;
            *wrong*; *unknown quantity*.
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
        failed = ", ".join(row.claim.quantity for row in self.rows if not row.ok)
        return f"<Report of {self.summary}{'; look at ' + failed if failed else ''}>"

    def _repr_html_(self) -> str:
        tones = [_tone(row) for row in self.rows]
        return html_table(_HEADINGS, self._cells(), tones, self.summary)

    def _cells(self) -> list[list[str]]:
        """The rows as texts; of several numbers that are wrong, one says that it comes first."""
        several = sum(row.verdict is Verdict.WRONG and not row.ok for row in self.rows) > 1
        return [_cells(row, is_marked=several and row.is_first_wrong) for row in self.rows]

    def to_html(self) -> str:
        """The coloured table as a page of its own, which needs nothing else.

        >>> Report(()).to_html().splitlines()[0]
        '<!doctype html>'
        """
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            "<title>Claims</title>\n<style>body { font-family: sans-serif; margin: 2em }\n"
            "td, th { padding: 0.2em 0.8em 0.2em 0 }</style>\n</head>\n<body>\n"
            f"{self._repr_html_()}\n</body>\n</html>\n"
        )

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


def _cells(row: Row, *, is_marked: bool) -> list[str]:
    computed = "" if row.computed is None else repr(row.computed)
    verdict = f"{'✓' if row.ok else '✗'} {_verdict_text(row)}{', start here' if is_marked else ''}"
    return [row.claim.quantity, row.claim.printed, computed, verdict, row.claim.where, row.note]
