"""The README's pictures are those that their programs make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograd import gradients
from examples.pictures.house import ROOT, house, imports_between_parts, necessary
from examples.pictures.making import FOLDER, PICTURES, both_passes
from examples.two_two_two import Network


def contents(svg: str) -> tuple[list[str], list[str], list[str]]:
    """Texts, ids with classes, and the style: coordinates differ between layout programs."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    groups = re.findall(r'<g id="(?:node|edge|group)-[^"]*" class="[^"]*"', svg)
    return sorted(texts), sorted(groups), re.findall(r"<style>.*?</style>", svg, flags=re.DOTALL)


@pytest.mark.parametrize("name", PICTURES)
def test_the_committed_picture_is_what_the_program_makes(name: str) -> None:
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert contents(committed) == contents(PICTURES[name]()), "python -m examples.pictures"
    assert len(committed) < 100_000


def test_no_other_pictures_are_kept() -> None:
    assert {path.name for path in FOLDER.glob("*.svg")} == set(PICTURES)


def test_the_readme_shows_every_picture() -> None:
    readme = (Path(ROOT) / "README.md").read_text(encoding="utf-8")
    assert all(f"examples/pictures/{name}" in readme for name in PICTURES)


def test_the_moving_picture_shows_the_engines_numbers() -> None:
    network = Network()
    [slope] = gradients(network.E_total, [network.weights[4]])
    texts, _, _ = contents(both_passes())
    assert {f"grad {slope:.4g}", f"{network.E_total.data:.4g}", "E_total", "w5"} <= set(texts)


def test_the_plan_has_the_parts_that_there_are() -> None:
    parts = imports_between_parts(ROOT)
    assert {"backprop", "value", "showing", "nn", "examples"} <= set(parts)
    assert parts["backprop"] == set()
    assert "rows" in parts["ops"]
    drawn = house().svg
    for part in parts.keys() - {"nn", "examples"}:
        assert f"autograd.{part}<" in drawn


def test_an_import_that_goes_without_saying_is_left_out() -> None:
    assert necessary({"a": [], "b": ["a"], "c": ["b", "a"], "d": ["a"]}) == [
        ("b", "a"),
        ("c", "b"),
        ("d", "a"),
    ]
