"""Programs in C, at the speed of the machine."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from typing import Any

from autograd.codegen.c_functions import HEADER, LENGTHS, functions
from autograd.codegen.c_lanes import fits_lanes, lanes_functions
from autograd.codegen.compiler import library
from autograd.codegen.printing import finals, parts, slots
from autograd.codegen.program import Program
from autograd.codegen.running import PathChanged, Rows

__all__ = ["POINTER", "CProgram", "address", "zeros"]

# Above so many operations, better code is not worth the time it takes to make.
_MOST_OPTIMISED = 20_000

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
{lanes}
    for (*guard = 0; first < rows && !*guard; first += !*guard) {{
        const double *row = arguments + first * {arguments};
        if (!all_finite(row, {arguments}))
            return -1;
        *guard = program(row, parameters, results, v);
    }}
    return fetestexcept(ERRORS) || !all_finite(results, {results}) ? -1 : first;
}}
"""


_ADD_LANES = """\
#ifdef LANES
    if (__builtin_cpu_supports("avx2"))
        for (; rows - first >= LANES; first += LANES) {{
            const double *row = arguments + first * {arguments}, *four[LANES];
            if (!all_finite(row, LANES * {arguments}))
                return -1;
            for (int i = 0; i < LANES; i++)
                four[i] = row + i * {arguments};
            if (program_for_lanes(four, parameters, 1.0, results, v))
                break;
        }}
#endif"""


class CProgram:
    """A program printed as C, compiled and loaded: see `running.Runnable`."""

    cached: bool | None

    def __init__(self, program: Program) -> None:
        parted = parts(program, LENGTHS, finals(program))
        self._results = len(program.results)
        self._shared = len(slots(program, parted)) if len(parted) > 1 else 0
        over_rows = program.wanted.over_rows
        printed = [*functions(program, parted, ["+=" if over_rows else "="] * self._results)]
        counts = {
            "arguments": len(program.arguments),
            "parameters": len(program.parameters),
            "results": self._results,
        }
        if not over_rows:
            entry = _RUN.format(**counts)
        elif fits_lanes(program):
            printed += lanes_functions(program, summed=self._results)
            entry = _ADD.format(**counts, lanes=_ADD_LANES.format(**counts))
        else:
            entry = _ADD.format(**counts, lanes="")
        self.source = "\n".join([HEADER, *printed, entry])
        large = program.operations > _MOST_OPTIMISED
        loaded, self.cached = library(self.source, "-O0" if large else "-O1")
        if over_rows:
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
