"""The list of mutants that nobody can notice: held to the code here, and to each run of them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMPARE = ROOT / ".ci" / "mutants.py"
LISTED = tomllib.loads((ROOT / ".ci" / "mutants.toml").read_text(encoding="utf-8"))["mutant"]

DIFF = """--- mutation diff ---
--- a/{file}
+++ b/{file}
@@ -7,3 +7,3 @@
 before
-    {old}
+    {new}
 after
"""
STRANGER = {"file": "autograd/ops.py", "old": "return 1.0", "new": "return 2.0"}


@pytest.mark.parametrize("mutant", LISTED, ids=lambda mutant: mutant["new"])
def test_what_is_listed_stands_in_the_code(mutant: dict[str, str]) -> None:
    lines = (ROOT / mutant["file"]).read_text(encoding="utf-8").splitlines()
    assert mutant["old"] in map(str.strip, lines)
    assert mutant["old"] != mutant["new"]


def compared(folder: Path, *tried: tuple[dict[str, str], str]) -> tuple[int, str]:
    """The exit status and the words after a session with these mutants and their outcomes."""
    session = folder / "session.sqlite"
    with closing(sqlite3.connect(session)) as database, database:
        database.execute("CREATE TABLE mutation_specs (job_id, module_path)")
        database.execute("CREATE TABLE work_results (job_id, worker_outcome, test_outcome, diff)")
        for job, (mutant, outcome) in enumerate(tried):
            database.execute("INSERT INTO mutation_specs VALUES (?, ?)", (job, mutant["file"]))
            worker = "SKIPPED" if outcome == "SKIPPED" else "NORMAL"
            result = (job, worker, outcome, DIFF.format(**mutant))
            if outcome != "NO RESULT":
                database.execute("INSERT INTO work_results VALUES (?, ?, ?, ?)", result)
    done = subprocess.run(
        [sys.executable, str(COMPARE), str(session)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_run_in_which_the_listed_ones_survive_is_right(tmp_path: Path) -> None:
    survivors = [(mutant, "SURVIVED") for mutant in LISTED]
    others = [(STRANGER, "KILLED"), (STRANGER, "SKIPPED")]
    assert compared(tmp_path, *survivors, *others) == (
        0,
        f"Of {len(LISTED) + 1} mutants the tests notice 1. Why nobody can notice the "
        f"{len(LISTED)} others is said in mutants.toml, one by one.\n",
    )


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("SURVIVED", "autograd/ops.py\n  - return 1.0\n  + return 2.0\n  is not noticed: let"),
        ("INCOMPETENT", "1 mutants have not been tried to the end"),
        ("NO RESULT", "1 mutants have not been tried to the end"),
    ],
)
def test_a_run_with_another_survivor_or_an_unfinished_one_is_wrong(
    tmp_path: Path, outcome: str, words: str
) -> None:
    survivors = [(mutant, "SURVIVED") for mutant in LISTED]
    status, said = compared(tmp_path, *survivors, (STRANGER, outcome))
    assert status == 1
    assert said.startswith(words)


@pytest.mark.parametrize("outcome", ["KILLED", "SKIPPED"])
def test_a_run_in_which_a_listed_one_is_noticed_or_does_not_arise_is_wrong(
    tmp_path: Path, outcome: str
) -> None:
    first, *others = LISTED
    status, said = compared(tmp_path, (first, outcome), *((m, "SURVIVED") for m in others))
    assert status == 1
    assert said.endswith(
        "stands in mutants.toml, but is noticed, or arises no longer: take it out\n"
    )
    assert first["new"] in said


def test_as_many_must_survive_as_are_listed(tmp_path: Path) -> None:
    """The same line may stand twice in a file, and matter in one of the places."""
    survivors = [(mutant, "SURVIVED") for mutant in [*LISTED, LISTED[0]]]
    status, said = compared(tmp_path, *survivors)
    assert status == 1
    assert LISTED[0]["new"] in said
