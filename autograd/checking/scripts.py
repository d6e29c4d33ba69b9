"""Programs that compute a graph, run in order to check claims about it."""

from __future__ import annotations

import errno
import runpy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from autograd.backprop import topological_order
from autograd.value import Value

# Values are looked for in containers and objects, but not deeper than this.
_DEEPEST = 3


@dataclass
class Computed:
    """What a program leaves behind: the graphs it computed, and its plain numbers by name."""

    outputs: list[Value] = field(default_factory=list)
    values: dict[str, float | Value] = field(default_factory=dict)


def run_script(script: str, folder: Path | None = None) -> Computed:
    """Run `net.py`, or call `function` of `net.py:function`, and collect what it computed.

    Everything that its variables hold counts, in lists, dictionaries and objects too; of a
    function, what it returns. A Value without a name gets that of its variable. Blocks under
    `if __name__ == "__main__"` are not run. A relative path is relative to `folder`.

    Raises OSError if there is no such file, ValueError if there is no such function or no Value,
    and whatever the program raises.
    """
    path, function = split(script)
    file = (folder or Path()) / path
    if not file.is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no such program", str(file))
    with _importing_from(file.parent):
        namespace = runpy.run_path(str(file), run_name=file.stem)
        if function:
            if not callable(namespace.get(function)):
                raise ValueError(f"{file} has no function {function!r}")
            left: object = namespace[function]()
        else:
            left = {name: thing for name, thing in namespace.items() if not name.startswith("_")}
    found = _collected(left)
    if not found.outputs:
        where = f"{function}() of {file} returns" if function else f"{file} leaves"
        raise ValueError(f"{where} no Value behind, so there is nothing to check claims against")
    return found


def split(script: str) -> tuple[str, str]:
    """The path and the function of `net.py:function`.

    >>> split("net.py:loss"), split("net.py")
    (('net.py', 'loss'), ('net.py', ''))
    """
    path, colon, function = script.rpartition(":")
    return (path, function) if colon and path.endswith(".py") else (script, "")


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Let a program import what stands beside it, as Python itself does."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _collected(left: object) -> Computed:
    found = Computed()
    values: dict[Value, str] = {}
    for name, thing in _things("", left, 0):
        if isinstance(thing, Value):
            values.setdefault(thing, name)
        elif name and isinstance(thing, int | float) and not isinstance(thing, bool):
            found.values.setdefault(name, thing)
    taken = {node.name for value in values for node in topological_order(value)}
    for value, name in values.items():
        if name and not value.name and name not in taken:
            value.name = name
            taken.add(name)
    below = {node for value in values for node in topological_order(value)[:-1]}
    found.outputs = [value for value in values if value not in below]
    return found


def _things(name: str, thing: object, depth: int) -> Iterator[tuple[str, object]]:
    """Values and numbers in a thing, each with the name of the variable that holds it alone."""
    yield name, thing
    if depth == _DEEPEST or isinstance(thing, str | bytes | Value | type):
        return
    if isinstance(thing, Mapping):
        inner = [(key if isinstance(key, str) else "", value) for key, value in thing.items()]
    elif isinstance(thing, list | tuple | set | frozenset):
        inner = [("", value) for value in thing]
    elif hasattr(thing, "__dict__") and not callable(thing):
        inner = list(vars(thing).items())
    else:
        return
    for key, value in inner:
        if not isinstance(value, ModuleType):
            yield from _things(key, value, depth + 1)
