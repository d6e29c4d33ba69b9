"""Programs over columns: the same statements for a whole batch at once, with numpy or jax.

Both sides of a choice are computed and one is taken, so there is no branch, and the programs run
under `jax.jit` and `jax.vmap` and on several devices, too.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from autograd.codegen.program import Program
from autograd.codegen.python import called_in, loaded, printed
from autograd.codegen.running import PathChanged, Rows
from autograd.codegen.structure import Structure, built, elements
from autograd.symbol import PYTHON_NAMES

__all__ = ["ArrayFunction", "NumpyProgram", "array_program"]

Numbers = Sequence[float]


def array_program(
    program: Program, namespace: Any, check: Callable[[Any, bool, int], None] | None = None
) -> tuple[Callable[..., Any], str]:
    """A program over the arrays of a namespace such as `jax.numpy`, and its source.

    `check(condition, outcome, number)` is called for every guard.
    """
    functions = list(printed(program, "numpy"))
    used = sorted(called_in(functions) & (PYTHON_NAMES.keys() | {"where"}))
    names = {name: _named(namespace, name) for name in used}
    imported = [name for name in used if hasattr(namespace, name)]
    header = [f"from {namespace.__name__} import {', '.join(imported)}"] if imported else []
    run = loaded(functions, {**names, "check": check})
    return run, "\n\n\n".join([*header, *functions]) + "\n"


class ArrayFunction:
    """A function of arrays, for transformations such as `jax.jit` and `jax.vmap`.

    Called with the numbers of the `parameters`, in that order, and then with the arguments, it
    gives the value, the list of its derivatives by the parameters, and its derivatives by the
    arguments in the structure of the arguments. A column in place of a number gives a column of
    results. Nothing is read from a Value and none is changed.
    """

    def __init__(self, program: Program, structure: Structure, namespace: Any) -> None:
        self.parameters = list(program.leaves)
        self._structure = structure
        self._namespace = namespace
        self._run, self.source = array_program(program, namespace)

    # Any: arrays of a package that is the caller's choice.
    def __call__(self, parameters: Sequence[Any], *arguments: Any) -> tuple[Any, list[Any], Any]:
        """The value and its derivatives."""
        numbers = list(elements(self._structure, arguments))
        # One by one: under jit, jax does not let go through a long array.
        given = [parameters[place] for place in range(len(self.parameters))]
        value, *gradients = self._run(numbers, given)
        shape = self._namespace.shape(value)
        unreached = [0.0] * (len(numbers) + len(given) - len(gradients))
        slopes = [self._namespace.broadcast_to(g, shape) for g in [*gradients, *unreached]]
        by_arguments = built(self._structure, iter(slopes), lambda part: None)
        return value, slopes[len(numbers) :], by_arguments


class NumpyProgram:
    """A program over numpy's columns: see `running.Runnable`."""

    cached: bool | None = None

    def __init__(self, program: Program) -> None:
        try:
            self._numpy = import_module("numpy")
        except ImportError as error:
            raise ImportError(
                'backend "numpy" needs the package numpy: `pip install numpy`, or use the backend '
                '"python" or "c"'
            ) from error
        self._run, self.source = array_program(program, self._numpy, self._check)

    def run(self, arguments: Numbers, parameters: Numbers) -> Numbers:
        """The results in order."""
        results = self._results(self._numpy.array(arguments, float), parameters)
        return _finite([float(result) for result in results])

    def add(
        self, rows: Rows, first: int, parameters: Numbers, sums: list[float]
    ) -> tuple[int, int]:
        """Add the results of the rows, from the first on, to the sums."""
        columns = self._numpy.frombuffer(rows.matrix).reshape(len(rows), -1).T
        end, guard = len(rows), 0
        while end > first:
            try:
                results = self._results(columns[:, first:end], parameters)
            except _RowChanged as change:
                end, guard = first + change.row, change.guard
                continue
            count = end - first
            totals = [float(r.sum()) if self._numpy.ndim(r) else r * count for r in results]
            sums[:] = _finite([a + b for a, b in zip(sums, totals, strict=True)])
            break
        return end, guard

    def _results(self, arguments: Any, parameters: Numbers) -> Sequence[Any]:
        numpy = self._numpy
        with numpy.errstate(all="ignore"):
            # numpy's own numbers go on with ∞ and NaN where Python's raise.
            results: Sequence[Any] = self._run(arguments, numpy.array(parameters, float))
        return results

    def _check(self, condition: Any, outcome: bool, guard: int) -> None:
        changed = self._numpy.atleast_1d(condition) != outcome
        if changed.any():
            raise _RowChanged(guard, int(changed.argmax()))


def _finite(results: list[float]) -> list[float]:
    if not all(map(math.isfinite, results)):
        raise ArithmeticError("a number was outside of an operation's domain")
    return results


class _RowChanged(PathChanged):
    """A guard failed at this row, the first for which it did."""

    def __init__(self, guard: int, row: int) -> None:
        super().__init__(guard)
        self.row = row


def _named(namespace: Any, name: str) -> Any:
    """What a program calls by this name."""
    if name == "power":
        return operator.pow
    if hasattr(namespace, name):
        return getattr(namespace, name)
    package = namespace.__name__.removesuffix("numpy").removesuffix(".")
    for module in (f"{package}.scipy.special", "scipy.special") if package else ("scipy.special",):
        try:
            return getattr(import_module(module), name)
        except (ImportError, AttributeError):
            continue
    if namespace.__name__ == "numpy":
        return namespace.vectorize(getattr(math, name), otypes=[float])
    raise TypeError(
        f"{namespace.__name__} has no function {name}, which this program calls: use another "
        f"array package, or the backend 'python' or 'c'"
    )
