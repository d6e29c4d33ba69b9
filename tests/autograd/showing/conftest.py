from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograd.showing import Walkthrough

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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


@pytest.fixture
def contents() -> Callable[[str], dict[str, list[tuple[str, ...]]]]:
    """All that is in a picture but where: for each id its shapes, texts, colours and pens."""
    looks = ("class", "fill", "stroke", "stroke-width", "stroke-dasharray", "font-size")

    def part(element: ET.Element) -> tuple[str, ...]:
        look = [f"{key}={element.get(key)}" for key in looks if element.get(key)]
        text = element.text if element.tag in (f"{SVG}text", f"{SVG}title") else None
        # `dot` before version 5 writes the one for the other.
        plain = [each.replace("=transparent", "=none") for each in look]
        return (element.tag.removeprefix(SVG), " ".join((text or "").split()), *plain)

    def read(svg: str) -> dict[str, list[tuple[str, ...]]]:
        return {
            group.get("id", ""): [part(group), *(part(e) for e in group if e.tag != f"{SVG}g")]
            for group in ET.fromstring(svg).iter(f"{SVG}g")
        }

    return read


# Not for the whole session: while it lives, no other test of it could run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium without a window."""
    driving = pytest.importorskip(
        "playwright.sync_api",
        reason="a browser is driven by playwright: pip install 'scalar-autograd[browser]'",
    )
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on the PATH (Debian: apt-get install chromium)")
    with driving.sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = driver.chromium.launch(executable_path=program, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a walk-through, HTML or SVG; what it complains of or fetches fails the test."""
    complaints: list[str] = []
    requested: list[str] = []
    pages: list[Page] = []

    def open_page(content: Walkthrough | str, fragment: str = "", **options: object) -> Page:
        text = content if isinstance(content, str) else content.html
        file = tmp_path / f"page_{len(pages)}.{'svg' if text.startswith('<?xml') else 'html'}"
        file.write_text(text, encoding="utf-8")
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]  # any option of a page
        pages.append(page)
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: requested.append(request.url))
        page.goto(file.as_uri() + fragment)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []
    assert len(requested) == len(pages), requested
