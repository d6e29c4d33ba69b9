from __future__ import annotations

import pytest

from autograd import Value
from autograd.ops import dot
from autograd.showing.neighbourhood import nodes_to_draw, shape


def chain(length: int) -> Value:
    node = Value(1.0, name="start")
    for _ in range(length):
        node = node + 1.0
    return node


def test_operands_come_before_their_users_and_every_node_once() -> None:
    a, b = Value(2.0), Value(3.0)
    c = a * b
    y = c * c + a
    nodes = nodes_to_draw([y, c], None, 300)
    assert len(nodes) == len(set(nodes)) == 5
    for node in nodes:
        assert all(nodes.index(parent) < nodes.index(node) for parent in node.parents)


def test_the_order_follows_the_operands() -> None:
    w1, x1, w2, x2 = (Value(1.0, name=n) for n in ("w1", "x1", "w2", "x2"))
    nodes = nodes_to_draw([w1 * x1 + w2 * x2], None, 300)
    assert [n.name for n in nodes if n.is_leaf] == ["w1", "x1", "w2", "x2"]


def test_depth_counts_operations_along_the_shortest_way() -> None:
    x = Value(1.0, name="x")
    y = ((x + 1.0) + 1.0) + x
    assert len(nodes_to_draw([y], 0, 300)) == 1
    assert x in nodes_to_draw([y], 1, 300)
    assert len(nodes_to_draw([y], 1, 300)) == 3
    assert len(nodes_to_draw([y], 2, 300)) == 4


def test_a_graph_too_large_to_read_says_so_and_offers_the_neighbourhood() -> None:
    deep = chain(100_000).named("E")
    with pytest.raises(ValueError, match=r"'E' has more than 300 nodes.*draw\(node, depth=3\)"):
        nodes_to_draw([deep], None, 300)
    with pytest.raises(ValueError, match=r"within depth=400 .* smaller depth"):
        nodes_to_draw([deep], 400, 300)
    assert len(nodes_to_draw([deep], 299, 300)) == 300
    assert len(nodes_to_draw([chain(299)], None, 300)) == 300


def test_networks_read_from_left_to_right_and_long_chains_downwards() -> None:
    inputs = [Value(0.1) for _ in range(9)]
    hidden = [dot([Value(0.2) for _ in inputs], inputs).sigmoid() for _ in range(2)]
    network = dot([Value(0.3) for _ in hidden], hidden).sigmoid()
    assert shape(nodes_to_draw([network], None, 300)).rankdir == "LR"
    assert shape(nodes_to_draw([chain(60)], None, 300)).rankdir == "TB"
    assert shape([Value(1.0)]) == (1, 1, 0)


def test_a_leaf_stands_beside_its_first_user() -> None:
    late, early = Value(1.0), Value(1.0)
    y = (early.sin().sin().sin() * late).sin() * early
    nodes = nodes_to_draw([y], None, 300)
    assert shape(nodes) == (7, 2, 6 + 1 + 6)
