"""Values in other people's containers, classes, threads and notebooks."""

from __future__ import annotations

import asyncio
import copy
import math
import os
import pickle
import shutil
import subprocess
import sys
import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, draw, gradients, no_grad, tanh, total
from autograd.backprop import topological_order
from autograd.functional import grad
from autograd.ops import TABLE

# --- containers


def test_values_are_keys() -> None:
    """By identity, so an equal number is another key and a changed one the same."""
    a, b = Value(2.0), Value(2.0)
    momentum = {a: 0.5, b: 0.25}
    a.data = 7.0
    a.name = "renamed"
    (a * b).backward()
    assert momentum[a] == 0.5
    assert momentum[b] == 0.25
    assert 2.0 not in momentum
    assert len({a, b, a * b, a}) == 3
    assert Counter([a, b, a])[a] == 2
    grouped = defaultdict(list)
    for node in topological_order(a * b + a):
        grouped[node.is_leaf].append(node)
    assert grouped[True] == [a, b]
    assert list(OrderedDict.fromkeys([b, a, b])) == [b, a]


def test_membership_and_search_go_by_identity() -> None:
    a, b = Value(2.0), Value(2.0)
    assert a in [a, b]
    assert a not in [b, Value(2.0)]
    assert [b, a].index(a) == 1
    assert [a, b, a].count(a) == 2


# --- numbers of other kinds


@pytest.mark.parametrize("number", [np.float64(0.5), np.float32(0.5), np.int8(3), np.uint64(3)])
def test_numpy_scalars_on_either_side(number: Any) -> None:
    x, plain = Value(1.5), float(number)
    for ours, theirs in [
        (x + number, number + x),
        (x * number, number * x),
        (number - x, number - x),
        (x / number, 1.0 / (number / x)),
    ]:
        assert type(ours) is type(theirs) is Value
        assert ours.data == pytest.approx(theirs.data, rel=1e-15)
        assert {type(o) for v in (ours, theirs) for o in v.operands} <= {Value, float}
    assert (number**x).data == plain**1.5
    assert (x**number).data == 1.5**plain
    assert ((number < x), (number <= x)) == (plain < 1.5, plain <= 1.5)
    assert Value(number).data == plain
    assert grad(lambda v: v * number)(number) == plain


@pytest.mark.parametrize("number", [Fraction(1, 3), Decimal("0.1"), 10**30, -(2**63)])
def test_exact_numbers_are_rounded_once(number: Any) -> None:
    x = Value(1.0)
    assert (x * number).data == (number * x).data == Value(number).data == float(number)
    assert total([x, number]).data == 1.0 + float(number)


@pytest.mark.parametrize("thing", [True, False, np.bool_(True), 1j, np.complex128(1.0)])
def test_truth_values_and_complex_numbers_are_refused(thing: Any) -> None:
    x = Value(2.0)
    for attempt in (
        lambda: Value(thing),
        lambda: x * thing,
        lambda: thing * x,
        lambda: x**thing,
        lambda: x.backward(thing),
        lambda: total([x, thing]),
        lambda: setattr(x, "data", thing),
        lambda: setattr(x, "grad", thing),
        lambda: x < thing,
        lambda: grad(lambda v: v)(thing),
    ):
        with pytest.raises(TypeError, match="expected a real number, got"):
            attempt()
    assert (x.data, x.reached) == (2.0, False)


def test_object_arrays_go_through_everything() -> None:
    weights = np.array([[Value(0.1), Value(-0.2)], [Value(0.3), Value(0.4)]])
    inputs = np.array([Value(1.0), Value(2.0)])
    outputs = np.tanh(weights @ inputs)
    loss = ((outputs - np.array([0.5, -0.5])) ** 2).sum()
    assert isinstance(loss, Value)
    slopes = np.array(gradients(loss, list(weights.ravel()))).reshape(weights.shape)
    plain = np.tanh(np.array([[0.1, -0.2], [0.3, 0.4]]) @ [1.0, 2.0])
    expected = np.outer(2.0 * (plain - [0.5, -0.5]) * (1.0 - plain**2), [1.0, 2.0])
    assert slopes == pytest.approx(expected, rel=1e-14)
    twin = copy.deepcopy(outputs)
    assert [v.data for v in twin] == [v.data for v in outputs]
    assert pickle.loads(pickle.dumps(outputs))[1].data == outputs[1].data
    assert np.array([v.data for v in outputs], dtype=float) == pytest.approx(plain)


# --- subclasses


class Parameter(Value):
    """A user's own: a number that knows its bounds."""

    def __init__(self, data: float, low: float, high: float) -> None:
        super().__init__(data)
        self.low, self.high = low, high

    def clipped(self) -> Value:
        return self.maximum(self.low).minimum(self.high)


def test_a_subclass_goes_everywhere_a_value_goes() -> None:
    w, x = Parameter(0.5, low=-1.0, high=1.0), Value(2.0)
    output = tanh(w.clipped() * x) + total([w, w])
    output.backward()
    assert w.grad == pytest.approx(2.0 * (1.0 - math.tanh(1.0) ** 2) + 2.0)
    assert [type(node) for node in topological_order(output) if node.is_leaf] == [Parameter, Value]
    [slope] = gradients(output, [w], create_graph=True)
    assert gradients(slope, [w])[0] != 0.0
    for twin in (copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert (type(twin), twin.data, twin.grad) == (Parameter, w.data, w.grad)
        assert (twin.low, twin.high) == (-1.0, 1.0)
    assert "0.5" in draw(output).dot
    w.data = 3.0
    assert w.clipped().data == 1.0


@pytest.mark.parametrize("name", TABLE)
def test_operations_of_a_subclass_give_values(name: str) -> None:
    op = TABLE[name]
    operands = [Parameter(0.5 * (low + high) + 0.125, -1.0, 1.0) for low, high in op.domain]

    def arguments(numbers: list[Any]) -> list[Any]:
        return [
            [number, number] if parameter in op.sequences else number
            for parameter, number in zip(op.parameters, numbers, strict=True)
        ]

    result = op(*arguments(operands))
    assert type(result) is Value
    assert result.data == op(*arguments([operand.data for operand in operands]))


# --- threads and tasks


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns after a moment, so that they meet where it hurts."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def trained(seed: int) -> list[float]:
    """A little training with everything that a graph can be asked."""
    weights = [Value(0.1 * (seed + i), name=f"w{i}") for i in range(4)]
    for _ in range(10):
        hidden = [tanh(total([w * v for v in weights]) - 0.25) for w in weights]
        loss = reduce(lambda a, b: a + b, [h * h for h in hidden])
        with no_grad():
            assert (loss * 2.0).is_leaf
        by_hand = gradients(loss, weights)
        for w in weights:
            w.grad = 0.0
        loss.backward()
        assert [w.grad for w in weights] == by_hand
        recorded = gradients(loss, weights, create_graph=True)
        assert all(not slope.is_leaf for slope in recorded)
        assert pickle.loads(pickle.dumps(loss)).data == loss.data
        for w in weights:
            w.data -= 0.01 * w.grad
    return [w.data for w in weights] + derivatives_at(0.1 * seed)


def derivatives_at(x: float) -> list[float]:
    return [grad(grad(lambda v: v * v.tanh() + v.exp()))(x)]


@pytest.mark.usefixtures("hasty_threads")
def test_graphs_of_their_own_in_many_threads() -> None:
    expected = [trained(seed) for seed in range(8)]
    barrier = threading.Barrier(8)

    def work(seed: int) -> list[float]:
        barrier.wait()
        return trained(seed)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == expected


def test_graphs_of_their_own_in_many_tasks() -> None:
    async def work(x: float) -> float:
        leaf = Value(x)
        with no_grad():
            await asyncio.sleep(0)
            scale = leaf * 0.0 + 1.0
        await asyncio.sleep(0)
        output = leaf * leaf * scale
        await asyncio.sleep(0)
        output.backward()
        await asyncio.sleep(0)
        return leaf.grad if scale.is_leaf and not output.is_leaf else math.nan

    async def everything() -> list[float]:
        return list(await asyncio.gather(*(work(float(x)) for x in range(50))))

    assert asyncio.run(everything()) == [2.0 * x for x in range(50)]


def test_a_derivative_in_another_thread_is_not_nested_in_this_one() -> None:
    """Were it taken for nested, it would give Values."""

    def f(x: Value) -> Value:
        with ThreadPoolExecutor(1) as pool:
            inner = pool.submit(grad(lambda y: y * y), 3.0).result()
        assert type(inner) is float
        return x * inner

    assert grad(f)(1.0) == 6.0


# --- notebooks

RELOADING = """
import os, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell

def run(cell):
    result = InteractiveShell.instance().run_cell(cell)
    if not result.success:
        sys.exit(f"failed: {cell}")

run("%load_ext autoreload\\n%autoreload 2")
run("import autograd; from autograd import *; from autograd.functional import grad")
run("x = Value(2.0, name='x'); y = (x * x).tanh(); kept = {x: 'here'}")
for later, name in enumerate(sys.argv[2:], 1):
    path = Path(sys.argv[1]) / name
    path.write_text(path.read_text(encoding="utf-8") + "\\nRELOADED = True\\n", encoding="utf-8")
    os.utime(path, (path.stat().st_mtime + 10 * later,) * 2)
    module = "autograd." + name.removesuffix(".py").replace("/", ".")
    run(f"import {module}; assert {module}.RELOADED")
    run("z = x * 2.0 + y; x.grad = 0.0; z.backward(); assert x.grad == gradients(z, [x])[0] > 2.0")
    run("w = Value(1.0) * x; w.backward(); assert type(w) is Value and w.parents[1] is x")
    run("assert isinstance(x, Value) and kept[x] == 'here' and x < 3.0 and total([x, w]).op")
    run("[slope] = gradients(z, [x], create_graph=True); assert isinstance(slope, Value)")
    run("assert grad(grad(lambda v: v ** 3))(2.0) == 12.0")
    run("with no_grad(): assert tanh(x).is_leaf and (x * x).is_leaf")
    run("assert not (x * x).is_leaf and 'x' in draw(z).dot")
    run("import copy, pickle; assert pickle.loads(pickle.dumps(z)).data == copy.deepcopy(z).data")
"""


def test_reloading_while_values_are_alive(tmp_path: Path) -> None:
    """IPython's autoreload, as somebody has it on who works on the engine in a notebook."""
    pytest.importorskip("IPython", reason="IPython, whose autoreload this is, is not installed")
    package = Path(autograd.__file__).parent
    shutil.copytree(package, tmp_path / "autograd", ignore=shutil.ignore_patterns("__pycache__"))
    modules = ["rows.py", "ops.py", "backprop.py", "recording.py", "value.py"]
    modules += ["functional/reverse.py", "functional/calls.py", "copying.py"]
    script = tmp_path / "script.py"
    script.write_text(RELOADING, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "autograd"), *modules],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
