"""Programs in Python: one function of local variables, which needs nothing."""

from __future__ import annotations

import builtins
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from autograd.codegen.lowering import Wanted
from autograd.codegen.printing import Lengths, Line, Part, lines, number, parts, slots, wrapped
from autograd.codegen.program import Program
from autograd.codegen.running import PathChanged, Rows
from autograd.codegen.terms import Term
from autograd.symbol import PYTHON_NAMES
from autograd.symbol import Program as Language

__all__ = ["PythonProgram", "body", "called_in", "header", "loaded", "name_of", "printed"]

LENGTHS = Lengths(of_one=8_000, of_parts=2_000)

Numbers = Sequence[float]


class PythonProgram:
    """A program printed as Python and compiled: see `running.Runnable`."""

    cached: bool | None = None

    def __init__(self, program: Program) -> None:
        functions = list(printed(program, "python"))
        self.source = "\n\n\n".join([*header(functions), *functions]) + "\n"
        self.run: Callable[[Numbers, Numbers], Numbers] = loaded(
            functions, {**PYTHON_NAMES, "PathChanged": PathChanged}
        )

    def add(
        self, rows: Rows, first: int, parameters: Numbers, sums: list[float]
    ) -> tuple[int, int]:
        """Add the results of the rows, from the first on, to the sums."""
        for place in range(first, len(rows)):
            try:
                results = self.run(rows.rows[place], parameters)
            except PathChanged as change:
                return place, change.guard
            sums[:] = map(operator.add, sums, results)
        return len(rows), 0


def loaded(functions: Sequence[str], names: dict[str, Any]) -> Callable[..., Any]:
    """The last of the printed functions, which finds the others and these things by name."""
    for function in functions:
        # One by one: a large program's syntax tree would need a hundred times its memory.
        exec(builtins.compile(function, "<compiled by autograd>", "exec"), names)
    [name] = re.findall(r"^def (\w+)", functions[-1])
    return cast("Callable[..., Any]", names[name])


def called_in(functions: Iterable[str]) -> set[str]:
    """What the functions call, and the names of numbers they use."""
    code = (line for text in functions for line in text.split("\n") if line.lstrip()[:1] != "#")
    return {word for line in code for word in re.findall(r"\w+(?=\()|\binf\b|\bnan\b", line)}


def header(functions: Iterable[str]) -> list[str]:
    """The imports that the functions need, if they need any."""
    words = called_in(functions)
    imported = sorted(words & (PYTHON_NAMES.keys() - {"power"}))
    found = [f"from math import {', '.join(imported)}"] if imported else []
    if "power" in words:
        found.append("from autograd import power")
    if "PathChanged" in words:
        found.append("from autograd.codegen import PathChanged")
    return ["\n".join(found)] if found else []


def body(part: Iterable[Line], language: Language) -> Iterator[str]:
    """The lines in Python."""
    for line in part:
        if line.comment:
            yield f"    # {line.comment}"
        if line.is_heading:
            yield f"\n    # {line.text}"
        elif line.check is None:
            yield f"    {line.variable} = {line.text}"
        elif language == "numpy":
            yield f"    check({line.text}, {line.check.outcome}, {line.check.number})"
        else:
            condition = f"not {line.text}" if line.check.outcome else line.text
            yield f"    if {condition}:\n        raise PathChanged({line.check.number})"


def name_of(wanted: Wanted) -> str:
    """What a program for these results is called."""
    names = ["value"] if wanted.value else []
    if wanted.argument_gradients or wanted.parameter_gradients:
        names.append("gradients")
    return "_and_".join(names)


def printed(program: Program, language: Language) -> Iterator[str]:
    """The functions of a program; the last one runs it."""
    parted = parts(program, LENGTHS)
    name = name_of(program.wanted)
    if len(parted) == 1:
        yield _whole(program, parted[0], name, language)
        return
    places = slots(program, parted)
    for index, part in enumerate(parted, start=1):
        yield _part(program, part, places, f"part_{index}", language)
    given = "*arguments, *parameters" + (", seed" if program.seed is not None else "")
    count = len(program.arguments) + len(program.parameters) + (program.seed is not None)
    results = [
        f"v[{places[r]}]" if isinstance(r, Term) else number(r, "python") for r in program.results
    ]
    calls = "\n".join(f"    part_{index}(v)" for index in range(1, len(parted) + 1))
    yield (
        f"def {name}({_parameters(program)}):\n"
        f"    v = [{given}] + [0.0] * {len(places) - count}\n"
        f"{calls}\n"
        f"{wrapped('return [', results, ']')}"
    )


def _parameters(program: Program) -> str:
    return "arguments, parameters" + (", seed" if program.seed is not None else "")


def _whole(program: Program, part: Part, name: str, language: Language) -> str:
    given = {"arguments": program.arguments, "parameters": program.parameters}
    unpacked = [
        wrapped("(", [v.name for v in variables], f"{',' * (len(variables) == 1)}) = {what}")
        for what, variables in given.items()
        if variables
    ]
    results = [number(result, "python") for result in program.results]
    closing = ",)" if len(results) == 1 else ")"
    return "\n".join(
        [
            f"def {name}({_parameters(program)}):",
            *unpacked,
            *body(lines(program, part, language), language),
            "",
            wrapped("return (", results, closing),
        ]
    )


def _part(
    program: Program, part: Part, places: Mapping[Term, int], name: str, language: Language
) -> str:
    return "\n".join(
        [
            f"def {name}(v):",
            *(f"    {variable.name} = v[{places[variable]}]" for variable in part.needs),
            *body(lines(program, part, language), language),
            *(f"    v[{places[variable]}] = {variable.name}" for variable in part.gives),
        ]
    )
