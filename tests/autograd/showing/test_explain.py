"""Derivations: document 000's and 004's as the articles write them, sums, cuts, and other views."""

from __future__ import annotations

import re

import pytest

from autograd import (
    Value,
    dot,
    gradients,
    maximum,
    relu,
    scalar_rule,
    tanh,
    topological_order,
    total,
)
from autograd.showing.explain import Explanation, explain


@pytest.fixture
def E_total() -> Value:
    """Document 000."""
    w = [
        Value(number, f"w{k}")
        for k, number in enumerate((0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55), start=1)
    ]
    b1, b2 = Value(0.35, "b1"), Value(0.60, "b2")
    i = [Value(0.05, "i1"), Value(0.10, "i2")]
    h = [
        dot(w[k : k + 2], i, b1).named(f"net_h{n}").sigmoid().named(f"out_h{n}")
        for n, k in ((1, 0), (2, 2))
    ]
    errors = []
    for n, k, target in ((1, 4, 0.01), (2, 6, 0.99)):
        out = dot(w[k : k + 2], h, b2).named(f"net_o{n}").sigmoid().named(f"out_o{n}")
        errors.append((0.5 * (Value(target, f"target_o{n}") - out) ** 2).named(f"E_o{n}"))
    return (errors[0] + errors[1]).named("E_total")


def equations(explanation: Explanation) -> list[str]:
    """The text with every equation on one line, without indentation."""
    lines: list[str] = []
    for line in str(explanation).splitlines():
        if line.lstrip().startswith("="):
            lines[-1] += f" {line.lstrip()}"
        else:
            lines.append(line.strip())
    return lines


def test_document_000_w5(E_total: Value) -> None:
    assert equations(explain(E_total, "w5")) == [
        "∂E_total/∂w5 = ∂E_total/∂out_o1 · ∂out_o1/∂net_o1 · ∂net_o1/∂w5"
        " = 0.74136507 · 0.186815602 · 0.593269992 = 0.082167041",
        "∂E_total/∂out_o1 = −(target_o1 − out_o1) = −(0.01 − 0.75136507) = 0.74136507",
        "∂out_o1/∂net_o1 = out_o1·(1 − out_o1) = 0.75136507·(1 − 0.75136507) = 0.186815602",
        "∂net_o1/∂w5 = out_h1 = 0.593269992",
    ]


def test_document_000_w1(E_total: Value) -> None:
    explanation = explain(E_total, "w1")
    assert explanation.paths == 2
    found = equations(explanation)
    assert found[:5] == [
        "∂E_total/∂w1 = ∂E_total/∂out_h1 · ∂out_h1/∂net_h1 · ∂net_h1/∂w1"
        " = 0.036350306 · 0.241300709 · 0.05 = 0.000438568",
        "∂E_total/∂out_h1 = ∂E_o1/∂out_h1 + ∂E_o2/∂out_h1"
        " = 0.055399425 − 0.019049118 = 0.036350306",
        "∂E_o1/∂out_h1 = ∂E_o1/∂net_o1 · ∂net_o1/∂out_h1 = 0.138498562 · 0.4 = 0.055399425",
        "∂E_o1/∂net_o1 = ∂E_o1/∂out_o1 · ∂out_o1/∂net_o1 = 0.74136507 · 0.186815602 = 0.138498562",
        "∂E_o1/∂out_o1 = −(target_o1 − out_o1) = −(0.01 − 0.75136507) = 0.74136507",
    ]
    assert found[-2:] == [
        "∂out_h1/∂net_h1 = out_h1·(1 − out_h1) = 0.593269992·(1 − 0.593269992) = 0.241300709",
        "∂net_h1/∂w1 = i1 = 0.05",
    ]


def test_document_004() -> None:
    """∂l/∂z = σ′(z) · (w3 · ∂l/∂z′ + w4 · ∂l/∂z″), the paths being split above a."""
    w3, w4 = Value(0.8, "w3"), Value(-0.6, "w4")
    z = Value(0.1, "z")
    a = z.sigmoid().named("a")
    y1 = (w3 * a + 0.05).named("z′").sigmoid().named("y1")
    y2 = (w4 * a - 0.15).named("z″").sigmoid().named("y2")
    l = (0.5 * (1 - y1) ** 2 + 0.5 * (0 - y2) ** 2).named("l")  # noqa: E741 (the document's name)
    found = equations(explain(l, z))
    assert found[0] == "∂l/∂z = ∂l/∂a · ∂a/∂z = −0.127679599 · 0.24937604 = −0.031840233"
    assert found[1] == (
        "∂l/∂a = ∂l/∂z′ · ∂z′/∂a + ∂l/∂z″ · ∂z″/∂a"
        " = −0.091034789 · 0.8 + 0.091419613 · (−0.6)"
        " = −0.072827831 − 0.054851768 = −0.127679599"
    )
    assert "∂z′/∂a = w3 = 0.8" in found
    assert "∂z″/∂a = w4 = −0.6" in found
    assert "∂l/∂z′ = ∂l/∂y1 · ∂y1/∂z′ = −0.384620184 · 0.236687498 = −0.091034789" in found


def test_every_number_of_every_derivation_is_the_derivative(E_total: Value) -> None:
    nodes = {node.name: node for node in topological_order(E_total) if node.name}
    for node in nodes.values():
        explanation = explain(E_total, node)
        assert explanation.number == pytest.approx(gradients(E_total, [node])[0], rel=1e-12)
        for equation in explanation.equations:
            slope = gradients(equation.over, [equation.under])[0]
            assert equation.number == pytest.approx(slope, rel=1e-12)
            if equation.terms:
                parts = sum(term.number for term in equation.terms)
                assert parts + equation.left_out[1] == pytest.approx(slope, rel=1e-12)


def test_digits_are_those_asked_for(E_total: Value) -> None:
    assert equations(explain(E_total, "w5", digits=3))[0].endswith(
        " = 0.741 · 0.187 · 0.593 = 0.082"
    )
    tiny = (Value(1.0, "x") * 1.23456e-8).named("y")
    assert str(explain(tiny, "x")) == "∂y/∂x = 1.23456e−08"
    huge = (Value(1.0, "x") * 1e15).named("y")
    assert str(explain(huge, "x", digits=2)) == "∂y/∂x = 1e15"


IMMEDIATE = "the immediate derivative, with everything else held"


def test_a_way_past_a_node_is_a_term_of_its_own() -> None:
    x = Value(3.0, "x")
    a = (x * 2.0).named("a")
    y = (a * x + x).named("y")
    assert equations(explain(y, x)) == [
        "∂y/∂x = ∂y/∂a · ∂a/∂x + ∂⁺y/∂x = 3 · 2 + 7 = 6 + 7 = 13",
        "∂y/∂a = x = 3",
        "∂a/∂x = 2",
        "∂⁺y/∂x = a + 1 = 6 + 1 = 7",
        f"∂⁺: {IMMEDIATE}",
    ]


def test_a_weight_shared_between_steps() -> None:
    u, h = Value(0.5, "u"), Value(2.0, "h0")
    for k in (1, 2, 3):
        h = (u * h).named(f"h{k}")
    explanation = explain(h, u)
    assert equations(explanation) == [
        "∂h3/∂u = ∂h3/∂h1 · ∂h1/∂u + ∂h3/∂h2 · ∂⁺h2/∂u + ∂⁺h3/∂u"
        " = 0.25 · 2 + 0.5 · 1 + 0.5 = 0.5 + 0.5 + 0.5 = 1.5",
        "∂h3/∂h1 = ∂h3/∂h2 · ∂h2/∂h1 = 0.5 · 0.5 = 0.25",
        "∂h3/∂h2 = u = 0.5",
        "∂h2/∂h1 = u = 0.5",
        "∂h1/∂u = h0 = 2",
        "∂⁺h2/∂u = h1 = 1",
        "∂⁺h3/∂u = h2 = 0.5",
        f"∂⁺: {IMMEDIATE}",
    ]
    assert r"\frac{\partial^{+} h_{3}}{\partial u} &= h_{2} = 0.5" in explanation.latex
    *_, last, _ = explanation.latex.splitlines()
    assert last == rf"&\partial^{{+}}\text{{: {IMMEDIATE}}}"
    assert explanation.markdown.splitlines()[-1] == rf"- $\partial^{{+}}$: {IMMEDIATE}"


def test_no_symbol_stands_for_two_numbers() -> None:
    """Also where a summand, whose derivative 1 is not told, is the other way."""
    u, k, z = Value(2.0, "u"), Value(3.0, "k"), Value(5.0, "z")
    a = (u * k).named("a")
    assert equations(explain((a + u * z).named("y"), u)) == [
        "∂y/∂u = ∂a/∂u + ∂⁺y/∂u = 3 + 5 = 8",
        "∂a/∂u = k = 3",
        "∂⁺y/∂u = z = 5",
        f"∂⁺: {IMMEDIATE}",
    ]
    b = (a * u).named("b")
    lines = equations(explain((a + b + u * z).named("y"), u))
    assert lines == [
        "∂y/∂u = ∂y/∂a · ∂a/∂u + ∂⁺b/∂u + ∂⁺y/∂u = 3 · 3 + 6 + 5 = 9 + 6 + 5 = 20",
        "∂y/∂a = ∂b/∂a + ∂⁺y/∂a = 2 + 1 = 3",
        "∂b/∂a = u = 2",
        "∂⁺y/∂a = 1",
        "∂a/∂u = k = 3",
        "∂⁺b/∂u = a = 6",
        "∂⁺y/∂u = z = 5",
        f"∂⁺: {IMMEDIATE}",
    ]


def test_conditions_are_decided() -> None:
    x = Value(3.0, "x")
    assert str(explain(relu(x).named("y"), x)) == "∂y/∂x = 1"
    assert str(explain(maximum(x, 5.0).named("y"), x)) == "∂y/∂x = 0"
    assert str(explain((x**2).named("y"), x)) == "∂y/∂x = 2·x = 2·3 = 6"
    assert str(explain((x**3).named("y"), x)) == "∂y/∂x = 3·x² = 3·3² = 27"
    assert str(explain(tanh(x).named("y"), x, 4)) == "∂y/∂x = 1 − y² = 1 − 0.9951² = 0.0099"


def test_what_is_no_formula_is_a_number() -> None:
    opaque = scalar_rule("opaque", lambda x: x * 2.0, lambda y, x: float(f"{x:.1f}"))
    x = Value(3.0, "x")
    assert str(explain(opaque(x).named("y"), x)) == "∂y/∂x = 3"
    y = x
    for _ in range(100):
        y = y.sin()
    assert re.fullmatch(r"∂y/∂x = −?[\d.e−]+", str(explain(y.named("y"), x)))


def test_a_node_is_asked_for_by_its_name(E_total: Value) -> None:
    assert str(explain(E_total, "w5")).startswith("∂E_total/∂w5 = ")
    with pytest.raises(ValueError, match=r"^explain: no node is named 'W5' .*did you mean 'w5'"):
        explain(E_total, "W5")
    with pytest.raises(ValueError, match="did you mean 'net_h1' or 'out_h1'"):
        explain(E_total, "h1")
    with pytest.raises(ValueError, match="give a node's name, or the Value itself"):
        explain(E_total, "velocity")


def test_nodes_without_names() -> None:
    x = Value(3.0)
    assert str(explain(x * Value(2.0), x)) == "∂output/∂3 = 2"
    below = Value(-0.5)
    squared = explain((below * below).named("y"), below)
    assert str(squared) == "∂y/∂(−0.5) = 2·(−0.5) = −1"
    assert r"\frac{\partial y}{\partial (-0.5)} &= 2 \cdot (-0.5) = -1" in squared.latex
    assert str(explain((x * 2.0).named("a\nb"), x)) == "∂a b/∂3 = 2"


def test_no_path_and_the_output_itself() -> None:
    x, y = Value(3.0, "x"), Value(2.0, "y")
    nothing = explain((x * 2.0).named("z"), y)
    assert (nothing.paths, nothing.number) == (0, 0.0)
    assert str(nothing) == (
        "∂z/∂y = 0 (no path; if it went through float(…), math.exp or .data on the way, the graph "
        "ends there: use autograd.exp and its like)"
    )
    assert (str(explain(x, x)), explain(x, x).number) == ("∂x/∂x = 1", 1.0)
    assert nothing.latex.startswith(r"\frac{\partial z}{\partial y} = 0 \quad\text{(no path; if")
    assert nothing.markdown.startswith(r"$\frac{\partial z}{\partial y} = 0$ (no path; if")


def test_paths_are_counted_and_not_walked() -> None:
    y = x = Value(1.0, "x")
    for k in range(300):
        y = ((y * 0.5).named(f"a{k}") + (y * 0.5).named(f"b{k}")).named(f"c{k}")
    explanation = explain(y, x)
    assert explanation.paths == 2**300
    assert explanation.number == 1.0
    assert "(288 more factors)" in equations(explanation)[0]


def test_long_derivations_are_cut_with_a_line_that_says_so() -> None:
    u = Value(0.5, "u")
    products = [(u * Value(0.1 * k, f"x{k}")).named(f"p{k}") for k in range(100)]
    y = total([p.tanh().named(f"t{k}") for k, p in enumerate(products)]).named("y")
    explanation = explain(y, u, most_terms=3, most_equations=5)
    first, *_, last = equations(explanation)
    assert "(97 more terms)" in first
    assert len(explanation.equations) == 5
    assert last == "… at least 3 more derivatives on 100 paths left out: ask for each by explain()"
    assert last in explanation.latex
    assert last in explanation.markdown
    [equation, *_] = explanation.equations
    assert equation.left_out[0] == 97


def test_a_long_chain_is_no_recursion() -> None:
    y = x = Value(1.0, "x")
    for k in range(20_000):
        y = (y * 1.0001).named(f"y{k}")
    assert "(19988 more factors)" in str(explain(y, x))


def test_latex_and_markdown(E_total: Value) -> None:
    explanation = explain(E_total, "w5", digits=4)
    assert explanation.latex.splitlines()[1] == (
        r"\frac{\partial E_{total}}{\partial w_{5}} &= "
        r"\frac{\partial E_{total}}{\partial \mathrm{out}_{o1}} \cdot "
        r"\frac{\partial \mathrm{out}_{o1}}{\partial \mathrm{net}_{o1}} \cdot "
        r"\frac{\partial \mathrm{net}_{o1}}{\partial w_{5}} = "
        r"0.7414 \cdot 0.1868 \cdot 0.5933 = 0.0822 \\[0.5em]"
    )
    assert explanation._repr_latex_() == f"$$\n{explanation.latex}\n$$"
    lines = explanation.markdown.splitlines()
    assert lines[0].startswith(r"- $\frac{\partial E_{total}}{\partial w_{5}} = \frac")
    assert lines[1].startswith(r"  - $\frac")
    assert "&" not in explanation.markdown
    tiny = explain((Value(1.0, "x") * -1.5e-8).named("y"), "x")
    assert tiny.latex.splitlines()[1].endswith(r"&= -1.5 \cdot 10^{-8}")
    infinite = explain(((Value(0.0, "x") ** 0.5).named("r")).named("y"), "x")
    assert infinite.latex.splitlines()[1].endswith(r"\infty")


def test_ledger_totals_are_the_gradients(E_total: Value) -> None:
    E_total.backward()
    ledger = explain(E_total, "w1").ledger
    assert all(account.reconciles for account in ledger.accounts)
    text = str(ledger)
    assert re.search(r"out_h1 +net_o1 +0\.4 +0\.138498562 +0\.055399425", text)
    assert re.search(r"total +0\.036350306 +\.grad", text.replace("= .grad", ".grad"))
    assert repr(ledger) == text
    assert "out_h1" in ledger._repr_html_()


def test_ledger_says_if_a_gradient_is_of_something_else(E_total: Value) -> None:
    assert "grad" not in str(explain(E_total, "w1").ledger)
    E_total.backward()
    E_total.backward()
    ledger = explain(E_total, "w1").ledger
    assert [a.node.name for a in ledger.accounts if not a.reconciles] == ["w1"]
    assert ".grad is 0.000877135: of another output, or of several passes" in str(ledger)


def test_long_ledgers_are_cut() -> None:
    y = x = Value(1.0, "x")
    for k in range(100):
        y = (y * 1.0001).named(f"y{k}")
    ledger = explain(y, x).ledger
    assert ledger.accounts[-1].node is x
    assert str(ledger).endswith("… 70 more nodes left out")
    assert "70 more nodes left out" in ledger._repr_html_()


def test_wrong_arguments(E_total: Value) -> None:
    with pytest.raises(ValueError, match="no node is named 'w9'"):
        explain(E_total, "w9")
    x, y = Value(1.0, "x"), Value(2.0, "x")
    with pytest.raises(ValueError, match="2 nodes are named 'x'"):
        explain(x * y, "x")
    with pytest.raises(TypeError, match=r"wrt is 3\.0, a float"):
        explain(E_total, 3.0)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"output is 3\.0, a float"):
        explain(3.0, "x")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"digits is a whole number, got '4'"):
        explain(x, x, digits="4")  # type: ignore[arg-type]  # the point
    with pytest.raises(ValueError, match="most_terms must be at least 1, got 0"):
        explain(x, x, most_terms=0)
