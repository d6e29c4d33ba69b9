"""What must hold for every graph, tried on random ones drawn from the whole table."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from autograd import Value, check_gradients, draw, explain, gradients, tanh, why
from autograd.backprop import Node, adjoints, topological_order
from autograd.checking.evaluation import evaluate
from autograd.codegen import compile
from autograd.functional import hessian, hessian_vector_product, jvp
from autograd.functional.forward import pushed_forward
from autograd.ops import TABLE
from autograd.rows import Op
from autograd.storing import from_json, to_json

# What can leave its domain or grow without bound is given operands that cannot.
_SQUASHED = {op.name for op in TABLE.values() if op.requires or op.advice} | {"mul", "div", "dot"}
_PLAIN = (-1.5, 0.25, 2.0)
# A difference of values says nothing across a kink or a jump.
_LEAST_MARGIN = 1e-3
_LEAST = 1e-2


@dataclass(frozen=True)
class Program:
    """Steps of one operation each; a pick chooses among the numbers so far, below 0 a plain one."""

    leaves: tuple[float, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]

    def run(self, *leaves: Value) -> Value:
        nodes = list(leaves)
        for name, picks in self.steps:
            op = TABLE[name]
            nodes.append(op(*op.grouped(self._operands(op, picks, nodes))))
        return nodes[-1]

    def _operands(
        self, op: Op, picks: Sequence[int], nodes: Sequence[Value]
    ) -> list[Value | float]:
        length = 1 + picks[-1] % 3 if op.sequences else 1
        groups = [
            [(parameter, interval)] * (length if parameter in op.sequences else 1)
            for parameter, interval in zip(op.parameters, op.domain, strict=True)
        ]
        wanted = [place for group in groups for place in group]
        return [
            _operand(op, parameter, interval, picks[i % len(picks)] + i, nodes)
            for i, (parameter, interval) in enumerate(wanted)
        ]

    def graph(self) -> tuple[list[Value], Value]:
        """Fresh leaves and the output."""
        leaves = [Value(number, name=f"x{i}") for i, number in enumerate(self.leaves)]
        return leaves, self.run(*leaves)


def _operand(
    op: Op, parameter: str, interval: tuple[float, float], pick: int, nodes: Sequence[Value]
) -> Value | float:
    low, high = interval
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    if pick < 0:
        return middle + half * math.tanh(_PLAIN[pick % len(_PLAIN)])
    node = nodes[-1 - pick % len(nodes)]
    if op.name in _SQUASHED and parameter not in op.conditions:
        return middle + half * tanh(node)
    return node


def programs(most_steps: int = 10) -> st.SearchStrategy[Program]:
    picks = st.lists(st.integers(-2, 12), min_size=3, max_size=3).map(lambda p: (abs(p[0]), *p[1:]))
    step = st.tuples(st.sampled_from(list(TABLE)), picks)
    numbers = st.lists(st.floats(-2.0, 2.0, width=32), min_size=1, max_size=3)
    return st.builds(
        Program,
        numbers.map(tuple),
        st.lists(step, min_size=1, max_size=most_steps).map(tuple),
    ).filter(lambda program: isinstance(program.graph()[1], Value))


def assume_smooth(output: Value) -> None:
    for node in topological_order(output):
        if node.op is None:
            continue
        numbers = [float(operand) for operand in node.operands]
        if node.op.kink is not None:
            assume(abs(node.op.kink.margin(*numbers)) > _LEAST_MARGIN)
        for place in node.op.conditions:
            assume(abs(numbers[node.op.parameters.index(place)]) > _LEAST_MARGIN)


def sizes(output: Value, inputs: Sequence[Value]) -> list[float]:
    """Σ |path| for each input: what rounding errors of a derivative are relative to.

    A partial such as 1 − y² cannot be more exact than its 1, so none counts for less than _LEAST.
    """
    nodes = topological_order(output)
    shadows = {node: Node() for node in nodes}
    for node in nodes:
        if node.op is not None:
            parents = [shadows[parent] for parent in node.parents]
            shadows[node].connect(parents, [abs(p) + _LEAST for p in node.partials])
    asked = [shadows.get(node, Node()) for node in inputs]
    return [size or 0.0 for size in adjoints(shadows[output], asked, seed=1.0, zero=0.0)]


def assert_close(
    found: Sequence[float], expected: Sequence[float], size: Sequence[float], accuracy: float
) -> None:
    for one, other, scale in zip(found, expected, size, strict=True):
        assert abs(one - other) <= accuracy * scale + 1e-300, (one, other, scale)


@given(programs())
def test_gradients_against_differences_of_50_digits(program: Program) -> None:
    leaves, output = program.graph()
    assume_smooth(output)
    event(f"{len(topological_order(output)) // 10}0 nodes or more")
    slopes = gradients(output, leaves)
    with mpmath.workdps(50):
        h = mpmath.mpf("1e-16")
        for leaf, slope, size in zip(leaves, slopes, sizes(output, leaves), strict=True):
            if leaf not in topological_order(output):
                continue
            above, below = (
                evaluate(output, {leaf: mpmath.mpf(leaf.data) + step}, numbers=mpmath).value
                for step in (h, -h)
            )
            measured = (above - below) / (2 * h)
            assert abs(slope - measured) <= 1e-12 * size + 1e-25


@given(programs(most_steps=4))
def test_gradients_against_differences_of_floats(program: Program) -> None:
    _, output = program.graph()
    assume_smooth(output)
    report = check_gradients(program.run, *program.leaves, tolerance=1e-4)
    assert not [row for row in report.rows if row.outcome == "differs"], str(report)


@given(programs())
def test_values_and_gradients_against_50_digits(program: Program) -> None:
    leaves, output = program.graph()
    assume_smooth(output)
    with mpmath.workdps(50):
        exact = evaluate(output, numbers=mpmath)
    assert float(exact.value) == pytest.approx(output.data, rel=1e-9, abs=1e-9)
    found = gradients(output, leaves)
    expected = [float(exact.gradients.get(leaf, 0.0)) for leaf in leaves]
    assert_close(found, expected, sizes(output, leaves), 1e-11)


@given(programs())
def test_replay_is_eager_to_the_last_bit(program: Program) -> None:
    leaves, output = program.graph()
    again = evaluate(output)
    for node in topological_order(output):
        assert again.values[node].hex() == node.data.hex()
    for leaf, slope in zip(leaves, gradients(output, leaves), strict=True):
        assert again.gradients.get(leaf, 0.0) == slope


@given(programs())
def test_forward_mode_is_reverse_mode(program: Program) -> None:
    leaves, output = program.graph()
    reverse = gradients(output, leaves)
    forward = [pushed_forward([output], {leaf: 1.0})[0] or 0.0 for leaf in leaves]
    assert_close(forward, reverse, sizes(output, leaves), 1e-14)
    along = [0.5 * (i + 1) for i in range(len(leaves))]
    _, tangent = jvp(program.run, program.leaves, tuple(along))
    expected = math.fsum(a * slope for a, slope in zip(along, reverse, strict=True))
    assert_close([tangent], [expected], [2.0 * sum(sizes(output, leaves))], 1e-14)


@given(programs(), st.integers(-20, 20), st.floats(-5.0, 5.0))
def test_seeds_are_linear(program: Program, exponent: int, factor: float) -> None:
    def swept(seed: float) -> list[float]:
        leaves, output = program.graph()
        output.backward(seed)
        return [leaf.grad for leaf in leaves]

    once = swept(1.0)
    # A power of two changes no digit.
    assert swept(2.0**exponent) == pytest.approx(
        [2.0**exponent * g for g in once], rel=1e-13, abs=1e-300
    )
    leaves, output = program.graph()
    size = [abs(factor) * s for s in sizes(output, leaves)]
    assert_close(swept(factor), [factor * slope for slope in once], size, 1e-13)
    output.backward(factor)
    output.backward(1.0)
    together = [leaf.grad for leaf in leaves]
    size = [(1.0 + abs(factor)) * s for s in sizes(output, leaves)]
    assert_close(together, [(1.0 + factor) * slope for slope in once], size, 1e-13)


@given(programs())
def test_gradients_with_and_without_a_graph_and_by_backward(program: Program) -> None:
    leaves, output = program.graph()
    plain = gradients(output, leaves)
    recorded = gradients(output, leaves, create_graph=True)
    assert_close([slope.data for slope in recorded], plain, sizes(output, leaves), 1e-14)
    output.backward()
    assert [leaf.grad for leaf in leaves] == plain


@given(programs(most_steps=4))
def test_second_derivatives_are_symmetric(program: Program) -> None:
    _, output = program.graph()
    assume_smooth(output)
    rows = hessian(program.run, range(len(program.leaves)))(*program.leaves)
    size = 1.0 + max(abs(number) for row in rows for number in row)
    for i, row in enumerate(rows):
        assert_close(row, [other[i] for other in rows], [size] * len(row), 1e-9)
    along = tuple(1.0 - 0.75 * i for i in range(len(rows)))
    product = hessian_vector_product(program.run, program.leaves, along)
    expected = [sum(n * a for n, a in zip(row, along, strict=True)) for row in rows]
    assert_close(product, expected, [size] * len(rows), 1e-9)


@given(programs(most_steps=3))
def test_second_derivatives_against_differences_of_50_digits(program: Program) -> None:
    leaves, output = program.graph()
    assume_smooth(output)
    rows = hessian(program.run, range(len(leaves)))(*program.leaves)
    size = 1.0 + max(abs(number) for row in rows for number in row)
    used = [leaf for leaf in leaves if leaf in topological_order(output)]
    with mpmath.workdps(50):
        h = mpmath.mpf("1e-16")
        for leaf in used:
            above, below = (
                evaluate(output, {leaf: mpmath.mpf(leaf.data) + step}, numbers=mpmath).gradients
                for step in (h, -h)
            )
            for other in used:
                found = rows[leaves.index(leaf)][leaves.index(other)]
                measured = (above[other] - below[other]) / (2 * h)
                assert abs(found - measured) <= 1e-9 * size


def by_pickle(output: Value) -> Value:
    twin: Value = pickle.loads(pickle.dumps(output))
    return twin


def by_json(output: Value) -> Value:
    twin: Value = from_json(to_json(output))
    return twin


@pytest.mark.parametrize("copied", [by_pickle, by_json, copy.deepcopy])
@given(program=programs())
def test_copies_never_fail(copied: Callable[[Value], Value], program: Program) -> None:
    _, output = program.graph()
    output.backward()
    twin = copied(output)
    nodes, twins = topological_order(output), topological_order(twin)
    assert [(n.op, n.data, n.partials, n.grad, n.name) for n in nodes] == [
        (n.op, n.data, n.partials, n.grad, n.name) for n in twins
    ]


@given(programs(), st.text(), st.text())
def test_drawing_never_fails(program: Program, name: str, other: str) -> None:
    leaves, output = program.graph()
    leaves[0].name = other
    output.name = name
    for direction in ("forward", "backward"):
        source = draw(output, direction=direction).dot
        assert source.startswith("digraph")
        assert source.count("\n}") >= 1


@given(programs(), st.dictionaries(st.integers(0, 40), st.text()))
def test_explaining_never_fails(program: Program, names: dict[int, str]) -> None:
    """Whatever has a name, which is what explanations are built of."""
    leaves, output = program.graph()
    for i, node in enumerate(topological_order(output)):
        node.name = names.get(i, "")
    for leaf in leaves:
        if leaf in topological_order(output):
            explanation = explain(output, leaf)
            assert str(explanation)
            assert explanation.latex.count("{") - explanation.latex.count(r"\{") == (
                explanation.latex.count("}") - explanation.latex.count(r"\}")
            )
            assert str(why(output, leaf))


@given(programs(), st.text())
def test_programs_have_the_bits_of_the_eager_result(program: Program, name: str) -> None:
    leaves, output = program.graph()
    compiled = compile(lambda *inputs: program.run(*inputs).named(name))
    value, slopes = compiled.value_and_grad(*program.leaves)
    output.backward()
    assert value.hex() == output.data.hex()
    assert list(slopes) == [leaf.grad for leaf in leaves]


def test_the_whole_table_is_drawn_from() -> None:
    """So that no property above is empty for some row."""
    for name, op in TABLE.items():
        program = Program((0.5, -0.25), ((name, (0, 2, 4)),))
        leaves, output = program.graph()
        assert output.op is op
        assert any(sizes(output, leaves))
        found: Any = evaluate(output, numbers=mpmath).value
        assert float(found) == pytest.approx(output.data, rel=1e-12)
