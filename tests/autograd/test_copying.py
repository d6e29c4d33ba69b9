"""Copies and pickles of graphs, of any depth, with everything that nodes know."""

from __future__ import annotations

import copy
import io
import pickle
import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, dot, gradients, mul, scalar_rule
from autograd.backprop import topological_order
from autograd.ops import TABLE
from autograd.rows import Op

# Deep enough to be stopped by the recursion limit, were there recursion.
DEEP = 5_000

cube = scalar_rule("cubed", lambda x: x * x * x, lambda y, x: 3.0 * x * x)

Copier = Callable[[Any], Any]


def by_python_pickler(thing: object) -> object:
    """The pickler that others build on is a different program."""
    file = io.BytesIO()
    pickle._Pickler(file).dump(thing)
    return pickle._loads(file.getvalue())  # type: ignore[attr-defined]  # nor that one


every_copier = pytest.mark.parametrize(
    "copied",
    [
        copy.deepcopy,
        by_python_pickler,
        *(
            lambda thing, protocol=protocol: pickle.loads(pickle.dumps(thing, protocol))
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    ],
    ids=["deepcopy", "Python", *map(str, range(pickle.HIGHEST_PROTOCOL + 1))],
)


class Tagged(Value):
    """Somebody's Value with room for more."""


class Slotted(Value):
    __slots__ = ("rate", "velocity")
    rate: float
    velocity: Value


class Guarded(Value):
    """One that says itself what is kept."""

    def __getstate__(self) -> Any:
        return ("mine", self.name)

    def __setstate__(self, state: tuple[str, str]) -> None:
        self.name = "/".join(state)


def facts(node: Value) -> tuple[object, ...]:
    parts = (node.op, node.data, node.partials, node.name, node.reached, node.grad)
    return (type(node), *parts, [type(operand) for operand in node.operands])


def assert_same_graph(ours: Value, theirs: Value) -> None:
    nodes, twins = topological_order(ours), topological_order(theirs)
    assert len(nodes) == len(twins)
    assert set(nodes).isdisjoint(twins)
    twin_of = dict(zip(nodes, twins, strict=True))
    for node, twin in twin_of.items():
        assert facts(node) == facts(twin)
        assert twin.parents == tuple(twin_of[parent] for parent in node.parents)
        assert twin.operands == tuple(
            twin_of[o] if isinstance(o, Value) else o for o in node.operands
        )


def network() -> Value:
    a, b = Value(2.0, name="a"), Value(-0.0, name="∂ <b>")
    h = dot([a, 3.0, b], [b, a, a], a).named("h")
    return (h.tanh() * (2.0 - a) + cube(h / 3.0) ** 2 + (h * h)).named("loss")


@every_copier
def test_a_copy_knows_what_the_graph_knew(copied: Copier) -> None:
    loss = network()
    assert_same_graph(loss, copied(loss))
    loss.backward()
    twin = copied(loss)
    assert_same_graph(loss, twin)
    loss.backward()
    twin.backward()
    assert_same_graph(loss, twin)


@every_copier
def test_second_derivatives_of_a_copy(copied: Copier) -> None:
    loss = network()
    twin = copied(loss)
    for output in (loss, twin):
        [a] = [node for node in topological_order(output) if node.name == "a"]
        [slope] = gradients(output, [a], create_graph=True)
        assert gradients(slope, [a]) == gradients(slope, [a])
    assert_same_graph(loss, twin)


@every_copier
@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 1]])
def test_nodes_in_several_places_stay_one_node(copied: Copier, order: list[int]) -> None:
    loss = network()
    leaf, *_ = topological_order(loss)
    [inside] = [node for node in topological_order(loss) if node.name == "h"]
    nodes = [leaf, inside, loss]
    given = {"first": nodes[order[0]], "rest": [nodes[i] for i in order[1:]] * 2}
    made = copied(given)
    twins = dict(zip(order, [made["first"], *made["rest"]], strict=False))
    assert made["rest"][2:] == made["rest"][:2]
    for i, twin in twins.items():
        assert_same_graph(nodes[i], twin)
    if 2 in twins:
        below = topological_order(twins[2])
        assert all(twin in below for twin in twins.values())


@every_copier
def test_a_graph_of_any_depth(copied: Copier) -> None:
    assert sys.getrecursionlimit() < DEEP
    leaf = node = Value(1.0, name="x")
    for _ in range(DEEP):
        node = node * 0.5 + node
    half = topological_order(node)[DEEP]
    twin_half, twin, twin_leaf = copied((half, node, leaf))
    for output in (node, twin):
        output.backward()
    assert twin_leaf.grad == leaf.grad > 0.0
    assert_same_graph(node, twin)
    assert topological_order(twin)[DEEP] is twin_half
    # One node left over from a pickle in which it came twice must not be taken short.
    assert copied(half).data == half.data


def test_a_shallow_copy_shares_the_operands() -> None:
    loss = network()
    loss.backward()
    twin = copy.copy(loss)
    assert twin is not loss
    assert facts(twin) == facts(loss)
    assert twin.operands == loss.operands
    deep = Value(1.0)
    for _ in range(DEEP):
        deep = deep + 1.0
    assert copy.copy(deep).parents == deep.parents


@every_copier
def test_what_a_subclass_adds_is_kept(copied: Copier) -> None:
    tagged, slotted, guarded = Tagged(1.0, name="t"), Slotted(2.0), Guarded(3.0, name="g")
    tagged.labels = ["a"]  # type: ignore[attr-defined]  # it may hold anything
    tagged.itself = tagged  # type: ignore[attr-defined]
    slotted.rate, slotted.velocity = 0.5, Value(7.0, name="v")
    output = mul(tagged, slotted) + guarded
    twin, velocity = copied((output, slotted.velocity))
    leaves = {type(node): node for node in topological_order(twin) if node.is_leaf}
    assert leaves[Tagged].labels == ["a"]
    assert leaves[Tagged].labels is not tagged.labels
    assert leaves[Tagged].itself is leaves[Tagged]
    assert leaves[Tagged].name == "t"
    assert leaves[Slotted].rate == 0.5
    assert leaves[Slotted].velocity is velocity
    assert leaves[Guarded].name == "mine/g"
    assert twin.data == output.data


@every_copier
@pytest.mark.parametrize("op", [*TABLE.values(), cube], ids=str)
def test_operations_are_known_by_name(copied: Copier, op: Op) -> None:
    assert copied([op, op]) == [op, op]


def test_an_operation_that_cannot_be_found_again() -> None:
    local = scalar_rule("local", lambda x: x * 2.0, lambda y, x: 2.0)
    x = Value(3.0)
    with pytest.raises(TypeError, match=r"cannot pickle operation 'local'.* top level"):
        pickle.dumps(local(x))
    assert facts(x) == facts(Value(3.0))
    assert copy.deepcopy(local(x)).op is local


def test_an_error_while_pickling_does_no_harm_to_the_next_pickle() -> None:
    local = scalar_rule("local", lambda x: x * 2.0, lambda y, x: 2.0)
    node = Value(1.0)
    for _ in range(DEEP):
        node = node + 1.0
    top = local(node)
    for _ in range(2):
        with pytest.raises(TypeError, match="cannot pickle"):
            pickle.dumps((node, top))
        assert pickle.loads(pickle.dumps(node)).data == node.data


def test_pickles_hold_every_node_once() -> None:
    def size(depth: int) -> int:
        node = Value(1.0)
        for _ in range(depth):
            node = node + node
        return len(pickle.dumps(node))

    assert size(400) - size(200) < 1.1 * (size(200) - size(0))


def chain(length: int) -> list[Value]:
    nodes = [Value(1.0)]
    for _ in range(length):
        nodes.append(nodes[-1] * 1.01)
    return nodes


@every_copier
def test_many_nodes_of_one_graph_in_any_order(copied: Copier) -> None:
    nodes = chain(DEEP)
    for order in (nodes, nodes[::-1], nodes[::2] + nodes[1::2]):
        twins = copied(order)
        for node, twin in zip(order, twins, strict=True):
            assert (node.data, node.partials) == (twin.data, twin.partials)
        assert len({*twins, *(parent for twin in twins for parent in twin.parents)}) == len(nodes)


def test_nodes_are_written_once_in_any_order() -> None:
    nodes = chain(3000)
    alone = len(pickle.dumps(nodes[-1]))
    for order in (nodes, nodes[::-1], nodes[::2] + nodes[1::2]):
        assert len(pickle.dumps(order)) < 1.2 * alone


def test_many_outputs_share_what_is_below_them() -> None:
    *_, trunk = chain(3000)
    outputs = [trunk * float(k) for k in range(300)]
    assert len(pickle.dumps(outputs)) < 1.5 * len(pickle.dumps(trunk))
    copies = pickle.loads(pickle.dumps(outputs))
    assert {copy.parents[0] for copy in copies} == {copies[0].parents[0]}


def test_pickles_made_by_turns_do_not_mix() -> None:
    *_, middle, last = chain(50)
    files = [io.BytesIO(), io.BytesIO()]
    one, other = (pickle.Pickler(file) for file in files)
    one.dump(middle)
    other.dump(last)
    one.dump(last)
    for file in files:
        file.seek(0)
    readers = [pickle.Unpickler(file) for file in files]
    copies = [readers[0].load(), readers[1].load(), readers[0].load()]
    assert [c.data for c in copies] == [middle.data, last.data, last.data]
    assert copies[2].parents[0] is copies[0]
    assert copies[1].parents[0] is not copies[0]
