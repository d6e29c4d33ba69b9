"""Topological order and the chain rule on graphs of any shape, without any operation."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, gradients
from autograd.backprop import (
    MANY,
    NOTHING,
    Node,
    accumulate_gradients,
    adjoints,
    gradients_of,
    set_gradients,
    topological_order,
)

# For each node but the first, its edges: how far back the parent stands, and the partial. Small
# whole numbers, so that every sum is exact, whatever its order.
Edges = list[list[tuple[int, float]]]
partial = st.integers(-2, 2).map(float)
edges = st.lists(
    st.lists(st.tuples(st.integers(1, 8), partial), min_size=0, max_size=4), max_size=14
)


def graph(shape: Edges) -> list[Node]:
    """Nodes with their operands before them; a node without edges is a leaf."""
    nodes = [Node()]
    for parents in shape:
        node = Node()
        if parents:
            node.connect(
                [nodes[-min(back, len(nodes))] for back, _ in parents], [p for _, p in parents]
            )
        nodes.append(node)
    return nodes


def parents_of(index: int, shape: Edges) -> list[tuple[int, float]]:
    """Parent and partial of every edge of the node, repeats kept."""
    if index == 0:
        return []
    return [(index - min(back, index), partial) for back, partial in shape[index - 1]]


def slopes_forward(source: int, shape: Edges) -> list[float]:
    """∂node/∂source for every node, from the source upwards: the chain rule the other way."""
    tangents = [0.0] * (len(shape) + 1)
    for index in range(len(tangents)):
        tangents[index] = (
            1.0
            if index == source
            else sum(
                (tangents[parent] * partial for parent, partial in parents_of(index, shape)), 0.0
            )
        )
    return tangents


def below(index: int, shape: Edges) -> set[int]:
    """The node and everything it depends on."""
    found = {index}
    for node in range(index, -1, -1):
        if node in found:
            found.update(parent for parent, _ in parents_of(node, shape))
    return found


@given(edges)
def test_order_has_every_node_once_and_operands_before_their_users(shape: Edges) -> None:
    nodes = graph(shape)
    order = [nodes.index(node) for node in topological_order(nodes[-1])]
    assert sorted(order) == sorted(below(len(shape), shape))
    assert order[-1] == len(shape)
    for place, index in enumerate(order):
        assert all(order.index(parent) < place for parent, _ in parents_of(index, shape))
    is_leaf = [not parents_of(index, shape) for index in order]
    assert is_leaf == sorted(is_leaf, reverse=True)


@given(edges)
def test_order_depends_on_the_graph_alone(shape: Edges) -> None:
    nodes, twins = graph(shape), graph(shape)
    adjoints(twins[-1], twins, 1.0, 0.0)
    order = [[g.index(n) for n in topological_order(g[-1])] for g in (nodes, twins, nodes)]
    assert order[0] == order[1] == order[2]


@given(edges)
def test_adjoints_are_the_slopes_of_the_chain_rule_run_forwards(shape: Edges) -> None:
    nodes = graph(shape)
    inside = below(len(shape), shape)
    expected = [slopes_forward(i, shape)[-1] if i in inside else None for i in range(len(nodes))]
    assert adjoints(nodes[-1], nodes, 1.0, 0.0) == expected
    seeded = adjoints(nodes[-1], nodes, 3.0, 0.0)
    assert seeded == [None if slope is None else 3.0 * slope for slope in expected]


@given(edges, edges)
def test_gradients_accumulate_in_leaves_and_start_again_inside(shape: Edges, more: Edges) -> None:
    """Two outputs, the second on top of the first."""
    whole = shape + more
    nodes = graph(whole)
    first, second = len(shape), len(whole)
    for output in (first, second, second):
        accumulate_gradients(nodes[output], 1.0)
    for index, node in enumerate(nodes):
        slopes = slopes_forward(index, whole)
        in_first, in_second = (index in below(output, whole) for output in (first, second))
        if not (in_first or in_second):
            assert not hasattr(node, "_adjoint")
        elif parents_of(index, whole):
            assert node._adjoint == slopes[second if in_second else first]
        else:
            assert node._adjoint == in_first * slopes[first] + in_second * 2.0 * slopes[second]


@given(edges)
def test_adjoints_leave_what_was_recorded(shape: Edges) -> None:
    nodes = graph(shape)
    accumulate_gradients(nodes[len(nodes) // 2], 1.0)
    before = [getattr(node, "_adjoint", None) for node in nodes]
    adjoints(nodes[-1], nodes, 5.0, 0.0)
    assert [getattr(node, "_adjoint", None) for node in nodes] == before


@pytest.mark.parametrize("count", [1, 2, 3, 4, 20])
def test_operands_come_in_their_own_order(count: int) -> None:
    leaves = [Node() for _ in range(count)]
    inside = [Node() for _ in range(count)]
    for node, leaf in zip(inside, leaves, strict=True):
        node.connect([leaf], [1.0])
    output = Node()
    output.connect(inside, [1.0] * count)
    assert topological_order(output) == [*leaves, *inside, output]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 20])
def test_a_node_may_be_its_own_neighbour_any_number_of_times(count: int) -> None:
    leaf, node = Node(), Node()
    node.connect([leaf] * count, [float(i) for i in range(count)])
    assert topological_order(node) == [leaf, node]
    assert adjoints(node, [leaf], 1.0, 0.0) == [float(sum(range(count)))]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_or_two_parents_need_no_tuple(count: int) -> None:
    """It would double the collector's work and most of the memory."""
    parents = [Node() for _ in range(count)]
    node = Node()
    node.connect(parents, [2.0] * count)
    stored = (node._first, node._second)
    expected = {1: (parents[0], None), 2: tuple(parents), 3: (tuple(parents), MANY)}
    assert stored == expected[count]


def test_every_leaf_is_given_its_gradient() -> None:
    leaves = [Node(), Node()]
    set_gradients(leaves, [2.0, 3.0])
    assert gradients_of([*leaves, Node()], 0.5) == [2.0, 3.0, 0.5]
    with pytest.raises(ValueError, match="shorter"):
        set_gradients(leaves, [2.0])


def test_a_parent_without_a_partial_is_no_parent_without_a_gradient() -> None:
    parents = [Node() for _ in range(4)]
    node = Node()
    node.connect(parents, [2.0] * 3)
    with pytest.raises(ValueError, match="shorter"):
        accumulate_gradients(node, 1.0)
    assert gradients_of(parents, 0.5) == [0.5] * 4


def test_depth_does_not_matter() -> None:
    leaf = node = Node()
    for _ in range(50 * sys.getrecursionlimit()):
        below = node
        node = Node()
        node.connect([below], [1.0])
    assert len(topological_order(node)) == 50 * sys.getrecursionlimit() + 1
    assert adjoints(node, [leaf], 1.0, 0.0) == [1.0]


def test_numbers_may_be_anything_that_multiplies_and_adds() -> None:
    leaf, node, output = Node(), Node(), Node()
    node.connect([leaf, leaf], [Value(2.0), Value(3.0)])
    output.connect([node], [Value(5.0)])
    [slope] = adjoints(output, [leaf], Value(1.0), Value(0.0))
    assert isinstance(slope, Value)
    assert slope.data == 25.0


def test_a_gradient_that_was_zero_is_no_gradient_that_was_missing() -> None:
    x, other = Value(3.0), Value(4.0)
    x.grad = 0.0
    (x * other).backward()
    assert (x.grad, other.grad) == (4.0, 3.0)


def test_a_sum_starts_from_nothing_and_keeps_the_sign_of_zero() -> None:
    """As 0.0 + −0.0 is 0.0, a sum that starts from 0.0 would have a term too many."""
    leaf, node = Node(), Node()
    node.connect([leaf], [-0.0])
    [slope] = adjoints(node, [leaf], 1.0, NOTHING)
    assert slope is not None
    assert math.copysign(1.0, slope) == -1.0


def test_a_gradient_of_nothing_is_read_as_plain_zero() -> None:
    x = Value(2.0)
    (x * -0.0).backward()
    assert repr(x) == "Value(2.0, grad=0.0)"


def test_infinite_and_undefined_partials_travel() -> None:
    x = Value(0.0)
    y = x.sqrt() * 2.0
    y.backward()
    assert x.grad == math.inf
    z = Value(0.0)
    (z.sqrt() * 0.0).backward()
    assert math.isnan(z.grad)


class Interrupting:
    """A partial during whose multiplication the user presses Ctrl-C."""

    def __rmul__(self, adjoint: float) -> NoReturn:
        raise KeyboardInterrupt


def test_an_interrupted_sweep_leaves_the_leaves_as_they_were() -> None:
    a, b, c = Value(2.0, name="a"), Value(3.0, name="b"), Value(5.0, name="c")
    (a * b).backward()
    h = a * b
    y = (h + a) * c
    parents, partials = h.parents, h.partials
    h.connect(parents, [partials[0], Interrupting()])
    for sweep in (y.backward, lambda: gradients(y, [a]), y.backward):
        with pytest.raises(KeyboardInterrupt):
            sweep()
        assert [(v.grad, v.reached) for v in (a, b, c)] == [(3.0, True), (2.0, True), (0.0, False)]
        assert not any(v.reached for v in (h, y, y.parents[0]))
    h.connect(parents, partials)
    y.backward()
    assert (a.grad, b.grad, c.grad) == (3.0 + 20.0, 2.0 + 10.0, 8.0)
    with ThreadPoolExecutor(1) as pool:  # which would wait for ever if the sweep were still on
        assert pool.submit(gradients, y, [c]).result() == [8.0]


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty_threads")
def test_threads_may_share_leaves() -> None:
    x, threads, sweeps = Value(1.0), 4, 25

    def work(_: int) -> list[float]:
        y = x
        for _ in range(100):
            y = y + x
        for _ in range(sweeps):
            y.backward()
        return gradients(y, [x])

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(work, range(threads))) == [[101.0]] * threads
    assert x.grad == 101.0 * threads * sweeps


def test_a_sweep_inside_a_sweep_is_no_deadlock() -> None:
    """A finaliser, for example, may run anywhere."""
    inner = Value(2.0) * 3.0

    class Nested:
        def __rmul__(self, adjoint: float) -> float:
            inner.backward()
            return adjoint

    x = Value(1.0)
    y = x * 1.0
    y.connect([x], [Nested()])
    y.backward()
    assert (x.grad, inner.grad) == (1.0, 1.0)
