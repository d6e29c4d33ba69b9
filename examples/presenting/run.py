"""Run examples: print each, write its pictures, then the page that shows all of them."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from examples.presenting.page import page_html
from examples.presenting.result import Example
from examples.presenting.terminal import example_text

OUTPUT = Path(__file__).parents[1] / "output"


def run(makers: Iterable[Callable[[], Example]], folder: Path = OUTPUT) -> int:
    """Make the examples, show them, and write pictures and `index.html` into `folder`.

    Returns the exit status: 0, or 1 if a number that should agree does not.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or pipe that knows no ∂ shows a question mark instead of failing.
        sys.stdout.reconfigure(errors="replace")
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    width = min(shutil.get_terminal_size().columns, 100)
    made = []
    for make in makers:
        example = make()
        made.append(example)
        print(example_text(example, _write_figures(example, folder), width), end="\n\n\n")
    page = folder / "index.html"
    page.write_text(page_html(made), encoding="utf-8", newline="\n")
    for example in made:
        print(f"{example.name}: {example.summary}")
        for row in example.failures:
            print(f"    {'  '.join(row.cells)}")
    print(f"\nTables and pictures together: {page}\n{page.as_uri()}")
    return 1 if any(example.failures for example in made) else 0


def _write_figures(example: Example, folder: Path) -> dict[str, Path]:
    files = {figure.name: folder / figure.file for figure in example.figures}
    for figure in example.figures:
        files[figure.name].write_bytes(figure.content)
    return files
