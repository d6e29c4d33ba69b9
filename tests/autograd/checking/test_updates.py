"""Rules of updates: their formulas, their order, and how they are described."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import Value
from autograd.checking import Update, verify


@pytest.fixture
def y() -> Value:
    """Document 003: a neuron that multiplies."""
    return (Value(5.0, "a") * Value(6.0, "b")).named("y")


@pytest.mark.parametrize(
    ("order", "parameters", "printed"),
    [
        ("at once", ["a", "b"], "30.613000"),
        ("one by one", ["a", "b"], "30.616035999999998"),
        ("output first", ["a", "b"], "30.613000"),
        ("one by one", ["b", "a"], "30.616025"),
    ],
)
def test_document_003_the_order_of_updates(
    y: Value, order: str, parameters: list[str], printed: str
) -> None:
    rule = Update("sgd", 0.01, parameters, maximise=True, order=order)
    (row,) = verify(y, {"y+": printed}, update=rule).rows
    assert row.computed == pytest.approx(float(printed), rel=1e-7)


def test_document_003_is_diagnosed_if_all_at_once_was_declared(y: Value) -> None:
    rule = Update("sgd", 0.01, ["a", "b"], maximise=True)
    (row,) = verify(y, {"y+": "30.616036"}, update=rule).rows
    assert row.diagnosis[0].text == (
        "the parameters moved one by one, each by a gradient that uses those already updated"
    )
    rule = Update("sgd", 0.01, ["a", "b"], maximise=True, order="one by one")
    (row,) = verify(y, {"y+": "30.613000"}, update=rule).rows
    assert row.diagnosis[0].text == "all gradients taken before any parameter was updated"


def after(rule: Update, gradients: list[float], number: float = 1.0) -> float:
    memory: tuple[float, ...] = ()
    for count, gradient in enumerate(gradients, start=rule.first_count):
        change, memory = rule.change(gradient, number, memory, count)
        number += change
    return number


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 1 - 0.1 * 2 - 0.1 * 3),
        ({"maximise": True}, 1 + 0.1 * 2 + 0.1 * 3),
        ({"momentum": 0.5}, 1 - 0.2 + (0.5 * -0.2 - 0.3)),
        ({"momentum": 0.5, "nesterov": True}, 1 + (0.5 * -0.2 - 0.2) + (0.5 * -0.4 - 0.3)),
        ({"momentum": 0.5, "remembers": "gradient"}, 1 - 0.2 - 0.3 - 0.5 * 2),
        ({"weight_decay": 0.5}, 0.75 - 0.1 * (3 + 0.5 * 0.75)),
        ({"weight_decay": 0.5, "decoupled": True}, 0.75 - 0.3 - 0.1 * 0.5 * 0.75),
    ],
)
def test_sgd(options: dict[str, Any], expected: float) -> None:
    rule = Update("sgd", 0.1, "w", **options)
    assert after(rule, [2.0, 3.0]) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"epsilon": 0.0}, 1 - 0.1),
        ({"epsilon": 2.0}, 1 - 0.1 * 2 / (2 + 2)),
        ({"epsilon": 12.0, "epsilon_inside": True}, 1 - 0.1 * 2 / 4),
        ({"epsilon": 0.0, "bias_correction": False}, 1 - 0.1 * 0.2 / math.sqrt(0.004)),
        (
            {"epsilon": 0.0, "first_count": 2},
            1 - 0.1 * (0.2 / 0.19) / math.sqrt(0.004 / (1 - 0.999**2)),
        ),
        ({"epsilon": 0.0, "weight_decay": -2.0}, 1.0),
    ],
)
def test_adam(options: dict[str, Any], expected: float) -> None:
    assert after(Update("adam", 0.1, "w", **options), [2.0]) == pytest.approx(expected, rel=1e-12)


def test_parameters_are_names_patterns_and_values(y: Value) -> None:
    a, b = y.parents
    for parameters in ("a", ["a"], [a], "[a]"):
        report = verify(y, {"a+": "5.06", "b+": "6.00"}, update=Update("sgd", -0.01, parameters))
        assert report.ok, str(report)
    assert verify(y, {"b+": "6.05"}, update=Update("sgd", -0.01, [a, b])).ok


def test_the_objective_is_one_output_or_named(y: Value) -> None:
    z = (y * 2.0).named("z")
    a = y.parents[0]
    rule = Update("sgd", -0.01, "a")
    assert verify(z, {"a+": "5.12"}, update=rule).ok
    with pytest.raises(ValueError, match="there are 2 outputs: say which"):
        verify([y, z], {"a+": "5.12"}, update=rule)
    named = Update("sgd", -0.01, "a", objective="y")
    assert verify([y, z], {"a+": "5.06"}, update=named).ok
    assert verify([z, a], {"a+": "5.12"}, update=rule).ok
    with pytest.raises(ValueError, match="no node is named 'q'"):
        verify(z, {"a+": "5"}, update=Update("sgd", 0.1, "a", objective="q"))


def test_derivatives_after_updates(y: Value) -> None:
    rule = Update("sgd", -0.01, ["a", "b"])
    report = verify(y, {"dy/da after 1 update": "6.05", "dy/db+": "5.06"}, update=rule)
    assert report.ok


def test_parameters_that_do_not_exist(y: Value) -> None:
    with pytest.raises(ValueError, match=r"no leaf of the graph is meant by 'w\*'"):
        verify(y, {"a+": "5"}, update=Update("sgd", 0.1, ["a", "w*"]))
    with pytest.raises(ValueError, match="no leaf"):
        verify(y, {"a+": "5"}, update=Update("sgd", 0.1, [Value(1.0)]))


def test_quantities_after_updates_need_a_rule(y: Value) -> None:
    (row,) = verify(y, {"a+": "5"}).rows
    assert row.note.startswith("'a+' is after an update, and no rule of updates is given")
    rule = Update("sgd", 0.1, "a")
    row, other, third = verify(
        y, {"q after 2 updates": "5", "n+": "3", "a++": "1"}, {"n": 3}, rule
    ).rows
    assert row.note == "no node and no value is named 'q'"
    assert other.note == "'n+': updates move what is in the graph, and nothing else"
    assert third.note == "several updates are written 'a after 2 updates'"


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ({"rule": "sgd"}, ValueError, "learning_rate, parameters missing"),
        ({"rule": "sgd", "lr": 1, "learning_rate": 1, "parameters": "w"}, ValueError, "unknown lr"),
        ({"rule": "rms", "learning_rate": 1, "parameters": "w"}, ValueError, "'sgd' or 'adam'"),
        ({"rule": "sgd", "learning_rate": "1", "parameters": "w"}, TypeError, "learning_rate"),
        ({"rule": "sgd", "learning_rate": 1, "parameters": []}, ValueError, "no parameters"),
        (
            {"rule": "sgd", "learning_rate": 1, "parameters": "w", "order": "later"},
            ValueError,
            "order is 'later'",
        ),
        (
            {"rule": "adam", "learning_rate": 1, "parameters": "w", "betas": ["a", 1]},
            TypeError,
            "betas",
        ),
    ],
)
def test_mistakes_in_the_table(
    table: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Update.from_table(table)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"parameters": 3}, r"parameters is 3 \(int\), and must be names of leaves"),
        ({"parameters": ["w", 3]}, r"parameters is \['w', 3\] \(list\)"),
        ({"betas": 0.9}, r"betas is 0.9 \(float\), and must be two numbers"),
        ({"betas": (0.9,)}, "betas"),
        ({"objective": 3}, "objective is 3"),
        ({"first_count": "1"}, "first_count is '1'.*whole number"),
        ({"maximise": "no"}, "maximise is 'no'.*True or False"),
    ],
)
def test_attributes_of_the_wrong_kind(attributes: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Update(**{"rule": "sgd", "learning_rate": 0.5, "parameters": "w", **attributes})


@pytest.mark.parametrize("table", [3, None, "rule"])
def test_what_is_no_table(table: Any) -> None:
    with pytest.raises(TypeError, match=r"update: table is .* must be a mapping"):
        Update.from_table(table)


def test_betas_may_be_a_list() -> None:
    table = {"rule": "adam", "learning_rate": 1, "parameters": "w", "betas": [0.8, 0.9]}
    assert Update.from_table(table).betas == (0.8, 0.9)
