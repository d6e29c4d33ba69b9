"""Terms are shortened only where every bit of the result stays, whatever the operands."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd import absolute, exp, log, maximum, scalar_rule, sigmoid, sqrt, total
from autograd.codegen.terms import MOST_OPERATIONS, Term, Terms, variables_in
from autograd.rows import choose
from autograd.symbol import PYTHON_NAMES, write_statements

# Where arithmetic is not that of real numbers, and some numbers where it is.
NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.1, -2.5, 3.0, 5e-324, -1e308, math.inf, -math.inf, math.nan]

FORMULAS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a * 1.0 + 1.0 * b,
    lambda a, b: a * -1.0 + -1.0 * b,
    lambda a, b: a / 1.0 - b / -1.0,
    lambda a, b: a + -b,
    lambda a, b: -a + b,
    lambda a, b: -a + -b,
    lambda a, b: a - -b,
    lambda a, b: a + b + -0.0,
    lambda a, b: a - 0.0 - b,
    lambda a, b: -0.0 + a * b,
    lambda a, b: -a * b,
    lambda a, b: a * -b,
    lambda a, b: -a * -b,
    lambda a, b: -(a * -1.0) - -(b * -1.0),
    lambda a, b: a + 0.0,
    lambda a, b: 0.0 - a,
    lambda a, b: a * 0.0,
    lambda a, b: a - a + b * 2.0,
    lambda a, b: abs(a) ** 1.0 + a**2.0 - b**3.0 + abs(b) ** 0.0,
    lambda a, b: choose(a < b, b * 1.0, b) + choose(a >= b, -0.0, 0.0) + choose(a > b, 2.0, 2.0),
    lambda a, b: maximum(a, b) - sigmoid(b),
    lambda a, b: total([a, -b, a, -b * 2.0]),
]


def terms() -> Terms:
    return Terms(lambda term: term)


def evaluated(expression: object, a: float, b: float) -> float:
    [(before, text)] = write_statements([("", expression)], "python")
    names = {**PYTHON_NAMES, "a": a, "b": b}
    for name, part in before:
        names[name] = eval(part, names)
    return float(eval(text, names))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_term_has_the_bits_of_the_formula_it_came_from(
    formula: Callable[[Any, Any], Any],
) -> None:
    made = terms()
    term = formula(made.variable("a"), made.variable("b"))
    for a, b in itertools.product(NUMBERS, repeat=2):
        try:
            expected = formula(a, b)
        except (ArithmeticError, ValueError):
            continue
        assert evaluated(term, a, b).hex() == expected.hex(), (a, b)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (lambda a: a * 1.0, "a"),
        (lambda a: -1.0 * a, "-a"),
        (lambda a: 1.0 + -a, "1.0 - a"),
        (lambda a: -(a * -2.0), "-(a * -2.0)"),
        (lambda a: -a * 2.0, "-(a * 2.0)"),
        (lambda a: a**2, "a ** 2.0"),
        (lambda a: a**0.5, "power(a, 0.5)"),
        (lambda a: a**1, "a"),
        (lambda a: a + 0.0, "a + 0.0"),
        (lambda a: a + (0.25 + 0.5), "a + 0.75"),
        (lambda a: choose(a < 1.0, a, a), "a"),
    ],
)
def test_what_needs_no_computing_is_not_written(formula: Callable[[Any], Any], text: str) -> None:
    made = terms()
    assert write_statements([("", formula(made.variable("a")))], "python") == [([], text)]


def test_what_is_known_beforehand_is_computed_beforehand() -> None:
    made = terms()
    assert made.apply(exp, (0.5,)) == math.exp(0.5)
    assert made.apply(absolute, (-0.5,)) == 0.5


def test_what_cannot_be_computed_beforehand_is_left_to_the_program() -> None:
    made = terms()
    failing = made.apply(log, (-1.0,))
    assert isinstance(failing, Term)
    assert write_statements([("", failing)], "python") == [([], "log(-1.0)")]


def test_equal_terms_are_one() -> None:
    made = terms()
    a, b = made.variable("a"), made.variable("b")
    assert sqrt(a) * b is sqrt(a) * b
    assert a * 0.0 is not a * -0.0


def test_what_grows_long_goes_on_in_another_statement() -> None:
    continued: list[Term] = []

    def keep(term: Term) -> Term:
        continued.append(term)
        return made.variable(f"v{len(continued)}")

    made = Terms(keep)
    variables = [made.variable(f"x{i}") for i in range(1000)]
    whole = total(variables)
    assert isinstance(whole, Term)
    assert len(continued) == pytest.approx(1000 / MOST_OPERATIONS, abs=2)
    assert all(term.size <= MOST_OPERATIONS + 1 for term in [*continued, whole])
    inside = {v for term in [*continued, whole] for v, _ in variables_in(term)}
    assert inside.issuperset(variables)


def test_variables_are_told_apart_by_whether_they_are_needed_whatever_the_case() -> None:
    made = terms()
    a, b, c = made.variable("a"), made.variable("b"), made.variable("c")
    negative: Any = a < 0.0
    term = choose(negative, b, c) + b
    assert sorted((v.name, certain) for v, certain in variables_in(term)) == [
        ("a", True),
        ("b", False),
        ("b", True),
        ("c", False),
    ]


def test_a_function_of_floats_alone_cannot_be_compiled() -> None:
    rule = scalar_rule("table", lambda x: {1.0: 2.0}[float(x)], lambda y, x: 0.0)
    with pytest.raises(TypeError, match="table cannot be compiled"):
        rule(terms().variable("a"))
