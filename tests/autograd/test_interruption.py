"""What is left behind when Ctrl-C or a lack of memory comes at any moment: nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, dot, gradients, logsumexp, no_grad
from autograd.backprop import topological_order
from autograd.functional import grad, hessian
from autograd.recording import paused
from autograd.storing import to_json


def network() -> tuple[list[Value], Value]:
    """Leaves, of which some had a gradient before and one has none, and an output."""
    a, b, c = Value(0.5, name="a"), Value(-2.0, name="b"), Value(3.0, name="c")
    (a * b).backward()
    h = dot([a, b, a], [b, c, 1.5], a).tanh()
    return [a, b, c], logsumexp([h * c, h, -a]) + h * h


def state(nodes: list[Value]) -> list[tuple[object, ...]]:
    return [(node.data, node.reached, node.grad, node.name) for node in nodes]


def assert_nothing_is_locked(output: Value) -> None:
    elsewhere = threading.Thread(target=topological_order, args=[output], daemon=True)
    elsewhere.start()
    elsewhere.join(60.0)
    assert not elsewhere.is_alive()


def test_backward(interruption: Any) -> None:
    done, swept = network()
    swept.backward()
    moment, kept = 1, 0
    while True:
        leaves, output = network()
        before = state(leaves)
        if not interruption.strikes(output.backward, moment):
            break
        if state(leaves) == before:
            kept += 1
            output.backward()
        # Else it came after the last leaf, when all was done.
        assert state(leaves) == state(done)
        assert_nothing_is_locked(output)
        moment += 1
    assert kept > 20


@pytest.mark.parametrize(
    "action",
    [
        lambda leaves, output: gradients(output, leaves),
        lambda leaves, output: gradients(output, leaves, create_graph=True),
        lambda leaves, output: topological_order(output),
        lambda leaves, output: to_json(output),
        lambda leaves, output: dot([output, *leaves[:2]], leaves) ** 2,
    ],
    ids=["gradients", "with a graph", "order", "JSON", "operations"],
)
def test_what_changes_nothing_changes_nothing(
    action: Callable[[list[Value], Value], object], interruption: Any
) -> None:
    leaves, output = network()
    output.backward()
    nodes = topological_order(output)
    before, moment = state(nodes), 1
    expected = repr(action(leaves, output))
    while interruption.strikes(lambda: action(leaves, output), moment):
        assert state(nodes) == before
        moment += 1
    assert moment > 3
    assert repr(action(leaves, output)) == expected


def test_functions_of_functions(interruption: Any) -> None:
    """After it, nothing believes to be inside another derivative, or that nothing is recorded."""

    def f(x: Value) -> Value:
        with no_grad():
            scale = 1.0 + 0.0 * x
        return x * x.tanh() * scale

    expected, moment = grad(f)(0.5), 1
    while interruption.strikes(lambda: grad(grad(f))(0.5), moment):
        assert type(grad(f)(0.5)) is float
        assert grad(f)(0.5) == expected
        assert not (Value(1.0) * 2.0).is_leaf
        assert not paused
        moment += 1
    assert moment > 50
    assert hessian(f)(0.5) == grad(grad(f))(0.5)
