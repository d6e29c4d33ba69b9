from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def without_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which no program is installed: an empty folder is all of its PATH."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    return programs


@pytest.fixture(params=["dot", "webassembly"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each of the two ways to lay a picture out, in turn."""
    if request.param == "webassembly":
        request.getfixturevalue("without_dot")
    elif shutil.which("dot") is None:
        pytest.skip("Graphviz (`dot`) is not installed, so only its replacement can be tested")
    return str(request.param)


@pytest.fixture
def texts() -> Callable[[str], Counter[str]]:
    """What can be read in a picture, and how often; parsing it proves that it is XML."""

    def read(svg: str) -> Counter[str]:
        written = ("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))
        return Counter(" ".join(text.split()) for text in written)

    return read
