"""Numbers that were made elsewhere, and a checkout's examples in a folder of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, gradients, topological_order

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).with_name("data")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def reference() -> Callable[[str], Any]:
    """The exact values of a document, by 50-digit arithmetic."""
    return lambda name: json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def number_in() -> Callable[[Value, str], float]:
    """A node's value by its name, or a derivative written as `over/under`, in the graph of one."""

    def number(output: Value, quantity: str) -> float:
        nodes = {node.name: node for node in topological_order(output)}
        if "/" not in quantity:
            return nodes[quantity].data
        over, under = quantity.split("/")
        [slope] = gradients(nodes[over], [nodes[under]])
        return slope

    return number


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with a copy of the examples, to be changed at will."""
    ignored = shutil.ignore_patterns("output", "__pycache__")
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=ignored)
    return tmp_path


@pytest.fixture(scope="session")
def run_module() -> Run:
    """Runs `python -m` in a folder, with this checkout's packages, as a user would."""

    def run(
        module: str, *arguments: str, cwd: Path = ROOT, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
        variables |= {"PYTHONIOENCODING": "utf-8", **environment}
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=cwd,
            env=variables,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run
