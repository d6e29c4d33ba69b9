"""Claims: which number is printed where, read from TOML."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path, PureWindowsPath

from autograd.checking.printed import printed
from autograd.checking.scripts import split
from autograd.checking.updates import Update


@dataclass(frozen=True)
class Claim:
    """One number of a document: `printed` is said of `quantity`, at the place `where`.

    Attributes:
        quantity: a node's name (`net_h1`), a derivative of one named node by another
            (`dE_total/dw5`, `∂E_total/∂w5`), or a key of the values given to `verify` (`w5+`).
        printed: the digits as the document prints them, see `autograd.printed`.
        where: where in the document the number stands, for the reader who looks it up.
        known_wrong: why the document's number is wrong, if it is known to be; else empty.
            Such a claim is expected to be found wrong, and agreeing is what fails.

    Raises TypeError if an attribute is not text, ValueError if `quantity` is empty or `printed` is
    no printed number.

    >>> Claim("net_h1", "0.3775", where="forward pass").printed
    '0.3775'
    """

    quantity: str
    printed: str
    where: str = ""
    known_wrong: str = ""

    def __post_init__(self) -> None:
        for key in _KEYS:
            text = getattr(self, key)
            if not isinstance(text, str):
                raise TypeError(f"{key} must be text, not {text!r} ({type(text).__name__}){_HINT}")
        if not self.quantity.strip():
            raise ValueError("quantity is empty: name the node, derivative or value that is meant")
        printed(self.printed)


_KEYS = tuple(field.name for field in fields(Claim))
_REQUIRED = ("quantity", "printed", "where")
_HINT = '; write it in quotes, as in printed = "0.50": a number forgets its trailing zeros'


@dataclass(frozen=True)
class ClaimsFile:
    """What a claims file holds.

    Attributes:
        claims: in the order of the file.
        update: the rule by which parameters move between what is claimed, if it declares one.
        script: the Python program that computes the graph, if it names one: `net.py`, or
            `net.py:function`, beside the file or below, also where links lead. To read the file
            does not run it: `python -m autograd verify` and the pytest plugin do.
    """

    claims: tuple[Claim, ...]
    update: Update | None = None
    script: str = ""


def load_claims(path: str | os.PathLike[str]) -> list[Claim]:
    r"""The claims of the TOML file at `path`, in its order, as `verify` takes them.

    What such a file holds, and the errors of one that cannot be read, are told at `read_claims`.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "claims.toml")
    ...     _ = file.write_text('[[claim]]\nquantity = "y"\nprinted = "30"\nwhere = "line 2"')
    ...     load_claims(file)[0].quantity
    'y'
    """
    return list(read_claims(path).claims)


def read_claims(path: str | os.PathLike[str]) -> ClaimsFile:
    """All that a claims file says.

    The file is a list of tables, one per printed number; `known_wrong` may be left out. Before
    them may stand the program that computes the graph, and the rule of the updates that claims
    such as `w5+` speak of (see `Update`):

        script = "two_two_two.py:network"

        [update]
        rule = "sgd"
        learning_rate = 0.5
        parameters = ["w*"]

        [[claim]]
        quantity = "dE_total/dw5"
        printed = "0.082167041"
        where = "backward pass, output layer"
        known_wrong = "the reason, if the document is known to be wrong here"

    Whoever wrote the file, to read it opens no other file and runs nothing, and nothing in it is
    a formula: quantities are looked up by name, and printed numbers are digits.

    Raises OSError if the file cannot be read; ValueError if it is not UTF-8, not TOML or holds no
    claim, if a claim or the update lacks a key, has a key too many or prints no number, if the
    script is not a `.py` file in the folder of the claims file or below; TypeError if a value is
    not of the right type, and for what is no path; OverflowError if a number of the update is too
    large for a float. Messages name the file and count the claims from 1.
    """
    if not isinstance(path, str | os.PathLike):
        kind = type(path).__name__
        raise TypeError(f"the path of a claims file is text or a Path, not {path!r} ({kind})")
    file = Path(path)
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"the claims file cannot be read: {error.strerror}"
        raise type(error)(error.errno, reason, str(file)) from error
    except ValueError as error:
        raise ValueError(f"{file} cannot be read as TOML: {error}") from error
    except RecursionError:
        reason = "lists or tables stand in one another far too deep for claims"
        raise ValueError(f"{file} cannot be read as TOML: {reason}") from None
    if unknown := sorted(document.keys() - {"claim", "script", "update"}):
        raise ValueError(
            f"{file}: a claims file holds [[claim]] tables, an [update] and a script, and nothing "
            f"else, but here stands {', '.join(map(repr, unknown))}"
        )
    tables = document.get("claim", [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        raise ValueError(f"{file}: write [[claim]] with double brackets, it begins one of many")
    if not tables:
        raise ValueError(f"{file} holds no claim: write one [[claim]] table per printed number")
    claims = [_claim(f"{file}, claim {count}", table) for count, table in enumerate(tables, 1)]
    script = _script(file, document["script"]) if "script" in document else ""
    return ClaimsFile(tuple(claims), _update(file, document.get("update")), script)


def _script(file: Path, script: object) -> str:
    """A claims file may have come from anywhere: it names programs of its own folder alone."""
    if not isinstance(script, str):
        kind = type(script).__name__
        raise TypeError(f"{file}: script must be the path of a program, in quotes, not {kind}")
    if objection := _objection(file.parent, script):
        raise ValueError(
            f"{file}: script is {script!r}, {objection}; a claims file can only name a .py file "
            f"beside it or below; for any other, take the line out and name the program yourself: "
            f"`python -m autograd verify {file.name} PROGRAM`"
        )
    return script


def _objection(folder: Path, script: str) -> str:
    """What is wrong with a program that is named by a claims file in this folder, if anything."""
    name, _ = split(script)
    # Windows knows all ways to the root and up that any system knows.
    path = PureWindowsPath(name)
    if path.anchor or set(name) & {":", "\0"}:
        return "which is no relative path"
    if ".." in path.parts:
        return "which leads up"
    if path.suffix != ".py":
        return "which is no .py file"
    target = os.path.realpath(folder / name)
    if not Path(target).is_relative_to(os.path.realpath(folder)):
        return f"which is a link that leads to {target}"
    return ""


def _update(file: Path, table: object) -> Update | None:
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ValueError(f"{file}: write [update] with single brackets, there is one rule")
    try:
        return Update.from_table(table)
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"{file}: {error}") from error


def _claim(place: str, table: Mapping[str, object]) -> Claim:
    if isinstance(quantity := table.get("quantity"), str):
        place = f"{place} ({quantity})"
    if unknown := [key for key in table if key not in _KEYS]:
        raise ValueError(f"{place}: unknown {_listed(unknown)}, a claim knows {_listed(_KEYS)}")
    if missing := [key for key in _REQUIRED if key not in table]:
        raise ValueError(f"{place}: {_listed(missing)} missing, a claim needs {_listed(_REQUIRED)}")
    if table.get("known_wrong") == "":
        raise ValueError(f"{place}: known_wrong is empty, give the reason or leave it out")
    try:
        return Claim(**table)  # type: ignore[arg-type]  # Claim itself checks that all are text
    except (TypeError, ValueError) as error:
        raise type(error)(f"{place}: {error}") from error


def _listed(keys: tuple[str, ...] | list[str]) -> str:
    return ", ".join(keys)
