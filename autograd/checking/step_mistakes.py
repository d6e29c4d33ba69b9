"""Mistakes in the gradient of a weight that several steps or samples share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograd.checking.case import Case, Hypothesis
from autograd.checking.mistakes import Mistake, activation, is_leaf, ways_with_factor
from autograd.ops import TABLE

# Of more steps nobody confuses the order by hand.
_MOST_STEPS = 12

# What lies between a weight and the activation of its unit.
_INSIDE = tuple(TABLE[name] for name in ("add", "sub", "mul", "dot", "total"))


@dataclass(frozen=True)
class _Use:
    """One use of the weight in a product: the way to it, the other factor, the activation above."""

    edge: tuple[int, int]
    factor: int
    unit: int | None


class OutputForInput(Mistake):
    """In ∂L/∂u of h_t = tanh(… + u·h_{t−1}), h_t taken for h_{t−1}."""

    name = "output for input of a step"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At all steps at once, and where the first h is a plain number, at that one."""
        uses = _uses(case)
        outputs = {use: use.unit for use in uses if use.unit is not None}
        if any(use.factor in outputs.values() for use in uses):
            yield _in_gradient(case, list(outputs), list(outputs.values()))
            for use, output in outputs.items():
                if use.factor >= len(case.tape) or not case.places.alike(use.factor):
                    yield _in_one_product(case, use, output)


class StepsReordered(Mistake):
    """The inputs of the steps in another order than the derivatives that they are multiplied by."""

    name = "steps in another order"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """From the last to the first, moved on by one step, two neighbours swapped."""
        uses = _uses(case)
        inputs = [use.factor for use in uses]
        given = all(i >= len(case.tape) or is_leaf(case, i) for i in inputs)
        if given and 1 < len(inputs) <= _MOST_STEPS:
            for order in _other_orders(inputs):
                yield _in_gradient(case, uses, order)


class SlopeForgottenInSum(Mistake):
    """In ∂L/∂w the derivatives of the outputs h_t are added up instead of those of the nets."""

    name = "activation's derivative forgotten in the sum"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At all steps at once, and at each but the first: there it is the same as forgotten."""
        under = case.under
        if under is None or not is_leaf(case, under):
            return
        units = {edge: _unit(case, edge[0]) for edge in case.consumers(under)}
        slopes = case.tape.recorded.slopes
        known = sorted(
            (unit, edge) for edge, unit in units.items() if unit is not None and slopes[unit][0]
        )
        depths = {case.places.depths[unit] for unit, _ in known}
        if len(depths) < 2:
            return
        yield self._forgotten(case, known)
        for unit, edge in known[1:]:
            yield self._forgotten(case, [(unit, edge)])

    def _forgotten(self, case: Case, group: Sequence[tuple[int, tuple[int, int]]]) -> Hypothesis:
        slopes, parents = case.tape.recorded.slopes, case.tape.recorded.parents

        def say() -> str:
            outputs = [unit for unit, _ in group]
            nets = [parents[unit][0] for unit in outputs]
            return (
                f"{_derivatives(case, outputs)} taken for {_derivatives(case, nets)} in the "
                f"gradient of {_weight(case)}"
            )

        edges = {(i, k): slopes[i][k] / slopes[unit][0] for unit, (i, k) in group}
        return Hypothesis(say, edges=edges, parallel=True)


def _uses(case: Case) -> list[_Use]:
    """The products in which the weight stands, in the order of the activations they lead to."""
    if case.under is None or not is_leaf(case, case.under):
        return []
    uses = [
        _Use((i, position), case.tape.step(i).operands[factor], _unit(case, i))
        for i, position, parent, factor in ways_with_factor(case)
        if parent == case.under
    ]
    return sorted(uses, key=lambda use: (use.edge[0] if use.unit is None else use.unit, use.edge))


def _unit(case: Case, i: int) -> int | None:
    """The activation that a product or a sum leads to, if it leads to one alone."""
    while not activation(case, i):
        consumers = {consumer for consumer, _ in case.consumers(i)}
        if len(consumers) != 1 or case.tape.nodes[i].op not in _INSIDE:
            return None
        (i,) = consumers
    return i


def _other_orders(inputs: Sequence[int]) -> Iterator[Sequence[int]]:
    found = [
        inputs[::-1],
        [*inputs[1:], inputs[0]],
        [inputs[-1], *inputs[:-1]],
        *(
            [*inputs[:k], inputs[k + 1], inputs[k], *inputs[k + 2 :]]
            for k in range(len(inputs) - 1)
        ),
    ]
    yield from dict.fromkeys(map(tuple, found))


def _in_gradient(case: Case, uses: Sequence[_Use], taken: Sequence[int]) -> Hypothesis:
    """Other factors at all steps."""
    called, numbers = case.places.called, case.tape.recorded.numbers

    def say() -> str:
        wrong = _listed([called(i) for i in taken])
        right = _listed([called(use.factor) for use in uses])
        return f"{wrong} taken for {right} in the gradient of {_weight(case)}"

    edges = {use.edge: numbers[i] for use, i in zip(uses, taken, strict=True)}
    return Hypothesis(say, edges=edges, parallel=True)


def _in_one_product(case: Case, use: _Use, taken: int) -> Hypothesis:
    called, (i, _) = case.places.called, use.edge
    return Hypothesis(
        lambda: f"{called(taken)} taken for {called(use.factor)} in ∂{called(i)}/∂{_weight(case)}",
        edges={use.edge: case.tape.recorded.numbers[taken]},
        parallel=True,
    )


def _derivatives(case: Case, nodes: Sequence[int]) -> str:
    assert case.over is not None
    over = case.places.called(case.over)
    return _listed([f"∂{over}/∂{case.places.called(i)}" for i in nodes])


def _listed(names: Sequence[str]) -> str:
    """All of them, or the first and the last of so many that their order is not in doubt."""
    return ", ".join(names) if len(names) <= _MOST_STEPS else f"{names[0]} … {names[-1]}"


def _weight(case: Case) -> str:
    assert case.under is not None
    return case.places.called(case.under)
