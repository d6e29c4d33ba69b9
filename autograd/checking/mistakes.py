"""What can be done wrong in a hand-worked backpropagation: the base of the catalogue.

A mistake is a class with one method, which looks at a case and yields hypotheses: each says in
words what may have been done and where, and how the graph is to be run again to find out. To add a
mistake, write such a class and enter it in `autograd.checking.catalogue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from autograd.checking.case import Case, Hypothesis, Slopes, scaled
from autograd.rows import Op


class Mistake:
    """One way to go wrong.

    Attributes:
        name: what it is called, whatever the place.
    """

    name = ""

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Every place where it may have been made, the most telling first."""
        raise NotImplementedError(f"{type(self).__name__} does not say where it can be made")


def activation(case: Case, i: int) -> Op | None:
    """The operation of a node if it is a function of one node, such as tanh, else None."""
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
    """The same slip at each node, in each layer, and at all nodes of the same operation.

    `say` is given where: "at net_h1", "at all of net_h1, net_h2", "everywhere".
    """
    wrong = {i: slopes(i) for i in nodes}
    operand = {i: case.tape.recorded.parents[i][0] for i in nodes}

    def at(group: Sequence[int], where: Callable[[], str], *, parallel: bool) -> Hypothesis:
        changed = {i: wrong[i] for i in group}
        return Hypothesis(lambda: say(where(), group), changed, parallel=parallel)

    def listed(group: Sequence[int], words: str) -> Callable[[], str]:
        return lambda: f"{words} {case.places.listed([operand[i] for i in group])}"

    for i in nodes:
        yield at([i], listed([i], "at"), parallel=True)
    layers = case.layers(nodes)
    for layer in layers:
        yield at(layer, listed(layer, "at all of"), parallel=True)
    for group in _same_operation(case, nodes):
        if group not in map(sorted, layers):
            yield at(group, lambda: "everywhere", parallel=False)


def _same_operation(case: Case, nodes: Iterable[int]) -> list[list[int]]:
    groups: dict[Op | None, list[int]] = {}
    for i in sorted(nodes):
        groups.setdefault(case.tape.nodes[i].op, []).append(i)
    return [group for group in groups.values() if len(group) > 1]


class SignFlipped(Mistake):
    """The number with the other sign."""

    name = "sign flipped"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Once, for the whole."""
        del case  # it can happen anywhere
        yield scaled(lambda: "sign flipped", -1.0)


class FactorLost(Mistake):
    """Twice or half the number, or n times or an n-th of it where a sum has n terms."""

    name = "factor"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Each factor once, for the whole."""
        yield scaled(lambda: "twice the right number: a ½ lost or a factor 2 too many", 2.0)
        yield scaled(lambda: "half the right number: a factor 2 lost or a ½ too many", 0.5)
        for n in sorted(_lengths_of_sums(case) - {2}):
            yield from self._of_sum(n)

    def _of_sum(self, n: int) -> Iterator[Hypothesis]:
        yield scaled(lambda: f"{n} times the right number: a 1/{n} lost", float(n))
        yield scaled(lambda: f"1/{n} of the right number: a 1/{n} too many", 1.0 / n)


def _lengths_of_sums(case: Case) -> set[int]:
    """How many terms the means and sums have that the quantity depends on."""
    lengths = set()
    for i in {*case.between, *case.computed}:
        op = case.tape.nodes[i].op
        if op is not None and op.name in ("mean", "total"):
            lengths.add(len(case.tape.step(i).operands))
    return {n for n in lengths if n > 1}
