"""Claims files: what is read, and that every mistake is named with its file and claim."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograd.checking.claims import Claim, load_claims, read_claims
from autograd.checking.updates import Update

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


def test_a_file_that_is_not_utf8(file: Path) -> None:
    file.write_bytes(GOOD.replace("forward", "r\u00fcckw\u00e4rts").encode("latin-1"))
    with pytest.raises(ValueError, match=re.escape(str(file))):
        load_claims(file)


def test_no_file(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_claims(file)


def test_a_claim_made_by_hand_is_checked_too() -> None:
    with pytest.raises(ValueError, match="not a printed number"):
        Claim("E", "about a third")
    with pytest.raises(TypeError, match="printed must be text"):
        Claim("E", 0.5)  # type: ignore[arg-type]  # the point
