"""The plan of the house, drawn from what stands in it: docstrings and imports."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import graphviz

from autograd import Drawing

__all__ = ["house", "imports_between_parts", "necessary"]

ROOT = Path(__file__).parents[2]

# One colour for each of the three floors: the core, its wings, and those that use them.
_CORE, _WINGS, _USERS = "#fde6c4", "#dcebf7", "#d9f0e7"
_WING_NAMES = ("codegen", "checking", "showing")
_USER_NAMES = ("nn", "examples")
_WIDTH = 34

_FACE = "autograd"


def house() -> Drawing:
    """Every part of the project with what it is for; an arrow leads to what it imports.

    What a part imports by way of another one has no arrow of its own.
    """
    parts = imports_between_parts(ROOT)
    graph = graphviz.Digraph(
        name="house",
        graph_attr={
            "rankdir": "BT",
            "bgcolor": "white",
            "nodesep": "0.25",
            "ranksep": "0.25",
            "margin": "0.1",
        },
        node_attr={
            "shape": "record",
            "style": "rounded,filled",
            "color": "#444444",
            "fontname": "Verdana",
            "fontsize": "10",
        },
        edge_attr={"color": "#666666", "arrowsize": "0.7", "dir": "back"},
    )
    for part in parts:
        title = part if part in _USER_NAMES else f"autograd.{part}"
        purpose = r"\n".join(map(graphviz.escape, textwrap.wrap(_purpose(part), _WIDTH)))
        graph.node(part, f"{{{title}|{purpose}}}", fillcolor=_colour(part))
    for part, below in necessary(parts):
        graph.edge(below, part)
    count = len(parts)
    return Drawing(graph.source, [], f"plan of the house: {count} parts")


def _colour(part: str) -> str:
    if part in _USER_NAMES:
        return _USERS
    return _WINGS if part in _WING_NAMES else _CORE


def imports_between_parts(root: Path) -> dict[str, set[str]]:
    """What each part of `autograd`, and each package that uses it, imports of the others.

    A package that imports the face of `autograd` imports what nothing else in it imports.
    """
    folder = root / _FACE
    parts = {
        path.stem: set(_imported(path))
        for path in sorted(folder.iterdir())
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem[:2] != "__"
    }
    found = {part: (each & parts.keys()) - {part} for part, each in parts.items()}
    tops = set(found) - {below for each in found.values() for below in each}
    return {**found, "nn": tops, "examples": {"nn"}}


def _imported(path: Path) -> Iterator[str]:
    """The parts of `autograd` that a module, or the modules of a folder, import."""
    for file in [path] if path.is_file() else path.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from (name.split(".")[1] for name in names if name.startswith(f"{_FACE}."))


def necessary(parts: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """The imports, each as who and what, that no way over other parts replaces."""
    reached: dict[str, set[str]] = {}
    arrows = []
    for part in TopologicalSorter(parts).static_order():
        direct = set(parts[part])
        beyond = {further for below in direct for further in reached[below]}
        reached[part] = direct | beyond
        arrows += [(part, below) for below in sorted(direct - beyond)]
    return sorted(arrows)


def _purpose(part: str) -> str:
    """The first sentence of the part's docstring."""
    place = ROOT / part if part in _USER_NAMES else ROOT / _FACE / part
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).partition(". ")[0].rstrip(".").replace("`", "")
