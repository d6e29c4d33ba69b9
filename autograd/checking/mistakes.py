"""What can be done wrong in a hand-worked backpropagation: the base of the catalogue.

A mistake is a class with one method, `hypotheses`, which looks at a case and says in words what may
have been done and where, and how the graph is to be run again to find out. One that no run brings
about, such as two digits swapped, says in `outcomes` which numbers it leads to. To add a mistake,
write such a class and enter it in `autograd.checking.catalogue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from autograd.checking.case import Case, Hypothesis, Slopes, scaled
from autograd.checking.printed import Printed
from autograd.checking.replay import Step
from autograd.rows import Op

# So many places are tried for each kind of mistake.
_MOST_PLACES = 500


class Mistake:
    """One way to go wrong.

    Attributes:
        name: what it is called, whatever the place.
        most_chance: if so many of its hypotheses would hit a number by chance, that one of them
            does says nothing.
    """

    name = ""
    most_chance = 0.005

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Every place where it may have been made, the most telling first."""
        raise NotImplementedError(f"{type(self).__name__} does not say where it can be made")

    def outcomes(self, case: Case, digits: Printed) -> Iterator[tuple[Hypothesis, float]]:
        """The hypotheses with the numbers that they lead to, for a claim with these digits."""
        del digits  # nobody computes in another way because of them
        for hypothesis in islice(self.hypotheses(case), _MOST_PLACES):
            if (number := case.outcome(hypothesis)) is not None:
                yield hypothesis, number


def is_leaf(case: Case, operand: int) -> bool:
    """Whether an operand is a node that is given, and neither computed nor a plain number."""
    return operand < len(case.tape) and case.tape.steps[operand] is None


def activation(case: Case, i: int) -> Op | None:
    """The operation of a node if it is a function of one node, such as tanh, else None."""
    if i >= len(case.tape):
        return None
    op, step = case.tape.nodes[i].op, case.tape.steps[i]
    if op is None or step is None or op.sequences or op.name == "neg":
        return None
    one_operand = len(op.parameters) - len(op.defaults) == 1
    return op if one_operand and step.wanted[0] and sum(step.wanted) == 1 else None


def partner(op: Op | None, count: int, place: int) -> int | None:
    """Where the factor stands that an operand of a product or of a dot product is multiplied by."""
    if op is None or op.name not in ("mul", "dot"):
        return None
    if op.name == "mul":
        return 1 - place
    half = (count - 1) // 2
    return None if place == 2 * half else (place + half) % (2 * half)


def ways_with_factor(case: Case) -> Iterator[tuple[int, int, int, int]]:
    """Each way on from a product or a dot product: its node, edge, parent and factor's place."""
    for i in case.between:
        step, op = case.tape.step(i), case.tape.nodes[i].op
        places = [place for place, wanted in enumerate(step.wanted) if wanted]
        for position, parent in case.edges(i):
            factor = partner(op, len(step.operands), places[position])
            if factor is not None:
                yield i, position, parent, factor


def everywhere(
    case: Case,
    nodes: Sequence[int],
    slopes: Callable[[int], Slopes],
    say: Callable[[str, Sequence[int]], str],
) -> Iterator[Hypothesis]:
    """The same wrong derivative at each node, in each layer, and at all of the same operation.

    `say` is given where: "at net_h1", "at all of net_h1, net_h2", "everywhere".
    """
    wrong = {i: slopes(i) for i in nodes}
    for group, where in _groups(case, nodes):
        changed = {i: wrong[i] for i in group}
        yield Hypothesis(_saying(say, where, group), changed, parallel=where is not _everywhere)


def computed_everywhere(
    case: Case,
    nodes: Sequence[int],
    wrong: Callable[[Step], Step],
    say: Callable[[str, Sequence[int]], str],
) -> Iterator[Hypothesis]:
    """The same wrong step at each node, in each layer, and at all of the same operation."""
    for group, where in _groups(case, nodes):
        steps = {i: wrong(case.tape.step(i)) for i in group}
        yield Hypothesis(_saying(say, where, group), steps=steps)


def _saying(
    say: Callable[[str, Sequence[int]], str], where: Callable[[], str], group: Sequence[int]
) -> Callable[[], str]:
    return lambda: say(where(), group)


def _groups(case: Case, nodes: Sequence[int]) -> Iterator[tuple[Sequence[int], Callable[[], str]]]:
    """Each node, each layer, and all nodes of the same operation, with where that is."""
    operand = {i: case.tape.recorded.parents[i][0] for i in nodes}

    def listed(group: Sequence[int], words: str) -> Callable[[], str]:
        return lambda: f"{words} {case.places.listed([operand[i] for i in group])}"

    for i in nodes:
        yield [i], listed([i], "at")
    layers = case.layers(nodes)
    for layer in layers:
        yield layer, listed(layer, "at all of")
    for group in _same_operation(case, nodes):
        if group not in map(sorted, layers):
            yield group, _everywhere


def _everywhere() -> str:
    return "everywhere"


def _same_operation(case: Case, nodes: Iterable[int]) -> list[list[int]]:
    groups: dict[Op | None, list[int]] = {}
    for i in sorted(nodes):
        groups.setdefault(case.tape.nodes[i].op, []).append(i)
    return [group for group in groups.values() if len(group) > 1]


class Scaled(Mistake):
    """The number times a factor; after updates also the gradient that led to it."""

    def factors(self, case: Case) -> Iterator[tuple[str, str, float]]:
        """What is said of a number, what is said of a gradient, and the factor."""
        raise NotImplementedError(f"{type(self).__name__} does not say by what is multiplied")

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Each factor once, for the whole."""
        for of_number, of_gradient, factor in self.factors(case):
            yield self._scaled(of_gradient if case.count else of_number, factor)

    def outcomes(self, case: Case, digits: Printed) -> Iterator[tuple[Hypothesis, float]]:
        """The same with numbers; one after updates may itself be multiplied."""
        yield from super().outcomes(case, digits)
        if case.count:
            for of_number, _, factor in self.factors(case):
                yield self._scaled(of_number, 1.0), factor * case.number

    def _scaled(self, said: str, factor: float) -> Hypothesis:
        return scaled(lambda: said, factor)


class SignFlipped(Scaled):
    """The number with the other sign."""

    name = "sign flipped"

    def factors(self, case: Case) -> Iterator[tuple[str, str, float]]:
        """Once, for the whole."""
        del case  # it can happen anywhere
        yield "sign flipped", "the sign of the gradient flipped", -1.0


class FactorLost(Scaled):
    """Twice or half the number, or n times or an n-th of it where a sum has n terms."""

    name = "factor"

    def factors(self, case: Case) -> Iterator[tuple[str, str, float]]:
        """Two, and the lengths of the sums."""
        yield _of_both("twice {}: a ½ lost or a factor 2 too many", 2.0)
        yield _of_both("half {}: a factor 2 lost or a ½ too many", 0.5)
        for n in sorted(_lengths_of_sums(case) - {2}):
            yield _of_both(f"{n} times {{}}: a 1/{n} lost", float(n))
            yield _of_both(f"1/{n} of {{}}: a 1/{n} too many", 1.0 / n)


class PointShifted(Scaled):
    """The number with its decimal point one place off."""

    name = "decimal point"

    def factors(self, case: Case) -> Iterator[tuple[str, str, float]]:
        """To the right, then to the left."""
        del case  # it can happen anywhere
        yield _of_both("ten times {}: the decimal point one place off", 10.0)
        yield _of_both("a tenth of {}: the decimal point one place off", 0.1)


def _of_both(text: str, factor: float) -> tuple[str, str, float]:
    return text.format("the right number"), text.format("the right gradient"), factor


class TakenForZero(Mistake):
    """A derivative taken for 0, as that of a constant."""

    name = "taken for a constant"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Once, for the whole derivative."""
        over, under, called = case.over, case.under, case.places.called
        if not case.count and over is not None and under is not None:
            yield scaled(lambda: f"{called(under)} taken for a constant in {called(over)}", 0.0)


def _lengths_of_sums(case: Case) -> set[int]:
    """How many terms the means and sums have that the quantity depends on."""
    lengths = set()
    for i in {*case.between, *case.computed}:
        op = case.tape.nodes[i].op
        if op is not None and op.name in ("mean", "total"):
            lengths.add(len(case.tape.step(i).operands))
    return {n for n in lengths if n > 1}
