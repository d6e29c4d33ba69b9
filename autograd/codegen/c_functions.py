"""What programs in C have in common: the functions that programs are printed as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from autograd.codegen.printing import Lengths, Line, Part, finals, lines, number, slots
from autograd.codegen.program import Program
from autograd.codegen.terms import Term

__all__ = ["HEADER", "LENGTHS", "body", "functions"]

LENGTHS = Lengths(of_one=4_000, of_parts=400)

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


def body(
    part: Iterable[Line], handed_over: Mapping[str, str], kind: str = "double"
) -> Iterator[str]:
    """The lines in C, where variables are of this kind."""
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
            yield f"    const {kind} {line.variable} = {line.text};"


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
        inside += [*body(lines(program, parted[0], "c", handed_over), handed_over), ""]
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
            *body(lines(program, part, "c", handed_over), handed_over),
            *(f"    {places[variable]} = {variable.name};" for variable in part.gives),
            "    return 0;",
            "}\n",
        ]
    )
