"""Which mistakes reproduce a claimed number."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from autograd.checking.case import Case, Hypothesis, spelled
from autograd.checking.catalogue import BACKWARD, CATALOGUE, FORWARD, UPDATES, WHOLE
from autograd.checking.consequences import Repeatable
from autograd.checking.evidence import Against, Evidence
from autograd.checking.mistakes import Mistake
from autograd.checking.places import Places
from autograd.checking.printed import Printed
from autograd.checking.quantities import Derivative, InGraph, NodeValue
from autograd.checking.replay import Tape
from autograd.checking.rounding import RoundedRun, Rounding, from_printed, roundings
from autograd.checking.target import Target
from autograd.checking.updates import Moving

# Operands to be read again in search of one mistake, and of all mistakes of one `verify`: a few
# seconds.
_WORK_PER_CLAIM = 5_000_000
_WORK_IN_ALL = 6_000_000

# After so many updates nothing else is tried once a mistake in the updates themselves is found.
_WORK_TO_SPARE = 50_000

# A rounding so much coarser than its effect would have hit the number by chance.
_LUCK = 50.0

# What is said of a whole number is said alike of all.
_WITHOUT_PLACE = frozenset(mistake.name for mistake in WHOLE)

# A note names so many mistakes; the row holds them all.
_MOST_TOLD = 3

# So many numbers that fit are compared with the rest of the document.
_MOST_COMPARED = 50

# Numbers of so few digits are hit by one mistake or another: of two always, of three if the
# catalogue as a whole hits any number with this chance.
_FEW_DIGITS = (2, 3)
_MOST_CHANCE_IN_ALL = 0.01

# What agrees so well has all the digits of a float.
_SAME = 1e-12


@dataclass(frozen=True)
class Diagnosis:
    """A mistake that gives exactly the number that is claimed, as `verify` finds it.

    Attributes:
        mistake: what kind it is, such as "path missing".
        text: what was done, and where.
        number: what comes out.
        contradicts: numbers of the document that agree would have come out differently. It is told
            only if nothing else fits.
        may_be_chance: so few digits are claimed that some mistake or another gives them.
    """

    mistake: str
    text: str
    number: float
    contradicts: bool = False
    may_be_chance: bool = False


@dataclass(frozen=True)
class Suspicion:
    """A diagnosis, and how the graph is run again to get its number."""

    diagnosis: Diagnosis
    hypothesis: Hypothesis


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
        self.evidence = Evidence(tape, moving, self._agreed)
        self._allowed = min(_WORK_PER_CLAIM, _WORK_IN_ALL // max(wrong, 1))
        self._rounded: dict[str, RoundedRun] = {}

    def case(self, quantity: InGraph) -> Case:
        """The quantity under suspicion."""
        return Case(self._tape, self._places, quantity, self._moving)

    def suspicions(self, quantity: InGraph, target: Target) -> tuple[list[Suspicion], bool]:
        """The mistakes that give this number, and whether every place was tried."""
        if isinstance(quantity, NodeValue) and quantity.node.is_leaf:
            return [], True
        case = self.case(quantity)
        stop = self._tape.work + self._allowed
        found: dict[Mistake, list[tuple[Hypothesis, float]]] = {}
        in_all: list[float] = []
        for mistake in self._cheapest_first():
            if self._tape.work > stop:
                break
            if found and case.count * self._tape.size > _WORK_TO_SPARE:
                break
            outcomes: list[float] = []
            hits: list[tuple[Hypothesis, float]] = []
            for hypothesis, number in mistake.outcomes(case, target.digits):
                outcomes.append(number)
                if _explains(target, number, case.number):
                    hits.append((hypothesis, number))
                if self._tape.work > stop:
                    break
            if hits and target.chance_of_a_hit(outcomes, case.number) <= mistake.most_chance:
                found[mistake] = hits
            in_all += outcomes
        tried_all = self._tape.work <= stop
        suspicions = self._weighed(case, found)
        if _are_few(target, in_all, case.number):
            suspicions = [_reserved(each, target, case.number) for each in suspicions]
        return suspicions, tried_all

    def _cheapest_first(self) -> Iterator[Mistake]:
        yield from (*UPDATES, *WHOLE, *BACKWARD)
        if self._tape.is_current:
            yield from FORWARD

    def _weighed(
        self, case: Case, found: Mapping[Mistake, Sequence[tuple[Hypothesis, float]]]
    ) -> list[Suspicion]:
        """In the order of the catalogue, the nearest first, each text once.

        What other numbers of the document speak against is left out, unless nothing else is left;
        and what cannot be, because a number on the way agrees, unless not even that is.
        """
        told: dict[Against, dict[str, Suspicion]] = defaultdict(dict)
        hits = [(m, *hit) for m in CATALOGUE for hit in _nearest_first(case, found.get(m, ()))]
        for mistake, hypothesis, number in hits[:_MOST_COMPARED]:
            objection = self.evidence.objection(case, hypothesis)
            text = hypothesis.say()
            if objection.against is Against.ALL and objection.claim is not None:
                text = f"{text}, though {spelled(objection.claim)} is printed right"
            contradicts = objection.against >= Against.MUCH
            diagnosis = Diagnosis(mistake.name, text, number, contradicts)
            weight = max(objection.against, Against.LITTLE)
            told[weight].setdefault(text, Suspicion(diagnosis, hypothesis))
        return list(told[min(told)].values()) if told else []

    def repeatable(self, quantity: InGraph, suspicions: Iterable[Suspicion]) -> list[Repeatable]:
        """Those of the mistakes in the number of a node that can be made again."""
        if not isinstance(quantity, NodeValue):
            return []
        i = self._tape.index[quantity.node]
        found = []
        for suspicion in suspicions:
            hypothesis = suspicion.hypothesis
            steps = hypothesis.steps
            if hypothesis.scale != 1.0:
                steps = {i: self._tape.step(i).scaled(hypothesis.scale)}
            if steps:
                found.append(Repeatable(suspicion.diagnosis.text, steps))
        return found

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


def told(diagnoses: Sequence[Diagnosis]) -> str:
    """The first few of them, how many more there are, and whether they may fit by chance."""
    text = "; or ".join(diagnosis.text for diagnosis in diagnoses[:_MOST_TOLD])
    if (more := len(diagnoses) - _MOST_TOLD) > 0:
        text += f"; or one of {more} more"
    may_be_chance = any(diagnosis.may_be_chance for diagnosis in diagnoses)
    return f"{text} (few digits: may fit by chance)" if may_be_chance else text


def by_evidence(found: Mapping[int, Sequence[Diagnosis]]) -> dict[int, list[Diagnosis]]:
    """The diagnoses of all claims; those that explain several wrong claims come first.

    The kind of mistake counts before its place.
    """
    kinds = Counter(kind for each in found.values() for kind in {d.mistake for d in each})
    texts = Counter(text for each in found.values() for text in {d.text for d in each})

    def order(diagnosis: Diagnosis) -> tuple[bool, int, int]:
        has_place = diagnosis.mistake not in _WITHOUT_PLACE
        count = texts[diagnosis.text] if has_place else 1
        return diagnosis.contradicts, -kinds[diagnosis.mistake], -count

    return {key: sorted(each, key=order) for key, each in found.items()}


def _nearest_first(
    case: Case, hits: Sequence[tuple[Hypothesis, float]]
) -> list[tuple[Hypothesis, float]]:
    """By how far away from the number the mistake was made, as seen from the last step to it."""
    depths = case.places.depths

    def distance(hit: tuple[Hypothesis, float]) -> int:
        hypothesis, _ = hit
        nodes = [*hypothesis.steps, *hypothesis.slopes, *(i for i, _ in hypothesis.edges)]
        if case.value is not None:
            return max((-depths[i] for i in nodes), default=0)
        return max((depths[i] for i in nodes), default=0)

    return sorted(hits, key=distance)


def _explains(target: Target, number: float, right: float) -> bool:
    """Whether a mistake that leads to this number is worth naming.

    One digit is hit by too many, unless all are whole numbers.
    """
    if target.digits.significant == 1 and not _is_in_whole_numbers(target, number, right):
        return False
    return target.explained_by(number, right)


def _is_in_whole_numbers(target: Target, number: float, right: float) -> bool:
    """Whether nothing was rounded: a whole number is printed, and met, in the place of another."""
    value = target.digits.value
    return value.denominator == 1 and number == float(value) and float(right).is_integer()


def _are_few(target: Target, outcomes: Sequence[float], right: float) -> bool:
    """Whether so few digits are printed that one of all these outcomes may fit by chance."""
    few, most = _FEW_DIGITS
    count = target.digits.significant
    is_dense = target.chance_of_a_hit(outcomes, right) > _MOST_CHANCE_IN_ALL
    return count <= few or (count <= most and is_dense)


def _reserved(suspicion: Suspicion, target: Target, right: float) -> Suspicion:
    """With the reservation that it may fit by chance, unless more than the printed digits fits."""
    number = suspicion.diagnosis.number
    has_right_digits = math.isclose(abs(number), abs(right), rel_tol=_SAME)
    is_zero = not target.digits.value
    if has_right_digits or is_zero or _is_in_whole_numbers(target, number, right):
        return suspicion
    return replace(suspicion, diagnosis=replace(suspicion.diagnosis, may_be_chance=True))


def _same(_: int, number: float) -> float:
    return number
