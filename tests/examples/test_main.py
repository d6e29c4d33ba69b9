"""`python -m examples` as users run it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]

Run = Callable[..., subprocess.CompletedProcess[str]]

QUICK = ["two_two_two", "nine_inputs", "one_neuron", "reversed_network"]
NAMES = [
    "two_two_two",
    "two_two_two_training",
    "nine_inputs",
    "six_patterns",
    "surfaces",
    "three_rings",
    "one_neuron",
    "reversed_network",
    "xor",
    "two_moons",
]
SVG, PNG = "data:image/svg+xml;base64,", "data:image/png;base64,"

Shown = tuple[subprocess.CompletedProcess[str], Path]


class Page(HTMLParser):
    """What the page's elements ask for: opened and closed tags, ids, links and images."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: dict[str, list[str]] = {"id": [], "href": [], "src": []}
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img"}:
            self.open.append(tag)
        for key, value in attrs:
            self.found.get(key, []).append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def shown(run_module: Run, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """All examples, run once as `python -m examples` runs them."""
    folder = tmp_path_factory.mktemp("shown")
    return run_module("examples", "--output", str(folder)), folder


def test_everything_is_checked_drawn_and_shown(shown: Shown) -> None:
    done, folder = shown
    assert (done.returncode, done.stderr) == (0, "")

    index = folder / "index.html"
    assert index.as_uri() in done.stdout
    tables = [line for line in done.stdout.splitlines() if str(folder) not in line]
    assert max(map(len, tables)) <= 80
    for printed in ("0.3775", "-0.019049119", "w8+", "30.616035999999998", "σ'(z)", "b_C"):
        assert printed in done.stdout
        assert printed.replace("'", "&#x27;") in index.read_text(encoding="utf-8")

    pictures = {path.name for path in folder.glob("*.svg")}
    assert len(pictures) >= 16
    for picture in pictures:
        root = ElementTree.parse(folder / picture).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (folder / "surfaces.png").read_bytes().startswith(b"\x89PNG")


def test_page_needs_nothing_but_itself(shown: Shown) -> None:
    _, folder = shown
    page = Page(folder / "index.html")
    assert page.open == []
    assert page.found["id"] == NAMES
    assert len(page.found["src"]) == len([*folder.glob("*.svg"), *folder.glob("*.png")])
    assert all(source.startswith((SVG, PNG)) for source in page.found["src"])
    assert [link for link in page.found["href"] if link.startswith("#")] == [f"#{n}" for n in NAMES]
    files = [link for link in page.found["href"] if not link.startswith(("#", "https://"))]
    assert files
    assert all((folder / file).is_file() for file in files)


def test_without_matplotlib_everything_else_is_shown(run_module: Run, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    missing.mkdir()
    (missing / "matplotlib.py").write_text("raise ImportError('not here')", encoding="utf-8")
    path = os.pathsep.join([str(missing), str(ROOT)])
    done = run_module("examples", "three_rings", "--output", str(tmp_path), PYTHONPATH=path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("pip install 'scalar-autograd[plot]'") == 2
    assert "classified rightly" in done.stdout
    assert list(tmp_path.glob("*.svg")) == []
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "pip install &#x27;scalar-autograd[plot]&#x27;" in page


def test_pictures_need_no_installed_dot(run_module: Run, tmp_path: Path) -> None:
    done = run_module("examples", "one_neuron", "--output", str(tmp_path), PATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "grad 6" in (tmp_path / "one_neuron.svg").read_text(encoding="utf-8")


def test_examples_can_be_chosen_by_name(run_module: Run, tmp_path: Path) -> None:
    done = run_module("examples", "reversed_network", "--output", str(tmp_path / "new" / "folder"))
    assert done.returncode == 0
    assert Page(tmp_path / "new" / "folder" / "index.html").found["id"] == ["reversed_network"]
    assert "Document 000" not in done.stdout


def test_unknown_name_lists_the_known_ones(run_module: Run) -> None:
    done = run_module("examples", "two_by_two")
    assert done.returncode == 2
    assert "'two_by_two'" in done.stderr
    assert all(name in done.stderr for name in NAMES)


def test_output_that_is_no_folder_is_an_error_without_traceback(
    run_module: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = run_module("examples", "one_neuron", "--output", str(tmp_path / "file"))
    assert done.returncode == 2
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", QUICK)
def test_each_script_runs_alone(name: str, run_module: Run, checkout: Path) -> None:
    done = run_module(f"examples.{name}", cwd=checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert Page(checkout / "examples" / "output" / "index.html").found["id"] == [name]


@pytest.mark.parametrize(
    ("name", "before", "after", "complaint"),
    [
        ("two_two_two", '"0.082167041"', '"0.082167042"', "✗ wrong"),
        ("two_two_two", '"∂E_total/∂w5"', '"∂E_total/∂w9"', "✗ unknown quantity"),
        ("two_two_two", '"-0.019049119"', '"-0.019049118"', "✗ agrees"),
        ("two_two_two", 'known_wrong = "made by', '# known_wrong = "made by', "✗ wrong"),
        ("two_two_two_training", '"E(1), output first"', '"E(1), old weights"', "✗ wrong"),
        ("six_patterns", '"0.983"', '"0.981"', "✗ wrong"),
        ("nine_inputs", 'quantity = "w22"', 'quantity = "w41"', "✗ wrong"),
        ("one_neuron", '"30.616035999999998"', '"30.616035999999898"', "✗ wrong"),
        ("reversed_network", '"-0.464987512487"', '"0.464987512487"', "✗ wrong"),
    ],
)
def test_falsified_claims_are_found(
    *, name: str, before: str, after: str, complaint: str, run_module: Run, checkout: Path
) -> None:
    file = checkout / "examples" / f"{name}.toml"
    claims = file.read_text(encoding="utf-8")
    assert before in claims
    file.write_text(claims.replace(before, after, 1), encoding="utf-8")

    done = run_module("examples", name, "--output", str(checkout / "shown"), cwd=checkout)
    assert (done.returncode, done.stderr) == (1, "")
    assert complaint in done.stdout[done.stdout.index(f"{name}: ") :]
    page = (checkout / "shown" / "index.html").read_text(encoding="utf-8")
    assert 'class="card fails"' in page
    assert complaint in page


def test_terminal_without_greek_letters_is_no_obstacle(run_module: Run, tmp_path: Path) -> None:
    done = run_module(
        "examples", "two_two_two", "--output", str(tmp_path), PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "?E_total/?w5" in done.stdout
