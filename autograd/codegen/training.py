"""`Trainer`: many updates of parameters in one call, at the speed of the compiled program."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace

from autograd.codegen.lowering import VALUE, Wanted
from autograd.codegen.program import Program, program
from autograd.codegen.running import Batches, Figures, Formula, Loop, LoopTarget, Rows, State
from autograd.codegen.structure import Structure
from autograd.codegen.tracing import trace
from autograd.codegen.variants import Variant, Variants
from autograd.value import Value, data_of

__all__ = ["Trainer"]


class Trainer:
    """Moves parameters along the gradients of a compiled function, batch after batch.

    `CompiledFunction.trainer` makes one, and `run` makes many updates. Between runs the parameters,
    `memories` (what the formula remembers of each) and `figures` are up to date and may be changed.

    >>> from autograd import compile
    >>> w = Value(1.0)
    >>> error = compile(lambda x: (w * x - 3.0) ** 2)
    >>> trainer = error.trainer([(1.0,)], [w], lambda gradient, rate, _: (-rate * gradient, ()))
    >>> trainer.run(samples=[0], ends=[1], rates=[0.25, 0.25]), w.data
    (2, 2.5)
    """

    def __init__(
        self,
        variants: Variants,
        structure: Structure,
        rows: Rows,
        *,
        parameters: Sequence[Value],
        formula: Formula,
        penalty: Callable[[], object] | None,
        target: LoopTarget,
    ) -> None:
        self.parameters = list(parameters)
        self.memories: list[tuple[float, ...]] = [formula.memory] * len(self.parameters)
        self.figures = [Figures()]
        self._variants = variants
        self._structure = structure
        self._rows = rows
        self._formula = formula
        self._target = target
        self._wanted = Wanted(
            value=formula.keeps_figures,
            error=formula.keeps_figures,
            parameter_gradients=True,
            seed=formula.is_weighted,
            trained=tuple(self.parameters),
        )
        self._penalty = None if penalty is None else self._penalty_program(penalty)
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
        """Make one update for each learning rate.

        `samples` are the numbers of the samples, one batch after another; `ends` says for every
        batch where it ends in them, and `weights` the weight of each of its samples. After the
        last batch comes the first again. Arrays (of type "q" and "d") are fastest. An update moves
        all parameters at once, each by w + change(∂objective/∂w, rate, memory), where the objective
        is Σ weight · f(*sample) + penalty(). What was seen on the way is added to the last of the
        `figures`; where they are complete, the next update begins new ones.

        Gives the number of updates made. It is less than that of the rates if the function goes
        different ways for samples of one batch, or if in the next update a number would be outside
        of an operation's domain or not finite: that update is the caller's, to make or to refuse.
        """
        batches, rates = Batches(samples, ends, weights), array("d", rates)
        done, step = 0, len(rates)
        variant: Variant | None = None
        while done < len(rates):
            batch = batches[done % len(batches)]
            variant = variant or self._variant(batch)
            if variant is None:
                break
            try:
                made, is_changed = self._stretch(variant, batches, done, rates[done : done + step])
            except (ArithmeticError, ValueError):
                step = min(step, len(rates) - done) // 2
                if not step:
                    break
                continue
            done += made
            if is_changed:
                if not made and self._variant(batch) is variant:
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
                variant = self._variants.run(self._structure, numbers, fitting)
            except (ArithmeticError, ValueError):
                return None
            if not variant.guards:
                return variant
            found.add(variant)
        return found.pop() if len(found) == 1 else None

    def _stretch(
        self, variant: Variant, batches: Batches, first: int, rates: array[float]
    ) -> tuple[int, bool]:
        """Some of the updates: how many were made, and whether another way stopped them."""
        loop, leaves = self._loop(variant, batches.is_single)
        begun = self.figures[-1]
        most = self._formula.updates_per_figures or begun.updates + len(rates)
        # One more than are filled: where one is complete, the next begins.
        rows = (begun.updates + len(rates)) // most + 1
        figures = array("d", [*begun[1:], *[0.0] * (4 * rows - 4)])
        state = State(
            array("d", data_of(leaves)),
            array("d", [number for memory in self.memories for number in memory]),
            figures,
            begun.updates,
            most,
        )
        made, is_changed = loop.run(self._rows, batches, first % len(batches), rates, state)
        if not all(map(math.isfinite, state.figures)):
            raise ArithmeticError("a value became infinite or NaN")
        for leaf, number in zip(self.parameters, state.parameters, strict=False):
            leaf.data = number
        size = len(self._formula.memory)
        self.memories = [
            tuple(state.memories[place * size : (place + 1) * size])
            for place in range(len(self.parameters))
        ]
        if self._formula.keeps_figures:
            self.figures[-1:] = _figures(state.figures, begun.updates + made, most)
        return made, is_changed

    def _loop(self, variant: Variant, is_single: bool) -> tuple[Loop, Sequence[Value]]:
        program = variant.program(self._wanted)
        key = variant, is_single
        if key not in self._loops:
            formula = replace(self._formula, is_single=is_single)
            self._loops[key] = self._target(program, self._penalty, formula)
        return self._loops[key], program.leaves

    def _penalty_program(self, penalty: Callable[[], object]) -> Program:
        found = trace(penalty, [])
        wanted = Wanted(
            value=self._formula.keeps_figures,
            parameter_gradients=True,
            trained=tuple(self.parameters),
        )
        made = program(found, wanted, [], "penalty")
        if found.guards:
            raise TypeError(
                f"a penalty may not branch, but this one asks {found.guards[0]}: use where, "
                f"maximum or relu in place of if"
            )
        if foreign := list(made.leaves)[len(self.parameters) :]:
            raise TypeError(
                f"the penalty is also one on {foreign[0]!r}, which the updates do not move: leave "
                f"it out, since it changes nothing"
            )
        return made


def _figures(numbers: array[float], updates: int, most: int) -> list[Figures]:
    """The figures of so many updates, each of them over no more than `most`."""
    counts = [most] * (updates // most)
    if updates % most or not updates:
        counts.append(updates % most)
    return [Figures(n, *numbers[4 * i : 4 * i + 4]) for i, n in enumerate(counts)]
