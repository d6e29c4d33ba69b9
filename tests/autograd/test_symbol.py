"""What symbols print, read back by those it is printed for: Python, a C compiler, TeX's grammar."""

from __future__ import annotations

import ctypes
import math
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from matplotlib.mathtext import MathTextParser

from autograd import ops
from autograd.ops import TABLE
from autograd.rows import Op, choose
from autograd.symbol import (
    PYTHON_NAMES,
    Language,
    Program,
    Symbol,
    latex_name,
    write,
    write_program,
)

every_row = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
Points = Callable[..., list[tuple[object, ...]]]

# Symbols stand where rows expect numbers, which a type checker need not believe.
SYMBOLS: list[Any] = [Symbol(name) for name in "xabc"]
x, a, b, c = SYMBOLS
MANY_EXPRESSIONS = 80


def symbols(op: Op, length: int) -> tuple[Any, ...]:
    return tuple(
        tuple(Symbol(f"{p}_{i}") for i in range(length)) if p in op.sequences else Symbol(p)
        for p in op.parameters
    )


def expressions(op: Op, operands: Sequence[Any]) -> list[Any]:
    """The value and every partial, element by element."""
    result = op(*operands)
    found = [result]
    for parameter, partial in zip(op.parameters, op.partials, strict=True):
        slope = partial(result, *operands)
        found += slope if parameter in op.sequences else [slope]
    return found


def cases(op: Op, points: Points) -> list[tuple[list[Any], list[str], list[Any]]]:
    """Expressions, the names in them, and operands to try them at, for several lengths."""
    found = []
    for length in (1, 2, 4) if op.sequences else (1,):
        variables = symbols(op, length)
        names = [str(symbol) for symbol in op.flat(variables)]
        at = [op.flat(arguments) for arguments in points(op, length)]
        if op.kink:
            at.append(op.kink.operands)
        found.append((expressions(op, variables), names, at))
    return found


def bits(numbers: Sequence[Any]) -> list[str]:
    return [float(number).hex() for number in numbers]


def tree(rng: random.Random, leaves: Sequence[Any], depth: int) -> Any:
    """A random expression of symbols or, made from the same seed, its value at numbers."""
    if depth == 0:
        return rng.choice([*leaves, *leaves, 2.0, -0.5, 1e-5])
    kind = rng.choice(["add", "sub", "mul", "div", "pow", "neg", "abs", "sigmoid", "max", "choose"])
    first, second = (tree(rng, leaves, depth - rng.randint(1, depth)) for _ in range(2))
    if kind == "pow":
        return ops.power(ops.absolute(first) + 0.5, rng.choice([2.0, -1.0, 0.5]))
    if kind == "div":
        return ops.div(first, ops.absolute(second) + 0.5)
    if kind == "max":
        return ops.maximum(first, second)
    if kind == "choose":
        return choose(ops.sub(first, second) < 0.0, ops.neg(first), lambda: ops.mul(second, first))
    op = TABLE[kind]
    return op(first, second) if len(op.parameters) == 2 else op(first)


def random_trees(leaves: Sequence[Any]) -> list[Any]:
    """The same trees for all leaves; never a bare number, which has no program."""
    return [
        ops.add(leaves[0], tree(random.Random(seed), leaves, 4)) for seed in range(MANY_EXPRESSIONS)
    ]


# --- Python


@every_row
def test_a_row_printed_as_python_computes_the_same_bits(op: Op, points: Points) -> None:
    for printed, names, at in cases(op, points):
        assignments, texts = write_program(printed, "python")
        for operands in at:
            expected = expressions(op, op.grouped(operands))
            scope = {**PYTHON_NAMES, **dict(zip(names, operands, strict=True))}
            for name, text in assignments:
                scope[name] = eval(text, scope)
            assert bits([eval(text, scope) for text in texts]) == bits(expected)
            if len(operands) < 5:
                alone = [eval(write(p, "python"), scope) for p in printed]
                assert bits(alone) == bits(expected)


def test_expressions_printed_as_python_compute_the_same_bits() -> None:
    numbers = [0.7, -1.3, 2.1]
    expected = random_trees(numbers)
    scope = {**PYTHON_NAMES, **dict(zip("abc", numbers, strict=True))}
    printed = [write(t, "python") for t in random_trees([a, b, c])]
    assert bits([eval(text, scope) for text in printed]) == bits(expected)


def test_text_is_python_with_the_operations_by_their_names() -> None:
    numbers = [0.7, -1.3, 2.1]
    scope = {**TABLE, "abs": abs, **dict(zip("abc", numbers, strict=True))}
    printed = [write(t, "text") for t in random_trees([a, b, c])]
    assert [eval(t, {}, scope) for t in printed] == pytest.approx(random_trees(numbers), rel=1e-14)


# --- C


def compiled(sources: list[str], folder: Path) -> Callable[..., list[float]]:
    """Functions f0, f1, … of a C program, called by number."""
    program, library = folder / "program.c", folder / "program.so"
    program.write_text("#include <math.h>\n" + "\n".join(sources))
    command = ["cc", "-std=c99", "-ffp-contract=off", "-shared", "-fPIC", "-Wall", "-Werror"]
    subprocess.run([*command, "-o", library, program, "-lm"], check=True)
    functions = ctypes.CDLL(str(library))

    def call(index: int, operands: Sequence[float], results: int) -> list[float]:
        out = (ctypes.c_double * results)()
        getattr(functions, f"f{index}")((ctypes.c_double * len(operands))(*operands), out)
        return list(out)

    return call


def c_function(index: int, expressions: Sequence[object], names: Sequence[str]) -> str:
    assignments, texts = write_program(expressions, "c")
    lines = [
        *(f"double {name} = operands[{i}]; (void){name};" for i, name in enumerate(names)),
        *(f"double {name} = {text};" for name, text in assignments),
        *(f"out[{i}] = {text};" for i, text in enumerate(texts)),
    ]
    body = "\n    ".join(lines)
    return f"void f{index}(const double *operands, double *out) {{\n    {body}\n}}"


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (`cc`) is installed")
def test_what_is_printed_as_c_computes_the_same_bits(tmp_path: Path, points: Points) -> None:
    jobs = [(op, *case) for op in TABLE.values() for case in cases(op, points)]
    trees, numbers = random_trees([a, b, c]), [0.7, -1.3, 2.1]
    sources = [c_function(i, printed, names) for i, (_, printed, names, _) in enumerate(jobs)]
    sources.append(c_function(len(jobs), trees, "abc"))
    call = compiled(sources, tmp_path)
    for index, (op, printed, _, at) in enumerate(jobs):
        for operands in at:
            expected = expressions(op, op.grouped(operands))
            assert bits(call(index, operands, len(printed))) == bits(expected), op.name
    assert bits(call(len(jobs), numbers, len(trees))) == bits(random_trees(numbers))


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (ops.neg(-x), "-(-x)"),
        (ops.neg(ops.neg(-x)), "-(-(-x))"),
        (a - -b, "a - -b"),
        (-Symbol("x") * -2.0, "-x * -2.0"),
        (abs(x) ** 2, "pow(fabs(x), 2.0)"),
        (choose(a < b, a, b) * 2.0, "(a < b ? a : b) * 2.0"),
        (x * math.inf + math.nan, "x * INFINITY + NAN"),
        (x * -math.inf, "x * -INFINITY"),
        (x * 1e300, "x * 1e+300"),
    ],
)
def test_c(expression: Symbol, text: str) -> None:
    assert write(expression, "c") == text
    assert "--" not in text


# --- LaTeX


def parsed(text: str) -> str:
    """The text, after matplotlib's parser of TeX has accepted it (it knows no cases)."""
    MathTextParser("path").parse(f"${text}$")
    return text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (a / b, r"\frac{a}{b}"),
        (a * b + c, r"a \cdot b + c"),
        (a * (b + c), r"a \cdot (b + c)"),
        (a**b, "a^{b}"),
        (a ** (b + 1), "a^{b + 1}"),
        ((a**b) ** c, "(a^{b})^{c}"),
        (a**b**c, "a^{b^{c}}"),
        (ops.exp(a) ** 2, "(e^{a})^{2}"),
        ((a / 2) ** 2, r"(\frac{a}{2})^{2}"),
        ((-a) ** 2, "(-a)^{2}"),
        ((-0.5) ** a, "(-0.5)^{a}"),
        (-(a**2), "-a^{2}"),
        (ops.sqrt(a + b), r"\sqrt{a + b}"),
        (ops.sigmoid(a * b), r"\sigma\left(a \cdot b\right)"),
        (ops.log(a), r"\ln\left(a\right)"),
        (abs(a - b), r"\left|a - b\right|"),
        (ops.leaky_relu(a), r"\operatorname{leaky\_relu}\left(a, 0.01\right)"),
        (a + 0.5, "a + 0.5"),
        (a + 1e-5, r"a + 1 \cdot 10^{-5}"),
        (a + 1.5e300, r"a + 1.5 \cdot 10^{300}"),
        (1e-5**a, r"(1 \cdot 10^{-5})^{a}"),
        (a * math.inf, r"a \cdot \infty"),
        (a * -math.inf, r"a \cdot -\infty"),
        (Symbol("net_h1") * Symbol("w5"), r"\mathrm{net}_{h1} \cdot w_{5}"),
    ],
)
def test_latex(expression: Symbol, text: str) -> None:
    assert parsed(write(expression, "latex")) == text


@every_row
def test_a_row_in_latex_can_be_typeset(op: Op) -> None:
    for expression in expressions(op, symbols(op, 2)):
        text = write(expression, "latex")
        assert "cases" in text or parsed(text)
        assert text.count("{") == text.count("}")


def test_cases_in_latex() -> None:
    assert write(choose(x > 0.0, x, 0.0), "latex") == (
        r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}"
    )
    assert write(choose(x <= 0.0, x, 0.0), "latex").count(r"\le") == 1


@pytest.mark.parametrize(
    "name",
    [
        *(
            "w",
            "w5",
            "w_5",
            "net_h1",
            "E_total",
            "w5+",
            "δ",
            "a_b_c",
            "50%",
            "{",
            "x^2",
            "#",
            "a~b",
        ),
        *("$1$", r"\href{javascript:alert(1)}{x}", r"\\", r"\input_{x}"),
    ],
)
def test_any_name_can_be_typeset(name: str) -> None:
    assert parsed(latex_name(name))
    assert write(Symbol(name), "latex") == latex_name(name)


def test_names_hold_no_commands_and_no_tags() -> None:
    assert latex_name(r"\href{x}") == r"\mathrm{\backslash{}href\{x\}}"
    assert latex_name("<b>") == r"\mathrm{\lt{}b\gt{}}"


# --- text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (1.0 - ops.tanh(x) ** 2, "1 - tanh(x) ** 2"),
        (a - (b - c), "a - (b - c)"),
        (a - b - c, "a - b - c"),
        (a / (b / c), "a / (b / c)"),
        ((a + b) * c, "(a + b) * c"),
        (-(a + b), "-(a + b)"),
        ((-a) ** b, "(-a) ** b"),
        ((-0.5) ** a, "(-0.5) ** a"),
        ((-0.0) ** a, "(-0) ** a"),
        (a ** (-0.5), "a ** -0.5"),
        ((a + b) ** -1, "(a + b) ** -1"),
        (0.1 + a * 1e-9, "0.1 + a * 1e-09"),
        (ops.softplus(a), "softplus(a)"),
        (ops.dot([a, 2.0], [b, c], 1.0), "dot([a, 2], [b, c], 1)"),
        (choose(a >= b, a, -b), "a if a >= b else -b"),
        (ops.where(a < b, a, b), "where(a < b, a, b)"),
    ],
)
def test_text(expression: Symbol, text: str) -> None:
    assert write(expression, "text") == str(expression) == text
    assert repr(expression) == f"<symbol {text}>"


@pytest.mark.parametrize("language", ["text", "python", "c", "latex"])
def test_a_number_is_an_expression(language: Language) -> None:
    assert write(-0.5, language) == "-0.5"


# --- programs


@pytest.mark.parametrize("language", ["python", "c"])
def test_what_occurs_twice_is_computed_once(language: Program) -> None:
    y = ops.exp(a * b)
    assignments, texts = write_program([y * y, y + a * b, a * b - 1.0], language)
    assert assignments == [("t1", "a * b"), ("t2", "exp(t1)")]
    assert texts == ["t2 * t2", "t2 + t1", "t1 - 1.0"]


def test_equal_expressions_are_one() -> None:
    assignments, texts = write_program([ops.sin(a) * 2.0, ops.sin(a) * 3.0], "python")
    assert assignments == [("t1", "sin(a)")]
    assert texts == ["t1 * 2.0", "t1 * 3.0"]


def test_zeros_of_both_signs_are_two_numbers() -> None:
    _, texts = write_program([a * 0.0, a * -0.0], "python")
    assert texts == ["a * 0.0", "a * -0.0"]


def test_a_case_that_may_not_arise_is_not_computed_beforehand() -> None:
    """log(x) exists only where the condition holds."""
    guarded = choose(x > 0.0, lambda: ops.log(x) * ops.log(x), 0.0)
    assert write_program([guarded], "python") == ([], ["log(x) * log(x) if x > 0.0 else 0.0"])
    needed_anyway = write_program([guarded, ops.log(x)], "python")
    assert needed_anyway == ([("t1", "log(x)")], ["t1 * t1 if x > 0.0 else 0.0", "t1"])


def test_names_of_intermediate_results_avoid_those_of_variables() -> None:
    t1, t3 = Symbol("t1"), Symbol("t3")
    y, z = ops.sin(t1), ops.sin(t3)
    assignments, _ = write_program([y * y, z * z], "python")
    assert [name for name, _ in assignments] == ["t2", "t4"]


def test_programs_stay_as_long_as_their_expressions() -> None:
    """Each use of a shared part is a name: a list twice as long gives a program twice as long."""
    lengths = []
    for count in (25, 50):
        terms = [Symbol(f"a{i}") for i in range(count)]
        assignments, texts = write_program([ops.logsumexp(terms)], "python")
        lengths.append(sum(map(len, [*texts, *(text for _, text in assignments)])))
    assert lengths[1] < 2.5 * lengths[0]


# --- what cannot be known of a symbol


def test_a_symbol_is_no_condition() -> None:
    with pytest.raises(TypeError, match="write choose"):
        bool(x > 0.0)
    with pytest.raises(TypeError, match="compare by < or >"):
        assert x == 0.0
    with pytest.raises(TypeError, match="condition, not a number"):
        write_program([x > 0.0], "python")


def test_a_symbol_is_no_number() -> None:
    with pytest.raises(TypeError):
        math.exp(x)
    with pytest.raises(TypeError, match="expected a real number"):
        x + "1"
