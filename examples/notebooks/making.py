"""A notebook from its text: fenced Python is a cell of code, what stands between is text."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

__all__ = ["NOTEBOOKS", "TEXTS", "executed", "notebook", "write"]

_FOLDER = Path(__file__).parent
TEXTS = {path.stem: path for path in sorted(_FOLDER.glob("*.md"))}
NOTEBOOKS = {name: _FOLDER.parent / f"{name}.ipynb" for name in TEXTS}

_CODE = re.compile(r"^```python\n(.*?)\n```$", flags=re.MULTILINE | re.DOTALL)

# Nothing of this machine: the same text makes the same notebook everywhere.
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(name: str) -> NotebookNode:
    """The notebook that the text of this name makes, not yet executed."""
    parts = _CODE.split(TEXTS[name].read_text(encoding="utf-8"))
    cells: list[dict[str, object]] = []
    for place, part in enumerate(parts):
        cell: dict[str, object] = {
            "id": f"cell-{len(cells)}",
            "metadata": {},
            "source": part.strip(),
        }
        if place % 2:
            cells.append({**cell, "cell_type": "code", "execution_count": None, "outputs": []})
        elif part.strip():
            cells.append({**cell, "cell_type": "markdown"})
    return _as_notebook({"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})


def _as_notebook(content: Mapping[str, object]) -> NotebookNode:
    text = json.dumps(content)
    return cast("NotebookNode", nbformat.reads(text, as_version=4))  # type: ignore[no-untyped-call]  # nbformat has no annotations


def executed(name: str) -> NotebookNode:
    """The notebook with its outputs; raises CellExecutionError if a cell fails.

    It runs in the folder of the notebooks, as it does when it is opened there.
    """
    made = notebook(name)
    resources = {"metadata": {"path": str(_FOLDER.parent)}}
    client = NotebookClient(
        made,
        timeout=None,
        record_timing=False,
        resources=resources,
        extra_arguments=["--log-level=ERROR"],  # not its remarks on encryption
    )
    # A progress bar in a notebook that is kept tells how fast this machine was, and nothing else.
    client.execute(env={**os.environ, "TQDM_DISABLE": "1"})
    return _as_notebook({**made, "metadata": _METADATA})


def write(name: str) -> Path:
    """Execute the notebook and write it beside the scripts; returns its path."""
    target = NOTEBOOKS[name]
    text: str = nbformat.writes(executed(name))  # type: ignore[no-untyped-call]  # nbformat has no annotations
    target.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return target
