"""What nodes are called, and which can be taken for one another."""

from __future__ import annotations

import pytest

from autograd import Value, dot, total
from autograd.checking.places import Places
from autograd.checking.replay import Tape


def called(output: Value, node: Value) -> str:
    tape = Tape([output])
    return Places(tape).called(tape.index[node])


def test_nodes_without_a_name_go_by_their_formula() -> None:
    x, y = Value(2.0, "x"), Value(3.0)
    assert called(x * y, y) == "3"
    assert called(x * 0.5, x) == "x"
    node = (x - 1.0) ** 2
    assert called(node, node) == "(x − 1) ** 2"


def test_long_formulas_go_by_where_they_stand() -> None:
    x = Value(2.0, "x")
    inner = dot([x, x, x], [1.0, 2.0, 3.0])
    assert called(inner, inner) == "the dot product"
    outer = (inner * 2.0).named("E")
    assert called(outer, inner) == "the dot product in E"
    unnamed = inner * 2.0
    assert called((unnamed * 3.0).named("E"), unnamed) == "the product in E"
    long = Value(1.0, "a name that is longer than anybody would like") * x
    assert called(long, long) == "the product"
    deep = ((((x * 2.0) * 3.0) * 4.0) * 5.0) * 6.0
    assert called(deep, deep) == "the product"


def test_plain_numbers_and_lists_of_nodes() -> None:
    xs = [Value(float(k), f"x{k}") for k in range(6)]
    tape = Tape([total(xs) * 0.5])
    places = Places(tape)
    assert places.called(len(tape)) == "0.5"
    assert places.listed([0, 1]) == "x0, x1"
    assert places.listed(list(range(6))) == "x0 … x5"


@pytest.mark.parametrize(
    ("names", "alike"),
    [
        (["w3", "w2", "w4", "w6", "v2"], ["w4", "w2"]),
        (["w12", "w22", "w11", "w21", "w13", "w34"], ["w13", "w11", "w22", "w21"]),
        (["w1_2", "w2_2", "w2_1", "w1_3", "w3_4"], ["w2_2", "w1_3", "w2_1"]),
        (["out_h1", "out_h2", "net_h2"], ["out_h2"]),
        (["bias", "weight"], []),
        (["w" + "1" * 5000, "w2"], []),
    ],
)
def test_names_that_are_alike(names: list[str], alike: list[str]) -> None:
    values = [Value(0.5, name) for name in names]
    tape = Tape([total(values)])
    found = Places(tape).alike(tape.index[values[0]])
    assert [tape.nodes[i].name for i in found] == alike
