"""What is said about the wrong claims of one document, each in the light of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograd.checking.consequences import Genealogy, Origin, Root
from autograd.checking.diagnosis import Diagnosis, Examiner, by_evidence, told
from autograd.checking.evidence import rank
from autograd.checking.printed import printed
from autograd.checking.quantities import InGraph, NodeValue
from autograd.checking.replay import Tape
from autograd.checking.report import Row, Verdict
from autograd.checking.rounding import Rounding
from autograd.checking.target import Target
from autograd.checking.updates import Moving


class Investigation:
    """Goes through the wrong claims in the order of the computation.

    Each is rounded on the way, or follows from a wrong one before it, or is wrong by itself and
    gets a diagnosis. `in_graph` are the quantities that are part of the graph, by row.
    """

    def __init__(
        self,
        tape: Tape,
        moving: Moving | None,
        rows: Sequence[Row],
        in_graph: Mapping[int, InGraph],
    ) -> None:
        self._rows = list(rows)
        self._quantities = in_graph
        self._digits = {i: printed(rows[i].claim.printed) for i in in_graph}
        self._wrong = sorted(
            (i for i in in_graph if rows[i].verdict is Verdict.WRONG),
            key=lambda i: rank(tape, in_graph[i]),
        )
        agreed = [i for i in in_graph if rows[i].verdict is Verdict.AGREES]
        evidence = [(in_graph[i], self._digits[i]) for i in agreed]
        self._examiner = Examiner(tape, moving, evidence, len(self._wrong))
        for i in in_graph:
            if rows[i].verdict is Verdict.CUT_OFF:
                self._examiner.evidence.add(in_graph[i], self._digits[i])
        self._genealogy = Genealogy(tape, moving)
        self._roots: dict[int, Root] = {}
        self._diagnoses: dict[int, list[Diagnosis]] = {}
        self._tried_all: dict[int, bool] = {}

    def explained(self) -> list[Row]:
        """The rows, the wrong ones with what was found out about them."""
        for i in self._wrong:
            self._look_at(i)
        for i, diagnoses in by_evidence(self._diagnoses).items():
            note = self._note(i, diagnoses)
            self._rows[i] = replace(self._rows[i], note=note, diagnosis=tuple(diagnoses))
        if len(self._wrong) > 1 and self._roots:
            first = next(iter(self._roots))
            self._rows[first] = replace(self._rows[first], is_first_wrong=True)
        return self._rows

    def _look_at(self, i: int) -> None:
        target = Target(self._digits[i])
        rounding = self._examiner.rounded(self._quantities[i], target)
        if rounding is not None and rounding.fineness >= target.digits.places - 1:
            self._call_rounded(i, rounding)
            return
        quantity = self._quantities[i]
        if origin := self._genealogy.origin(quantity, target, list(self._roots.values())):
            self._call_following(i, origin)
            return
        suspicions, self._tried_all[i] = self._examiner.suspicions(quantity, target)
        # To have rounded coarsely is less likely than a mistake that fits the whole document.
        if rounding is not None and all(each.diagnosis.contradicts for each in suspicions):
            self._call_rounded(i, rounding)
            return
        mistakes = self._examiner.repeatable(quantity, suspicions)
        self._roots[i] = Root(quantity, self._digits[i], mistakes)
        self._diagnoses[i] = [suspicion.diagnosis for suspicion in suspicions]

    def _call_rounded(self, i: int, rounding: Rounding) -> None:
        self._examiner.evidence.add(self._quantities[i], self._digits[i])
        self._rows[i] = replace(self._rows[i], verdict=Verdict.ROUNDED, note=rounding.text)

    def _call_following(self, i: int, origin: Origin) -> None:
        rows = list(self._roots)
        claims = [self._rows[rows[root]].claim for root in origin.roots]
        said = " and ".join(f"{claim.quantity} = {claim.printed}" for claim in claims)
        note = f"follows from {said}"
        if origin.repeated:
            note = f"follows from the same mistake as in {said}: {'; '.join(origin.repeated)}"
        self._rows[i] = replace(
            self._rows[i],
            verdict=Verdict.FOLLOWS,
            note=note,
            follows_from=tuple(dict.fromkeys(claim.quantity for claim in claims)),
        )

    def _note(self, i: int, diagnoses: Sequence[Diagnosis]) -> str:
        if diagnoses:
            return told(diagnoses)
        quantity, note = self._quantities[i], self._rows[i].note
        if isinstance(quantity, NodeValue) and quantity.node.is_leaf:
            return note
        if self._digits[i].significant == 1:
            return f"{note}; one digit tells no mistake from another"
        tried = "no known mistake" if self._tried_all[i] else "no known mistake among those tried"
        return f"{note}; {tried} gives this number"
