"""For pytest: every claim of a claims file is a test case, and assertions explain `printed`.

Files whose names match the ini option `claims_files` are collected. Each names the program that
computes its graph: `script = "net.py"` or `"net.py:function"`.
"""

from __future__ import annotations

import re
import traceback
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import dropwhile
from pathlib import Path
from typing import cast

import pytest

from autograd.checking import scripts
from autograd.checking.claims import Claim, ClaimsFile, read_claims
from autograd.checking.printed import Printed
from autograd.checking.report import Report
from autograd.checking.scripts import run_script
from autograd.checking.verify import verify

_PATTERNS = ["claims.toml", "claims_*.toml", "*_claims.toml"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addini(
        "claims_files",
        "patterns of claims files whose claims are test cases",
        type="args",
        default=_PATTERNS,
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ClaimsCollector | None:
    """Collect claims files."""
    if any(file_path.match(pattern) for pattern in parent.config.getini("claims_files")):
        collector: ClaimsCollector = ClaimsCollector.from_parent(parent, path=file_path)
        return collector
    return None


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say how far a number is from the printed digits."""
    if op != "==" or not (isinstance(left, Printed) or isinstance(right, Printed)):
        return None
    pair = (left, right) if isinstance(left, Printed) else (right, left)
    digits, number = cast("tuple[Printed, float]", pair)
    lines = [f"{left!r} == {right!r}"]
    try:
        lines.append(f"the number is {digits.difference(number)}")
        if digits.is_cut_off(number):
            lines.append("its digits are cut off, not rounded")
    except (TypeError, ValueError):
        return lines
    return lines


class ClaimsCollector(pytest.File):
    """A claims file."""

    def collect(self) -> Iterator[ClaimItem]:
        """One item per claim, in order."""
        try:
            claims = self.document.claims
        except (OSError, ValueError, TypeError, OverflowError) as error:
            raise self.CollectError(str(error)) from error
        seen: Counter[str] = Counter()
        for place, claim in enumerate(claims):
            name = f"{claim.quantity} = {claim.printed}"
            seen[name] += 1
            if seen[name] > 1:
                name += f" ({seen[name]})"
            yield ClaimItem.from_parent(self, name=name, place=place, claim=claim)

    @cached_property
    def document(self) -> ClaimsFile:
        """What the file says."""
        return read_claims(self.path)

    @cached_property
    def outcome(self) -> Report | str:
        """All its claims checked, once, when the first is tested; or why they cannot be."""
        document = self.document
        if not document.script:
            return (
                f"{self.path} does not say which program computes its graph: begin it with "
                f'script = "net.py", or "net.py:function"'
            )
        try:
            found = run_script(document.script, self.path.parent)
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever a user's program raises is told)
            return f"{document.script} cannot be run, or computes no graph:\n{_told(error)}"
        try:
            return verify(found.outputs, document.claims, found.values, document.update)
        except (ValueError, ArithmeticError) as error:
            return f"{self.path}: {error}"

    @cached_property
    def lines(self) -> list[int]:
        """The line on which each claim begins, counted from 0."""
        text = self.path.read_text(encoding="utf-8")
        return [
            line for line, words in enumerate(text.splitlines()) if re.match(r"\s*\[\[claim", words)
        ]


class ClaimError(Exception):
    """A claim that is not ok; the message is all there is to say."""


class ClaimItem(pytest.Item):
    """One claim as a test case."""

    def __init__(self, *, place: int, claim: Claim, **others: object) -> None:
        super().__init__(**others)  # type: ignore[arg-type]  # pytest's own
        self.place = place
        self.claim = claim

    def runtest(self) -> None:
        """Fail if the claim is not ok."""
        outcome = cast("ClaimsCollector", self.parent).outcome
        if isinstance(outcome, str):
            raise ClaimError(outcome)
        row = outcome.rows[self.place]
        if not row.ok:
            where = f" ({row.claim.where})" if row.claim.where else ""
            lines = [
                outcome.reason(row),
                f"{row.claim.quantity} is printed as {row.claim.printed}{where}",
            ]
            if row.computed is not None:
                lines.append(f"computed: {row.computed!r}")
            raise ClaimError("\n".join(lines))

    def repr_failure(  # type: ignore[override]  # a text is what pytest asks for
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str:
        """Say what is wrong with the claim, instead of showing this file."""
        if isinstance(excinfo.value, ClaimError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the claim stands."""
        lines = cast("ClaimsCollector", self.parent).lines
        line = lines[self.place] if self.place < len(lines) else None
        # Not the name alone: pytest would take the points in it for those of Python's modules.
        return self.path, line, f"claim {self.name}"


def _told(error: BaseException) -> str:
    """An error of a program, with the lines of the program that led to it and none before."""
    ours = {__file__, scripts.__file__, "<frozen runpy>"}
    stack = traceback.extract_tb(error.__traceback__)
    frames = list(dropwhile(lambda frame: frame.filename in ours, stack))
    told = [*traceback.format_list(frames), *traceback.format_exception_only(error)]
    return "".join(told).rstrip()
