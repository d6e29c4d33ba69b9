"""Recorded graphs run again: with the same numbers, with other steps, with other leaves."""

from __future__ import annotations

import math

import pytest

from autograd import Value, dot, gradients, scalar_rule, topological_order, total, where
from autograd.checking.replay import Tape


def test_run_again_a_graph_gives_the_same_numbers_and_slopes(E_total: Value) -> None:
    tape = Tape([E_total])
    run = tape.run_with({})
    assert tape.is_current
    for i, node in enumerate(topological_order(E_total)):
        assert run.numbers[tape.index[node]] == node.data
        assert list(run.slopes[i]) == pytest.approx(node.partials, rel=1e-14)


def test_derivatives_from_above_and_from_below(E_total: Value) -> None:
    tape = Tape([E_total])
    top = tape.index[E_total]
    for node, slope in zip(tape.nodes, gradients(E_total, tape.nodes), strict=True):
        i = tape.index[node]
        assert tape.recorded.derivative(top, i) == pytest.approx(slope, rel=1e-14)
        assert tape.tangents(i)[top] == pytest.approx(slope, rel=1e-12)
    assert tape.recorded.derivative(0, top) == 0.0
    assert tape.recorded.derivative(0, 0) == 1.0


def test_other_leaves_are_a_graph_built_from_them() -> None:
    def built(a: float) -> Value:
        x, y = Value(a, "x"), Value(3.0, "y")
        return (x * y + x**2).exp() + dot([x, y, 2.0], [y, 1.0, x], x) + total([x, x])

    tape = Tape([built(0.5)])
    other = built(0.25)
    run = tape.run_with({tape.index[tape.nodes[0]]: 0.25})
    assert run.numbers[len(tape) - 1] == other.data
    x = next(node for node in topological_order(other) if node.name == "x")
    slope = run.derivative(len(tape) - 1, 0)
    assert slope == pytest.approx(gradients(other, [x])[0], rel=1e-14)


def test_only_what_depends_on_a_change_is_computed_again(E_total: Value) -> None:
    tape = Tape([E_total])
    named = {node.name: i for i, node in enumerate(tape.nodes) if node.name}
    run = tape.run({named["out_o1"]: tape.step(named["out_o1"]).scaled(0.0)})
    changed = {
        tape.nodes[i].name
        for i, (a, b) in enumerate(zip(run.numbers, tape.recorded.numbers, strict=True))
        if a != b and i < len(tape)
    }
    assert changed >= {"out_o1", "E_o1", "E_total"}
    assert not changed & {"out_o2", "E_o2", "net_o1", "w5"}
    assert run.numbers[named["E_o1"]] == pytest.approx(0.5 * 0.01**2)
    assert 0 < tape.work < tape.size


def test_steps_done_otherwise() -> None:
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(5.0, "c")
    y = a - b
    tape = Tape([y, c])
    i = tape.index[y]
    step = tape.step(i)
    assert step.scaled(2.0).function(2.0, 3.0) == (-2.0, [2.0, -2.0])
    assert step.without_operand(1, 0.0).function(2.0, 3.0)[0] == 2.0
    assert step.with_slopes(lambda y, x, s: [7.0, 8.0]).function(2.0, 3.0) == (-1.0, [7.0, 8.0])
    misread = tape.run({i: step.misread(1, tape.index[c])})
    assert misread.numbers[i] == -3.0
    assert list(misread.slopes[i]) == [1.0, -1.0]
    with pytest.raises(ValueError, match="is a leaf"):
        tape.step(tape.index[a])


def test_a_changed_value_has_the_slopes_that_belong_to_it() -> None:
    x = Value(0.0, "x")
    y = x.sigmoid()
    tape = Tape([y])
    run = tape.run({1: tape.revalued(1, lambda value: value + 0.25)})
    assert run.numbers[1] == 0.75
    assert list(run.slopes[1]) == [0.75 * 0.25]


def test_leaves_that_were_assigned_make_the_tape_stale() -> None:
    x = Value(2.0, "x")
    y = x * x
    x.data = 3.0
    assert not Tape([y]).is_current
    z = x.log()
    x.data = -1.0
    assert not Tape([z]).is_current


def test_not_a_number_is_itself() -> None:
    x = Value(math.inf, "x")
    assert Tape([x - x]).is_current


def test_rows_that_take_floats_only() -> None:
    opaque = scalar_rule("opaque", lambda x: math.floor(x) + 0.5, lambda y, x: math.cos(x))
    x = Value(1.5, "x")
    tape = Tape([opaque(x)])
    assert tape.is_current
    assert list(tape.run_with({}).slopes[1]) == [math.cos(1.5)]
    assert list(tape.run({1: tape.revalued(1, lambda value: 0.0)}).slopes[1]) == [math.cos(1.5)]


def test_very_many_operands_and_conditions() -> None:
    x = Value(0.5, "x")
    many = total([x * k for k in range(1500)])
    chosen = where(True, many, x)
    tape = Tape([chosen])
    assert tape.is_current
    top = len(tape) - 1
    assert tape.run_with({}).derivative(top, 0) == pytest.approx(sum(range(1500)))
