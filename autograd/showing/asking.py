"""Which nodes a question is about: given as Values, or by name."""

from __future__ import annotations

from difflib import get_close_matches

from autograd.backprop import topological_order
from autograd.value import Value

__all__ = ["asked_node", "checked_node"]


def checked_node(function: str, argument: str, node: object) -> Value:
    """The node, or a TypeError that says what came instead."""
    if not isinstance(node, Value):
        kind = type(node).__name__
        raise TypeError(f"{function}: {argument} is {node!r}, a {kind}, and no node of a graph")
    return node


def asked_node(function: str, output: object, wrt: object) -> Value:
    """The node that is given, or the one node of that name under `output`.

    Raises ValueError if no node, or more than one, has the name; TypeError for what is no Value.

    >>> w = Value(2.0, name="w")
    >>> asked_node("why", w * w, "w") is w
    True
    """
    graph = checked_node(function, "output", output)
    if not isinstance(wrt, str):
        return checked_node(function, "wrt", wrt)
    order = topological_order(graph)
    found = [node for node in order if node.name == wrt]
    if len(found) == 1:
        return found[0]
    if found:
        problem = f"{len(found)} nodes are named {wrt!r} under {graph!r}: give the Value itself"
    else:
        names = {node.name for node in order if node.name}
        near = " or ".join(map(repr, get_close_matches(wrt, sorted(names), n=3)))
        hint = f"did you mean {near}?" if near else "give a node's name, or the Value itself"
        problem = f"no node is named {wrt!r} under {graph!r}: {hint}"
    raise ValueError(f"{function}: {problem}")
