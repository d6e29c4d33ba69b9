"""Whole trainings in C: the loops over samples, gradients and updates around a program."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator
from itertools import groupby
from textwrap import indent
from typing import Any

from autograd.codegen.c import POINTER, address, zeros
from autograd.codegen.c_functions import HEADER, LENGTHS, functions
from autograd.codegen.c_lanes import fits_lanes, lanes_functions
from autograd.codegen.compiler import library
from autograd.codegen.printing import Part, finals, parts, slots
from autograd.codegen.program import Program
from autograd.codegen.running import Batches, Formula, Rows, State
from autograd.codegen.updating import update
from autograd.symbol import write_statements

__all__ = ["CLoop"]

_TRAIN = """\
/* Gives the number of updates made before a guard failed, or -1 if Python has to look. */
ptrdiff_t train(const double *arguments, const long long *rows, const long long *ends,
                const double *weights, ptrdiff_t batches, ptrdiff_t batch,
                const double *rates, ptrdiff_t updates,
                ptrdiff_t seen, ptrdiff_t most,
                double *parameters, double *memories, double *figures, double *v)
{{
    double *results = v + {shared}, *moved = results + {results}, *kept = moved + {trained};
    long long next = batch ? ends[batch - 1] : 0;
    ptrdiff_t made = 0;
    if (!all_finite(parameters, {parameters}))
        return -1;
    feclearexcept(ERRORS);
    for (; made < updates; made++) {{
        const double rate = rates[made], weight = weights[batch];
        const long long first = next, last = ends[batch];
        double total = 0.0, error = 0.0, largest = 0.0;
        for (ptrdiff_t i = 0; i < {results}; i++)
            results[i] = 0.0;
{lanes}
        for (; next < last; next++) {{
            const double *row = arguments + rows[next] * {arguments};
            if (program(row, parameters, {seed}results, v))
                return fetestexcept(ERRORS) ? -1 : made;
{values}
        }}
{penalty}
{moves}
        if (!all_finite(moved, {trained}))
            return -1;
{figures}
        for (ptrdiff_t i = 0; i < {trained}; i++)
            parameters[i] = moved[i];
        for (ptrdiff_t i = 0; i < {remembered}; i++)
            memories[i] = kept[i];
        if (++batch == batches)
            batch = 0, next = 0;
    }}
    return fetestexcept(ERRORS) ? -1 : made;
}}
"""

_LANES = """\
#ifdef LANES
        if (__builtin_cpu_supports("avx2"))
            for (; last - next >= LANES; next += LANES) {{
                const double *four[LANES];
                double apart[{apart} * LANES + 1];
                for (int i = 0; i < LANES; i++)
                    four[i] = arguments + rows[next + i] * {arguments};
                if (program_for_lanes(four, parameters, weight, results, apart))
                    break;
                for (int i = 0; i < LANES; i++) {{
                    for (int k = 0; k < {apart}; k++)
                        results[k] = apart[k * LANES + i];
{values}
                }}
            }}
#endif"""

_VALUES = """\
            total += results[0];
            error += results[{error}];
            largest = results[{error}] > largest ? results[{error}] : largest;"""

_PENALTY = """\
        penalty(parameters, parameters, results + {first_of_penalty}, v);
        const double penalised = results[{first_of_penalty}];"""

_FIGURES = """\
        if (seen++ == most)
            seen = 1, figures += 4;
        figures[0] += total * weight{penalised};
        figures[1] += error{size};
        figures[2] = largest > figures[2] ? largest : figures[2];
        double largest_change = figures[3];
        for (ptrdiff_t i = 0; i < {trained}; i++) {{
            const double change = fabs(moved[i] - parameters[i]);
            largest_change = change > largest_change ? change : largest_change;
        }}
        figures[3] = largest_change;"""


class CLoop:
    """A training loop printed as C: see `running.Loop`."""

    cached: bool | None

    def __init__(self, program: Program, penalty: Program | None, formula: Formula) -> None:
        trained = len(formula.decays)
        gradients = len(program.results) - trained
        counts = {
            "shared": max(map(_shared, filter(None, [program, penalty]))),
            "results": len(program.results),
            "trained": trained,
            "remembered": trained * len(formula.memory),
        }
        places = {"error": gradients - 1, "first_of_penalty": gradients - formula.keeps_figures}
        figures = _FIGURES.format(
            trained=trained,
            penalised=" + penalised" if penalty is not None else "",
            size=" / (double)(last - first)" if formula.averages_errors else "",
        )
        values = _VALUES.format(**places) if formula.keeps_figures else ""
        with_lanes = not formula.is_single and fits_lanes(program)
        lanes = _LANES.format(
            apart=gradients, arguments=len(program.arguments), values=indent(values, 8 * " ")
        )
        train = _TRAIN.format(
            **counts,
            lanes=lanes if with_lanes else "",
            arguments=len(program.arguments),
            parameters=len(program.parameters),
            seed="weight, " if program.seed is not None else "",
            values=values,
            penalty=_PENALTY.format(**places) if penalty is not None else "",
            moves="\n".join(_moves(formula, gradients)),
            figures=figures if formula.keeps_figures else "",
        )
        # Value and error stand for their sample alone, gradients are summed over the batch.
        summed = ["+="] * trained
        printed = [*functions(program, _parted(program), ["="] * gradients + summed)]
        if with_lanes:
            printed += lanes_functions(program, trained)
        if penalty is not None:
            signs = ["="] * formula.keeps_figures + summed
            printed += functions(penalty, _parted(penalty), signs, "penalty")
        self.source = "\n".join([HEADER, *printed, train])
        loaded, self.cached = library(self.source, "-O3")
        self._train = loaded.train
        self._train.restype = ctypes.c_ssize_t
        size = ctypes.c_ssize_t
        self._train.argtypes = [*[POINTER] * 4, size, size, POINTER, *[size] * 3, *[POINTER] * 4]
        self._room = sum(counts.values())

    def run(
        self, rows: Rows, batches: Batches, first: int, rates: array[float], state: State
    ) -> tuple[int, bool]:
        """Make the updates, as many as go well."""
        if not rows.is_finite:
            raise ArithmeticError("a number of the data is infinite or NaN")
        given: list[array[Any]] = [rows.matrix, batches.samples, batches.ends, batches.weights]
        changing = [state.parameters, state.memories, state.figures, zeros(self._room)]
        made = self._train(
            *map(address, given),
            len(batches),
            first,
            address(rates),
            len(rates),
            state.updates,
            state.most,
            *map(address, changing),
        )
        if made < 0:
            raise ArithmeticError("a number was outside of an operation's domain")
        return made, made < len(rates)


def _parted(program: Program) -> list[Part]:
    return parts(program, LENGTHS, finals(program))


def _shared(program: Program) -> int:
    """How many numbers the parts of a long program share."""
    parted = _parted(program)
    return len(slots(program, parted)) if len(parted) > 1 else 0


def _moves(formula: Formula, gradients: int) -> Iterator[str]:
    """One loop for neighbouring parameters that move by one formula.

    `gradients` is where among the results those by the parameters begin.
    """
    memory = [f"memory_{place}" for place in range(len(formula.memory))]
    first = 0
    for decay, group in groupby(formula.decays):
        last = first + len(list(group))
        yield f"        for (ptrdiff_t i = {first}; i < {last}; i++) {{"
        yield "            const double number = parameters[i];"
        yield f"            const double gradient = results[i + {gradients}];"
        for place, name in enumerate(memory):
            yield f"            const double {name} = memories[i * {len(memory)} + {place}];"
        moves = update(formula.change, "number", "gradient", memory, decay=decay, rate="rate")
        pairs = [(f"new_{name}", expression) for name, expression in moves]
        taken = ["number", "gradient", *memory]
        for (name, _), (before, text) in zip(
            pairs, write_statements(pairs, "c", taken), strict=True
        ):
            for part_name, part in before:
                yield f"            const double {part_name} = {part};"
            yield f"            const double {name} = {text};"
        yield "            moved[i] = new_number;"
        for place, name in enumerate(memory):
            yield f"            kept[i * {len(memory)} + {place}] = new_{name};"
        yield "        }"
        first = last
