"""`python -m autograd`, the programs it runs, and the files it writes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from autograd.__main__ import main
from autograd.checking.quantities import Given
from autograd.checking.scripts import Computed, run_script
from autograd.checking.verify import verify
from autograd.showing.operations import operations_table

PROGRAM = """
from autograd import Value
import helper
a, b = Value(5.0), Value(6.0, name="b")
y = a * b * helper.two
step = 0.5
_private = 3.0
if __name__ == "__main__":
    raise SystemExit("this is a program of its own")
def graph():
    return {"z": (a * a).named("square"), "n": 3, "more": [b * 2]}
def loss(p=3.0, q=2.0):
    return p * q
def wrong(p):
    return Value(p.data)
"""
CLAIMS = '[[claim]]\nquantity = "y"\nprinted = "{}"\nwhere = "p. 1"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.py").write_text(PROGRAM)
    (tmp_path / "helper.py").write_text("two = 2.0\n")
    (tmp_path / "right.toml").write_text(CLAIMS.format("60"))
    (tmp_path / "wrong.toml").write_text('script = "net.py"\n' + CLAIMS.format("-60"))
    return tmp_path


def numbers(found: Computed) -> dict[str, float]:
    return {name: q.number for name, q in found.values.items() if isinstance(q, Given)}


def test_a_program_leaves_its_graphs_and_numbers_behind(folder: Path) -> None:
    found = run_script("net.py", folder)
    assert [output.name for output in found.outputs] == ["y"]
    assert {parent.name for parent in found.outputs[0].parents[0].parents} == {"a", "b"}
    assert numbers(found) == {"step": 0.5}


def test_a_function_returns_them(folder: Path) -> None:
    found = run_script(f"{folder / 'net.py'}:graph")
    assert [output.name for output in found.outputs] == ["square", ""]
    assert numbers(found) == {"n": 3}


DICTIONARIES = """
from autograd import Value
article = {"y": 7.0, "w1": 2.5, "z": 4.0, "n": 1.0, "nets": Value(5.0)}
mine = {"z": 3.0, "n": 1, "s": (Value(1.0) * 2.0)}
other = {"s": (Value(2.0) * 2.0)}
w1 = Value(2.0); x = Value(3.0, name="x")
y = w1 * x
k = 8.0
class Holder: pass
holder = Holder(); holder.k = 9.0
nets = w1 * 1.0
"""


def test_what_a_program_calls_by_several_numbers_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(DICTIONARIES)
    found = run_script("net.py", tmp_path)
    report = verify(
        found.outputs,
        {"y": "7.0", "w1": "2.5", "z": "4.0", "n": "1", "k": "9", "s": "2", "nets": "2"},
        found.values,
    )
    y, w1, z, n, k, s, nets = report.rows
    assert (y.computed, w1.computed, n.computed, k.computed, nets.computed) == (6, 2, 1, 8, 2)
    assert y.note.endswith("the graph's number is compared, not the given 7.0 of this name")
    assert n.note == "a number of the program: the graph has nothing of this name"
    assert z.note == "the program has several numbers of this name: 3.0, 4.0; give each its own"
    assert s.note == "2 different nodes are named 's': give each a name of its own"
    assert not any(row.ok for row in (y, w1, z, k, s))


@pytest.mark.parametrize(
    ("script", "message"),
    [("net.py:nothing", "has no function 'nothing'"), ("helper.py", "leaves no Value behind")],
)
def test_programs_without_a_graph(folder: Path, script: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run_script(script, folder)


def test_verify(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["verify", str(folder / "right.toml"), str(folder / "net.py")])
    shown = capsys.readouterr().out
    assert status == 0
    assert "✓ agrees" in shown
    assert shown.endswith("1 claim: agrees 1\n")


def test_a_program_elsewhere_is_run_for_the_person_not_for_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = folder / "below"
    below.mkdir()
    (below / "claims.toml").write_text('script = "../net.py"\n' + CLAIMS.format("60"))
    assert main(["verify", str(below / "claims.toml")]) == 2
    assert "leads up" in capsys.readouterr().err
    (below / "claims.toml").write_text(CLAIMS.format("60"))
    assert main(["verify", str(below / "claims.toml"), str(folder / "below/../net.py")]) == 0


def test_verify_what_is_wrong_and_write_reports(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {kind: folder / f"report.{kind}" for kind in ("html", "json", "junit")}
    options = [word for kind, file in files.items() for word in (f"--{kind}", str(file))]
    assert main(["verify", str(folder / "wrong.toml"), *options]) == 1
    assert "sign flipped" in capsys.readouterr().out
    page = files["html"].read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "sign flipped" in page
    rows = json.loads(files["json"].read_text(encoding="utf-8"))["rows"]
    assert rows[0]["diagnosis"][0] == "sign flipped"
    suite = ET.parse(files["junit"]).getroot()[0]
    assert suite.attrib == {"name": "wrong", "tests": "1", "failures": "1"}
    failure = suite[0][0]
    assert failure.attrib["message"].startswith("wrong: sign flipped")
    assert failure.text == "p. 1: printed -60, computed 60.0"


def test_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net = folder / "net.py"
    # `check` reads the one file alone.
    net.write_text(PROGRAM.replace("import helper", "").replace("helper.two", "2.0"))
    assert main(["check", f"{net}:loss"]) == 0
    assert "agrees 2" in capsys.readouterr().out
    assert main(["check", f"{net}:loss", "--at", "1", "4"]) == 0
    assert main(["check", f"{net}:wrong", "--at", "1"]) == 1
    assert "differs 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["verify", "right.toml"], "which program computes the graph?"),
        (["verify", "missing.toml"], "missing.toml"),
        (["verify", "right.toml", "missing.py"], "missing.py"),
        (["check", "net.py"], "write FILE:function"),
        (["check", "plain.py:nothing"], "has no function 'nothing'"),
        (["check", "plain.py:wrong"], "p of wrong has no default value: give the inputs"),
    ],
)
def test_misuse(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(folder)
    (folder / "plain.py").write_text("def wrong(p):\n    return p\n")
    assert main(words) == 2
    assert message in capsys.readouterr().err
    with pytest.raises((OSError, ValueError)):
        main(["--trace", *words])


def test_operations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operations"]) == 0
    assert capsys.readouterr().out == operations_table() + "\n"
