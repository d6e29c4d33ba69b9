"""One quantity under suspicion, and what it would be if something had been done differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, zip_longest

from autograd.checking.places import Places
from autograd.checking.quantities import AfterUpdates, Derivative, InGraph, NodeValue
from autograd.checking.replay import Run, Step, Steps, Tape
from autograd.checking.updates import Moving, Update

# Local derivatives done wrong: from the value, the operands and the right ones.
Slopes = Callable[[float, Sequence[float], Sequence[float]], Sequence[float]]

# So many nodes between two quantities are looked at, half of them near either end. More would
# take long, and among too many suspects some fit any number by chance.
_MOST_NODES = 200

# What it takes to change one local derivative, in operands read.
_WORK_OF_A_SLOPE = 20


@dataclass(frozen=True)
class Hypothesis:
    """What an author may have done instead of the right thing.

    Attributes:
        say: names the mistake and its place.
        slopes: nodes whose local derivatives were done wrong.
        edges: local derivatives for which another number was taken: of a node, by its position
            among the node's parents.
        steps: nodes that were computed in another way, value and local derivatives.
        parallel: no path leads through two of the nodes in `slopes` and `edges`.
        scale: the whole derivative (of an update: the whole gradient) was multiplied by this.
        update: the rule by which parameters were moved.
        more_updates: how many updates too many were made.
    """

    say: Callable[[], str]
    slopes: Mapping[int, Slopes] = field(default_factory=dict)
    edges: Mapping[tuple[int, int], float] = field(default_factory=dict)
    steps: Steps = field(default_factory=dict)
    parallel: bool = False
    scale: float = 1.0
    update: Update | None = None
    more_updates: int = 0


class Case:
    """A quantity of a graph whose claimed number is wrong.

    `outcome` gives the number that it has under a hypothesis. Mistakes look here for what there
    is to be done wrong: the nodes between `over` and `under` where a derivative is concerned.

    Attributes:
        over, under: the derivative that is examined; of the objective for claims about updates.
            `under` is None where all parameters matter, both are where no derivative does.
        value: the node whose number is examined, if it is one.
        number: the right number.
    """

    def __init__(
        self, tape: Tape, places: Places, quantity: InGraph, moving: Moving | None = None
    ) -> None:
        self.tape = tape
        self.places = places
        self.quantity = quantity
        self.moving = moving
        self.over: int | None = None
        self.under: int | None = None
        self.value: int | None = None
        if isinstance(quantity, NodeValue):
            self.value = tape.index[quantity.node]
        elif isinstance(quantity, Derivative):
            self.over, self.under = tape.index[quantity.over], tape.index[quantity.under]
        elif moving is not None:
            self.over = moving.objective
            self.under = self._moved_once(moving)

    def _moved_once(self, moving: Moving) -> int | None:
        """The parameter, if the claim is about one after its first update, all at once."""
        quantity = self.quantity
        assert isinstance(quantity, AfterUpdates)
        if quantity.count != 1 or not isinstance(quantity.quantity, NodeValue):
            return None
        node = self.tape.index[quantity.quantity.node]
        simple = moving.update.order == "at once" and node in moving.parameters
        return node if simple else None

    @property
    def count(self) -> int:
        """After how many updates; 0 for a quantity of the graph as it is."""
        return self.quantity.count if isinstance(self.quantity, AfterUpdates) else 0

    @cached_property
    def number(self) -> float:
        """The right number."""
        return self._outcome(Hypothesis(str))

    def outcome(self, hypothesis: Hypothesis) -> float | None:
        """The number of the quantity under a hypothesis; None where there is none."""
        try:
            return self._outcome(hypothesis)
        except (ArithmeticError, ValueError):
            return None

    def _outcome(self, hypothesis: Hypothesis) -> float:
        if self.value is not None:
            run = self.tape.run(hypothesis.steps) if hypothesis.steps else self.tape.recorded
            return hypothesis.scale * run.numbers[self.value]
        if not isinstance(self.quantity, AfterUpdates):
            return hypothesis.scale * self._derivative(hypothesis)
        assert self.moving is not None
        rule = hypothesis.update or self.moving.update
        if self.under is None or hypothesis.more_updates or rule.order != "at once":
            return self._after_updates(self.quantity, hypothesis, self.moving, rule)
        number = self.tape.recorded.numbers[self.under]
        gradient = hypothesis.scale * self._derivative(hypothesis)
        return number + rule.change(gradient, number, (), rule.first_count)[0]

    def _derivative(self, hypothesis: Hypothesis) -> float:
        assert self.over is not None
        assert self.under is not None
        over, under, recorded = self.over, self.under, self.tape.recorded
        if hypothesis.steps:
            steps = {**hypothesis.steps, **self.with_slopes(hypothesis)}
            self.tape.work += self.tape.size
            return self.tape.run(steps).derivative(over, under)
        self.tape.work += _WORK_OF_A_SLOPE
        right = recorded.derivative(over, under)
        if hypothesis.parallel or len(hypothesis.slopes) + len(hypothesis.edges) <= 1:
            return right + self._gain(hypothesis)
        slopes = recorded.slopes.copy()
        for i, wrong in _wrong_slopes(hypothesis).items():
            slopes[i] = self._wrong_slopes(i, wrong)
        self.tape.work += self.tape.size
        return Run(recorded.numbers, slopes, recorded.parents).derivative(over, under)

    def _gain(self, hypothesis: Hypothesis) -> float:
        """By how much the derivative changes with local derivatives, none above another.

        All paths through an edge are ∂over/∂node · ∂node/∂parent · ∂parent/∂under.
        """
        recorded, adjoints, tangents = self.tape.recorded, self.adjoints, self.tangents
        gain = 0.0
        for (i, position), slope in hypothesis.edges.items():
            if i < len(adjoints):
                tangent = tangents.get(recorded.parents[i][position], 0.0)
                gain += adjoints[i] * (slope - recorded.slopes[i][position]) * tangent
        for i, wrong in hypothesis.slopes.items():
            new = self._wrong_slopes(i, wrong)
            for parent, old, slope in zip(
                recorded.parents[i], recorded.slopes[i], new, strict=True
            ):
                gain += adjoints[i] * (slope - old) * tangents.get(parent, 0.0)
        return gain

    def _wrong_slopes(self, i: int, wrong: Slopes) -> Sequence[float]:
        """The slopes of a node as they are recorded, done wrong."""
        recorded = self.tape.recorded
        operands = [recorded.numbers[o] for o in self.tape.step(i).operands]
        return wrong(recorded.numbers[i], operands, recorded.slopes[i])

    def with_slopes(self, hypothesis: Hypothesis) -> Steps:
        """The steps whose local derivatives are wrong, as they are then."""
        wrong = _wrong_slopes(hypothesis)
        return {
            i: (hypothesis.steps.get(i) or self.tape.step(i)).with_slopes(change)
            for i, change in wrong.items()
        }

    def _after_updates(
        self, quantity: AfterUpdates, hypothesis: Hypothesis, moving: Moving, rule: Update
    ) -> float:
        steps: dict[int, Step] = {**hypothesis.steps, **self.with_slopes(hypothesis)}
        if hypothesis.scale != 1.0:
            objective = steps.get(moving.objective) or self.tape.step(moving.objective)
            scale = hypothesis.scale
            steps[moving.objective] = objective.with_slopes(lambda y, x, s: [scale * d for d in s])
        leaves = moving.leaves_after(quantity.count + hypothesis.more_updates, rule, steps or None)
        run = self.tape.run_with(leaves, hypothesis.steps or None)
        inner = quantity.quantity
        if isinstance(inner, NodeValue):
            return run.numbers[self.tape.index[inner.node]]
        return run.derivative(self.tape.index[inner.over], self.tape.index[inner.under])

    @cached_property
    def adjoints(self) -> Sequence[float]:
        """∂over/∂node."""
        assert self.over is not None
        return self.tape.recorded.adjoints(self.over)

    @cached_property
    def tangents(self) -> Mapping[int, float]:
        """∂node/∂under for the nodes computed from `under`."""
        assert self.under is not None
        return self.tape.tangents(self.under)

    @cached_property
    def between(self) -> list[int]:
        """The interior nodes between `under` and `over`, from both ends inwards."""
        if self.over is None:
            return []
        found = self.tape.interior_ancestors(self.over)
        if self.under is not None:
            found = [i for i in found if i in self.tangents and i != self.under]
        half = (len(found) + 1) // 2
        ends = zip_longest(found[:half], reversed(found[half:]))
        return [i for pair in ends for i in pair if i is not None][:_MOST_NODES]

    @cached_property
    def computed(self) -> list[int]:
        """The interior nodes that the quantity is computed from, the nearest formulas first."""
        top = self.over if self.value is None else self.value
        assert top is not None
        if self.tape.steps[top] is None:
            return []
        near = islice(self.places.by_formula(top), _MOST_NODES)
        return list(dict.fromkeys([*self.between, *near]))[:_MOST_NODES]

    def edges(self, i: int) -> Iterator[tuple[int, int]]:
        """Position and parent of each way on from node `i` towards `under`."""
        for position, parent in enumerate(self.tape.recorded.parents[i]):
            if self.under is None or parent in self.tangents:
                yield position, parent

    def consumers(self, i: int) -> list[tuple[int, int]]:
        """The nodes between here and `over` that node `i` is a parent of, and as which."""
        return [(c, position) for c, position in self.tape.consumers[i] if c in self._inside]

    @cached_property
    def _inside(self) -> frozenset[int]:
        return frozenset(self.between)

    def layers(self, nodes: Iterable[int]) -> list[list[int]]:
        """Those of the nodes that lie side by side and are the same operation: two or more."""
        groups: dict[object, list[int]] = {}
        for i in sorted(nodes):
            key = (self.places.depths[i], self.tape.nodes[i].op)
            groups.setdefault(key, []).append(i)
        return [group for group in groups.values() if len(group) > 1]


def _wrong_slopes(hypothesis: Hypothesis) -> dict[int, Slopes]:
    """All wrong local derivatives as functions, node by node."""
    return {**hypothesis.slopes, **slopes_with(hypothesis.edges)}


def slopes_with(edges: Mapping[tuple[int, int], float]) -> dict[int, Slopes]:
    """The slopes of each node with these numbers at these positions."""
    changed: dict[int, dict[int, float]] = {}
    for (i, position), slope in edges.items():
        changed.setdefault(i, {})[position] = slope
    return {i: _with(slopes) for i, slopes in changed.items()}


def _with(changed: Mapping[int, float]) -> Slopes:
    return lambda y, x, s: [changed.get(position, slope) for position, slope in enumerate(s)]


def scaled(say: Callable[[], str], factor: float) -> Hypothesis:
    """Everything is right but for one factor."""
    return Hypothesis(say, scale=factor)


def with_update(say: Callable[[], str], update: Update, **changes: object) -> Hypothesis:
    """Everything is right but for the rule of the updates."""
    return Hypothesis(say, update=replace(update, **changes))  # type: ignore[arg-type]  # its attributes


def spelled(quantity: InGraph) -> str:
    """A quantity as people write it: h1, ∂L/∂w, w+, L after 2 updates."""
    if isinstance(quantity, NodeValue):
        return quantity.node.name
    if isinstance(quantity, Derivative):
        return f"∂{quantity.over.name}/∂{quantity.under.name}"
    after = "+" if quantity.count == 1 else f" after {quantity.count} updates"
    return f"{spelled(quantity.quantity)}{after}"
