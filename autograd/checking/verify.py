"""Claims against a computed graph: which printed numbers are right?"""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from autograd.backprop import topological_order
from autograd.checking.claims import Claim, load_claims
from autograd.checking.printed import printed
from autograd.checking.table import Tone, html_table, text_table
from autograd.functional import gradients
from autograd.rows import as_float
from autograd.value import Value

_HEADINGS = ("quantity", "printed", "computed", "verdict", "where", "note")


class Verdict(StrEnum):
    """What is to be said of a claim."""

    AGREES = "agrees"
    WRONG = "wrong"
    UNKNOWN = "unknown quantity"


@dataclass(frozen=True)
class Row:
    """One claim and what became of it.

    Attributes:
        claim: what the document says.
        computed: the exact number, None if the quantity is unknown.
        verdict: the answer.
        note: why, in words; empty if there is nothing to add.
    """

    claim: Claim
    computed: float | None
    verdict: Verdict
    note: str = ""

    @property
    def ok(self) -> bool:
        """The verdict is the expected one: *wrong* for a claim known to be wrong, else *agrees*."""
        return self.verdict is (Verdict.WRONG if self.claim.known_wrong else Verdict.AGREES)

    def as_dict(self) -> dict[str, str | float | bool | None]:
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
        }


@dataclass(frozen=True, repr=False)
class Report:
    """One row per claim, in the order of the claims.

    `str()` is a table for terminals, notebooks show a coloured one, `to_json` is for programs.
    """

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Every claim agrees, except those known to be wrong, which are wrong."""
        return all(row.ok for row in self.rows)

    @property
    def summary(self) -> str:
        """The verdicts, counted: `3 claims: agrees 2, wrong (known) 1`."""
        counts = Counter(_verdict_text(row) for row in self.rows)
        claims = "1 claim" if len(self.rows) == 1 else f"{len(self.rows)} claims"
        return f"{claims}: " + ", ".join(f"{text} {count}" for text, count in counts.items())

    def __str__(self) -> str:
        return text_table(_HEADINGS, [_cells(row) for row in self.rows]) + "\n\n" + self.summary

    def __repr__(self) -> str:
        failed = ", ".join(row.claim.quantity for row in self.rows if not row.ok)
        return f"<Report of {self.summary}{'; look at ' + failed if failed else ''}>"

    def _repr_html_(self) -> str:
        cells = [_cells(row) for row in self.rows]
        return html_table(_HEADINGS, cells, [_tone(row) for row in self.rows], self.summary)

    def as_dict(self) -> dict[str, bool | list[dict[str, str | float | bool | None]]]:
        """The report in plain types: `ok` and the rows."""
        return {"ok": self.ok, "rows": [row.as_dict() for row in self.rows]}

    def to_json(self) -> str:
        """The report as JSON. JSON knows no nan and no inf, they are written as text."""
        rows = [row.as_dict() for row in self.rows]
        for row in rows:
            if isinstance(number := row["computed"], float) and not math.isfinite(number):
                row["computed"] = repr(number)
        return json.dumps({"ok": self.ok, "rows": rows}, ensure_ascii=False, indent=2)


def verify(
    output: Value | Iterable[Value],
    claims: Mapping[str, str] | str | os.PathLike[str] | Iterable[Claim],
    values: Mapping[str, float | Value] | None = None,
) -> Report:
    """Check printed numbers against the graph under `output`, to exactly the digits printed.

    `claims` maps quantities to printed digits, or is the path of a claims file (see
    `load_claims`), or gives `Claim`s. A quantity is, in this order,

    - a key of `values`: numbers that are not in the graph, such as `w5+` after an update;
    - the name of a node under `output`: its value;
    - `dE/dw5` or `∂E/∂w5`, with or without spaces: the derivative of one named node by another,
      zero if the one does not depend on the other. No `.grad` is read or written.

    A quantity that is none of these, or whose name several different nodes have, gets the verdict
    *unknown quantity* and a note that lists near names. Several outputs may be given; the named
    nodes are then those under any of them.

    Raises TypeError if an output is no Value, ValueError if there are no claims, and whatever
    `load_claims` and `Claim` raise. A value that is no real number is a TypeError too.

    >>> a, b = Value(5.0, name="a"), Value(6.0, name="b")
    >>> report = verify((a * b).named("y"), {"y": "30", "∂y/∂a": "6.0", "dy/dc": "5"})
    >>> print(report)
    quantity  printed  computed  verdict             note
    ────────  ───────  ────────  ──────────────────  ────────────────────
    y         30       30.0      ✓ agrees
    ∂y/∂a     6.0      6.0       ✓ agrees
    dy/dc     5                  ✗ unknown quantity  no node is named 'c'
    <BLANKLINE>
    3 claims: agrees 2, unknown quantity 1
    """
    listed = _listed(claims)
    if not listed:
        raise ValueError("there are no claims to verify, and no claims must not mean all is right")
    outputs = [output] if isinstance(output, Value) else list(output)
    names = _Names(outputs, values or {})
    found = [names.find(claim.quantity) for claim in listed]
    computed = _computed(found)
    return Report(tuple(map(_row, listed, computed)))


def _listed(
    claims: Mapping[str, str] | str | os.PathLike[str] | Iterable[Claim],
) -> list[Claim]:
    if isinstance(claims, str | os.PathLike):
        return load_claims(claims)
    if isinstance(claims, Mapping):
        return [Claim(quantity, digits) for quantity, digits in claims.items()]
    return list(claims)


def _row(claim: Claim, computed: float | _Unknown) -> Row:
    if isinstance(computed, _Unknown):
        return Row(claim, None, Verdict.UNKNOWN, computed.note)
    verdict, note = _judge(claim, computed)
    if claim.known_wrong and verdict is Verdict.WRONG:
        note = f"known: {claim.known_wrong}"
    elif claim.known_wrong:
        note = f"marked as known to be wrong ({claim.known_wrong}), yet it agrees: remove the mark"
    return Row(claim, computed, verdict, note)


def _judge(claim: Claim, computed: float) -> tuple[Verdict, str]:
    """The verdict on a claim whose quantity is known, and why."""
    digits = printed(claim.printed)
    if digits == computed:
        return Verdict.AGREES, ""
    return Verdict.WRONG, digits.difference(computed)


@dataclass(frozen=True)
class _Derivative:
    """∂over/∂under, still to be computed."""

    over: Value
    under: Value


@dataclass(frozen=True)
class _Unknown:
    """No quantity; the note says why."""

    note: str


class _Names:
    """What claims can speak of: given values, named nodes, derivatives between named nodes."""

    def __init__(self, outputs: Iterable[Value], values: Mapping[str, float | Value]) -> None:
        self._values = {
            key.strip(): value.data if isinstance(value, Value) else as_float(value, f"{key!r}")
            for key, value in values.items()
        }
        self._nodes: dict[str, list[Value]] = {}
        for node in _nodes(outputs):
            if node.name:
                self._nodes.setdefault(node.name.strip(), []).append(node)
        self._near: dict[str, str] = {}

    def find(self, quantity: str) -> float | _Derivative | _Unknown:
        """What `quantity` means; several readings are tried in the order that `verify` states."""
        name = quantity.strip()
        if name in self._values:
            return self._values[name]
        if name in self._nodes:
            return self._ambiguous(name) or self._nodes[name][0].data
        readings = list(_derivative_readings(name))
        for over, under in readings:
            if over in self._nodes and under in self._nodes:
                derivative = _Derivative(self._nodes[over][0], self._nodes[under][0])
                return self._ambiguous(over) or self._ambiguous(under) or derivative
        if readings:
            missing = [part for part in dict.fromkeys(readings[0]) if part not in self._nodes]
            return _Unknown("; ".join(map(self._no_node, missing)))
        hint = "; a derivative is written dE/dw" if "/" in name else ""
        return _Unknown(f"no node and no value is named {name!r}{self._suggest(name)}{hint}")

    def _ambiguous(self, name: str) -> _Unknown | None:
        count = len(self._nodes[name])
        if count == 1:
            return None
        return _Unknown(f"{count} different nodes are named {name!r}: give each a name of its own")

    def _no_node(self, name: str) -> str:
        if name in self._values:
            return f"{name!r} is a given value, and only nodes have derivatives"
        return f"no node is named {name!r}{self._suggest(name)}"

    def _suggest(self, name: str) -> str:
        """The known names that `name` may be a slip for, its case aside."""
        if name not in self._near:
            folded = {other.casefold(): other for other in (*self._values, *self._nodes)}
            close = get_close_matches(name.casefold(), folded)
            self._near[name] = ", ".join(folded[match] for match in close)
        return f"; near: {self._near[name]}" if self._near[name] else ""


def _computed(found: list[float | _Derivative | _Unknown]) -> list[float | _Unknown]:
    """The derivatives computed: one backward pass per numerator serves all claims about it."""
    under: dict[Value, list[Value]] = {}
    for item in found:
        if isinstance(item, _Derivative):
            under.setdefault(item.over, []).append(item.under)
    adjoints = {over: iter(gradients(over, nodes)) for over, nodes in under.items()}
    return [next(adjoints[item.over]) if isinstance(item, _Derivative) else item for item in found]


def _nodes(outputs: Iterable[Value]) -> Iterator[Value]:
    """Every node under any of the outputs, once."""
    seen: set[Value] = set()
    for output in outputs:
        if not isinstance(output, Value):
            raise TypeError(
                f"verify() looks at the graph under a Value and got {output!r} of type "
                f"{type(output).__name__}; plain numbers go into `values`, by their names"
            )
        for node in topological_order(output):
            if node not in seen:
                seen.add(node)
                yield node


def _derivative_readings(quantity: str) -> Iterator[tuple[str, str]]:
    """Numerator and denominator of a derivative; names may hold slashes, so all ways to read it."""
    for position in (i for i, letter in enumerate(quantity) if letter == "/"):
        over, under = quantity[:position].strip(), quantity[position + 1 :].strip()
        if over[:1] in ("d", "∂") and under[:1] in ("d", "∂") and len(over) > 1 < len(under):
            yield over[1:].strip(), under[1:].strip()


def _verdict_text(row: Row) -> str:
    return f"{row.verdict} (known)" if row.ok and row.claim.known_wrong else str(row.verdict)


def _tone(row: Row) -> Tone:
    if not row.ok:
        return "bad"
    return "noted" if row.claim.known_wrong else "good"


def _cells(row: Row) -> list[str]:
    computed = "" if row.computed is None else repr(row.computed)
    verdict = f"{'✓' if row.ok else '✗'} {_verdict_text(row)}"
    return [row.claim.quantity, row.claim.printed, computed, verdict, row.claim.where, row.note]
