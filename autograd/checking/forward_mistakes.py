"""Mistakes in the forward pass: a node computed in another way, and all that follows from it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograd.checking.case import Case, Hypothesis
from autograd.checking.mistakes import Mistake, activation, computed_everywhere, is_leaf
from autograd.checking.replay import Step, step_function
from autograd.ops import TABLE
from autograd.rows import Op

# What activations are called, and which of them are taken for one another.
_ACTIVATIONS = {"sigmoid": "the logistic function", "tanh": "tanh", "relu": "relu"}
_CALLED = {**_ACTIVATIONS, "leaky_relu": "leaky_relu"}


class OperandSwapped(Mistake):
    """A neighbour taken for an operand: w3 for w2 in net_h1."""

    name = "operand swapped"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """For each operand of each formula, each neighbour by name and in the list."""
        for i in case.computed:
            step, op = case.tape.step(i), case.tape.nodes[i].op
            for place, operand in enumerate(step.operands):
                if step.wanted[place]:
                    for wrong in dict.fromkeys(_neighbours(case, op, step, place)):
                        # Only what was computed before can have been taken by mistake.
                        if wrong != operand and wrong < i:
                            yield self._taken(case, i, place, wrong)

    def _taken(self, case: Case, i: int, place: int, wrong: int) -> Hypothesis:
        step, called = case.tape.step(i), case.places.called
        right = step.operands[place]
        return Hypothesis(
            lambda: f"{called(wrong)} taken for {called(right)} in {called(i)}",
            steps={i: step.misread(place, wrong)},
        )


class BiasForgotten(Mistake):
    """A bias left out of a net input."""

    name = "bias forgotten"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each dot product with a bias and at each sum that adds a leaf, then in layers."""
        places = {i: place for i in case.computed if (place := self._bias(case, i)) is not None}
        for group in [*([i] for i in places), *case.layers(places)]:
            yield self._forgotten(case, {i: places[i] for i in group})

    def _bias(self, case: Case, i: int) -> int | None:
        op, step = case.tape.nodes[i].op, case.tape.step(i)
        assert op is not None
        if op.name == "dot":
            place = len(step.operands) - 1
            return place if case.tape.recorded.numbers[step.operands[place]] else None
        if op.name in ("add", "total"):
            leaves = [p for p, o in enumerate(step.operands) if is_leaf(case, o)]
            return leaves[0] if len(leaves) == 1 else None
        return None

    def _forgotten(self, case: Case, places: dict[int, int]) -> Hypothesis:
        biases = [case.tape.step(i).operands[place] for i, place in places.items()]

        def say() -> str:
            named = ", ".join(dict.fromkeys(map(case.places.called, biases)))
            return f"the bias {named} forgotten in {case.places.listed(list(places))}"

        steps = {i: case.tape.step(i).without_operand(p, 0.0) for i, p in places.items()}
        return Hypothesis(say, steps=steps)


class TermForgotten(Mistake):
    """A term left out of a sum."""

    name = "term forgotten"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Each term of each sum and of each dot product."""
        for i in case.computed:
            op, step = case.tape.nodes[i].op, case.tape.step(i)
            assert op is not None
            count = len(step.operands)
            if op.name in ("add", "total", "sub"):
                terms: Sequence[int] = range(count)
            elif op.name == "dot" and count > 3:
                terms = range((count - 1) // 2)
            else:
                continue
            for place in terms:
                yield self._forgotten(case, i, place)

    def _forgotten(self, case: Case, i: int, place: int) -> Hypothesis:
        step, called = case.tape.step(i), case.places.called
        return Hypothesis(
            lambda: f"the term with {called(step.operands[place])} forgotten in {called(i)}",
            steps={i: step.without_operand(place, 0.0)},
        )


class ActivationSwapped(Mistake):
    """Another activation computed, or none."""

    name = "another activation"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each activation and in each layer: none, and each other one."""
        nodes = [i for i in case.computed if (op := activation(case, i)) and op.name in _CALLED]
        for group in [*([i] for i in nodes), *case.layers(nodes)]:
            yield self._forgotten(case, group)
            for other in _ACTIVATIONS:
                if case.tape.nodes[group[0]].op is not TABLE[other]:
                    yield self._other(case, group, other)

    def _forgotten(self, case: Case, group: Sequence[int]) -> Hypothesis:
        inputs = [case.tape.recorded.parents[i][0] for i in group]
        places = case.places
        return Hypothesis(
            lambda: (
                f"the activation forgotten: {places.listed(inputs)} taken for "
                f"{places.listed(group)}"
            ),
            steps={i: _identity(case.tape.step(i)) for i in group},
        )

    def _other(self, case: Case, group: Sequence[int], other: str) -> Hypothesis:
        op = case.tape.nodes[group[0]].op
        right = _CALLED[op.name if op else ""]
        return Hypothesis(
            lambda: f"{_ACTIVATIONS[other]} taken for {right} at {case.places.listed(group)}",
            steps={i: _of_first_operand(case.tape.step(i), TABLE[other]) for i in group},
        )


class LogarithmSwapped(Mistake):
    """The logarithm to base 10 taken for the natural one."""

    name = "another logarithm"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each logarithm, in each layer, everywhere."""
        yield from computed_everywhere(
            case,
            [i for i in case.computed if case.tape.nodes[i].op is TABLE["log"]],
            _of_base_10,
            lambda where, n: f"log10 taken for ln {where}",
        )


class ConstantForgotten(Mistake):
    """The ½ of a loss left out, or another plain factor."""

    name = "constant factor forgotten"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each product with, or quotient by, a plain number, and in each layer of them."""
        places = {i: place for i in case.computed if (place := self._constant(case, i)) is not None}
        for group in [*([i] for i in places), *case.layers(places)]:
            yield self._forgotten(case, {i: places[i] for i in group})

    def _constant(self, case: Case, i: int) -> int | None:
        op, step = case.tape.nodes[i].op, case.tape.step(i)
        assert op is not None
        if op.name not in ("mul", "div") or all(step.wanted):
            return None
        place = step.wanted.index(False)
        number = case.tape.recorded.numbers[step.operands[place]]
        quotient_of_number = op.name == "div" and place == 0
        return None if quotient_of_number or abs(number) in (0.0, 1.0) else place

    def _forgotten(self, case: Case, places: dict[int, int]) -> Hypothesis:
        tape = case.tape

        def say() -> str:
            i, place = next(iter(places.items()))
            op = tape.nodes[i].op
            number = tape.recorded.numbers[tape.step(i).operands[place]]
            divided = "1/" if op is not None and op.name == "div" else ""
            return f"the factor {divided}{number:g} of {case.places.listed(list(places))} forgotten"

        steps = {}
        for i, place in places.items():
            op, number = tape.nodes[i].op, tape.recorded.numbers[tape.step(i).operands[place]]
            divided = op is not None and op.name == "div"
            steps[i] = tape.step(i).scaled(number if divided else 1.0 / number)
        return Hypothesis(say, steps=steps)


class MeanForSum(Mistake):
    """A sum taken for a mean, or the reverse."""

    name = "mean and sum confused"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each mean and each sum of several terms."""
        for i in case.computed:
            op = case.tape.nodes[i].op
            if op is not None and op.name in ("mean", "total") and _is_of_computed(case, i):
                yield self._confused(case, i, op)

    def _confused(self, case: Case, i: int, op: Op) -> Hypothesis:
        step = case.tape.step(i)
        n = len(step.operands)
        factor, said, meant = (n, "sum", "mean") if op.name == "mean" else (1 / n, "mean", "sum")
        return Hypothesis(
            lambda: f"the {said} of the {n} terms taken for the {meant} in {case.places.called(i)}",
            steps={i: step.scaled(factor)},
        )


class WrongOperator(Mistake):
    """+ for −, or − for +; a square forgotten."""

    name = "another operation"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each sum and difference of two, and at each power."""
        for i in case.computed:
            op, step = case.tape.nodes[i].op, case.tape.step(i)
            if op is not None and op.name in ("add", "sub"):
                yield self._other(case, i, "sub" if op.name == "add" else "add")
            elif op is not None and op.name == "pow" and not step.wanted[1]:
                yield self._power_forgotten(case, i)

    def _other(self, case: Case, i: int, other: str) -> Hypothesis:
        signs = {"add": "+", "sub": "−"}
        right = "add" if other == "sub" else "sub"
        return Hypothesis(
            lambda: f"{signs[other]} for {signs[right]} in {case.places.called(i)}",
            steps={i: case.tape.step(i).with_op(TABLE[other])},
        )

    def _power_forgotten(self, case: Case, i: int) -> Hypothesis:
        base = case.tape.step(i).operands[0]
        return Hypothesis(
            lambda: f"the power of {case.places.called(base)} forgotten in {case.places.called(i)}",
            steps={i: _identity(case.tape.step(i))},
        )


def _neighbours(case: Case, op: Op | None, step: Step, place: int) -> Iterator[int]:
    """What may have been taken for the operand at this place."""
    operand = step.operands[place]
    yield from case.places.alike(operand)
    if op is not None and op.sequences:
        half = (len(step.operands) - 1) // 2 if op.name == "dot" else len(step.operands)
        group = range(half) if place < half else range(half, 2 * half)
        near = (step.operands[p] for p in (place - 1, place + 1) if p in group)
        yield from (other for other in near if other < len(case.tape))
    if activation(case, operand) is not None:
        yield case.tape.recorded.parents[operand][0]


def _is_of_computed(case: Case, i: int) -> bool:
    operands = case.tape.step(i).operands
    return len(operands) > 1 and not any(is_leaf(case, o) for o in operands)


def _identity(step: Step) -> Step:
    def function(*numbers: float) -> tuple[float, Sequence[float]]:
        return numbers[0], [1.0]

    return Step(function, step.operands, step.parents, step.wanted)


def _of_first_operand(step: Step, op: Op) -> Step:
    """Another activation, whatever else the right one depends on."""
    function = step_function(op, 1, (True,))
    return replace(step, function=lambda *numbers: function(numbers[0]))


def _of_base_10(step: Step) -> Step:
    """The value alone: the derivative is known as 1/x by heart."""

    def function(*numbers: float) -> tuple[float, Sequence[float]]:
        value, slopes = step.function(*numbers)
        return value / math.log(10.0), slopes

    return replace(step, function=function)
