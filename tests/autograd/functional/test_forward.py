"""Forward mode along recorded graphs."""

from __future__ import annotations

import pytest

from autograd import Value, dot, gradients
from autograd.functional.forward import pushed_forward


def test_every_edge_counts() -> None:
    a, b = Value(2.0), Value(3.0)
    for output, slope in [
        (a + a, 2.0),
        (a * a, 4.0),
        (a - a, 0.0),
        (dot([a, a], [b, 1.0], a), 5.0),
    ]:
        assert pushed_forward([output], {a: 1.0}) == [slope]


def test_nodes_inside_the_graph_can_be_seeded() -> None:
    """A seeded node is a variable of its own, whatever it was computed from."""
    a = Value(2.0)
    h = a * a
    assert pushed_forward([h * a], {h: 1.0}) == [2.0]
    assert pushed_forward([h * a], {h: 1.0, a: 10.0}) == [42.0]
    assert pushed_forward([h], {h: 7.0}) == [7.0]


def test_outputs_may_be_parts_of_each_other() -> None:
    a = Value(2.0)
    h = a * a
    y = h * a
    assert pushed_forward([y, h, a, y], {a: 1.0}) == [12.0, 4.0, 1.0, 12.0]


def test_without_a_path_there_is_nothing() -> None:
    a, b = Value(2.0), Value(3.0)
    assert pushed_forward([b * b, a * b], {a: 1.0}) == [None, 3.0]


def test_tangents_that_are_values_can_be_differentiated() -> None:
    a, along = Value(2.0), Value(1.0)
    [tangent] = pushed_forward([a * a * a], {a: along})
    assert isinstance(tangent, Value)
    assert gradients(tangent, [a, along]) == [12.0, 12.0]


def test_a_graph_of_any_depth() -> None:
    x = y = Value(1.0)
    for _ in range(20_000):
        y = y * 1.0
    assert pushed_forward([y], {x: 3.0}) == [3.0]


def test_assigning_data_after_recording_is_told() -> None:
    a = Value(2.0)
    y = a * a
    a.data = 5.0
    assert pushed_forward([y], {a: 1.0}) == [4.0]
    with pytest.raises(ValueError, match="another data than now"):
        pushed_forward([y], {a: Value(1.0)})
