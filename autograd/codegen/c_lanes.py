"""Programs in C for four samples at once, in the lanes of vectors, where a processor has them.

Each lane does for its sample what the program does for one, and sums take one lane after another,
so the bits are those of one sample at a time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograd.codegen.c_functions import LENGTHS, body
from autograd.codegen.printing import Line, Part, lines, number
from autograd.codegen.program import Program, expression_of
from autograd.codegen.terms import Term, operations_in, variables_in
from autograd.ops import TABLE
from autograd.symbol import CHOOSE, COMPARISONS

__all__ = ["fits_lanes", "lanes_functions"]

_HEADER = """\
#if defined(__GNUC__) && defined(__x86_64__)
#define LANES 4
#define FOR_LANES static __attribute__((target("avx2")))
#define INLINE_FOR_LANES FOR_LANES inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(32)));
typedef long long masks __attribute__((vector_size(32)));
typedef double unaligned __attribute__((vector_size(32), aligned(8), may_alias));

/* A number in all lanes; x - 0 is x, for -0 too. */
#define ALL(x) ((x) - (lanes){0})

#if defined(__clang__) || __GNUC__ >= 12
#define SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLED(a, b, ...) __builtin_shuffle(a, b, (masks){__VA_ARGS__})
#endif

#define each_choose(condition, then, otherwise) \\
    ((lanes)(((condition) & (masks)ALL(then)) | (~(condition) & (masks)ALL(otherwise))))

/* Adds to four sums what the lanes have for each, one lane after another. */
INLINE_FOR_LANES void add_four(double *sums, lanes a, lanes b, lanes c, lanes d)
{
    const lanes ab_02 = SHUFFLED(a, b, 0, 4, 2, 6), ab_13 = SHUFFLED(a, b, 1, 5, 3, 7);
    const lanes cd_02 = SHUFFLED(c, d, 0, 4, 2, 6), cd_13 = SHUFFLED(c, d, 1, 5, 3, 7);
    *(unaligned *)sums = *(unaligned *)sums
        + SHUFFLED(ab_02, cd_02, 0, 1, 4, 5) + SHUFFLED(ab_13, cd_13, 0, 1, 4, 5)
        + SHUFFLED(ab_02, cd_02, 2, 3, 6, 7) + SHUFFLED(ab_13, cd_13, 2, 3, 6, 7);
}

INLINE_FOR_LANES int in_any(masks lane)
{
    return (lane[0] | lane[1] | lane[2] | lane[3]) != 0;
}

INLINE_FOR_LANES int in_all(masks lane)
{
    return (lane[0] & lane[1] & lane[2] & lane[3]) != 0;
}

INLINE_FOR_LANES void add_one(double *sum, lanes a)
{
    for (int i = 0; i < LANES; i++)
        *sum += a[i];
}
"""

_EACH = """\
INLINE_FOR_LANES lanes each_{name}({parameters})
{{
    lanes all;
    for (int i = 0; i < LANES; i++)
        all[i] = {name}({numbers});
    return all;
}}
#define each_{name}({names}) (each_{name})({in_all_lanes})
"""

_PROGRAM = """\
/* Takes a row of arguments for each lane. What is not summed goes to `apart`, lane beside lane.
   Gives 0, or something else if a guard failed in a lane; then nothing was added. */
FOR_LANES int program_for_lanes(const double *const *arguments, const double *restrict parameters,
                                double one_seed, double *restrict results, double *restrict apart)
{"""

# Both sides of a choice are computed. These cannot fail, unless numbers are huge.
_HARMLESS = frozenset(
    [
        *(CHOOSE, *COMPARISONS.values()),
        *(TABLE[name] for name in ("add", "sub", "mul", "neg", "abs", "exp", "expm1")),
        *(TABLE[name] for name in ("sin", "cos", "tan", "tanh", "erf", "erfc")),
    ]
)


def fits_lanes(program: Program) -> bool:
    """Whether the program is one short function that can compute both sides of every choice."""
    expressions = map(expression_of, program.statements)
    return program.operations <= LENGTHS.of_one and all(
        bool(variables_in(expression)) and _is_harmless(expression) for expression in expressions
    )


def _is_harmless(thing: object) -> bool:
    """Whether its choices can do both in any case, and all of it has a spelling in C."""
    if isinstance(thing, tuple):
        return all(map(_is_harmless, thing))
    if not isinstance(thing, Term) or thing.op is None:
        return True
    if thing.op is CHOOSE:
        condition, *sides = thing.arguments
        if not variables_in(condition) or not _HARMLESS.issuperset(operations_in(tuple(sides))):
            return False
    return "c" in thing.op.spelling and all(map(_is_harmless, thing.arguments))


def lanes_functions(program: Program, summed: int) -> Iterator[str]:
    """The functions for a program that fits; its results are added to sums, the last so many."""
    yield _HEADER
    for name, count in _called(program).items():
        names = "xy"[:count]
        yield _EACH.format(
            name=name,
            parameters=", ".join(f"lanes {x}" for x in names),
            numbers=", ".join(f"{x}[i]" for x in names),
            names=", ".join(names),
            in_all_lanes=", ".join(f"ALL({x})" for x in names),
        )
    yield "\n".join([_PROGRAM, *_inside(program, summed), "    return 0;\n}\n#endif\n"])


def _called(program: Program) -> dict[str, int]:
    """The functions of C's library that the program calls, and how many numbers each takes."""
    found = {}
    for statement in program.statements:
        for op in operations_in(expression_of(statement)):
            call = re.match(r"(\w+)\(", op.spelling["c"].template)
            if call:
                found[call[1]] = len(op.parameters)
    return found


def _inside(program: Program, summed: int) -> Iterator[str]:
    for place, variable in enumerate(program.arguments):
        numbers = ", ".join(f"arguments[{lane}][{place}]" for lane in range(4))
        yield f"    const lanes {variable.name} = {{{numbers}}};"
    for place, variable in enumerate(program.parameters):
        yield f"    const lanes {variable.name} = ALL(parameters[{place}]);"
    if program.seed is not None:
        yield f"    const lanes {program.seed.name} = ALL(one_seed);"
    results = [number(result, "lanes") for result in program.results]
    first = len(results) - summed
    printed = list(lines(program, Part(program.forward, program.backward), "lanes"))
    made = {line.variable: place for place, line in enumerate(printed)}
    last_check = max((place for place, line in enumerate(printed) if line.check), default=-1)
    sums = defaultdict(list)
    for added, statement in _sums(results, first):
        sums[max(last_check, *(made.get(name, -1) for name in added))].append(statement)
    yield from sums[-1]
    for place, line in enumerate(printed):
        yield from body([_for_each(line)], {}, "lanes")
        yield from sums[place]
    for place, result in enumerate(results[:first]):
        yield f"    *(unaligned *)(apart + {place} * LANES) = ALL({result});"


def _for_each(line: Line) -> Line:
    """The line with its calls of functions made for each lane, and its condition asked of all."""
    text = re.sub(r"(\w+)\(", r"each_\1(", line.text)
    if line.check is not None:
        text = f"in_all({text})" if line.check.outcome else f"in_any({text})"
    return replace(line, text=text)


def _sums(results: Sequence[str], first: int) -> Iterator[tuple[Sequence[str], str]]:
    """What adds the results from the first on, four at a time, each with what it adds."""
    for place in range(first, len(results), 4):
        group = results[place : place + 4]
        if len(group) == 4:
            numbers = ", ".join(f"ALL({result})" for result in group)
            yield group, f"    add_four(results + {place}, {numbers});"
            continue
        for offset, result in enumerate(group):
            yield [result], f"    add_one(results + {place + offset}, ALL({result}));"
