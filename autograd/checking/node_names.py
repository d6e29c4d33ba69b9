"""Nodes by their names, and what a name that nothing has may have been meant for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from autograd.value import Value

__all__ = ["near_names", "node_named"]

_MOST = 3


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """The few of the known names that `name` may be a slip for, likely ones first.

    These are the same name in other cases, names that have it as a part between underscores or
    dots, and names that look alike.

    >>> near_names("W", ["w", "x"]), near_names("h1", ["net_h1", "out_h1", "net_h2"])
    (['w'], ['net_h1', 'out_h1'])
    >>> near_names("wieght", ["weight", "bias"]), near_names("q", ["weight", "bias"])
    (['weight'], [])
    """
    asked = name.casefold()
    names: dict[str, list[str]] = {}
    for other in known:
        names.setdefault(other.casefold(), []).append(other)
    parts = [folded for folded in names if asked in re.split(r"[\W_]+", folded)]
    alike = get_close_matches(asked, names, n=_MOST)
    likely = [folded for folded in (asked, *parts, *alike) if folded in names]
    return [other for folded in dict.fromkeys(likely) for other in names[folded]][:_MOST]


def node_named(name: str, order: Sequence[Value]) -> Value:
    """The one node of that name in the topological order of a graph.

    Raises ValueError if no node, or more than one, has the name.

    >>> w = Value(2.0, name="w")
    >>> node_named("w", [w, w * w]) is w
    True
    """
    found = [node for node in order if node.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(
            f"{len(found)} nodes are named {name!r} under {order[-1]!r}: give the Value itself"
        )
    near = " or ".join(map(repr, near_names(name, sorted({node.name for node in order}))))
    hint = f"did you mean {near}?" if near else "give a node's name, or the Value itself"
    raise ValueError(f"no node is named {name!r} under {order[-1]!r}: {hint}")
