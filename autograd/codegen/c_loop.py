"""Whole trainings in C: the loops over samples, gradients and updates around a program."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from autograd.codegen.c import HEADER, LENGTHS, POINTER, address, functions, zeros
from autograd.codegen.compiler import library
from autograd.codegen.printing import finals, parts, slots
from autograd.codegen.program import Program
from autograd.codegen.running import Batches, Formula, Records, Rows, State
from autograd.codegen.updating import update
from autograd.symbol import write_statements

__all__ = ["CLoop"]

_TRAIN = """\
/* Gives the number of updates made before a guard failed, or -1 if Python has to look. */
ptrdiff_t train(const double *arguments, const long long *rows, const long long *ends,
                const double *rates, const double *seeds, ptrdiff_t updates,
                double *parameters, double *memories,
                double *totals, double *largest, double *changes, double *v)
{{
    double *results = v + {shared}, *moved = results + {results}, *kept = moved + {trained};
    long long next = 0;
    ptrdiff_t made = 0;
    if (!all_finite(parameters, {parameters}))
        return -1;
    feclearexcept(ERRORS);
    for (; made < updates; made++) {{
        const double rate = rates[made];
        double total = 0.0, most = -INFINITY;
        for (ptrdiff_t i = 0; i < {results}; i++)
            results[i] = 0.0;
        for (; next < ends[made]; next++) {{
            const double *row = arguments + rows[next] * {arguments};
            if (program(row, parameters, {seed}results, v))
                return fetestexcept(ERRORS) ? -1 : made;
{values}
        }}
{moves}
        if (!all_finite(moved, {trained}))
            return -1;
{records}
        for (ptrdiff_t i = 0; i < {trained}; i++)
            parameters[i] = moved[i];
        for (ptrdiff_t i = 0; i < {remembered}; i++)
            memories[i] = kept[i];
    }}
    return fetestexcept(ERRORS) ? -1 : made;
}}
"""

_VALUES = """\
            total += results[0];
            most = results[0] > most ? results[0] : most;"""

_RECORDS = """\
        totals[made] = total;
        largest[made] = most;"""

_CHANGES = """\
        changes[made] = 0.0;
        for (ptrdiff_t i = 0; i < {trained}; i++) {{
            const double change = fabs(moved[i] - parameters[i]);
            changes[made] = change > changes[made] ? change : changes[made];
        }}"""


class CLoop:
    """A training loop printed as C: see `running.Loop`."""

    cached: bool | None

    def __init__(self, program: Program, formula: Formula) -> None:
        parted = parts(program, LENGTHS, finals(program))
        trained = len(formula.decays)
        counts = {
            "shared": len(slots(program, parted)) if len(parted) > 1 else 0,
            "results": len(program.results),
            "trained": trained,
            "remembered": trained * len(formula.memory),
        }
        records = [_RECORDS] if formula.keeps_values else []
        if formula.keeps_changes:
            records.append(_CHANGES.format(**counts))
        train = _TRAIN.format(
            **counts,
            arguments=len(program.arguments),
            parameters=len(program.parameters),
            seed="seeds[made], " if program.seed is not None else "",
            values=_VALUES if formula.keeps_values else "",
            moves="\n".join(_moves(formula)),
            records="\n".join(records),
        )
        # A value stands for its sample alone, gradients are summed over the batch.
        signs = ["="] * formula.keeps_values + ["+="] * trained
        self.source = "\n".join([HEADER, *functions(program, parted, signs), train])
        loaded, self.cached = library(self.source, "-O2")
        self._train = loaded.train
        self._train.restype = ctypes.c_ssize_t
        self._train.argtypes = [*[POINTER] * 5, ctypes.c_ssize_t, *[POINTER] * 6]
        self._formula = formula
        self._room = sum(counts.values())

    def run(self, rows: Rows, batches: Batches, state: State, records: Records) -> tuple[int, bool]:
        """Make the updates, as many as go well."""
        if not rows.is_finite:
            raise ArithmeticError("a number of the data is infinite or NaN")
        count = len(batches)
        given: list[array[Any]] = [
            rows.matrix,
            batches.samples,
            batches.ends,
            batches.rates,
            batches.weights,
        ]
        keeps_values, keeps_changes = self._formula.keeps_values, self._formula.keeps_changes
        kept = [zeros(count * keeps) for keeps in (keeps_values, keeps_values, keeps_changes)]
        changing = [state.parameters, state.memories, *kept, zeros(self._room)]
        made = self._train(*map(address, given), count, *map(address, changing))
        if made < 0:
            raise ArithmeticError("a number was outside of an operation's domain")
        records.extend(Records(*(record[:made] for record in kept)))
        return made, made < count


def _moves(formula: Formula) -> Iterator[str]:
    """One loop for neighbouring parameters that move by one formula."""
    memory = [f"memory_{place}" for place in range(len(formula.memory))]
    first = 0
    for decay, group in groupby(formula.decays):
        last = first + len(list(group))
        yield f"        for (ptrdiff_t i = {first}; i < {last}; i++) {{"
        yield "            const double number = parameters[i];"
        yield f"            const double gradient = results[i + {int(formula.keeps_values)}];"
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
