"""Nodes of a network, picked for its picture."""

from __future__ import annotations

from autograd import Value


def units(*outputs: Value) -> list[Value]:
    """Both nodes of each unit: its net input and its output."""
    return [node for output in outputs for node in (output.parents[0], output)]
