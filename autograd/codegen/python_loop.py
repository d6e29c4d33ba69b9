"""Whole trainings in Python: the loop over samples, gradients and updates, written out."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle
from textwrap import dedent, indent
from typing import Any

from autograd.codegen.naming import Names
from autograd.codegen.printing import Part, lines, number, wrapped
from autograd.codegen.program import Program
from autograd.codegen.python import body, header, loaded, name_of, printed
from autograd.codegen.running import Batches, Figures, Formula, PathChanged, Rows, State
from autograd.codegen.updating import Assignments, can_follow_each_other, update
from autograd.symbol import PYTHON_NAMES, write_statements

__all__ = ["PythonLoop"]


class PythonLoop:
    """A training loop printed as Python: see `running.Loop`."""

    cached: bool | None = None

    def __init__(self, program: Program, penalty: Program | None, formula: Formula) -> None:
        self._is_single = formula.is_single and penalty is None
        functions = [] if penalty is None else [*printed(penalty, "python")]
        functions.append("\n".join(_Printer(program, penalty, formula).function()))
        self.source = "\n\n\n".join([*header(functions), *functions]) + "\n"
        names = {**PYTHON_NAMES, "PathChanged": PathChanged}
        self._train: Callable[..., Any] = loaded(functions, names)

    def run(
        self, rows: Rows, batches: Batches, first: int, rates: array[float], state: State
    ) -> tuple[int, bool]:
        """Make the updates, as many as go well."""
        samples = rows.rows
        chosen: list[Any] = (
            [samples[index] for index in batches.samples]
            if self._is_single
            else [[samples[index] for index in batches[i]] for i in range(len(batches))]
        )
        most, updates = state.most, state.updates
        in_turn = cycle([*chosen[first:], *chosen[:first]])
        weights = cycle([*batches.weights[first:], *batches.weights[:first]])
        # Where figures are complete, the loop is left and entered again for the next.
        made, row, is_changed = 0, 0, False
        while made < len(rates) and not is_changed:
            if updates == most:
                updates, row = 0, row + 4
            part = rates[made : made + most - updates]
            count, is_changed, parameters, memories, figures = self._train(
                in_turn,
                part,
                weights,
                state.parameters,
                state.memories,
                state.figures[row : row + 4],
            )
            if not all(map(math.isfinite, parameters)):
                raise ArithmeticError("a parameter became infinite or NaN")
            state.parameters, state.memories = array("d", parameters), array("d", memories)
            state.figures[row : row + 4] = array("d", figures)
            made, updates = made + count, updates + count
        return made, is_changed


class _Printer:
    """Prints `train`: see `function`."""

    def __init__(self, program: Program, penalty: Program | None, formula: Formula) -> None:
        self.program = program
        self.penalty = penalty
        self.formula = formula
        self.is_single = formula.is_single and penalty is None
        names = self.names = Names(program.names)
        self.inputs = f"({', '.join(v.name for v in program.arguments)},)"
        if not program.arguments:
            self.inputs = names.given("sample")
        self.batch, self.rate = names.given("batch"), names.given("rate")
        self.total, self.error, self.most = map(names.given, ("total", "error", "largest"))
        self.penalised, self.slopes = names.given("penalised"), names.given("slopes")
        self.figures = [names.given(f"{name}_so_far") for name in Figures._fields[1:]]
        trained = program.parameters[: len(formula.decays)]
        self.sums = [names.given(f"{w.name}_gradient") for w in trained]
        self.memory = [[names.given(f"{w.name}_memory") for _ in formula.memory] for w in trained]
        self.moves = [
            update(formula.change, w.name, gradient, memory, decay=decay, rate=self.rate)
            for w, gradient, memory, decay in zip(
                trained,
                program.parameter_gradients if self.is_single else self.sums,
                self.memory,
                formula.decays,
                strict=True,
            )
        ]

    def function(self) -> Iterator[str]:
        """The loop over batches, in it the loop over samples, and the updates."""
        program, keeps_figures = self.program, self.formula.keeps_figures
        parameters = [w.name for w in program.parameters]
        memory = [name for names in self.memory for name in names]
        figures = self.figures if keeps_figures else []
        yield "def train(batches, rates, seeds, parameters, memories, figures):"
        yield from _unpacked(parameters, "parameters")
        yield from _unpacked(memory, "memories")
        yield from _unpacked(figures, "figures")
        yield "    updates = 0"
        yield "    try:"
        given = [self.rate, self.inputs if self.is_single else self.batch]
        is_weighted = program.seed is not None
        yield (
            f"        for {', '.join([*given, *['seed'] * is_weighted])} "
            f"in zip({', '.join(['rates', 'batches', *['seeds'] * is_weighted])}):"
        )
        sections = [self._gradients(), self._penalty(), self._figures(), self._updates()]
        for lines_within in sections:
            yield from _indented(lines_within, 3)
        yield "            updates += 1"
        yield "        is_changed = False"
        yield "    except PathChanged:"
        yield "        is_changed = True"
        kept = f"[{', '.join(figures)}]" if figures else "figures"
        yield wrapped(
            "return updates, is_changed, [", parameters, f"], [{', '.join(memory)}], {kept}"
        )

    def _gradients(self) -> Iterator[str]:
        program, keeps_figures = self.program, self.formula.keeps_figures
        part = Part(program.forward, program.backward)
        statements = [dedent(line) for line in body(lines(program, part, "python"), "python")]
        *_, largest, _ = self.figures
        value, error = self._results()
        if self.is_single:
            yield from statements
            return
        if keeps_figures:
            yield f"{self.total} = {self.error} = 0.0"
            yield f"{self.most} = {largest}"
        yield from (f"{name} = 0.0" for name in self.sums)
        yield f"for {self.inputs} in {self.batch}:"
        yield from _indented(statements, 1)
        if keeps_figures:
            yield f"    {self.total} += {value}"
            yield f"    {self.error} += {error}"
            yield f"    {self.most} = max({self.most}, {error})"
        for name, gradient in zip(self.sums, program.parameter_gradients, strict=True):
            yield f"    {name} += {number(gradient, 'python')}"

    def _results(self) -> tuple[str, str]:
        """The value and the error of a sample."""
        value, error = self.program.value, self.program.error
        return number(value, "python"), number(value if error is None else error, "python")

    def _penalty(self) -> Iterator[str]:
        if self.penalty is None:
            return
        trained = [w.name for w in self.program.parameters[: len(self.sums)]]
        yield "\n# penalty"
        yield wrapped(
            f"{f'{self.penalised}, ' * self.formula.keeps_figures}*{self.slopes} = "
            f"{name_of(self.penalty.wanted)}((), [",
            trained,
            "])",
            indent="",
        )
        for place, name in enumerate(self.sums):
            yield f"{name} += {self.slopes}[{place}]"

    def _figures(self) -> Iterator[str]:
        if not self.formula.keeps_figures:
            return
        value_so_far, error_so_far, largest, _ = self.figures
        if self.is_single:
            value, error = self._results()
        else:
            value, error = self.total, self.error
            if self.formula.averages_errors:
                error = f"{error} / len({self.batch})"
        if self.program.seed is not None:
            value = f"{value} * seed"
        if self.penalty is not None:
            value = f"({value} + {self.penalised})"
        yield f"{value_so_far} += {value}"
        yield f"{error_so_far} += {error}"
        yield f"{largest} = {f'max({largest}, {error})' if self.is_single else self.most}"

    def _updates(self) -> Iterator[str]:
        yield "\n# update"
        keeps_figures = self.formula.keeps_figures
        moves = [assignment for assignments in self.moves for assignment in assignments]
        if can_follow_each_other(moves) and not keeps_figures:
            for assignments in self.moves:
                yield from self._assigned(assignments, [name for name, _ in assignments])
            return
        changes: list[str] = []
        fresh: dict[str, str] = {}
        for assignments in self.moves:
            names = {name: self.names.given(f"new_{name}") for name, _ in assignments}
            yield from self._assigned(assignments, list(names.values()))
            fresh |= names
            number, _ = assignments[-1]
            changes.append(f"abs({fresh[number]} - {number})")
        if keeps_figures:
            largest_change = self.figures[-1]
            yield wrapped(f"{largest_change} = max(", [largest_change, *changes], ")", indent="")
        yield from (f"{name} = {new}" for name, new in fresh.items())

    def _assigned(self, assignments: Assignments, names: Sequence[str]) -> Iterator[str]:
        pairs = [(new, expression) for new, (_, expression) in zip(names, assignments, strict=True)]
        written = write_statements(pairs, "python", self.names.taken)
        for name, (before, text) in zip(names, written, strict=True):
            yield from (f"{temporary} = {part}" for temporary, part in before)
            yield f"{name} = {text}"


def _unpacked(names: Sequence[str], what: str) -> Iterator[str]:
    if names:
        yield wrapped("(", names, f"{',' * (len(names) == 1)}) = {what}")


def _indented(text: Iterable[str], levels: int) -> Iterator[str]:
    return (indent(line, "    " * levels) for line in text)
