"""Programs in C, at the speed of the machine."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograd.codegen.compiler import library
from autograd.codegen.printing import Lengths, Line, Part, finals, lines, number, parts, slots
from autograd.codegen.program import Program
from autograd.codegen.running import PathChanged, Rows
from autograd.codegen.terms import Term

__all__ = ["HEADER", "LENGTHS", "POINTER", "CProgram", "address", "functions", "zeros"]

LENGTHS = Lengths(of_one=1_000, of_parts=100)

# Above so many, better code is not worth the time it takes to make.
_MOST_OPTIMISED = 10_000

HEADER = """\
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stddef.h>

_Static_assert(FLT_EVAL_METHOD == 0, "this processor computes with other numbers than double");

/* These are single instructions, which give what the library gives. */
#define fabs(x) __builtin_fabs(x)
#define sqrt(x) __builtin_sqrt(x)

/* What Python raises an error for, or might. */
#define ERRORS (FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW)

static int all_finite(const double *numbers, ptrdiff_t count)
{
    int finite = 1;
    for (ptrdiff_t i = 0; i < count; i++)
        finite &= fabs(numbers[i]) <= DBL_MAX;
    return finite;
}
"""

# The program itself returns 0, or 1 + the number of the guard that failed.
_RUN = """\
/* 0 if all went well, 1 + the number of a guard that failed, -1 if Python has to look. */
int run(const double *arguments, const double *parameters, double *results, double *v)
{{
    if (!all_finite(arguments, {arguments}) || !all_finite(parameters, {parameters}))
        return -1;
    feclearexcept(ERRORS);
    int state = program(arguments, parameters, results, v);
    if (state)
        return state;
    return fetestexcept(ERRORS) || !all_finite(results, {results}) ? -1 : 0;
}}
"""

_ADD = """\
/* Add up the rows from `first` on; gives the row at which a guard failed, `rows` at the end, or
   -1 if Python has to look. */
ptrdiff_t add(const double *arguments, ptrdiff_t first, ptrdiff_t rows, const double *parameters,
              double *results, double *v, int *guard)
{{
    if (!all_finite(parameters, {parameters}))
        return -1;
    feclearexcept(ERRORS);
    for (*guard = 0; first < rows && !*guard; first += !*guard) {{
        const double *row = arguments + first * {arguments};
        if (!all_finite(row, {arguments}))
            return -1;
        *guard = program(row, parameters, results, v);
    }}
    return fetestexcept(ERRORS) || !all_finite(results, {results}) ? -1 : first;
}}
"""


class CProgram:
    """A program printed as C, compiled and loaded: see `running.Runnable`."""

    cached: bool | None

    def __init__(self, program: Program) -> None:
        parted = parts(program, LENGTHS, finals(program))
        self._results = len(program.results)
        self._shared = len(slots(program, parted)) if len(parted) > 1 else 0
        entry = (_ADD if program.wanted.over_rows else _RUN).format(
            arguments=len(program.arguments),
            parameters=len(program.parameters),
            results=self._results,
        )
        self.source = "\n".join(
            [
                HEADER,
                *functions(
                    program, parted, ["+=" if program.wanted.over_rows else "="] * self._results
                ),
                entry,
            ]
        )
        large = len(program.statements) > _MOST_OPTIMISED
        loaded, self.cached = library(self.source, "-O0" if large else "-O1")
        if program.wanted.over_rows:
            self._add = loaded.add
            self._add.restype = ctypes.c_ssize_t
            self._add.argtypes = [POINTER, *[ctypes.c_ssize_t] * 2, *[POINTER] * 4]
        else:
            self._run = loaded.run
            self._run.argtypes = [POINTER] * 4

    def run(self, arguments: Sequence[float], parameters: Sequence[float]) -> Sequence[float]:
        """The results in order."""
        results, shared = zeros(self._results), zeros(self._shared)
        given = array("d", arguments), array("d", parameters), results, shared
        state = self._run(*map(address, given))
        if state > 0:
            raise PathChanged(state - 1)
        if state < 0:
            raise ArithmeticError("a number was outside of an operation's domain")
        return results

    def add(
        self, rows: Rows, first: int, parameters: Sequence[float], sums: list[float]
    ) -> tuple[int, int]:
        """Add the results of the rows, from the first on, to the sums."""
        given, results, shared = array("d", parameters), array("d", sums), zeros(self._shared)
        guard = array("i", [0])
        changing: list[array[Any]] = [given, results, shared, guard]
        done = self._add(address(rows.matrix), first, len(rows), *map(address, changing))
        if done < 0:
            raise ArithmeticError("a number was outside of an operation's domain")
        sums[:] = results
        return done, guard[0] - 1


POINTER = ctypes.c_void_p


def zeros(count: int) -> array[float]:
    """Room for so many numbers."""
    return array("d", bytes(8 * count))


def address(numbers: array[Any]) -> int:
    """Where C finds them."""
    place, _ = numbers.buffer_info()
    return place


def _body(part: Iterable[Line], handed_over: Mapping[str, str]) -> Iterator[str]:
    """The lines in C."""
    for line in part:
        if line.comment:
            yield f"    /* {_plain(line.comment)} */"
        if line.is_heading:
            yield f"\n    /* {_plain(line.text)} */"
        elif line.check is not None:
            condition = f"!({line.text})" if line.check.outcome else line.text
            yield f"    if ({condition})\n        return {line.check.number + 1};"
        elif line.variable in handed_over:
            yield f"    {handed_over[line.variable]} {line.text}; /* {line.variable} */"
        else:
            yield f"    const double {line.variable} = {line.text};"


def _plain(comment: str) -> str:
    """Any compiler reads ASCII, and a comment must not end early."""
    text = comment.replace("∂", "d").replace("*/", "* /")
    return text.encode("ascii", "replace").decode("ascii")


def functions(
    program: Program, parted: Sequence[Part], signs: Sequence[str], name: str = "program"
) -> Iterator[str]:
    """The functions of a program. That of the name does to each of the results what its sign says.

    It returns 0, or 1 + the number of a guard that failed.
    """
    targets = [f"results[{place}] {sign}" for place, sign in enumerate(signs)]
    final = finals(program)
    handed_over = {variable.name: targets[place] for variable, place in final.items()}
    seed = "double seed, " if program.seed is not None else ""
    inside = [
        f"static int {name}(const double *restrict arguments, const double *restrict parameters,",
        f"                   {seed}double *restrict results, double *restrict v)",
        "{",
    ]
    places: dict[Term, str]
    if len(parted) == 1:
        inside += _read(program.arguments, "arguments")
        inside += _read(program.parameters, "parameters")
        inside += [*_body(lines(program, parted[0], "c", handed_over), handed_over), ""]
        places = {}
    else:
        places = {v: f"v[{place}]" for v, place in slots(program, parted).items()}
        for index, part in enumerate(parted, start=1):
            yield _part(program, part, places, handed_over, f"{name}_part_{index}")
        inside += [*_copied(program, places), "    int state = 0;"]
        for index in range(1, len(parted) + 1):
            inside.append(
                f"    if ((state = {name}_part_{index}(v, results)))\n        return state;"
            )
    for target, result in zip(targets, program.results, strict=True):
        if result not in final:
            text = places.get(result) if isinstance(result, Term) else None
            inside.append(f"    {target} {text or number(result, 'c')};")
    yield "\n".join([*inside, "    return 0;", "}\n"])


def _copied(program: Program, places: Mapping[Term, str]) -> Iterator[str]:
    """What is given goes to the places that parts share: to the first of them, in order."""
    first = 0
    for what, variables in (("arguments", program.arguments), ("parameters", program.parameters)):
        if variables:
            yield f"    for (ptrdiff_t i = 0; i < {len(variables)}; i++)"
            yield f"        v[{first} + i] = {what}[i];"
        first += len(variables)
    if program.seed is not None:
        yield f"    {places[program.seed]} = seed;"


def _read(variables: Sequence[Term], what: str) -> Iterator[str]:
    for place, variable in enumerate(variables):
        yield f"    const double {variable.name} = {what}[{place}];"


def _part(
    program: Program,
    part: Part,
    places: Mapping[Term, str],
    handed_over: Mapping[str, str],
    name: str,
) -> str:
    return "\n".join(
        [
            f"static int {name}(double *restrict v, double *restrict results)",
            "{",
            *(f"    const double {variable.name} = {places[variable]};" for variable in part.needs),
            *_body(lines(program, part, "c", handed_over), handed_over),
            *(f"    {places[variable]} = {variable.name};" for variable in part.gives),
            "    return 0;",
            "}\n",
        ]
    )
