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
from autograd.checking.quantities import Given, Unknown
from autograd.value import Value

# Values are looked for in containers and objects, but not deeper than this.
_DEEPEST = 3


@dataclass
class Computed:
    """What a program leaves behind.

    Attributes:
        outputs: the graphs it computed.
        values: its plain numbers by name; Unknown where a name has several.
    """

    outputs: list[Value] = field(default_factory=list)
    values: dict[str, Given | Unknown] = field(default_factory=dict)


def run_script(script: str, folder: Path | None = None) -> Computed:
    """Run `net.py`, or call `function` of `net.py:function`, and collect what it computed.

    Everything that its variables hold counts, in lists, dictionaries and objects too; of a
    function, what it returns. A Value without a name gets that of its variable. A variable comes
    before a key or an attribute of the same name. Blocks under `if __name__ == "__main__"` are not
    run. A relative path is relative to `folder`.

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
    names: dict[Value, tuple[int, str]] = {}
    for depth, level in enumerate(_levels(left)):
        numbers: dict[str, set[float]] = {}
        for name, thing in level:
            if isinstance(thing, Value) and not names.get(thing, (0, ""))[1]:
                names[thing] = depth, name
            elif name and isinstance(thing, int | float) and not isinstance(thing, bool):
                numbers.setdefault(name, set()).add(thing)
        for name, each in numbers.items():
            found.values.setdefault(name, _one_of(each))
    _name(names)
    below = {node for value in names for node in topological_order(value)[:-1]}
    found.outputs = [value for value in names if value not in below]
    return found


def _one_of(numbers: set[float]) -> Given | Unknown:
    first, *others = sorted(numbers)
    if not others:
        return Given(first, "a number of the program: the graph has nothing of this name")
    told = ", ".join(map(repr, (first, *others)))
    return Unknown(f"the program has several numbers of this name: {told}; give each its own")


def _name(names: Mapping[Value, tuple[int, str]]) -> None:
    """Name what has no name, from the variables down.

    The same name for several things of one depth lets `verify` say that it is not clear.
    """
    taken = {node.name: -1 for value in names for node in topological_order(value)}
    for value, (depth, name) in sorted(names.items(), key=lambda item: item[1][0]):
        if not value.name and taken.setdefault(name, depth) == depth:
            value.name = name


def _levels(left: object) -> Iterator[list[tuple[str, object]]]:
    """Variables, then what they hold, and so on: each thing with the name that it alone has."""
    level: list[tuple[str, object]] = [("", left)]
    for _ in range(_DEEPEST + 1):
        yield level
        level = [part for _, thing in level for part in _parts(thing)]


def _parts(thing: object) -> Iterator[tuple[str, object]]:
    if isinstance(thing, str | bytes | Value | type):
        return
    if isinstance(thing, Mapping):
        parts = [(key if isinstance(key, str) else "", value) for key, value in thing.items()]
    elif isinstance(thing, list | tuple | set | frozenset):
        parts = [("", value) for value in thing]
    elif hasattr(thing, "__dict__") and not callable(thing):
        parts = list(vars(thing).items())
    else:
        return
    yield from (part for part in parts if not isinstance(part[1], ModuleType))
