"""Nodes by name, and names that may have been meant."""

from __future__ import annotations

import pytest

from autograd import Value
from autograd.backprop import topological_order
from autograd.checking.node_names import near_names, node_named

NETWORK = ["net_h1", "out_h1", "net_h2", "out_h2", "h1.weights.0", "w1", "w2", "E_total"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("h1", ["net_h1", "out_h1", "h1.weights.0"]),
        ("H2", ["net_h2", "out_h2"]),
        ("W1", ["w1"]),
        ("e_total", ["E_total"]),
        ("E_totl", ["E_total"]),
        ("total", ["E_total"]),
        ("", []),
        ("velocity", []),
    ],
)
def test_near_names(name: str, near: list[str]) -> None:
    assert near_names(name, NETWORK) == near


def test_names_that_differ_in_case_alone_are_all_told() -> None:
    assert near_names("LOSS", ["Loss", "loss", "lose"]) == ["Loss", "loss", "lose"]


def test_a_part_is_likelier_than_a_likeness() -> None:
    assert near_names("h1", ["h11", "net_h1"]) == ["net_h1", "h11"]


def test_no_more_than_a_few() -> None:
    assert near_names("w", [f"w_{k}" for k in range(1000)]) == ["w_0", "w_1", "w_2"]


def test_the_one_node_of_a_name() -> None:
    w = Value(2.0, name="w")
    y = ((w * w).named("y") + Value(1.0, name="w")).named("z")
    order = topological_order(y)
    assert node_named("y", order).data == 4.0
    with pytest.raises(ValueError, match=r"^2 nodes are named 'w' under .*'z'.*the Value itself"):
        node_named("w", order)
    with pytest.raises(ValueError, match=r"^no node is named 'Y' under .*'z'.*mean 'y'\?"):
        node_named("Y", order)
    with pytest.raises(ValueError, match="give a node's name, or the Value itself"):
        node_named("loss", order)
