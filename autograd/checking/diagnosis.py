"""Which mistakes reproduce a claimed number."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice

from autograd.checking.case import Case, Hypothesis
from autograd.checking.catalogue import BACKWARD, CATALOGUE, FORWARD, UPDATES, WHOLE
from autograd.checking.consequences import Carried, Consequences
from autograd.checking.mistakes import Mistake
from autograd.checking.places import Places
from autograd.checking.printed import Printed
from autograd.checking.quantities import AfterUpdates, Derivative, InGraph, NodeValue
from autograd.checking.replay import Tape
from autograd.checking.rounding import RoundedRun, Rounding, from_printed, roundings
from autograd.checking.updates import Moving

# Operands to be read again in search of one mistake, and of all mistakes of one `verify`: a few
# seconds.
_WORK_PER_CLAIM = 5_000_000
_WORK_IN_ALL = 6_000_000

# After so many updates nothing else is tried once a mistake in the updates themselves is found.
_WORK_TO_SPARE = 50_000

# So many places are tried for each kind of mistake.
_MOST_PLACES = 500

# How uncertain a number may be, in units of its last place, and still be said to follow.
_MOST_UNITS = 20

# A rounding so much coarser than its effect would have hit the number by chance.
_LUCK = 50.0

# If so many suspicions would hit a number by chance, that one of them does says nothing.
_MOST_CHANCE = 0.005
_FEW = 3

# Numbers of one hypothesis that differ by less than this are the same to a float.
_NOISE = 1e-13


@dataclass(frozen=True)
class Diagnosis:
    """A mistake that gives exactly the number that is claimed, as `verify` finds it.

    Attributes:
        mistake: what kind it is, such as "path missing".
        text: what was done, and where.
        number: what comes out.
        contradicts: a number of the document that agrees would have come out differently.
    """

    mistake: str
    text: str
    number: float
    contradicts: bool = False


class Target:
    """The numbers that a claim can stand for, as floats."""

    def __init__(self, digits: Printed) -> None:
        self.digits = digits
        noise = _NOISE * abs(float(digits.value))
        self.low = float(digits.interval.low) - noise
        self.high = float(digits.interval.high) + noise

    def hit_by(self, number: float | None) -> bool:
        """Whether the number may have been printed so."""
        return number is not None and self.low <= number <= self.high

    def chance_of_a_hit(self, outcomes: Iterable[float], right: float) -> float:
        """How many of these would hit any number as far from the right one as the claim.

        That is how densely they lie around it, times how wide its digits are; where there are but
        a few, it is not by chance that one of them fits.
        """
        claimed = float(self.digits.value)
        distance = abs(claimed - right)
        if not distance:
            return 0.0
        near = {
            f"{number:.12e}"
            for number in outcomes
            if abs(number - claimed) <= distance and not math.isclose(number, right, rel_tol=1e-12)
        }
        return 0.0 if len(near) <= _FEW else len(near) * (self.high - self.low) / (2.0 * distance)

    @property
    def magnitude(self) -> int:
        """The exponent of the first digit."""
        value = abs(float(self.digits.value))
        return math.floor(math.log10(value)) if value else -self.digits.places

    @property
    def significant(self) -> int:
        """How many digits are printed from the first that is not zero."""
        return self.digits.places + self.magnitude + 1


class Examiner:
    """Looks for what was done to get the wrong numbers of one document.

    `agreed` are its right ones, as evidence: what they rest on was done right.
    """

    def __init__(
        self,
        tape: Tape,
        moving: Moving | None,
        agreed: Iterable[tuple[InGraph, Printed]],
        wrong: int,
    ) -> None:
        self._tape = tape
        self._moving = moving
        self._places = Places(tape)
        self._agreed = list(agreed)
        self._allowed = min(_WORK_PER_CLAIM, _WORK_IN_ALL // max(wrong, 1))
        self._rounded: dict[str, RoundedRun] = {}
        self._ancestors: dict[int, frozenset[int]] = {}
        self._consequences: dict[tuple[Carried, ...], Consequences] = {}

    def case(self, quantity: InGraph) -> Case:
        """The quantity under suspicion."""
        return Case(self._tape, self._places, quantity, self._moving)

    def diagnoses(self, quantity: InGraph, target: Target) -> tuple[list[Diagnosis], bool]:
        """The mistakes that give this number, and whether every place was tried."""
        if isinstance(quantity, NodeValue) and quantity.node.is_leaf:
            return [], True
        case = self.case(quantity)
        stop = self._tape.work + self._allowed
        found: dict[Mistake, list[Diagnosis]] = {}
        for mistake in self._cheapest_first():
            if found and case.count * self._tape.size > _WORK_TO_SPARE:
                break
            outcomes: list[float] = []
            hits: list[tuple[Hypothesis, float]] = []
            for hypothesis in islice(mistake.hypotheses(case), _MOST_PLACES):
                if self._tape.work > stop:
                    break
                if (number := case.outcome(hypothesis)) is not None:
                    outcomes.append(number)
                    if target.hit_by(number):
                        hits.append((hypothesis, number))
            if hits and target.chance_of_a_hit(outcomes, case.number) <= _MOST_CHANCE:
                found[mistake] = [self._diagnosis(mistake, *hit) for hit in hits]
        return _in_order(found), self._tape.work <= stop

    def _cheapest_first(self) -> Iterator[Mistake]:
        yield from (*UPDATES, *WHOLE, *BACKWARD)
        if self._tape.is_current:
            yield from FORWARD

    def _diagnosis(self, mistake: Mistake, hypothesis: Hypothesis, number: float) -> Diagnosis:
        contradicts = False
        if hypothesis.steps:
            numbers = self._tape.run(hypothesis.steps).numbers
            contradicts = any(digits != numbers[i] for i, digits in self._agreed_nodes)
        return Diagnosis(mistake.name, hypothesis.say(), number, contradicts)

    @cached_property
    def _agreed_nodes(self) -> list[tuple[int, Printed]]:
        index = self._tape.index
        return [
            (index[quantity.node], digits)
            for quantity, digits in self._agreed
            if isinstance(quantity, NodeValue)
        ]

    def rounded(self, quantity: InGraph, target: Target) -> Rounding | None:
        """The finest rounding of intermediates that gives this number."""
        places, magnitude = target.digits.places, target.magnitude
        if not self._tape.is_current or places > 17:
            return None
        if target.hit_by(self.case(quantity).number):
            return Rounding("a tie, but for the last bit of a float", _same, None, 17)
        effect = abs(self.case(quantity).number - float(target.digits.value)) * 10.0**places
        for rounding in self._roundings(places, magnitude):
            if 10.0 ** (places - rounding.fineness) > _LUCK * max(effect, 1.0):
                return None
            try:
                if target.hit_by(self._number(self._run(rounding), quantity)):
                    return rounding
            except (ArithmeticError, ValueError):
                continue
        return None

    def _roundings(self, places: int, magnitude: int) -> Iterator[Rounding]:
        if self._printed is not None:
            yield self._printed
        yield from roundings(places, magnitude)

    @cached_property
    def _printed(self) -> Rounding | None:
        """Going on with what is printed for the claims that agree."""
        index = self._tape.index
        numbers: dict[int, Fraction] = {}
        derivatives: dict[tuple[int, int], Fraction] = {}
        for quantity, digits in self._agreed:
            if isinstance(quantity, NodeValue):
                numbers[index[quantity.node]] = digits.value
            elif isinstance(quantity, Derivative):
                derivatives[index[quantity.over], index[quantity.under]] = digits.value
        if not numbers and not derivatives:
            return None
        return from_printed(
            {i: float(value) for i, value in numbers.items()},
            {pair: float(value) for pair, value in derivatives.items()},
            max(digits.places for _, digits in self._agreed) + 2,
        )

    def _run(self, rounding: Rounding) -> RoundedRun:
        if rounding.text not in self._rounded:
            self._rounded[rounding.text] = RoundedRun(self._tape, rounding)
        return self._rounded[rounding.text]

    def _number(self, run: RoundedRun, quantity: InGraph) -> float | None:
        index = self._tape.index
        if isinstance(quantity, NodeValue):
            return run.number(index[quantity.node])
        if isinstance(quantity, Derivative):
            return run.derivative(index[quantity.over], index[quantity.under])
        case = self.case(quantity)
        if case.under is None or self._moving is None:
            return None
        rule = self._moving.update
        number = self._tape.recorded.numbers[case.under]
        gradient = run.derivative(self._moving.objective, case.under)
        return number + rule.change(gradient, number, (), rule.first_count)[0]

    def follows(
        self, quantity: InGraph, target: Target, roots: Sequence[tuple[InGraph, Printed]]
    ) -> list[int]:
        """Those of the wrong claims before it from which this number follows."""
        relevant = [i for i, (root, _) in enumerate(roots) if self._depends(quantity, root)]
        together = [tuple(relevant)] if len(relevant) > 1 else []
        for chosen in [*((i,) for i in relevant), *together]:
            if self._follows(quantity, target, [roots[i] for i in chosen]):
                return list(chosen)
        return []

    def _depends(self, quantity: InGraph, root: InGraph) -> bool:
        """Whether a wrong number of `root` can make `quantity` wrong."""
        if isinstance(quantity, AfterUpdates):
            return not isinstance(root, AfterUpdates) or root.count == quantity.count
        if isinstance(root, AfterUpdates):
            return False
        index = self._tape.index
        top = quantity.node if isinstance(quantity, NodeValue) else quantity.over
        if isinstance(root, NodeValue):
            return index[root.node] in self._below(index[top])
        if isinstance(quantity, NodeValue):
            return False
        return index[root.over] in self._below(index[top]) and (
            index[quantity.under] in self._below(index[root.under])
        )

    def _below(self, i: int) -> frozenset[int]:
        if i not in self._ancestors:
            interior = self._tape.interior_ancestors(i)
            parents = self._tape.recorded.parents
            self._ancestors[i] = frozenset(
                [i, *interior, *(p for n in interior for p in parents[n])]
            )
        return self._ancestors[i]

    def _follows(
        self, quantity: InGraph, target: Target, roots: Sequence[tuple[InGraph, Printed]]
    ) -> bool:
        outcomes = []
        for choose in (_middle, _lowest, _highest):
            number = self._consequence(quantity, [(root, choose(d)) for root, d in roots])
            if number is None:
                return False
            outcomes.append(number)
        # The author may have gone on with more digits than are printed, or rounded once more. But
        # from a number with far fewer digits anything would follow.
        unit = float(target.digits.unit)
        low, high = min(outcomes), max(outcomes)
        if high - low > _MOST_UNITS * unit:
            low = high = outcomes[0]
        return low - unit <= target.high and target.low <= high + unit

    def _consequence(self, quantity: InGraph, carried: Sequence[Carried]) -> float | None:
        try:
            key = tuple(carried)
            if key not in self._consequences:
                self._consequences[key] = Consequences(self._tape, self._moving, carried)
            return self._consequences[key].number(quantity)
        except (ArithmeticError, ValueError):
            return None


def rank(tape: Tape, quantity: InGraph) -> tuple[int, ...]:
    """Where in the computation a quantity stands: forward, backward, then update by update."""
    if isinstance(quantity, NodeValue):
        return (0, 0, 0, tape.index[quantity.node])
    if isinstance(quantity, Derivative):
        return (0, 1, -tape.index[quantity.under], tape.index[quantity.over])
    assert isinstance(quantity, AfterUpdates)
    return (quantity.count, *rank(tape, quantity.quantity)[1:])


def by_evidence(found: Mapping[int, Sequence[Diagnosis]]) -> dict[int, list[Diagnosis]]:
    """The diagnoses of all claims; those that explain several wrong claims come first."""
    explained = Counter(text for each in found.values() for text in {d.text for d in each})
    return {
        key: sorted(each, key=lambda d: (d.contradicts, -explained[d.text]))
        for key, each in found.items()
    }


def _in_order(found: Mapping[Mistake, Sequence[Diagnosis]]) -> list[Diagnosis]:
    """In the order of the catalogue, each text once; what fits the rest of the document first."""
    listed = [diagnosis for mistake in CATALOGUE for diagnosis in found.get(mistake, ())]
    once: dict[str, Diagnosis] = {}
    for diagnosis in listed:
        once.setdefault(diagnosis.text, diagnosis)
    return sorted(once.values(), key=lambda diagnosis: diagnosis.contradicts)


def _middle(digits: Printed) -> float:
    return float(digits.value)


def _lowest(digits: Printed) -> float:
    return float(digits.interval.low)


def _highest(digits: Printed) -> float:
    return float(digits.interval.high)


def _same(_: int, number: float) -> float:
    return number
