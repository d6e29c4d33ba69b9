"""Claims against a computed graph: which printed numbers are right, and what made the others?"""

from __future__ import annotations

import os
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from autograd.checking.claims import Claim, read_claims
from autograd.checking.direct import Directly
from autograd.checking.investigation import Investigation
from autograd.checking.printed import printed
from autograd.checking.quantities import (
    AfterUpdates,
    Derivative,
    DirectPartial,
    Given,
    Names,
    NodeValue,
    Quantity,
    Unknown,
    Values,
)
from autograd.checking.remarks import CUT_OFF, Reasons, with_remarks
from autograd.checking.replay import Tape
from autograd.checking.report import Report, Row, Verdict
from autograd.checking.updates import Moving, Update
from autograd.functional import gradients
from autograd.value import Value

# Fewer first digits say too little of a number to stand for it cut off.
_FEWEST_CUT_OFF = 3

Claims = Mapping[str, str] | str | os.PathLike[str] | Iterable[Claim]


def verify(
    output: Value | Iterable[Value],
    claims: Claims,
    values: Values | None = None,
    update: Update | None = None,
) -> Report:
    """Check printed numbers against the graph under `output`, to exactly the digits printed.

    `claims` maps quantities to printed digits, or is the path of a claims file (see
    `load_claims`), or gives `Claim`s. A quantity is, in this order,

    - the name of a node under `output`: its value;
    - `dE/dw5` or `∂E/∂w5`, with or without spaces: the derivative of one named node by another,
      zero if the one does not depend on the other. No `.grad` is read or written;
    - `∂⁺a3/∂u` or `d+a3/du`: the direct partial, along the ways that meet no other named node;
    - a node or a derivative followed by `+` or by `after 3 updates`: the same after parameters
      have moved by the rule `update`, which the claims file may declare as well;
    - a key of `values`: numbers that the graph has not, or Values of another one. Where it has
      something of that name, its own number is compared, and a note says so if they differ.

    A quantity that is none of these, or whose name several different nodes have, gets the verdict
    *unknown quantity* and a note that lists near names. Several outputs may be given; the named
    nodes are then those under any of them.

    Where more digits are printed than survive in every float, 16 or more, a number agrees too if no
    more than 16 units in the last place of a float are between; a note says how many digits are
    confirmed.

    A number that does not agree is explained, if it can be: as cut off, if there are three digits
    at least; as rounded on the way, if there are two; as following from a wrong number before it;
    or as *wrong* with a diagnosis: the mistakes that give exactly these digits (see
    `autograd.checking.catalogue`).

    Raises TypeError if an output is no Value, `claims`, `values` or `update` are of another kind
    or a value is no real number; ValueError if there are no claims or if the update cannot be
    applied to this graph; and whatever `load_claims` and `Claim` raise.

    >>> a, b = Value(5.0, name="a"), Value(6.0, name="b")
    >>> y = (a * b).named("y")
    >>> print(verify(y, {"y": "30", "∂y/∂a": "6.0", "dy/db": "-5.0", "dy/dc": "5"}))
    quantity  printed  computed  verdict             note
    ────────  ───────  ────────  ──────────────────  ────────────────────
    y         30       30.0      ✓ agrees
    ∂y/∂a     6.0      6.0       ✓ agrees
    dy/db     -5.0     5.0       ✗ wrong             sign flipped
    dy/dc     5                  ✗ unknown quantity  no node is named 'c'
    <BLANKLINE>
    4 claims: agrees 2, wrong 1, unknown quantity 1
    """
    listed, declared = _listed(claims)
    if not listed:
        raise ValueError("there are no claims to verify, and no claims must not mean all is right")
    outputs = _outputs(output)
    if not isinstance(update, Update | None):
        raise TypeError(f"verify: update is {_told(update)}, not an Update(…)")
    rule = update or declared
    names = Names(outputs, {} if values is None else values, updates=rule is not None)
    found = [names.find(claim.quantity) for claim in listed]
    graph = _Graph(outputs, found, rule)
    numbers = _numbers(found, graph)
    rows = [
        _row(claim, quantity, number)
        for claim, quantity, number in zip(listed, found, numbers, strict=True)
    ]
    if any(row.verdict is Verdict.WRONG for row in rows):
        in_graph = {
            i: quantity
            for i, quantity in enumerate(found)
            if isinstance(quantity, NodeValue | Derivative | AfterUpdates)
        }
        rows = Investigation(graph.tape, graph.moving, rows, in_graph).explained()
        reasons = Reasons(graph.tape, graph.moving)
        rows = [reasons.added(row, quantity) for row, quantity in zip(rows, found, strict=True)]
    rows = [with_remarks(row, quantity, names) for row, quantity in zip(rows, found, strict=True)]
    return Report(tuple(map(_known, rows)))


class _Graph:
    """The graph as something that can be run again, made when it is first needed."""

    def __init__(
        self, outputs: Sequence[Value], found: Sequence[Quantity], rule: Update | None
    ) -> None:
        self._outputs = outputs
        self._others = [q.node for q in found if isinstance(q, NodeValue)]
        self._rule = rule

    @cached_property
    def tape(self) -> Tape:
        return Tape([*self._outputs, *self._others])

    @cached_property
    def moving(self) -> Moving | None:
        if self._rule is None:
            return None
        if not self.tape.is_current:
            raise ValueError(
                "leaves have been assigned since the graph was computed, so it cannot be said what "
                "updates lead to: compute the output again"
            )
        return Moving(self.tape, self._rule, self._outputs)


def _listed(claims: Claims) -> tuple[list[Claim], Update | None]:
    if isinstance(claims, str | os.PathLike):
        document = read_claims(claims)
        return list(document.claims), document.update
    if isinstance(claims, Mapping):
        return [Claim(quantity, digits) for quantity, digits in claims.items()], None
    listed = list(claims) if isinstance(claims, Iterable) else [claims]
    for claim in listed:
        if not isinstance(claim, Claim):
            raise TypeError(
                f"verify: claims map quantities to printed digits, as in "
                f'{{"net_h1": "0.3775"}}, or are the path of a claims file, or a list of Claims, '
                f"and not {_told(claim)}"
            )
    return listed, None


def _outputs(output: Value | Iterable[Value]) -> list[Value]:
    if isinstance(output, Value):
        return [output]
    listed = list(output) if isinstance(output, Iterable) else [output]
    for node in listed:
        if not isinstance(node, Value):
            raise TypeError(
                f"verify: output is a Value, or a list of Values, and not {_told(node)}, which "
                f"does not know how it was computed; plain numbers go into `values`, by their names"
            )
    return listed


def _told(thing: object) -> str:
    return f"{reprlib.repr(thing)} ({type(thing).__name__})"


def _numbers(found: Sequence[Quantity], graph: _Graph) -> list[float | None]:
    """The exact numbers: one backward pass per numerator serves all derivatives of it."""
    under: dict[Value, list[Value]] = {}
    for quantity in found:
        if isinstance(quantity, Derivative):
            under.setdefault(quantity.over, []).append(quantity.under)
    adjoints = {over: iter(gradients(over, nodes)) for over, nodes in under.items()}
    numbers: list[float | None] = []
    for quantity in found:
        if isinstance(quantity, Derivative):
            numbers.append(next(adjoints[quantity.over]))
        elif isinstance(quantity, DirectPartial):
            numbers.append(Directly(quantity.over).partial(quantity.under) or 0.0)
        elif isinstance(quantity, AfterUpdates):
            numbers.append(_after_updates(quantity, graph))
        elif isinstance(quantity, Unknown):
            numbers.append(None)
        else:
            numbers.append(quantity.number if isinstance(quantity, Given) else quantity.node.data)
    return numbers


def _after_updates(quantity: AfterUpdates, graph: _Graph) -> float:
    assert graph.moving is not None
    run = graph.tape.run_with(graph.moving.leaves_after(quantity.count))
    index, inner = graph.tape.index, quantity.quantity
    if isinstance(inner, NodeValue):
        return run.numbers[index[inner.node]]
    return run.derivative(index[inner.over], index[inner.under])


def _row(claim: Claim, quantity: Quantity, number: float | None) -> Row:
    """The verdict from the digits alone."""
    if isinstance(quantity, Unknown):
        return Row(claim, None, Verdict.UNKNOWN, quantity.note)
    assert number is not None
    digits = printed(claim.printed)
    if digits == number:
        return Row(claim, number, Verdict.AGREES)
    if count := digits.vouched_for(number):
        note = f"agrees to {count} digits; float arithmetic vouches for no more"
        return Row(claim, number, Verdict.AGREES, note)
    if digits.is_cut_off(number):
        is_excused = digits.significant >= _FEWEST_CUT_OFF
        return Row(claim, number, Verdict.CUT_OFF if is_excused else Verdict.WRONG, CUT_OFF)
    return Row(claim, number, Verdict.WRONG, digits.difference(number))


def _known(row: Row) -> Row:
    """The row of a claim that is known to be wrong says what is known."""
    reason = row.claim.known_wrong
    if not reason or row.verdict is Verdict.UNKNOWN:
        return row
    if row.verdict is Verdict.AGREES:
        note = f"marked as known to be wrong ({reason}), yet it agrees: remove the mark"
        return replace(row, note=note)
    return replace(row, note=f"known: {reason}")
