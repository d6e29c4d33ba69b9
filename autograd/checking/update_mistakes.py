"""Mistakes in how parameters are moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from autograd.checking.case import Case, Hypothesis, with_update
from autograd.checking.consequences import Consequences
from autograd.checking.mistakes import Mistake, partner
from autograd.checking.printed import Printed
from autograd.checking.quantities import AfterUpdates, NodeValue
from autograd.checking.updates import Moving, Update

# Learning rates that are taken for the declared one, as factors of it.
_RATES = {0.5: "half", 2.0: "twice", 0.1: "a tenth of", 10.0: "ten times"}
_DIGITS = "0123456789"

# Here an operand's local derivative holds no other operand.
_SUMS = ("add", "sub", "neg", "total", "mean")


class UpdateCount(Mistake):
    """One update too many or too few."""

    name = "update count"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """One fewer, then one more."""
        if case.count:
            made = {0: "no update", 1: "one update"}.get(
                case.count - 1, f"{case.count - 1} updates"
            )
            yield Hypothesis(lambda: f"one update fewer: {made} made", more_updates=-1)
            yield Hypothesis(
                lambda: f"one update more: {case.count + 1} updates made", more_updates=1
            )


class MovedTooEarly(Mistake):
    """A gradient computed from parameters that this very update has already moved."""

    name = "already updated parameter"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """The layers moved from the output backwards; then the parameters one after another."""
        moving = case.moving
        if moving is None or not case.count:
            return
        if moving.update.order == "at once":
            yield with_update(lambda: self._say(case, moving), moving.update, order="output first")
            yield with_update(
                lambda: (
                    "the parameters moved one by one, each by a gradient that uses those "
                    "already updated"
                ),
                moving.update,
                order="one by one",
            )
        else:
            yield with_update(
                lambda: "all gradients taken before any parameter was updated",
                moving.update,
                order="at once",
            )

    def _say(self, case: Case, moving: Moving) -> str:
        before = takewhile(lambda layer: case.under not in layer, moving.layers()[:-1])
        layers = [[i for i in layer if _is_in_gradients(case, moving, i)] for layer in before]
        used = [sorted(layer) for layer in layers if layer]
        listed = case.places.listed([i for layer in used for i in layer])
        if len(used) == 1:
            return f"hidden gradients from the already updated output weights ({listed})"
        return (
            f"gradients from the already updated weights of the layers nearer to the output "
            f"({listed})"
        )


class LeftOld(Mistake):
    """Parameters with their old numbers in the forward pass after an update."""

    name = "old parameter"
    # There are few parameters, and little of a number is due to one of them.
    most_chance = 0.03

    def outcomes(self, case: Case, digits: Printed) -> Iterator[tuple[Hypothesis, float]]:
        """For what is computed after the first update: each parameter, then several together."""
        del digits  # it does not depend on them
        moving, quantity = case.moving, case.quantity
        if moving is None or case.count != 1 or case.under is not None:
            return
        for group in self._groups(case, moving):
            old = [
                (AfterUpdates(NodeValue(case.tape.nodes[i]), 1), case.tape.recorded.numbers[i])
                for i in group
            ]
            try:
                number = Consequences(case.tape, moving, old).number(quantity)
            except (ArithmeticError, ValueError):
                continue
            yield self._left(case, group), number

    def _groups(self, case: Case, moving: Moving) -> list[list[int]]:
        """The parameters one by one, all named alike, all biases, the layers on either side."""
        kinds: dict[str, list[int]] = {}
        for i in moving.parameters:
            kinds.setdefault(case.tape.nodes[i].name.rstrip(_DIGITS), []).append(i)
        biases = [i for i in moving.parameters if not _factors_of(case, i)]
        layers = moving.layers()
        sides = [
            {i for layer in side for i in layer}
            for cut in range(1, len(layers))
            for side in (layers[:cut], layers[cut:])
        ]
        together = [[i for i in moving.parameters if i in side] for side in sides]
        groups = [[i] for i in moving.parameters]
        for group in (*kinds.values(), biases, *together):
            if 1 < len(group) < len(moving.parameters) and group not in groups:
                groups.append(group)
        return groups if len(moving.parameters) > 1 else []

    def _left(self, case: Case, group: Sequence[int]) -> Hypothesis:
        return Hypothesis(lambda: f"the old {case.places.listed(group)} used, all others updated")


class WrongRule(Mistake):
    """A piece of the update rule left out, turned round or taken from another rule."""

    name = "update rule"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Each piece of the rule that was declared."""
        moving = case.moving
        if moving is None or not case.count:
            return
        rule = moving.update
        for say, changes in self._slips(rule):
            yield self._slip(rule, say, changes)

    def _slip(self, rule: Update, say: str, changes: dict[str, object]) -> Hypothesis:
        return with_update(lambda: say, rule, **changes)

    def _slips(self, rule: Update) -> Iterator[tuple[str, dict[str, object]]]:
        if rule.rule == "sgd" and rule.momentum:
            yield from self._of_momentum(rule)
        if rule.rule == "adam":
            yield from self._of_adam(rule)
        if rule.weight_decay:
            yield from self._of_decay(rule)
        yield (
            ("climbed: the step added along the gradient instead of against it", {"maximise": True})
            if not rule.maximise
            else ("descended: the step taken against the gradient", {"maximise": False})
        )
        if rule.learning_rate != 1.0:
            yield (
                "the learning rate forgotten: the whole gradient was the step",
                {"learning_rate": 1.0},
            )

    def _of_momentum(self, rule: Update) -> Iterator[tuple[str, dict[str, object]]]:
        yield "the momentum left out", {"momentum": 0.0, "nesterov": False}
        yield "the momentum with the wrong sign", {"momentum": -rule.momentum}
        if rule.remembers == "step":
            yield (
                "the raw previous gradient in the momentum instead of the previous step",
                {"remembers": "gradient", "nesterov": False},
            )
            used, meant = ("classical", "Nesterov") if rule.nesterov else ("Nesterov", "classical")
            yield f"{used} momentum for {meant} momentum", {"nesterov": not rule.nesterov}
        else:
            yield (
                "the previous step in the momentum instead of the raw previous gradient",
                {"remembers": "step"},
            )

    def _of_adam(self, rule: Update) -> Iterator[tuple[str, dict[str, object]]]:
        yield "β₁ and β₂ swapped", {"betas": (rule.betas[1], rule.betas[0])}
        if rule.bias_correction:
            yield "the bias correction omitted", {"bias_correction": False}
        else:
            yield "bias corrected although the rule has no correction", {"bias_correction": True}
        inside = rule.epsilon_inside
        yield (
            "ε outside the root instead of inside" if inside else "ε inside the root",
            {"epsilon_inside": not inside},
        )
        for first in (rule.first_count + 1, rule.first_count - 1):
            yield (
                f"the step counter off by one: it starts from {first}",
                {"first_count": first},
            )

    def _of_decay(self, rule: Update) -> Iterator[tuple[str, dict[str, object]]]:
        if rule.rule == "adam" or rule.momentum:
            used, meant = ("coupled", "decoupled") if rule.decoupled else ("decoupled", "coupled")
            yield f"{used} weight decay for {meant}", {"decoupled": not rule.decoupled}
        yield "the weight decay left out", {"weight_decay": 0.0}
        yield "the weight decay with the wrong sign", {"weight_decay": -rule.weight_decay}


class OtherRate(Mistake):
    """A step with another learning rate."""

    name = "learning rate"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """Half, twice, a tenth and ten times the rate that was declared."""
        if case.moving is not None and case.count:
            for factor, words in _RATES.items():
                twice = case.count == 1 and factor == 2.0
                also = ", or the same step made twice" if twice else ""
                yield self._step(case.moving.update, factor, words, also)

    def _step(self, rule: Update, factor: float, words: str, also: str) -> Hypothesis:
        rate = factor * rule.learning_rate
        return with_update(
            lambda: f"a step with {words} the learning rate ({rate:g}){also}",
            rule,
            learning_rate=rate,
        )


def _factors_of(case: Case, i: int) -> set[int]:
    """The operands in whose local derivatives the number of node `i` stands."""
    found: set[int] = set()
    for consumer, position in case.tape.consumers[i]:
        op, step = case.tape.nodes[consumer].op, case.tape.step(consumer)
        if op is None or op.name in _SUMS:
            continue
        places = [place for place, wanted in enumerate(step.wanted) if wanted]
        if op.name in ("mul", "dot"):
            factor = partner(op, len(step.operands), places[position])
            found |= set() if factor is None else {step.operands[factor]}
        else:
            found |= set(step.operands) - {i}
    return found


def _is_in_gradients(case: Case, moving: Moving, i: int) -> bool:
    """Whether the gradient of a parameter changes with the number of node `i`."""
    steps = case.tape.steps
    return any(
        operand < len(steps) and (steps[operand] is not None or operand in moving.parameters)
        for operand in _factors_of(case, i)
    )
