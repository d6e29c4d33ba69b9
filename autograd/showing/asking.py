"""What a question is about: nodes given as Values or by name, and how much is to be shown."""

from __future__ import annotations

from autograd.backprop import topological_order
from autograd.checking.node_names import node_named
from autograd.value import Value

__all__ = ["LOST", "asked_node", "check_whole", "checked_node"]

# Why an input may have no path to an output that was computed with it.
LOST = (
    "if it went through float(…), math.exp or .data on the way, the graph ends there: "
    "use autograd.exp and its like"
)


def checked_node(function: str, argument: str, node: object) -> Value:
    """The node, or a TypeError that says what came instead."""
    if not isinstance(node, Value):
        kind = type(node).__name__
        raise TypeError(f"{function}: {argument} is {node!r}, a {kind}, and no node of a graph")
    return node


def check_whole(
    function: str, argument: str, given: object, least: int, most: int | None = None
) -> None:
    """TypeError for what is no whole number, ValueError for one outside least … most."""
    if not isinstance(given, int) or isinstance(given, bool):
        raise TypeError(f"{function}: {argument} is a whole number, got {given!r}")
    if given < least or (most is not None and given > most):
        allowed = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{function}: {argument} must be {allowed}, got {given}")


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
    try:
        return node_named(wrt, topological_order(graph))
    except ValueError as error:
        raise ValueError(f"{function}: {error}") from None
