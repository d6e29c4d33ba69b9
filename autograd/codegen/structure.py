"""Arguments taken apart into numbers and a structure, and put together again."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from autograd.rows import as_float
from autograd.value import Value

__all__ = ["Structure", "built", "elements", "flattened", "places"]

# What is left of arguments without their numbers: hashable, equal for equal structures.
Structure = tuple[Any, ...]

_NUMBER: Structure = ("number",)


def flattened(thing: object, where: str, numbers: list[float]) -> Structure:
    """Append the numbers of the thing, in order, and return its structure.

    Numbers may stand in lists, tuples, dicts and arrays inside each other. Text, bool and None
    are no numbers but belong to the structure: a function may go by them.

    >>> numbers = []
    >>> flattened([1, {"a": 2.5}], "x", numbers)
    ('list', ('number',), ('dict', 'a', ('number',)))
    >>> numbers
    [1.0, 2.5]
    """
    if type(thing) is float:
        numbers.append(thing)
        return _NUMBER
    if thing is None or isinstance(thing, str | bytes | bool):
        return "fixed", type(thing), thing
    if isinstance(thing, list | tuple | dict):
        return _flattened_container(thing, where, numbers)
    if getattr(thing, "shape", ()) and hasattr(thing, "ravel"):
        array: Any = thing
        numbers.extend(as_float(element, where) for element in array.ravel().tolist())
        return "array", tuple(array.shape)
    numbers.append(thing.data if isinstance(thing, Value) else as_float(thing, where))
    return _NUMBER


def _flattened_container(
    thing: list[Any] | tuple[Any, ...] | dict[Any, Any], where: str, numbers: list[float]
) -> Structure:
    if isinstance(thing, dict):
        structure: list[object] = ["dict"]
        for key, part in thing.items():
            structure += key, flattened(part, f"{where}[{key!r}]", numbers)
        return tuple(structure)
    parts = [flattened(part, f"{where}[{i}]", numbers) for i, part in enumerate(thing)]
    return ("list", *parts) if isinstance(thing, list) else ("tuple", type(thing), *parts)


def built(structure: Structure, numbers: Iterator[Any], fixed: Callable[[object], object]) -> Any:
    """The thing again, with what `numbers` gives in place of the numbers.

    `fixed` says what stands for a part that was no number.

    >>> built(("list", ("number",), ("fixed", str, "a")), iter([3]), lambda part: part)
    [3, 'a']
    """
    kind, *parts = structure
    if kind == "number":
        return next(numbers)
    if kind == "fixed":
        return fixed(parts[1])
    if kind == "array":
        return _array(parts[0], numbers)
    if kind == "dict":
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return {key: built(part, numbers, fixed) for key, part in pairs}
    container = parts.pop(0) if kind == "tuple" else list
    elements = [built(part, numbers, fixed) for part in parts]
    return container(*elements) if hasattr(container, "_fields") else container(elements)


def _array(shape: tuple[int, ...], numbers: Iterator[Any]) -> object:
    numpy = import_module("numpy")
    inside = list(itertools.islice(numbers, math.prod(shape)))
    is_plain = all(isinstance(element, float) for element in inside)
    array = numpy.empty(len(inside), dtype=float if is_plain else object)
    array[:] = inside
    return array.reshape(shape)


def elements(structure: Structure, thing: Any) -> Iterator[Any]:
    """What stands in the places of the numbers, in order, whatever it is.

    >>> list(elements(("list", ("number",), ("dict", "a", ("number",))), ["one", {"a": "two"}]))
    ['one', 'two']
    """
    kind, *parts = structure
    if kind == "number":
        yield thing
    elif kind == "dict":
        for key, part in zip(parts[::2], parts[1::2], strict=True):
            yield from elements(part, thing[key])
    elif kind == "array":
        for index in itertools.product(*map(range, parts[0])):
            yield thing[index]
    elif kind != "fixed":
        inside = parts[1 if kind == "tuple" else 0 :]
        for part, element in zip(inside, thing, strict=True):
            yield from elements(part, element)


def places(structure: Structure, name: str) -> Iterator[str]:
    """For every number a name made of where it stands: x_0 for x[0].

    >>> list(places(("list", ("number",), ("dict", "a", ("number",))), "x"))
    ['x_0', 'x_1_a']
    """
    kind, *parts = structure
    if kind == "number":
        yield name
    elif kind == "dict":
        for key, part in zip(parts[::2], parts[1::2], strict=True):
            yield from places(part, f"{name}_{key}")
    elif kind == "array":
        for indices in itertools.product(*map(range, parts[0])):
            yield "_".join([name, *map(str, indices)])
    elif kind != "fixed":
        for index, part in enumerate(parts[1 if kind == "tuple" else 0 :]):
            yield from places(part, f"{name}_{index}")
