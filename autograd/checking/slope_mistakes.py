"""Mistakes in one local derivative of the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograd.checking.case import Case, Hypothesis, Slopes
from autograd.checking.mistakes import (
    Mistake,
    activation,
    everywhere,
    is_leaf,
    partner,
    ways_with_factor,
)
from autograd.ops import TABLE
from autograd.rows import Op
from autograd.symbol import Symbol, write

# Larger layers nobody multiplies out by hand.
_LARGEST_LAYER = 30

# So many places are listed, or the first and the last.
_MOST_TOLD = 4

# What people take for a derivative whose formula they do not remember well, of the output.
_MISREMEMBERED: dict[str, dict[str, Callable[[float], float]]] = {
    "tanh": {"1 + y·y": lambda y: 1.0 + y * y, "1 − y": lambda y: 1.0 - y},
}

# Activations that are taken for one another, and what people call them.
_CONFUSED = {"sigmoid": "logistic", "tanh": "tanh"}


class SlopeForgotten(Mistake):
    """The derivative of an activation left out of the product."""

    name = "activation's derivative forgotten"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each activation, in each layer, everywhere."""
        nodes = [i for i in case.between if activation(case, i)]
        yield from everywhere(
            case,
            nodes,
            lambda i: lambda y, x, s: [1.0],
            lambda where, n: f"{_prime(case, n)} {where} forgotten",
        )


class SlopeTwice(Mistake):
    """The derivative of an output multiplied in once more, where cross entropy cancels it."""

    name = "activation's derivative twice"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each logistic output whose logarithm is taken, in each layer, everywhere."""
        nodes = [
            i
            for i in case.between
            if case.tape.nodes[i].op is TABLE["sigmoid"] and _is_under_logarithm(case, i)
        ]
        yield from everywhere(
            case,
            nodes,
            lambda i: lambda y, x, s: [s[0] * s[0]],
            lambda where, n: f"{_prime(case, n)} {where} multiplied in twice",
        )


class SlopeAtOutput(Mistake):
    """The derivative of an activation evaluated at its output instead of its input."""

    name = "activation's derivative at the output"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each activation, in each layer, everywhere."""
        nodes = [i for i in case.between if activation(case, i)]

        def slopes(i: int) -> Slopes:
            function = case.tape.step(i).function
            return lambda y, x, s: function(y, *x[1:])[1]

        yield from everywhere(
            case,
            nodes,
            slopes,
            lambda where, n: f"{_prime(case, n)} {where} evaluated at the output, not the input",
        )


class InputForOutput(Mistake):
    """The formula of the derivative holds the output, and the input was put in."""

    name = "input in the activation's derivative"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each activation, in each layer, everywhere."""
        nodes = [i for i in case.between if activation(case, i)]
        yield from everywhere(
            case,
            nodes,
            lambda i: _formula_of(case.tape.nodes[i].op, input_for_output=True),
            lambda where, n: (
                f"{_prime(case, n)} {where} as {_formula(case.tape.nodes[n[0]].op)} with the "
                f"input in the place of the output y"
            ),
        )


class OtherSlope(Mistake):
    """The derivative of one activation used on another one."""

    name = "another activation's derivative"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each activation, in each layer, everywhere; for each other activation."""
        nodes = [i for i in case.between if (op := activation(case, i)) and op.name in _CONFUSED]
        for other in _CONFUSED:
            yield from self._used_on(case, nodes, TABLE[other])

    def _used_on(self, case: Case, nodes: Sequence[int], other: Op) -> Iterator[Hypothesis]:
        used = f"the {_CONFUSED[other.name]} derivative {_formula(other)} used on"
        yield from everywhere(
            case,
            [i for i in nodes if case.tape.nodes[i].op is not other],
            lambda i: _formula_of(other),
            lambda where, n: f"{used} {_name(case, n)} {where}",
        )


class SlopeMisremembered(Mistake):
    """A wrong formula for the derivative of an activation."""

    name = "activation's derivative misremembered"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each activation, in each layer, everywhere; for each wrong formula."""
        for name, formulas in _MISREMEMBERED.items():
            nodes = [i for i in case.between if activation(case, i) is TABLE[name]]
            for text, formula in formulas.items():
                yield from self._by(case, nodes, text, formula)

    def _by(
        self, case: Case, nodes: Sequence[int], text: str, formula: Callable[[float], float]
    ) -> Iterator[Hypothesis]:
        yield from everywhere(
            case,
            nodes,
            lambda i: lambda y, x, s: [formula(y)],
            lambda where, n: (
                f"{_prime(case, n)} {where} as {text}, not {_formula(case.tape.nodes[n[0]].op)}"
            ),
        )


class FactorSwapped(Mistake):
    """A neighbour taken for the factor of a local derivative: w6 for w5 in ∂net_o1/∂out_h1."""

    name = "operand swapped in the derivative"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """For each way on from a product or a dot product, each neighbour of the other factor.

        Then the same slip on several ways side by side, as for all samples of a batch.
        """
        slips: dict[object, list[_Taken]] = {}
        for i, position, parent, other in ways_with_factor(case):
            right = case.tape.step(i).operands[other]
            for wrong in dict.fromkeys(_instead(case, i, parent, other)):
                if wrong != right:
                    taken = _Taken((i, position), right, wrong)
                    yield self._taken(case, [taken])
                    slips.setdefault(self._kind(case, taken), []).append(taken)
        for kind, group in slips.items():
            if kind is not None and len(group) > 1:
                yield self._taken(case, group)

    def _kind(self, case: Case, taken: _Taken) -> object:
        """What slips on parallel ways have in common, if they are the same slip."""
        (i, position), parents = taken.edge, case.tape.recorded.parents
        depth = case.places.depths[i]
        if is_leaf(case, taken.right):
            return depth, taken.right, taken.wrong
        if taken.right < len(case.tape) and taken.wrong in parents[taken.right]:
            return depth, parents[i][position]
        return None

    def _taken(self, case: Case, group: Sequence[_Taken]) -> Hypothesis:
        places, numbers = case.places, case.tape.recorded.numbers

        def say() -> str:
            ways = [
                f"∂{places.called(i)}/∂{places.called(case.tape.recorded.parents[i][position])}"
                for i, position in (taken.edge for taken in group)
            ]
            where = ", ".join(ways) if len(ways) <= _MOST_TOLD else f"{ways[0]} … {ways[-1]}"
            wrong = places.listed(list(dict.fromkeys(taken.wrong for taken in group)))
            right = places.listed(list(dict.fromkeys(taken.right for taken in group)))
            return f"{wrong} taken for {right} in {where}"

        edges = {taken.edge: numbers[taken.wrong] for taken in group}
        return Hypothesis(say, edges=edges, parallel=True)


@dataclass(frozen=True)
class _Taken:
    """A wrong factor on one way: of a node, by the position among its parents."""

    edge: tuple[int, int]
    right: int
    wrong: int


class WeightsTransposed(Mistake):
    """A layer's weights used along rows instead of columns on the way back."""

    name = "weights transposed"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """For each layer that has as many units as inputs."""
        layers: dict[Sequence[int], list[int]] = {}
        for i in sorted({c for b in case.between for c in (b, *_beside(case, b))}):
            op, step = case.tape.nodes[i].op, case.tape.step(i)
            if op is not None and op.name == "dot" and all(step.wanted[:-1]):
                half = (len(step.operands) - 1) // 2
                layers.setdefault(step.operands[half : 2 * half], []).append(i)
        for inputs, units in layers.items():
            if 1 < len(units) == len(inputs) <= _LARGEST_LAYER:
                yield self._of_layer(case, units)

    def _of_layer(self, case: Case, units: Sequence[int]) -> Hypothesis:
        half, numbers = len(units), case.tape.recorded.numbers
        return Hypothesis(
            lambda: f"the weights of {case.places.listed(units)} transposed",
            edges={
                (i, half + k): numbers[case.tape.step(unit).operands[row]]
                for row, i in enumerate(units)
                for k, unit in enumerate(units)
            },
            parallel=True,
        )


class PowerRule(Mistake):
    """The derivative of a power without its factor, or with the power not lowered."""

    name = "power rule"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each power with a plain exponent."""
        nodes = [
            i
            for i in case.between
            if (op := case.tape.nodes[i].op) is not None
            and op.name == "pow"
            and not case.tape.step(i).wanted[1]
        ]
        for group in [*([i] for i in nodes), *case.layers(nodes)]:
            yield self._exponent_forgotten(case, group)

    def _exponent_forgotten(self, case: Case, group: Sequence[int]) -> Hypothesis:
        bases = [case.tape.recorded.parents[i][0] for i in group]
        return Hypothesis(
            lambda: (
                f"the exponent as a factor of the derivative forgotten, base "
                f"{case.places.listed(bases)}"
            ),
            dict.fromkeys(group, lambda y, x, s: [s[0] / x[1]]),
            parallel=True,
        )


def _prime(case: Case, nodes: Sequence[int]) -> str:
    op = case.tape.nodes[nodes[0]].op
    return f"{op.symbol if op else ''}′"


def _name(case: Case, nodes: Sequence[int]) -> str:
    op = case.tape.nodes[nodes[0]].op
    return op.name if op else ""


def _formula(op: Op | None) -> str:
    """The derivative as people remember it, y being the output: y·(1 − y)."""
    assert op is not None
    operands = [Symbol("x"), *op.defaults]
    text = write(op.partials[0](Symbol("y"), *operands), "text")
    return text.replace(" * ", "·").replace(" - ", " − ")


def _formula_of(op: Op | None, *, input_for_output: bool = False) -> Slopes:
    assert op is not None
    partial, defaults = op.partials[0], op.defaults

    def slope(y: float, x: float, *others: float) -> float:
        return float(partial(x if input_for_output else y, x, *(others or defaults)))

    return lambda y, x, s: [slope(y, *x)]


def _instead(case: Case, i: int, parent: int, place: int) -> Iterator[int]:
    """What may be taken for the operand at this place: neighbours by name, in the list, above."""
    operands, op = case.tape.step(i).operands, case.tape.nodes[i].op
    nodes = len(case.tape)
    yield from case.places.alike(operands[place])
    if op is not None and op.name == "dot":
        half = (len(operands) - 1) // 2
        group = range(half) if place < half else range(half, 2 * half)
        yield from (operands[p] for p in (place - 1, place + 1) if p in group)
    if activation(case, operands[place]) is not None:
        yield case.tape.recorded.parents[operands[place]][0]
    yield from _beside_in_sum(case, i, place)
    # The factor by which the same parent enters the node beside this one.
    for consumer, position in case.tape.consumers[parent]:
        if consumer != i and case.tape.nodes[consumer].op is op:
            other = case.tape.step(consumer)
            places = [p for p, wanted in enumerate(other.wanted) if wanted]
            factor = partner(op, len(other.operands), places[position])
            if factor is not None and other.operands[factor] < nodes:
                yield other.operands[factor]


def _beside_in_sum(case: Case, i: int, place: int) -> Iterator[int]:
    """What stands at the same place of the other products of a sum: w for u in w·x + u·h."""
    nodes, parents = case.tape.nodes, case.tape.recorded.parents
    if nodes[i].op is not TABLE["mul"]:
        return
    for top in _sums_above(case, i):
        for term in parents[top]:
            if term != i and nodes[term].op is TABLE["mul"]:
                operand = case.tape.step(term).operands[place]
                if operand < len(nodes):
                    yield operand


def _sums_above(case: Case, i: int) -> Iterator[int]:
    """The sum that a term belongs to, and the sums that it is a part of without a name."""
    sums = (TABLE["add"], TABLE["total"])
    while above := [c for c, _ in case.tape.consumers[i] if case.tape.nodes[c].op in sums]:
        i = above[0]
        yield i
        if case.tape.nodes[i].name:
            return


def _is_under_logarithm(case: Case, i: int) -> bool:
    """Whether the logarithm of a probability, or of its complement, is taken."""
    consumers = [consumer for consumer, _ in case.tape.consumers[i]]
    consumers += [above for c in consumers for above, _ in case.tape.consumers[c]]
    return any(case.tape.nodes[c].op is TABLE["log"] for c in consumers)


def _beside(case: Case, i: int) -> list[int]:
    """The nodes that share their last input with this one."""
    parents = case.tape.recorded.parents[i]
    op = case.tape.nodes[i].op
    if op is None or op.name != "dot" or len(parents) < 2:
        return []
    half = (len(case.tape.step(i).operands) - 1) // 2
    shared = case.tape.step(i).operands[half]
    if shared >= len(case.tape):
        return []
    return [c for c, _ in case.tape.consumers[shared]]
