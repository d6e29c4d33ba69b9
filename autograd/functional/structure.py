"""Lists, tuples and dicts of numbers: taken apart into one list, and put together again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_DEEPEST = 100


def leaves(tree: object, where: str, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Every element that is no list, tuple or dict, in order, and where it stands.

    Raises ValueError for what is nested more than 100 deep, such as a list that contains itself.

    >>> list(leaves({"w": [1.0, 2.0], "b": 3.0}, "p"))
    [("p['w'][0]", 1.0), ("p['w'][1]", 2.0), ("p['b']", 3.0)]
    """
    if depth > _DEEPEST:
        raise ValueError(
            f"{where[:40]}… is nested more than {_DEEPEST} deep; does it contain itself?"
        )
    if isinstance(tree, list | tuple):
        for index, element in enumerate(tree):
            yield from leaves(element, f"{where}[{index}]", depth + 1)
    elif isinstance(tree, dict):
        for key, element in tree.items():
            yield from leaves(element, f"{where}[{key!r}]", depth + 1)
    else:
        yield where, tree


# Any: what comes out is shaped like what the user gave, which no annotation can say.
def shaped_like(tree: object, elements: Iterator[Any]) -> Any:
    """The same lists, tuples and dicts with other elements, taken in the order of `leaves`.

    >>> shaped_like({"w": [1.0, 2.0], "b": 3.0}, iter("xyz"))
    {'w': ['x', 'y'], 'b': 'z'}
    """
    if isinstance(tree, list):
        return [shaped_like(element, elements) for element in tree]
    if isinstance(tree, tuple):
        inside = [shaped_like(element, elements) for element in tree]
        return type(tree)(*inside) if hasattr(tree, "_fields") else tuple(inside)
    if isinstance(tree, dict):
        return {key: shaped_like(element, elements) for key, element in tree.items()}
    return next(elements)


def contains(tree: object, kind: type) -> bool:
    """Whether an element is of this kind, however deep the lists, tuples and dicts.

    >>> contains([1.0, {"w": (2.0, "text")}], str)
    True
    """
    pending, seen = [tree], set()
    while pending:
        thing = pending.pop()
        if isinstance(thing, kind):
            return True
        if isinstance(thing, list | tuple | dict) and id(thing) not in seen:
            seen.add(id(thing))
            pending.extend(thing.values() if isinstance(thing, dict) else thing)
    return False
