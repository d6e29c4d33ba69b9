"""`Trainer`: many updates of parameters in one call, at the speed of the compiled program."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from autograd.codegen.lowering import VALUE, Wanted
from autograd.codegen.running import Batches, Formula, Loop, LoopTarget, Records, Rows, State
from autograd.codegen.structure import Structure
from autograd.codegen.variants import Variant, Variants
from autograd.value import Value, data_of

__all__ = ["Trainer"]


class Trainer:
    """Moves parameters along the gradients of a compiled function, batch after batch.

    `CompiledFunction.trainer` makes one, and `run` makes many updates. Between runs the parameters
    and `memories`, what the formula remembers of each, are up to date and may be changed.
    """

    def __init__(
        self,
        variants: Variants,
        structure: Structure,
        rows: Rows,
        *,
        parameters: Sequence[Value],
        formula: Formula,
        target: LoopTarget,
    ) -> None:
        self.parameters = list(parameters)
        self.memories: list[tuple[float, ...]] = [formula.memory] * len(self.parameters)
        self.records = Records()
        self._variants = variants
        self._structure = structure
        self._rows = rows
        self._formula = formula
        self._target = target
        self._wanted = Wanted(
            value=formula.keeps_values,
            parameter_gradients=True,
            seed=formula.is_weighted,
            trained=tuple(self.parameters),
        )
        self._loops: dict[tuple[Variant, bool], Loop] = {}

    @property
    def source(self) -> str:
        """The loops that have run so far."""
        return "\n\n".join(loop.source for loop in self._loops.values())

    def run(
        self,
        samples: Sequence[int],
        ends: Sequence[int],
        rates: Sequence[float],
        weights: Sequence[float] | None = None,
    ) -> int:
        """Make one update for each batch.

        `samples` are the numbers of the samples, one batch after another; `ends` says for every
        batch where it ends in them, `rates` its learning rate, and `weights` the weight of each of
        its samples. Arrays (of type "q" and "d") are fastest. An update moves all parameters at
        once, each by w + change(∂/∂w Σ weight · value, rate, memory). `records` then has one entry
        for every update, as far as records are kept.

        Gives the number of updates made. It is less than that of the batches if the function goes
        different ways for samples of one batch, or if in the next update a number would be outside
        of an operation's domain or not finite: that update is the caller's, to make or to refuse.
        """
        batches = Batches(samples, ends, rates, weights)
        self.records = Records()
        done, step = 0, len(batches)
        variant: Variant | None = None
        while done < len(batches):
            variant = variant or self._variant(batches[done])
            if variant is None:
                break
            step = min(step, len(batches) - done)
            try:
                made, is_changed = self._stretch(variant, batches, done, done + step)
            except (ArithmeticError, ValueError):
                if step == 1:
                    break
                step //= 2
                continue
            done += made
            if is_changed:
                if not made and self._variant(batches[done]) is variant:
                    break
                variant = None
        return done

    def _variant(self, batch: Sequence[int]) -> Variant | None:
        """The way that the function goes for all samples of the batch, None if there is none."""
        found = set()
        for index in batch:
            numbers = self._rows.rows[index]

            def fitting(variant: Variant, numbers: Sequence[float] = numbers) -> Variant:
                if variant.guards:
                    runnable, leaves = variant.ready(VALUE)
                    runnable.run(numbers, data_of(leaves))
                return variant

            try:
                found.add(self._variants.run(self._structure, numbers, fitting))
            except (ArithmeticError, ValueError):
                return None
        return found.pop() if len(found) == 1 else None

    def _stretch(
        self, variant: Variant, batches: Batches, first: int, last: int
    ) -> tuple[int, bool]:
        """Some of the updates: how many were made, and whether another way stopped them."""
        part = batches.part(first, last)
        loop, leaves = self._loop(variant, part.is_single)
        state = State(
            array("d", data_of(leaves)),
            array("d", [number for memory in self.memories for number in memory]),
        )
        records = Records()
        made, is_changed = loop.run(self._rows, part, state, records)
        for leaf, number in zip(self.parameters, state.parameters, strict=False):
            leaf.data = number
        size = len(self._formula.memory)
        self.memories = [
            tuple(state.memories[place * size : (place + 1) * size])
            for place in range(len(self.parameters))
        ]
        self.records.extend(records)
        return made, is_changed

    def _loop(self, variant: Variant, is_single: bool) -> tuple[Loop, Sequence[Value]]:
        program = variant.program(self._wanted)
        key = variant, is_single
        if key not in self._loops:
            formula = replace(self._formula, is_single=is_single)
            self._loops[key] = self._target(program, formula)
        return self._loops[key], program.leaves
