"""Mistakes in how local derivatives are multiplied along paths and added over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograd.checking.case import Case, Hypothesis
from autograd.checking.mistakes import Mistake, ways_with_factor
from autograd.ops import TABLE


class PathMissing(Mistake):
    """A node acts on several others, and the contribution of one of them is not added."""

    name = "path missing"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each node with several consumers, each of them left out; then all others left out."""
        for u in _forks(case):
            consumers = list(dict.fromkeys(c for c, _ in case.consumers(u)))
            for consumer in consumers:
                yield self._missing(case, u, consumer, [c for c in consumers if c != consumer])
            if len(consumers) > 2:
                for consumer in consumers:
                    yield self._alone(case, u, consumer, [c for c in consumers if c != consumer])

    def _missing(self, case: Case, u: int, left_out: int, kept: list[int]) -> Hypothesis:
        called = case.places.called

        def say() -> str:
            missing = f"the path to {called(u)} over {called(left_out)} missing"
            if len(kept) > 1:
                return missing
            return f"{missing}: only the one over {called(kept[0])} kept (= for +=)"

        return Hypothesis(say, edges=_without(case, u, [left_out]), parallel=True)

    def _alone(self, case: Case, u: int, kept: int, left_out: list[int]) -> Hypothesis:
        called = case.places.called
        return Hypothesis(
            lambda: f"of the paths to {called(u)} only the one over {called(kept)} kept (= for +=)",
            edges=_without(case, u, left_out),
            parallel=True,
        )


class OneWayMissing(Mistake):
    """An operand that stands in an operation twice is counted once: a·a, a + a."""

    name = "repeated operand counted once"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each operation with an operand that it has twice."""
        for i in case.between:
            parents = [parent for _, parent in case.edges(i)]
            for parent in dict.fromkeys(p for p in parents if parents.count(p) > 1):
                yield self._counted_once(case, i, parent)

    def _counted_once(self, case: Case, i: int, parent: int) -> Hypothesis:
        first = next(position for position, other in case.edges(i) if other == parent)
        called = case.places.called
        return Hypothesis(
            lambda: f"{called(parent)} stands twice in {called(i)} and was counted once",
            edges={(i, first): 0.0},
        )


class LastPathOnly(Mistake):
    """= for += in the program: every gradient holds what was computed for it last."""

    name = "only one path kept everywhere"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """The last one kept, or the first, at every fork."""
        forks = _forks(case)
        if len(forks) < 2:
            return
        for kept, order in ((0, "last"), (-1, "first")):
            yield self._kept(case, forks, kept, order)

    def _kept(self, case: Case, forks: list[int], kept: int, order: str) -> Hypothesis:
        zeros: dict[tuple[int, int], float] = {}
        for u in forks:
            edges = case.consumers(u)
            zeros |= {edge: 0.0 for edge in edges if edge != edges[kept]}
        return Hypothesis(
            lambda: f"= for +=: at every fork only the path computed {order} is kept", edges=zeros
        )


class FactorForgotten(Mistake):
    """A factor of the chain left out: the w5 of ∂net_o1/∂out_h1."""

    name = "local derivative forgotten"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each way on from a product or a dot product."""
        for i, position, parent, factor in ways_with_factor(case):
            step = case.tape.step(i)
            if step.wanted[factor]:
                yield self._forgotten(case, (i, position), parent, step.operands[factor])

    def _forgotten(self, case: Case, edge: tuple[int, int], parent: int, factor: int) -> Hypothesis:
        i, _ = edge
        called = case.places.called
        return Hypothesis(
            lambda: f"the factor {called(factor)} of ∂{called(i)}/∂{called(parent)} forgotten",
            edges={edge: 1.0},
        )


class InnerSign(Mistake):
    """The −1 of the inner derivative of a difference forgotten."""

    name = "inner −1 forgotten"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each difference and at each minus sign, and in each layer of them."""
        found: dict[int, int] = {}
        for i in case.between:
            op = case.tape.nodes[i].op
            if op is not None and op.name in ("sub", "neg"):
                for position, _ in case.edges(i):
                    if case.tape.recorded.slopes[i][position] == -1.0:
                        found[i] = position
        for group in [*([i] for i in found), *case.layers(found)]:
            yield self._forgotten(case, {i: found[i] for i in group})

    def _forgotten(self, case: Case, positions: Mapping[int, int]) -> Hypothesis:
        called = case.places.called

        def say() -> str:
            if case.tape.nodes[next(iter(positions))].op is TABLE["neg"]:
                return (
                    f"the minus sign of {case.places.listed(list(positions))} forgotten in the "
                    f"derivative"
                )
            inner = (
                f"∂({called(i)})/∂{called(case.tape.recorded.parents[i][position])}"
                for i, position in positions.items()
            )
            return f"the −1 of {', '.join(inner)} forgotten"

        return Hypothesis(say, edges=dict.fromkeys(positions.items(), 1.0), parallel=True)


def _forks(case: Case) -> list[int]:
    """The nodes that act on several others on the way to `over`."""
    candidates = list(case.between)
    if case.under is not None:
        candidates.append(case.under)
    return [u for u in candidates if len({c for c, _ in case.consumers(u)}) > 1]


def _without(case: Case, u: int, left_out: Sequence[int]) -> Mapping[tuple[int, int], float]:
    """The slopes of these consumers towards `u` are taken as zero."""
    return {edge: 0.0 for edge in case.consumers(u) if edge[0] in left_out}
