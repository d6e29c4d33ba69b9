"""The notebooks are those that their texts make, they run, and they show what they showed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import examples

pytest.importorskip(
    "nbclient",
    reason="notebooks are executed by nbclient: pip install 'scalar-autograd[notebook]'",
)
pytest.importorskip("ipykernel", reason="notebooks need a kernel: see above")
pytest.importorskip("matplotlib", reason="the notebooks plot: pip install 'scalar-autograd[plot]'")

import nbformat

from examples.notebooks.making import NOTEBOOKS, executed, notebook

FOLDER = Path(examples.__file__).parent
NAMES = list(NOTEBOOKS)


def kept(name: str) -> Any:
    text = NOTEBOOKS[name].read_text(encoding="utf-8")
    return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no annotations


def texts(made: Any) -> list[str]:
    """What the cells show to those who see no pictures, with numbers to nine digits."""
    # A cell's outputs together: into how many pieces its printing is cut is up to chance.
    found = [
        "".join(
            str(o.get("text") or o.get("data", {}).get("text/plain", ""))
            for o in cell.get("outputs", [])
        )
        for cell in made.cells
    ]
    return [re.sub(r"\d+\.\d+(e[-+]\d+)?", lambda n: f"{float(n[0]):.9g}", text) for text in found]


def test_there_is_one_for_each_document_and_one_to_start_with() -> None:
    documents = {"two_two_two", "nine_inputs", "surfaces", "one_neuron", "reversed_network"}
    assert set(NAMES) == documents | {"start_here"}
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(NAMES)
    assert all((FOLDER / f"{name}.py").is_file() for name in documents)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_its_text_makes(name: str) -> None:
    made, found = notebook(name), kept(name)
    assert [(c.cell_type, c.source, c.id) for c in found.cells] == [
        (c.cell_type, c.source, c.id) for c in made.cells
    ], "write it anew: python -m examples.notebooks"
    assert found.metadata == made.metadata


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_shows_what_it_showed(name: str) -> None:
    assert texts(executed(name)) == texts(kept(name)), "write it anew: python -m examples.notebooks"


@pytest.mark.parametrize("name", NAMES)
def test_it_was_executed_from_top_to_bottom_and_is_small(name: str) -> None:
    cells = [cell for cell in kept(name).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {
        "execute_result",
        "display_data",
        "stream",
    }
    assert all(output.get("name", "stdout") == "stdout" for output in outputs)
    assert NOTEBOOKS[name].stat().st_size < 600_000


@pytest.mark.parametrize("name", NAMES)
def test_its_links_lead_somewhere(name: str) -> None:
    written = [cell.source for cell in kept(name).cells if cell.cell_type == "markdown"]
    links = re.findall(r"\]\(([^)]*)\)", "\n".join(written))
    assert all(link.startswith("https://") or (FOLDER / link).is_file() for link in links)


def test_the_first_one_links_to_all_others() -> None:
    written = "\n".join(cell.source for cell in kept("start_here").cells)
    assert {name for name in NAMES if f"({name}.ipynb)" in written} == {*NAMES} - {"start_here"}
