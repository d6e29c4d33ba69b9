"""What is said of a claim beyond its verdict: kinks, and leaves that an update leaves alone."""

from __future__ import annotations

import pytest

from autograd import Value, leaky_relu, maximum, relu
from autograd.checking import Update, Verdict, verify


def at_the_kink() -> Value:
    """h = leaky(w·x + b) at net = 0, and y = 3·h."""
    net = (Value(0.5, "w") * 2.0 + Value(-1.0, "b")).named("net")
    return (leaky_relu(net, 0.1).named("h") * 3.0).named("y")


RIGHT = (
    "net is exactly at the kink of h: the printed number takes the slope on the right, 1, "
    "and not 0.1"
)


@pytest.mark.parametrize(
    ("quantity", "printed"), [("dh/dnet", "1"), ("dy/dnet", "3.0"), ("dy/dw", "6.00")]
)
def test_a_number_that_takes_the_other_slope_at_a_kink(quantity: str, printed: str) -> None:
    (row,) = verify(at_the_kink(), {quantity: printed}).rows
    assert row.verdict is Verdict.WRONG
    assert row.note.startswith(RIGHT)


def test_a_parameter_that_is_moved_by_the_other_slope() -> None:
    rule = Update("sgd", 0.5, ["w", "b"])
    y = at_the_kink()
    row, other = verify(y, {"w+": "-2.5", "b+": "-1.15"}, update=rule).rows
    assert row.note.startswith(RIGHT)
    assert other.verdict is Verdict.AGREES


def test_kinks_that_have_nothing_to_do_with_it() -> None:
    rows = verify(at_the_kink(), {"dh/dnet": "0.7", "dy/dw": "0.6", "h": "1", "dy/dh": "1"}).rows
    assert not any("kink" in row.note for row in rows)
    away = leaky_relu(Value(-0.5, "net"), 0.1).named("h")
    assert "kink" not in verify(away, {"dh/dnet": "1"}).rows[0].note


def test_a_tie_of_two_operands() -> None:
    m = maximum(Value(2.0, "a"), Value(2.0, "b")).named("m")
    row, other = verify(m, {"dm/da": "1.0", "dm/db": "0"}).rows
    assert row.note.startswith(
        "a is exactly at the kink of m: the printed number takes the slope on the right, 1, "
        "and not 0.5"
    )
    # 0 stands for 0.5 as well.
    assert other.verdict is Verdict.AGREES


def recurrent() -> Value:
    """Three steps h = tanh(a), a = w·x + u·h + b, from h = 0."""
    w, u, b = Value(0.6, "w"), Value(0.4, "u"), Value(0.1, "b")
    h: Value | float = 0.0
    for step, x in enumerate((0.5, -0.3, 0.8), 1):
        a = (w * x + u * h + b).named(f"a{step}")
        h = a.tanh().named(f"h{step}")
    assert isinstance(h, Value)
    return h


def test_the_direct_partial_taken_for_the_derivative() -> None:
    rows = verify(recurrent(), {"da3/du": "0.071856", "da3/dw": "0.80", "da2/dw": "-0.3000"}).rows
    missing = "the ways through a1, a2 are missing"
    assert rows[0].note == f"this is the direct partial ∂⁺a3/∂u: {missing}"
    assert rows[0].diagnosis[0].mistake == "direct partial"
    assert rows[1].note.startswith(f"this is the direct partial ∂⁺a3/∂w: {missing}")
    assert rows[2].note.startswith(
        "this is the direct partial ∂⁺a2/∂w: the way through a1 is missing"
    )
    (row,) = verify(recurrent(), {"da3/db": "1"}).rows
    assert row.note == (
        f"the digits are cut off, not rounded; or this is the direct partial ∂⁺a3/∂b: {missing}"
    )


def test_many_missing_ways_are_counted() -> None:
    x = Value(2.0, "x")
    y = ((x * 3.0) + sum((x * k).named(f"p{k}") for k in range(1, 6))).named("y")
    (row,) = verify(y, {"dy/dx": "3.00"}).rows
    ways = "the ways through p1, p2, p3 and 2 more are missing"
    assert row.note == f"this is the direct partial ∂⁺y/∂x: {ways}"


def test_several_kinks_at_once() -> None:
    x = Value(0.0, "x")
    y = (relu(x).named("p") + relu(x * 2.0).named("q")).named("y")
    (row,) = verify(y, {"dy/dx": "3"}).rows
    assert row.note.startswith("x·2, x are exactly at kinks: the printed number takes their slopes")
    (row,) = verify(y, {"dy/dx": "2"}).rows
    assert row.note.startswith(
        "x·2 is exactly at the kink of q: the printed number takes the slope"
    )


def test_a_leaf_that_the_update_does_not_move() -> None:
    w1, b = Value(2.0, "w1"), Value(1.0, "b")
    y = (w1 * 3.0 + b).named("y")
    rule = Update("sgd", 0.1, ["w*"])
    claims = {"b+": "0.9", "w1+": "1.9", "b after 2 updates": "1"}
    row, moved, other = verify(y, claims, update=rule).rows
    assert (row.verdict, row.note) == (
        Verdict.WRONG,
        "b is not moved by this update: parameters = ['w*']",
    )
    assert "not moved" not in moved.note
    assert other.verdict is Verdict.AGREES
    (row,) = verify(y, {"b+": "0.9"}, update=Update("sgd", 0.1, [w1])).rows
    assert row.note.endswith("parameters = ['w1']")
