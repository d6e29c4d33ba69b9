"""What the printed programs of all languages have in common: lines, comments, parts."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from autograd.codegen.lowering import Assignment, Check, Statement
from autograd.codegen.program import Program, expression_of, operations_of
from autograd.codegen.terms import Expression, Term, variables_in
from autograd.rows import Op
from autograd.symbol import Program as Language
from autograd.symbol import Symbol, write, write_statements
from autograd.value import Value

__all__ = ["Lengths", "Line", "Part", "finals", "lines", "number", "parts", "slots", "wrapped"]


@dataclass(frozen=True)
class Line:
    """A line of a program: a heading, an assignment, or the check of a guard."""

    text: str
    variable: str = ""
    comment: str = ""
    check: Check | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it only says what comes below."""
        return not self.variable and self.check is None


@dataclass(frozen=True)
class Part:
    """Statements in a row; `needs` are computed before and `gives` are needed afterwards."""

    forward: Sequence[Statement]
    backward: Sequence[Statement]
    needs: Sequence[Term] = ()
    gives: Sequence[Term] = ()

    @property
    def statements(self) -> list[Statement]:
        """Forward, then backward."""
        return [*self.forward, *self.backward]


class Lengths(NamedTuple):
    """How many operations a program of one function may have, and the parts of a longer one."""

    of_one: int
    of_parts: int


def finals(program: Program) -> dict[Term, int]:
    """The gradients that nothing else needs, and which results they are.

    A program may hand them over at once, since no guard comes after the first of them.
    """
    places: dict[Term, list[int]] = {}
    for place, result in enumerate(program.results):
        if isinstance(result, Term):
            places.setdefault(result, []).append(place)
    for statement in program.backward:
        for variable, _ in variables_in(expression_of(statement)):
            places.pop(variable, None)
    made = {s.variable for s in program.backward if isinstance(s, Assignment)}
    return {v: where[0] for v, where in places.items() if v in made and len(where) == 1}


def parts(program: Program, lengths: Lengths, handed_over: Container[Term] = ()) -> list[Part]:
    """The program in one part if it is short, else in many.

    No compiler likes long functions: time and memory would grow faster than the program. Results
    that are `handed_over` need not be given to other parts.
    """
    if program.operations <= lengths.of_one:
        return [Part(program.forward, program.backward)]
    cut = [
        *(Part(statements, []) for statements in _cut(program.forward, lengths.of_parts)),
        *(Part([], statements) for statements in _cut(program.backward, lengths.of_parts)),
    ]
    needs = [_needed(part.statements) for part in cut]
    leaving = set(chain.from_iterable(needs))
    leaving.update(r for r in program.results if isinstance(r, Term) and r not in handed_over)
    return [
        replace(part, needs=needed, gives=[v for v in _made(part.statements) if v in leaving])
        for part, needed in zip(cut, needs, strict=True)
    ]


def _cut(statements: Iterable[Statement], most: int) -> list[list[Statement]]:
    """Sections of about so many operations."""
    sections = defaultdict(list)
    done = 0
    for statement in statements:
        sections[done // most].append(statement)
        done += operations_of(statement)
    return list(sections.values())


def _made(statements: Iterable[Statement]) -> list[Term]:
    return [s.variable for s in statements if isinstance(s, Assignment)]


def _needed(statements: Sequence[Statement]) -> list[Term]:
    """The variables that the statements read and others make, in order."""
    made = set(_made(statements))
    read = (v for statement in statements for v, _ in variables_in(expression_of(statement)))
    return list(dict.fromkeys(variable for variable in read if variable not in made))


def slots(program: Program, parts: Iterable[Part]) -> dict[Term, int]:
    """A place for each variable that parts share: first what is given, then what they give."""
    given = [*program.arguments, *program.parameters]
    if program.seed is not None:
        given.append(program.seed)
    shared = [*given, *(variable for part in parts for variable in part.gives)]
    return {variable: place for place, variable in enumerate(shared)}


def lines(
    program: Program, part: Part, language: Language, handed_over: Container[str] = ()
) -> Iterator[Line]:
    """The part as text, each section under its heading.

    No line reads variables by the names that are `handed_over`.
    """
    statements = part.statements
    names = [_name(statement) for statement in statements]
    named = [
        ("" if name in handed_over else name, expression_of(statement))
        for name, statement in zip(names, statements, strict=True)
    ]
    given = part.needs or (*program.arguments, *program.parameters)
    written = write_statements(named, language, [variable.name for variable in given])
    output = program.output_name
    headings = {0: "forward"} if part.forward else {}
    if part.backward:
        headings[len(part.forward)] = f"backward: d{output}_dx stands for ∂{output}/∂x"
    for place, (statement, name, (before, text)) in enumerate(
        zip(statements, names, written, strict=True)
    ):
        if place in headings:
            yield Line(headings[place])
        comment = _comment(statement)
        for temporary, shared in before:
            yield Line(shared, temporary, comment)
            comment = ""
        if isinstance(statement, Assignment):
            yield Line(text, name, comment)
        else:
            yield Line(text, check=statement)


def number(expression: Expression, language: Language) -> str:
    """A variable, or a number that is known beforehand, as text."""
    [(_, text)] = write_statements([("", expression)], language)
    return text


def wrapped(opening: str, items: Sequence[str], closing: str, indent: str = "    ") -> str:
    """A list between brackets, on as many lines as it takes."""
    line = f"{indent}{opening}{', '.join(items)}{closing}"
    if len(line) <= 100:
        return line
    inner = textwrap.fill(
        ", ".join(items) + ",",
        100,
        initial_indent=indent + "    ",
        subsequent_indent=indent + "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{indent}{opening.rstrip()}\n{inner}\n{indent}{closing.lstrip()}"


def _name(statement: Statement) -> str:
    return statement.variable.name if isinstance(statement, Assignment) else ""


def _comment(statement: Statement) -> str:
    """For a node whose formula does not say so itself, which operation it is."""
    if not isinstance(statement, Assignment) or statement.is_adjoint or statement.node is None:
        return ""
    node = statement.node
    if node.op is None or node.op.sequences or "python" in node.op.spelling:
        return ""
    names = [o.name if isinstance(o, Value) else f"{o:g}" for o in node.operands]
    if not node.name or not all(names):
        return ""
    return f"{node.name} = {_as_text(node.op, names)}"


def _as_text(op: Op, names: Sequence[str]) -> str:
    return write(Symbol("", op, tuple(map(Symbol, names))), "text")
