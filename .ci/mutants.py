"""Compare a session of `.ci/mutation` with what `mutants.toml` says: `mutants.py session.sqlite`.

An error for each mutant that no test noticed and that is not explained there, and for each that is
explained without need.
"""

from __future__ import annotations

import sqlite3
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("mutants.toml")

QUERY = """
SELECT module_path, diff, test_outcome FROM mutation_specs LEFT JOIN work_results USING (job_id)
WHERE worker_outcome IS NOT 'SKIPPED'
"""


class Mutant(NamedTuple):
    """A change of one line."""

    file: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}\n  - {self.old}\n  + {self.new}\n "


def explained() -> Counter[Mutant]:
    """The mutants that nobody can notice."""
    entries = tomllib.loads(LIST.read_text(encoding="utf-8"))["mutant"]
    for entry in entries:
        if entry.keys() != {"file", "old", "new", "why"} or not all(entry.values()):
            sys.exit(f"{LIST.name}: a mutant has file, old, new and why, unlike {entry}")
    return Counter(Mutant(entry["file"], entry["old"], entry["new"]) for entry in entries)


def tried(session: str) -> list[tuple[Mutant, str]]:
    """Each mutant that was not left out, and what became of it."""
    with closing(sqlite3.connect(session)) as database:
        rows = database.execute(QUERY).fetchall()
    return [(mutant(file, diff or ""), outcome) for file, diff, outcome in rows]


def mutant(file: str, diff: str) -> Mutant:
    """What the diff takes away, and what it puts in its place."""
    lines = diff.partition("\n@@")[2].splitlines()
    old, new = (" ".join(x[1:].strip() for x in lines if x.startswith(sign)) for sign in "-+")
    return Mutant(file, old, new)


def complaints(found: list[tuple[Mutant, str]], known: Counter[Mutant]) -> Iterator[str]:
    """What is to be done about the tests, the code or the list."""
    survivors = Counter(mutant for mutant, outcome in found if outcome == "SURVIVED")
    if untried := sum(outcome not in ("KILLED", "SURVIVED") for _, outcome in found):
        yield f"{untried} mutants have not been tried to the end: run it again"
        return
    for each in (survivors - known).elements():
        yield (
            f"{each} is not noticed: let a test notice it, let the code do without it, or say in "
            f"{LIST.name} why nobody can notice it"
        )
    for each in (known - survivors).elements():
        yield f"{each} stands in {LIST.name}, but is noticed, or arises no longer: take it out"


def main(session: str) -> None:
    """Fail and say what is wrong; or say how many mutants were noticed."""
    found, known = tried(session), explained()
    if wrong := list(complaints(found, known)):
        sys.exit("\n".join(wrong))
    others = known.total()
    sys.stdout.write(
        f"Of {len(found):,} mutants the tests notice {len(found) - others:,}. Why nobody can "
        f"notice the {others} others is said in {LIST.name}, one by one.\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
