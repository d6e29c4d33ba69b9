"""Whole trainings in Python: the loop over samples, gradients and updates, written out."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import dedent, indent
from typing import Any

from autograd.codegen.naming import Names
from autograd.codegen.printing import Part, lines, number, wrapped
from autograd.codegen.program import Program
from autograd.codegen.python import body, header, loaded
from autograd.codegen.running import Batches, Formula, PathChanged, Records, Rows, State
from autograd.codegen.updating import Assignments, can_follow_each_other, update
from autograd.symbol import PYTHON_NAMES, write_statements

__all__ = ["PythonLoop"]


class PythonLoop:
    """A training loop printed as Python: see `running.Loop`."""

    cached: bool | None = None

    def __init__(self, program: Program, formula: Formula) -> None:
        self._formula = formula
        function = "\n".join(_Printer(program, formula).function())
        self.source = "\n\n\n".join([*header([function]), function]) + "\n"
        names = {**PYTHON_NAMES, "PathChanged": PathChanged}
        self._train: Callable[..., Any] = loaded([function], names)

    def run(self, rows: Rows, batches: Batches, state: State, records: Records) -> tuple[int, bool]:
        """Make the updates, as many as go well."""
        samples = rows.rows
        chosen: Iterable[Any] = (
            map(samples.__getitem__, batches.samples)
            if self._formula.is_single
            else (
                [samples[index] for index in batch]
                for batch in map(batches.__getitem__, range(len(batches)))
            )
        )
        updates, is_changed, parameters, memories = self._train(
            chosen, batches.rates, batches.weights, state.parameters, state.memories, records
        )
        if not all(map(math.isfinite, parameters)):
            raise ArithmeticError("a parameter became infinite or NaN")
        state.parameters, state.memories = array("d", parameters), array("d", memories)
        return updates, is_changed


class _Printer:
    """Prints `train`: see `function`."""

    def __init__(self, program: Program, formula: Formula) -> None:
        self.program = program
        self.formula = formula
        names = self.names = Names(program.names)
        self.inputs = f"({', '.join(v.name for v in program.arguments)},)"
        if not program.arguments:
            self.inputs = names.given("sample")
        self.batch, self.rate = names.given("batch"), names.given("rate")
        self.total, self.most = names.given("total"), names.given("most")
        trained = program.parameters[: len(formula.decays)]
        self.sums = [names.given(f"{w.name}_gradient") for w in trained]
        self.memory = [[names.given(f"{w.name}_memory") for _ in formula.memory] for w in trained]
        self.moves = [
            update(formula.change, w.name, gradient, memory, decay=decay, rate=self.rate)
            for w, gradient, memory, decay in zip(
                trained,
                program.parameter_gradients if formula.is_single else self.sums,
                self.memory,
                formula.decays,
                strict=True,
            )
        ]

    def function(self) -> Iterator[str]:
        """The loop over batches, in it the loop over samples, and the updates."""
        program = self.program
        parameters = [w.name for w in program.parameters]
        memory = [name for names in self.memory for name in names]
        yield "def train(batches, rates, seeds, parameters, memories, records):"
        yield from _unpacked(parameters, "parameters")
        yield from _unpacked(memory, "memories")
        yield "    updates = 0"
        yield "    try:"
        given = [self.inputs if self.formula.is_single else self.batch, self.rate]
        seeds = ["seeds"] if program.seed is not None else []
        yield (
            f"        for {', '.join([*given, *(seed[:-1] for seed in seeds)])} "
            f"in zip({', '.join(['batches', 'rates', *seeds])}):"
        )
        for lines_within in (self._gradients(), self._records(), self._updates()):
            yield from _indented(lines_within, 3)
        yield "            updates += 1"
        yield "        is_changed = False"
        yield "    except PathChanged:"
        yield "        is_changed = True"
        yield wrapped("return updates, is_changed, [", parameters, f"], [{', '.join(memory)}]")

    def _gradients(self) -> Iterator[str]:
        program, keeps_values = self.program, self.formula.keeps_values
        part = Part(program.forward, program.backward)
        statements = [dedent(line) for line in body(lines(program, part, "python"), "python")]
        if self.formula.is_single:
            yield from statements
            return
        if keeps_values:
            yield f"{self.total}, {self.most} = 0.0, -inf"
        yield from (f"{name} = 0.0" for name in self.sums)
        yield f"for {self.inputs} in {self.batch}:"
        yield from _indented(statements, 1)
        if keeps_values:
            value = number(program.value, "python")
            yield f"    {self.total} += {value}"
            yield f"    {self.most} = max({self.most}, {value})"
        for name, gradient in zip(self.sums, program.parameter_gradients, strict=True):
            yield f"    {name} += {number(gradient, 'python')}"

    def _records(self) -> Iterator[str]:
        if self.formula.keeps_values:
            kept = [self.total, self.most]
            if self.formula.is_single:
                kept = [number(self.program.value, "python")] * 2
            yield f"records.totals.append({kept[0]})"
            yield f"records.largest.append({kept[1]})"

    def _updates(self) -> Iterator[str]:
        yield "\n# update"
        moves = [assignment for assignments in self.moves for assignment in assignments]
        if can_follow_each_other(moves) and not self.formula.keeps_changes:
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
        if self.formula.keeps_changes:
            yield wrapped("records.changes.append(max([", changes, "]))", "")
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
