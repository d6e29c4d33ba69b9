from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import pytest

from autograd import Value, scalar_rule
from autograd.ops import TABLE, dot, total, where
from autograd.showing import draw
from autograd.showing.labels import formula, number, parent_marks, slope, visible


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.0821670405642, 6, "0.082167"),
        (0.0821670405642, 9, "0.0821670406"),
        (-0.019049118, 6, "-0.0190491"),
        (1.0, 6, "1"),
        (1.5e-9, 6, "1.5e-09"),
        (123456789.0, 6, "1.23457e+08"),
        (math.inf, 6, "inf"),
        (math.nan, 6, "nan"),
    ],
)
def test_numbers_are_short_enough_to_read(value: float, digits: int, shown: str) -> None:
    assert number(value, digits) == shown


def test_long_names_are_cut_visibly_and_keep_both_ends() -> None:
    shown = visible("layers.0.neurons.1." + "x" * 100 + ".weights.17")
    assert len(shown) < 30
    assert shown.startswith("layers.0")
    assert "…" in shown
    assert shown.endswith("weights.17")


@pytest.mark.parametrize("name", ["", " ", "\n", "\t \u2028"])
def test_a_name_that_nobody_can_see_is_no_name(name: str) -> None:
    assert visible(name) == ""


def test_formulas_keep_the_order_of_operands_and_show_plain_numbers() -> None:
    a, b = Value(3.0, name="a"), Value(2.0, name="b")
    assert [formula(v, 6) for v in (a - b, b - a, a - 1, 1 - a, a**2, 2**a, a / b, -a)] == [
        "a − b",
        "b − a",
        "a − 1",
        "1 − a",
        "a ** 2",
        "2 ** a",
        "a ÷ b",
        "-a",
    ]
    assert formula(a - (-2), 6) == "a − (-2)"
    assert formula((-2.0) * a, 6) == "(-2) × a"


def test_formulas_of_functions() -> None:
    x, y = Value(0.5, name="x"), Value(2.0, name="y")
    assert formula(x.sigmoid(), 6) == "σ(x)"
    assert formula(x.leaky_relu(), 6) == "leaky(x, 0.01)"
    assert formula(dot([x, y], [0.05, 0.1], -1), 6) == "dot([x, y], [0.05, 0.1], -1)"
    terms: list[Value | float] = [x, y, 1.0]
    assert formula(total(terms), 6) == "Σ(x, y, 1)"
    assert "x, y" in formula(where(x < y, x, y), 6)


def test_an_operation_of_the_user_is_written_by_its_name_or_its_symbol() -> None:
    x = Value(2.0, name="x")
    cube = scalar_rule("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    bend = scalar_rule("bend", lambda x: x * x, lambda y, x: 2.0 * x, symbol="β")
    assert formula(cube(x), 6) == "cube(x)"
    assert formula(bend(x), 6) == "β(x)"
    assert slope(bend(x), 6) == "β′(x)"


def test_operands_that_look_alike_are_told_apart() -> None:
    a, b = Value(3.0), Value(2.0)
    assert formula(a - b, 6) == "① − ②"
    assert parent_marks(a - b) == ["①", "②"]
    assert formula(a - a, 6) == "· − ·"
    assert parent_marks(a - a) == ["", ""]
    same, name = Value(3.0, name="w"), Value(2.0, name="w")
    assert formula(same - name, 6) == "w① − w②"
    many = [Value(1.0) for _ in range(25)]
    assert parent_marks(total(many))[18:22] == ["⑲", "⑳", "(21)", "(22)"]


def test_only_functions_of_one_value_have_a_slope_to_name() -> None:
    z, w = Value(0.5, name="z"), Value(2.0, name="f(w)")
    assert slope(z.tanh(), 6) == "tanh′(z)"
    assert slope(w.sqrt(), 6) == "sqrt′(f(w))"
    for other in (z, -w, z + w, w**2, w * 2, dot([w], [1.0]), total([w]), z.maximum(w)):
        assert slope(other, 6) == ""


@pytest.mark.parametrize("op", TABLE.values(), ids=list(TABLE))
def test_every_row_of_the_table_can_be_drawn(
    op: object, texts: Callable[[str], Counter[str]]
) -> None:
    row = TABLE[op.name]  # type: ignore[attr-defined]  # parametrize forgets the type
    middle = [(low + high) / 2 for low, high in row.domain]
    operands = [
        [Value(x, name="p"), Value(x + 0.5, name="q")] if p in row.sequences else Value(x, name=p)
        for p, x in zip(row.parameters, middle, strict=True)
    ]
    picture = draw(row(*operands).named("result"))
    shown = texts(picture.svg)
    assert shown["result"] == 1
    for leaf in picture.nodes[:-1]:
        assert shown[leaf.name] >= 1
