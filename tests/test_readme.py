"""The README's two commands are those by which a fresh machine is set up."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from autograd.showing.operations import operations_table

ROOT = Path(__file__).parents[1]
SET_UP = "python3 -m venv .venv && .venv/bin/pip install --quiet --editable"
MAIN_JOB = f"{SET_UP} '.[plot]' && .venv/bin/python -m examples"
TESTS = f"{SET_UP} '.[test]' && .venv/bin/python -m pytest"


def shell_blocks(markdown: str) -> list[str]:
    """The fenced `sh` blocks: what a reader pastes, each one whole."""
    return re.findall(r"^```sh\n(.*?)\n```$", markdown, flags=re.MULTILINE | re.DOTALL)


def test_shell_blocks_are_found_whole() -> None:
    markdown = "text\n```sh\none\n```\n```python\n1\n```\n\n```sh\ntwo \\\n  lines\n```\n"
    assert shell_blocks(markdown) == ["one", "two \\\n  lines"]


@pytest.mark.parametrize(("command", "ending"), [(MAIN_JOB, "-m examples"), (TESTS, "-m pytest")])
def test_readme_gives_the_command_alone_in_one_block(command: str, ending: str) -> None:
    blocks = shell_blocks((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [block for block in blocks if block.endswith(ending)] == [command]


def test_what_the_commands_name_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "test" in project["optional-dependencies"]
    assert (ROOT / "examples" / "__main__.py").is_file()


def test_the_table_of_operations_is_current() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- operations:start -->\n")[2].partition("<!-- operations:end -->")[
        0
    ]
    # `python -m autograd operations` prints the table to paste.
    assert table == operations_table() + "\n"


def test_the_row_that_is_shown_is_that_of_the_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^```python\n(@_row.*?)\n```$", readme, re.MULTILINE | re.DOTALL)
    table = (ROOT / "autograd" / "ops.py").read_text(encoding="utf-8")
    row = "@_row" + table[: table.index("return math.tanh")].rpartition("@_row")[2]
    for line in shown.splitlines()[:-1]:
        assert line.removesuffix('"""') in row


def test_what_the_readme_links_to_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", readme)
    paths = [link or source for link, source in links]
    assert len(paths) > 10
    for path in paths:
        assert path.startswith("https://") or (ROOT / path).exists(), path
