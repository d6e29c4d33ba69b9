"""Direct partials, and the ways past them."""

from __future__ import annotations

import pytest

from autograd import Value, gradients, topological_order
from autograd.checking import Verdict, verify
from autograd.checking.direct import Directly


def test_a_derivative_is_the_sum_over_the_last_steps() -> None:
    """∂y/∂u = Σ ∂y/∂v · ∂⁺v/∂u over the named nodes v that u acts on directly, y among them."""
    u, k = Value(0.7, "u"), Value(-1.3, "k")
    a = (u * k).tanh().named("a")
    b = (a * u + (a * a).sigmoid()).named("b")
    y = (a * b + (u * u + b).exp() * u).named("y")
    named = [node for node in topological_order(y) if node.name]
    for under in (u, k, a, b):
        total = 0.0
        for node in named:
            direct = Directly(node).partial(under)
            if direct is not None:
                total += gradients(y, [node])[0] * direct
        assert total == pytest.approx(gradients(y, [under])[0], rel=1e-12)
    assert [node.name for node in Directly(y).between(u)] == ["a", "b"]
    assert Directly(y).partial(k) is None


def test_a_node_without_a_name_may_be_asked_about() -> None:
    x = Value(3.0, "x")
    assert Directly(x * x + x).partial(x) == 7.0
    assert Directly(x).partial(x) is None


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("∂⁺net/∂a", 1.0),
        ("d+net/da", 1.0),
        ("∂^+ net / ∂a", 1.0),
        ("∂⁺E/∂net", -6.0),
        ("∂⁺E/∂a", 0.0),
        ("∂⁺a/∂E", 0.0),
    ],
)
def test_direct_partials(E: Value, quantity: str, expected: float) -> None:
    (row,) = verify(E, {quantity: "7"}).rows
    assert row.computed == expected
    assert row.note.endswith("of the last printed place (1) below")


def test_a_direct_partial_meets_no_named_node() -> None:
    u, k = Value(2.0, name="u"), Value(3.0, name="k")
    a = (u * k).named("a")
    y = (u * (u + a) * k).named("y")
    right, whole = verify(y, {"∂⁺y/∂u": "30", "d+y/du": "48"}).rows
    assert (right.verdict, right.computed) == (Verdict.AGREES, 30.0)
    assert whole.note.endswith("; this is the whole derivative ∂y/∂u, not the direct partial alone")


def test_names_come_before_direct_partials() -> None:
    y = (Value(2.0, name="x") * 3.0).named("⁺y")
    assert verify(y, {"∂⁺y/∂x": "3"}).ok
