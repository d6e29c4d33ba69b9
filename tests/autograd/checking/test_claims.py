"""Claims files: what is read, and that every mistake is named with its file and claim."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from autograd import Value
from autograd.checking.claims import Claim, load_claims, read_claims
from autograd.checking.updates import Update
from autograd.checking.verify import verify

GOOD = '[[claim]]\nquantity = "net_h1"\nprinted = "0.3775"\nwhere = "forward"\n'
RULE = '[update]\nrule = "sgd"\nlearning_rate = 0.5\nparameters = ["w*"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "claims.toml"


def test_claims_come_in_the_order_of_the_file(file: Path) -> None:
    file.write_text(
        GOOD
        + '[[claim]]\nquantity = "∂E/∂w5"\nprinted = "−8.2×10⁻²"\nwhere = "輸出層"\n'
        + 'known_wrong = "sign lost"\n',
        encoding="utf-8",
    )
    expected = [
        Claim("net_h1", "0.3775", "forward"),
        Claim("∂E/∂w5", "−8.2×10⁻²", "輸出層", "sign lost"),
    ]
    assert load_claims(file) == expected
    assert load_claims(str(file)) == expected


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ValueError, "holds no claim"),
        ("claim = []", ValueError, "holds no claim"),
        ("[[claim]\n", ValueError, "as TOML.*line 1"),
        ('[claim]\nquantity = "a"', ValueError, "double brackets"),
        ("claim = 3", ValueError, "double brackets"),
        (GOOD + "[document]\n", ValueError, "nothing else.*'document'"),
        (GOOD + '[[claim]]\nquantity = "E"', ValueError, r"claim 2 \(E\): printed, where missing"),
        ('[[claim]]\nprinted = "1"\nwhere = ""', ValueError, "claim 1: quantity missing"),
        (GOOD + 'rounded = "3"', ValueError, r"claim 1 \(net_h1\): unknown rounded"),
        (GOOD + 'known_wrong = ""', ValueError, "claim 1.*give the reason"),
        (GOOD + "known_wrong = true", TypeError, "claim 1.*known_wrong must be text, not True"),
        (GOOD.replace('"0.3775"', "0.3775"), TypeError, "claim 1.*printed must.*trailing zeros"),
        (GOOD.replace('"net_h1"', "1"), TypeError, "claim 1: quantity must be text"),
        (GOOD.replace("net_h1", " "), ValueError, "claim 1.*quantity is empty"),
        ("script = 3\n" + GOOD, TypeError, "script must be the path of a program.*not int"),
        (f"script = 0x{'f' * 9999}\n{GOOD}", TypeError, "script must be the path of a program"),
        ("claim = " + "[" * 100_000, ValueError, "as TOML.*far too deep"),
        ("claim = " + "{a = " * 100_000, ValueError, "as TOML.*far too deep"),
        (GOOD + "where2 = " + "1" * 9999, ValueError, "as TOML"),
        (GOOD.replace("0.3775", "1e999999999"), ValueError, r"claim 1 .*out of the range"),
        ("update = 3\n" + GOOD, ValueError, "single brackets"),
        ('[update]\nrule = "sgd"\n' + GOOD, ValueError, "learning_rate, parameters missing"),
        (RULE.replace("0.5", f"0x{'f' * 9999}") + GOOD, OverflowError, "learning_rate: this int"),
        (GOOD.replace("0.3775", "0,3775"), ValueError, r"claim 1 \(net_h1\): '0,3775'.*comma"),
    ],
)
def test_mistakes(file: Path, text: str, error: type[Exception], message: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message) as caught:
        load_claims(file)
    assert str(file) in str(caught.value)


def test_a_script_and_a_rule_of_updates(file: Path) -> None:
    file.write_text('script = "net.py:graph"\n' + RULE + GOOD)
    document = read_claims(file)
    assert document.script == "net.py:graph"
    assert document.update == Update("sgd", 0.5, "w*")
    assert list(document.claims) == load_claims(file)


def script_of(file: Path, script: str) -> str:
    file.write_text(f"script = {json.dumps(script)}\n{GOOD}")
    return read_claims(file).script


STRANGERS = {
    "is no relative path": [
        *("/tmp/net.py", "/tmp/net.py:graph", "//host/net.py", "file:///tmp/net.py"),
        *(r"C:\net.py", "C:net.py", r"\net.py", r"\\host\share\net.py", "https://a.org/net.py"),
        *("net.py:graph:more", "net\0.py"),
    ],
    "leads up": ["../net.py", r"..\net.py", "below/../../net.py:graph", "below/../net.py"],
    "is no .py file": ["", "net", ".py", "net.txt", "net.pyc", "-c", "`touch x`.txt", "net.py\n"],
}


@pytest.mark.parametrize(
    ("script", "objection"),
    [(script, objection) for objection, scripts in STRANGERS.items() for script in scripts],
)
def test_a_script_is_a_program_beside_the_file_or_below(
    file: Path, script: str, objection: str
) -> None:
    with pytest.raises(ValueError, match=f"which {objection}") as caught:
        script_of(file, script)
    assert str(caught.value).startswith(f"{file}: script is {script!r}, which ")
    # What a file says is not proposed as words for a shell.
    assert str(caught.value).endswith("`python -m autograd verify claims.toml PROGRAM`")


@pytest.mark.parametrize("script", ["net.py", "./net.py", "below/deep/net.py:graph", "~/net.py"])
def test_a_script_may_stand_there_later(file: Path, script: str) -> None:
    assert script_of(file, script) == script


@pytest.mark.skipif(os.name == "nt", reason="to make a link takes rights that few have there")
def test_links_count_where_they_lead(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "home2"
    for folder in (home, elsewhere):
        folder.mkdir()
        (folder / "net.py").write_text("")
    file = home / "claims.toml"
    (home / "away.py").symlink_to(elsewhere / "net.py")
    (home / "below").symlink_to(elsewhere)
    (home / "near.py").symlink_to("net.py")
    (home / "round.py").symlink_to("round.py")
    for script in ("away.py", "below/net.py:graph"):
        with pytest.raises(ValueError, match=f"a link that leads to {elsewhere / 'net.py'};"):
            script_of(file, script)
    for script in ("near.py", "round.py"):
        assert script_of(file, script) == script
    # The folder itself may be reached by a link.
    (tmp_path / "link").symlink_to(home)
    assert script_of(tmp_path / "link" / "claims.toml", "net.py") == "net.py"


def test_to_read_and_to_verify_claims_runs_nothing(file: Path) -> None:
    program = f"open({str(file.with_name('harmed'))!r}, 'w')"
    file.with_name("net.py").write_text(program)
    hostile = ["__import__('os').system('x')", "{0.__class__}", "%(x)s", "$(x)", f"`{program}`"]
    text = "script = 'net.py'\n" + "".join(
        f"[[claim]]\nquantity = {words}\nprinted = '1'\nwhere = {words}\nknown_wrong = {words}\n"
        for words in map(json.dumps, [*hostile, f"file://{file}", "/etc/passwd", "a"])
    )
    file.write_text(text)
    assert len(load_claims(file)) == len(read_claims(file).claims) == 8
    report = verify(Value(1.0, name="a"), file)
    assert [str(row.verdict) for row in report.rows] == ["unknown quantity"] * 7 + ["agrees"]
    for written in (str(report), report.to_html(), report.to_json()):
        assert "root:" not in written
    assert sorted(path.name for path in file.parent.iterdir()) == ["claims.toml", "net.py"]


def test_a_file_that_is_not_utf8(file: Path) -> None:
    file.write_bytes(GOOD.replace("forward", "r\u00fcckw\u00e4rts").encode("latin-1"))
    with pytest.raises(ValueError, match=re.escape(str(file))):
        load_claims(file)


def test_no_file(file: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"claims file cannot be read.*claims\.toml"):
        load_claims(file)
    with pytest.raises(OSError, match="claims file cannot be read"):
        load_claims(file.parent)


@pytest.mark.parametrize("thing", [None, 3, b"claims.toml", ["claims.toml"]])
def test_no_path(thing: Any) -> None:
    with pytest.raises(TypeError, match="the path of a claims file is text or a Path, not"):
        load_claims(thing)


def test_a_claim_made_by_hand_is_checked_too() -> None:
    with pytest.raises(ValueError, match="not a printed number"):
        Claim("E", "about a third")
    with pytest.raises(TypeError, match="printed must be text"):
        Claim("E", 0.5)  # type: ignore[arg-type]  # the point
