"""A graph costs little and is gone the moment it is dropped, whatever its depth."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, dot, draw, gradients, logsumexp, no_grad, topological_order, total

ROOT = Path(__file__).parents[2]
BYTES_PER_NODE = 300


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    """Reference counting alone."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Watched(Value):
    """A Value whose end can be seen: Values themselves have no room for weak references."""

    __slots__ = ("__weakref__",)


def alive() -> int:
    return sum(isinstance(thing, Value) for thing in gc.get_objects())


def network(x: Any) -> Any:
    """Every way to store a node: one, two and many parents, numbers, repeats, lists, methods."""
    hidden = dot([x, 2.0, x], [x, x, 0.5], x).tanh()
    mixed = total([hidden, 1.0, x]) * hidden + 1.0 / hidden
    return logsumexp([mixed, hidden, -x]) ** 2 + abs(hidden).leaky_relu() + x.sigmoid()


@pytest.mark.parametrize(
    "use",
    [
        lambda y, x: None,
        lambda y, x: y.backward(),
        lambda y, x: (y.backward(), y.backward()),
        lambda y, x: gradients(y, [x]),
        lambda y, x: gradients(y, [x], create_graph=True),
        lambda y, x: gradients(gradients(y, [x], create_graph=True)[0], [x], create_graph=True),
        lambda y, x: topological_order(y),
        lambda y, x: repr(y) + format(y, ".3f"),
        lambda y, x: draw(y).dot,
    ],
    ids=["forward", "backward", "twice", "slopes", "recorded", "second", "order", "text", "dot"],
)
def test_a_graph_is_freed_when_it_is_dropped(use: Callable[[Value, Value], object]) -> None:
    network(Value(0.5))  # what is made once, such as printed functions, is made now
    before = alive()
    x = Watched(0.5)
    end = weakref.ref(x)
    y = network(x)
    use(y, x)
    del x
    assert end() is not None
    del y
    assert end() is None
    assert alive() == before


def test_nothing_needs_the_collector() -> None:
    for _ in range(3):
        y = network(Value(0.5))
        y.backward()
        with no_grad():
            network(Value(0.5))
        try:
            y.log() / 0
        except ZeroDivisionError:
            del y
    assert gc.collect() == 0


def test_a_leaf_does_not_keep_what_was_computed_from_it() -> None:
    x, before = Value(0.5), alive()
    network(x).backward()
    assert alive() == before


def test_no_history_is_kept_while_nothing_is_recorded() -> None:
    x = Value(0.5)
    before = alive()
    with no_grad():
        y = x
        for _ in range(100):
            y = y * x
    assert alive() == before + 1


def test_memory_stays_flat_over_a_hundred_thousand_graphs() -> None:
    w, b = Value(0.5), Value(0.1)

    def blocks_after(count: int) -> int:
        for _ in range(count):
            out = (w * (w * w + b).tanh() + b).sigmoid()
            out.backward()
            gradients(out, [w])
        del out
        return sys.getallocatedblocks()

    blocks_after(1000)
    before = blocks_after(10)
    assert abs(blocks_after(100_000) - before) < 1000


def test_an_operation_on_values_is_one_object() -> None:
    """That the collector has to look at: no tuples beside the node."""
    x = Value(0.5)
    operations: list[Callable[[], Value]] = [lambda: x * x, lambda: x / 3.0, x.tanh]
    for f in operations:
        f()
        before = len(gc.get_objects())
        y = f()
        assert len(gc.get_objects()) == before + 1
        del y


# Build, sweep and drop a chain at the default recursion limit; memory as the kernel counts it.
CHAIN = """
    from autograd import Value

    def memory(kind):
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(kind))

    y = x = one = Value(1.0)
    for _ in range({count}):
        y = {operation}
    y.backward()
    print(x.grad)
    del y  # a recursion here would end the process
    print(memory("VmHWM:"))
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells a process its own peak of memory"
)
@pytest.mark.parametrize(
    ("operation", "slope"),
    [("y * one", None), ("y.relu()", 1.0), ("y * 1.0", 1.0), ("2.0 - y", 1.0), ("-y", 1.0)],
)
def test_a_chain_of_a_million_operations(operation: str, slope: float | None) -> None:
    """All of the process's memory counts. In `y * one` x is each node's other operand too."""
    count = 1_000_000
    program = textwrap.dedent(CHAIN.format(operation=operation, count=count))
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    found, used = run.stdout.split()
    assert float(found) == (1.0 + count if slope is None else slope)
    assert int(used) / count <= BYTES_PER_NODE


@pytest.mark.parametrize(
    "f",
    [
        lambda y: y * 1.0,
        lambda y: total([y, y, y]) / 3.0,
        lambda y: dot([y], [1.0]),
        lambda y: total([y, 0.0]),
        lambda y: (y + y) * 0.5,
    ],
)
def test_depth_does_not_matter(f: Callable[[Value], Value]) -> None:
    x = Value(1.0)
    y = x
    for _ in range(20 * sys.getrecursionlimit()):
        y = f(y)
    y.backward()
    assert x.grad == pytest.approx(1.0)
    assert gradients(y, [x]) == pytest.approx([1.0])
    del y
    assert gc.collect() == 0
