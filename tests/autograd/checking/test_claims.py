"""Claims files: what is read, and that every mistake is named with its file and claim."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from autograd import Value
from autograd.checking.claims import Claim, load_claims, read_claims
from autograd.checking.updates import Update
from autograd.checking.verify import verify

GOOD = '[[claim]]\nquantity = "net_h1"\nprinted = "0.3775"\nwhere = "forward"\n'


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
        ("script = 3\n" + GOOD, TypeError, "script must be the path of a program, not 3"),
        ("update = 3\n" + GOOD, ValueError, "single brackets"),
        ('[update]\nrule = "sgd"\n' + GOOD, ValueError, "learning_rate, parameters missing"),
        (GOOD.replace("0.3775", "0,3775"), ValueError, r"claim 1 \(net_h1\): '0,3775'.*comma"),
    ],
)
def test_mistakes(file: Path, text: str, error: type[Exception], message: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message) as caught:
        load_claims(file)
    assert str(file) in str(caught.value)


def test_a_script_and_a_rule_of_updates(file: Path) -> None:
    rule = '[update]\nrule = "sgd"\nlearning_rate = 0.5\nparameters = ["w*"]\n'
    file.write_text('script = "net.py:graph"\n' + rule + GOOD)
    document = read_claims(file)
    assert document.script == "net.py:graph"
    assert document.update == Update("sgd", 0.5, "w*")
    assert list(document.claims) == load_claims(file)


@pytest.mark.parametrize(
    "script",
    [
        *("/tmp/net.py", "../net.py", "below/../../net.py:graph", "//host/net.py"),
        *(r"C:\net.py", "C:net.py", r"\net.py", r"..\net.py", r"\\host\share\net.py"),
    ],
)
def test_a_script_stands_beside_the_file_or_below(file: Path, script: str) -> None:
    file.write_text(f"script = '{script}'\n{GOOD}")
    with pytest.raises(ValueError, match="can only name a program beside it or below") as caught:
        read_claims(file)
    assert str(file) in str(caught.value)
    file.write_text(f'script = "below/net.py:graph"\n{GOOD}')
    assert read_claims(file).script == "below/net.py:graph"


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
