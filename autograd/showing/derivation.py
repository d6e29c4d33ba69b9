"""The chain rule worked out between named nodes: factors along a path, sums where paths split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autograd.backprop import topological_order
from autograd.checking.direct import direct_partials
from autograd.showing.formulas import Expression, Formulas
from autograd.value import Value


@dataclass(frozen=True)
class Factor:
    """∂over/∂under, a number.

    `source` has the same derivative and is where its derivation starts: for E = E1 + E2 it is E1
    in ∂E/∂out1. `is_direct` says that only the ways count that meet no variable in between, and
    `is_immediate` that there are others, so that the number is ∂⁺over/∂under. `is_term` says that
    it is one of a sum: its derivation passes the node next above in one step.
    """

    over: Value
    under: Value
    source: Value
    number: float
    is_direct: bool = False
    is_immediate: bool = False
    is_term: bool = False

    @property
    def key(self) -> tuple[Value, Value, bool]:
        """Equal for factors with the same derivation."""
        return self.source, self.under, self.is_direct


@dataclass(frozen=True)
class Term:
    """A product of factors; `left_out` counts those in the middle that are not told one by one."""

    factors: tuple[Factor, ...]
    left_out: int
    number: float


@dataclass(frozen=True)
class Equation:
    """∂over/∂under as a sum of products, or as a formula.

    Attributes:
        is_immediate: it is ∂⁺over/∂under, as in a factor.
        terms: the products, in the order of the graph; empty for a local derivative.
        left_out: how many terms are not told one by one, and their sum.
        formula: of a local derivative, if it can be written.
        depth: how many derivations it is a part of.
    """

    over: Value
    under: Value
    number: float
    terms: tuple[Term, ...] = ()
    left_out: tuple[int, float] = (0, 0.0)
    formula: Expression | None = None
    depth: int = 0
    is_immediate: bool = False


class Derivation:
    """Everything between `wrt` and `output`, with the named nodes as variables.

    Unnamed nodes are multiplied through: `slopes[x]` maps each variable that x is computed from to
    the derivative along all ways that meet no other variable.

    >>> w, x = Value(0.5, name="w"), Value(2.0, name="x")
    >>> y = ((w * x).named("p").tanh() + w).named("y")
    >>> derivation = Derivation(y, w)
    >>> [node.name for node in derivation.variables], derivation.paths
    (['w', 'p', 'y'], 2)
    """

    def __init__(self, output: Value, wrt: Value) -> None:
        self.output = output
        self.wrt = wrt
        order = topological_order(output)
        reached = {node: place for place, node in enumerate(order) if node is wrt}
        for place, node in enumerate(order):
            if not reached.keys().isdisjoint(node.parents):
                reached[node] = place
        found = [n for n in order if n in reached and (n.name or n is output or n is wrt)]
        self.variables = found
        self._is_variable = {node: place for place, node in enumerate(found)}
        self.slopes: dict[Value, dict[Value, float]] = {
            node: direct_partials(node, reached, self._is_variable)
            for node in found
            if node is not wrt
        }
        self.consumers: dict[Value, list[Value]] = {node: [] for node in found}
        for node, slopes in self.slopes.items():
            for parent in slopes:
                self.consumers[parent].append(node)
        self.formulas = Formulas(node for node in order if node.name or node in self._is_variable)
        self._adjoints: dict[Value, dict[Value, float]] = {}
        self._numbers: dict[tuple[Value, Value], float] = {}

    @property
    def paths(self) -> int:
        """On how many ways through the variables `wrt` acts on `output`; counted, not walked."""
        counts: dict[Value, int] = {}
        for node in self.variables:
            slopes = self.slopes.get(node, {})
            counts[node] = 1 if node is self.wrt else sum(counts[parent] for parent in slopes)
        return counts.get(self.output, 0)

    def number(self, over: Value, under: Value) -> float:
        """∂over/∂under between two variables."""
        if (over, under) not in self._numbers:
            first, last = self._is_variable[under], self._is_variable[over]
            adjoints = self._swept(over, self.variables[first : last + 1])
            self._numbers[over, under] = adjoints.get(under, 0.0)
        return self._numbers[over, under]

    def adjoints(self) -> dict[Value, float]:
        """∂output/∂variable for all variables."""
        return self._upstream(self.output)

    def _swept(self, over: Value, variables: Sequence[Value]) -> dict[Value, float]:
        """∂over/∂variable for each of these, which end with `over`."""
        adjoints = {over: 1.0}
        for node in reversed(variables):
            adjoint = adjoints.get(node)
            if adjoint is not None and node in self.slopes:
                for parent, slope in self.slopes[node].items():
                    adjoints[parent] = adjoints.get(parent, 0.0) + adjoint * slope
        return adjoints

    def equations(
        self, most_terms: int, most_factors: int, most_equations: int
    ) -> tuple[list[Equation], int]:
        """The derivation of ∂output/∂wrt, each derivative once, and how many were left out."""
        whole = Factor(self.output, self.wrt, self.output, self.number(self.output, self.wrt))
        pending = [(whole, 0)]
        told: set[tuple[Value, Value, bool]] = set()
        found: list[Equation] = []
        while pending:
            factor, depth = pending.pop()
            if factor.key in told:
                continue
            if len(found) == most_equations:
                return found, len({other.key for other, _ in pending} - told) + 1
            told.add(factor.key)
            equation = self._equation(factor, depth, most_terms, most_factors)
            found.append(equation)
            parts = [part for term in equation.terms for part in term.factors]
            pending += [(part, depth + 1) for part in reversed(parts)]
        return found, 0

    def _equation(self, factor: Factor, depth: int, most_terms: int, most_factors: int) -> Equation:
        over, under, source = factor.over, factor.under, factor.source
        if factor.is_direct or len(self._inside(source, under)) == 2:
            formula = self.formulas.derivative(source, under)
            number, is_immediate = factor.number, factor.is_immediate
            return Equation(
                over, under, number, formula=formula, depth=depth, is_immediate=is_immediate
            )
        factors = self._factors(over, self._bottlenecks(source, under))
        if factor.is_term and len(factors) > 2:
            factors = [self._before(factors[-1], over, source), factors[-1]]
        if len(factors) > 1:
            product = _shortened(factors, most_factors, factor.number)
            return Equation(over, under, factor.number, (product,), depth=depth)
        if factors[0].source is not source:
            return self._equation(factors[0], depth, most_terms, most_factors)
        terms = tuple(self._split(over, source, under))
        if len(terms) <= most_terms:
            return Equation(over, under, factor.number, terms, depth=depth)
        places = sorted(range(len(terms)), key=lambda i: -abs(terms[i].number))[:most_terms]
        kept = tuple(terms[i] for i in sorted(places))
        rest = (len(terms) - len(kept), factor.number - sum(term.number for term in kept))
        return Equation(over, under, factor.number, kept, rest, depth=depth)

    def _before(self, last: Factor, over: Value, source: Value) -> Factor:
        """All factors but the last in one."""
        return Factor(over, last.over, source, self.number(source, last.over))

    def _inside(self, over: Value, under: Value) -> list[Value]:
        """The variables on ways from `under` to `over`, both included, in order."""
        first, last = self._is_variable[under], self._is_variable[over]
        above = {under}
        for node in self.variables[first + 1 : last + 1]:
            if not above.isdisjoint(self.slopes.get(node, ())):
                above.add(node)
        inside, below = [], {over}
        for node in reversed(self.variables[first : last + 1]):
            if node in above and node in below:
                inside.append(node)
                below.update(self.slopes.get(node, ()))
        return inside[::-1]

    def _bottlenecks(self, over: Value, under: Value) -> list[Value]:
        """The variables that every way from `under` to `over` leads through, from `over` down.

        In topological order that is so where no way leads past a variable.
        """
        inside = self._inside(over, under)
        place = {node: i for i, node in enumerate(inside)}
        furthest = 0
        found = []
        for i, node in enumerate(inside):
            if furthest <= i:
                found.append(node)
            reach = [place[c] for c in self.consumers[node] if c in place]
            furthest = max(furthest, *reach) if reach else furthest
        return found[::-1]

    def _factors(self, over: Value, chain: Sequence[Value]) -> list[Factor]:
        """One factor from each variable of a chain to the next; factors that are 1 are not told."""
        factors: list[Factor] = []
        label = over
        links = list(pairwise(chain))
        for place, (source, under) in enumerate(links):
            if place < len(links) - 1 and self._is_one(source, under):
                continue
            number = self.number(source, under)
            factors.append(Factor(label, under, source, number))
            label = under
        return factors

    def _is_one(self, source: Value, under: Value) -> bool:
        """Whether the derivative is 1 whatever the numbers are, as in a sum."""
        if self.slopes[source].get(under) != 1.0 or len(self._inside(source, under)) > 2:
            return False
        formula = self.formulas.derivative(source, under)
        return isinstance(formula, float) and formula == 1.0

    def _split(self, over: Value, source: Value, under: Value) -> Iterator[Term]:
        """The sum over paths: at the top if `source` is a plain sum, else where they part."""
        inside = set(self._inside(source, under))
        parts = [part for part in self.slopes[source] if part in inside]
        if under not in parts and all(self._is_one(source, part) for part in parts):
            for part in sorted(parts, key=self._is_variable.__getitem__):
                number = self.number(part, under)
                yield Term((Factor(part, under, part, number, is_term=True),), 0, number)
            return
        for consumer in self.consumers[under]:
            if consumer in inside:
                yield self._through(over, source, consumer, under)

    def _through(self, over: Value, source: Value, consumer: Value, under: Value) -> Term:
        slope = self.slopes[consumer][under]
        is_immediate = len(self._inside(consumer, under)) > 2
        last = Factor(consumer, under, consumer, slope, is_direct=True, is_immediate=is_immediate)
        if consumer is source or self._is_one(source, consumer):
            return Term((last,), 0, slope)
        upstream = self._upstream(source)[consumer]
        return Term((Factor(over, consumer, source, upstream), last), 0, upstream * slope)

    def _upstream(self, source: Value) -> dict[Value, float]:
        if source not in self._adjoints:
            last = self._is_variable[source]
            self._adjoints[source] = self._swept(source, self.variables[: last + 1])
        return self._adjoints[source]


def _shortened(factors: Sequence[Factor], most: int, number: float) -> Term:
    if len(factors) <= most:
        return Term(tuple(factors), 0, number)
    half = most // 2
    kept = (*factors[:half], *factors[-half:])
    return Term(kept, len(factors) - len(kept), number)
