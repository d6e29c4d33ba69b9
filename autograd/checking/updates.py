"""Parameters that move: the rule of an update, and a recorded graph run again after updates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Literal

from autograd.checking.replay import Run, Steps, Tape
from autograd.rows import as_float
from autograd.value import Value

Order = Literal["at once", "output first", "one by one"]
Memory = tuple[float, ...]

_CHOICES = {
    "rule": ("sgd", "adam"),
    "order": ("at once", "output first", "one by one"),
    "remembers": ("step", "gradient"),
}
_NUMBERS = ("learning_rate", "momentum", "weight_decay", "epsilon")
_OTHERS = {
    "objective": (str, "a name"),
    "first_count": (int, "a whole number"),
    **dict.fromkeys(
        ("maximise", "nesterov", "decoupled", "epsilon_inside", "bias_correction"),
        (bool, "True or False"),
    ),
}


@dataclass(frozen=True)
class Update:
    """The rule by which parameters move, so that claims can speak of what comes after updates.

    With g = ∂objective/∂w, learning rate η and t counting updates from 1,

        sgd     v ← m·v − η·g               w ← w + v         (m is `momentum`)
                with `nesterov`             w ← w + m·v − η·g
        adam    a ← β₁·a + (1 − β₁)·g       s ← β₂·s + (1 − β₂)·g²
                â = a / (1 − β₁ᵗ)           ŝ = s / (1 − β₂ᵗ)       w ← w − η · â / (√ŝ + ε)

    Attributes:
        rule: "sgd" or "adam".
        learning_rate: η.
        parameters: which leaves move: their names, patterns such as `w*`, or the Values.
        objective: what is made smaller: a node's name; "" is the output given to `verify`.
        maximise: climb instead.
        momentum: m; 0 is none.
        nesterov: look ahead along the momentum.
        remembers: "step" is v above; "gradient" adds −m · (the previous gradient) instead.
        weight_decay: λ; adds λ·w to g, or with `decoupled` −η·λ·w to the step.
        decoupled: see `weight_decay`.
        betas: (β₁, β₂).
        epsilon: ε.
        epsilon_inside: √(ŝ + ε) for √ŝ + ε.
        bias_correction: â and ŝ as above, or a and s themselves.
        first_count: what t is at the first update.
        order: "at once" takes all gradients before anything moves. "output first" moves the
            parameters nearest to the output first, and the gradients of those further away already
            use them. "one by one" moves each in the order given, likewise.

    Raises ValueError for a rule, order or memory that is none of these, or no parameters;
    TypeError for attributes of another kind.

    >>> Update("sgd", learning_rate=0.5, parameters=["w*"]).momentum
    0.0
    """

    rule: str
    learning_rate: float
    parameters: str | Sequence[str | Value]
    objective: str = ""
    maximise: bool = False
    momentum: float = 0.0
    nesterov: bool = False
    remembers: str = "step"
    weight_decay: float = 0.0
    decoupled: bool = False
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    epsilon_inside: bool = False
    bias_correction: bool = True
    first_count: int = 1
    order: str = "at once"

    def __post_init__(self) -> None:
        for key, choices in _CHOICES.items():
            given = getattr(self, key)
            if not isinstance(given, str) or given not in choices:
                raise ValueError(
                    f"update: {key} is {given!r}, and can be {' or '.join(map(repr, choices))}"
                )
        for key in _NUMBERS:
            as_float(getattr(self, key), f"update: {key}")
        for key, (kind, wanted) in _OTHERS.items():
            if not isinstance(getattr(self, key), kind):
                raise _mistaken(key, getattr(self, key), wanted)
        if not isinstance(self.betas, tuple | list) or len(self.betas) != 2:
            raise _mistaken("betas", self.betas, "two numbers, as in (0.9, 0.999)")
        for beta in self.betas:
            as_float(beta, "update: betas")
        object.__setattr__(self, "parameters", _listed(self.parameters))

    def change(
        self, gradient: float, number: float, memory: Memory, count: int
    ) -> tuple[float, Memory]:
        """What is added to a parameter at the update with this count, and what to remember."""
        if self.maximise:
            gradient = -gradient
        decay = self.weight_decay * number
        gradient += 0.0 if self.decoupled else decay
        step, memory = (self._sgd if self.rule == "sgd" else self._adam)(gradient, memory, count)
        return step - (self.learning_rate * decay if self.decoupled else 0.0), memory

    def _sgd(self, gradient: float, memory: Memory, _: int) -> tuple[float, Memory]:
        (before,) = memory or (0.0,)
        plain = -self.learning_rate * gradient
        if self.remembers == "gradient":
            return plain - self.momentum * before, (gradient,)
        velocity = self.momentum * before + plain
        return (self.momentum * velocity + plain if self.nesterov else velocity), (velocity,)

    def _adam(self, gradient: float, memory: Memory, count: int) -> tuple[float, Memory]:
        average, square = memory or (0.0, 0.0)
        first, second = self.betas
        average = first * average + (1.0 - first) * gradient
        square = second * square + (1.0 - second) * gradient * gradient
        memory = (average, square)
        if self.bias_correction:
            average /= 1.0 - first**count
            square /= 1.0 - second**count
        if self.epsilon_inside:
            size = math.sqrt(square + self.epsilon)
        else:
            size = math.sqrt(square) + self.epsilon
        return (-self.learning_rate * average / size if size else 0.0), memory

    @classmethod
    def from_table(cls, table: Mapping[str, object]) -> Update:
        """The rule that a table of a claims file describes, by the names of the attributes.

        Raises ValueError for a key that is no attribute, and for a missing rule, learning rate or
        list of parameters; TypeError for what is no table.

        >>> Update.from_table({"rule": "sgd", "learning_rate": 0.5, "parameters": ["w*"]}).rule
        'sgd'
        """
        known = [field.name for field in fields(cls)]
        if not isinstance(table, Mapping):
            raise _mistaken("table", table, "a mapping of the attributes' names to what they are")
        if unknown := [str(key) for key in table if key not in known]:
            raise ValueError(
                f"update: unknown {', '.join(unknown)}; an update knows {', '.join(known)}"
            )
        if missing := [key for key in known[:3] if key not in table]:
            raise ValueError(f"update: {', '.join(missing)} missing")
        given = dict(table)
        if isinstance(given.get("betas"), list):
            given["betas"] = tuple(given["betas"])  # type: ignore[arg-type]  # a list, just asked
        return cls(**given)  # type: ignore[arg-type]  # __post_init__ checks what was given


class Moving:
    """An update bound to a graph: which nodes move, and what they are moved by."""

    def __init__(self, tape: Tape, update: Update, outputs: Sequence[Value]) -> None:
        self.tape = tape
        self.update = update
        self.objective = tape.index[_objective(tape, update, outputs)]
        self.parameters = _parameters(tape, update)
        self._snapshots: dict[object, dict[int, _State]] = {}

    def leaves_after(
        self, count: int, update: Update | None = None, changed: Steps | None = None
    ) -> Mapping[int, float]:
        """The numbers of the parameters after so many updates, by another rule or steps if given.

        Raises ArithmeticError or ValueError if the numbers leave the range of floats.
        """
        rule = update or self.update
        # What was computed on the way is kept for the declared steps, not for every suspicion.
        key = (rule, id(changed)) if changed else rule
        known = self._snapshots.get(key, {0: _State(self._start(), {})})
        begin = max(n for n in known if n <= count)
        state = known[begin].copy()
        for done in range(begin, count):
            self._advance(state, rule, done + rule.first_count, changed)
        if not changed:
            self._snapshots.setdefault(key, known)[count] = state
        return state.leaves

    def _start(self) -> dict[int, float]:
        return {i: self.tape.recorded.numbers[i] for i in self.parameters}

    def _advance(self, state: _State, rule: Update, count: int, changed: Steps | None) -> None:
        run = self.tape.run_with(state.leaves, changed)
        for group in self._groups(rule.order):
            adjoints = run.adjoints(self.objective)
            for i in group:
                number = state.leaves[i]
                gradient = adjoints[i] if i < len(adjoints) else 0.0
                change, state.memories[i] = rule.change(
                    gradient, number, state.memories.get(i, ()), count
                )
                state.leaves[i] = number + change
            if rule.order != "at once":
                run = self._with_moved(run, group, state.leaves, changed)

    def _with_moved(
        self, run: Run, group: Sequence[int], leaves: Mapping[int, float], changed: Steps | None
    ) -> Run:
        """The same run, but local derivatives that contain a moved parameter see it moved."""
        numbers, slopes = run.numbers.copy(), run.slopes.copy()
        for i in group:
            numbers[i] = leaves[i]
        for i in {consumer for moved in group for consumer, _ in self.tape.consumers[moved]}:
            step = (changed or {}).get(i) or self.tape.step(i)
            slopes[i] = step.function(*[numbers[o] for o in step.operands])[1]
        return Run(numbers, slopes, run.parents)

    def _groups(self, order: str) -> Iterable[Sequence[int]]:
        """The parameters in the groups that move together."""
        if order == "at once":
            return [self.parameters]
        if order == "one by one":
            return [[i] for i in self.parameters]
        return self.layers()

    def layers(self) -> list[list[int]]:
        """The parameters by their distance from the objective, the nearest first."""
        distances = {self.objective: 0}
        for i in self.tape.interior_ancestors(self.objective):
            for parent in self.tape.recorded.parents[i]:
                distances[parent] = max(distances.get(parent, 0), distances[i] + 1)
        reached = sorted((i for i in self.parameters if i in distances), key=distances.__getitem__)
        return [list(group) for _, group in groupby(reached, key=distances.__getitem__)]


def _listed(parameters: object) -> tuple[str | Value, ...]:
    wanted = "names of leaves, patterns such as 'w*', or Values"
    if isinstance(parameters, str | Value):
        return (parameters,)
    if not isinstance(parameters, Iterable):
        raise _mistaken("parameters", parameters, wanted)
    given = tuple(parameters)
    for parameter in given:
        if not isinstance(parameter, str | Value):
            raise _mistaken("parameters", parameters, wanted)
    if not given:
        raise ValueError("update: no parameters: name the leaves that move, as in ['w*']")
    return given


def _mistaken(key: str, thing: object, wanted: str) -> TypeError:
    return TypeError(f"update: {key} is {thing!r} ({type(thing).__name__}), and must be {wanted}")


@dataclass
class _State:
    leaves: dict[int, float]
    memories: dict[int, Memory]

    def copy(self) -> _State:
        return _State(self.leaves.copy(), self.memories.copy())


def _objective(tape: Tape, update: Update, outputs: Sequence[Value]) -> Value:
    if update.objective:
        named = [node for node in tape.nodes if node.name == update.objective]
        if len(named) != 1:
            count = f"{len(named)} nodes are" if named else "no node is"
            raise ValueError(f"update: {count} named {update.objective!r}, which is the objective")
        return named[0]
    computed = [output for output in outputs if not output.is_leaf]
    if len(computed) != 1:
        raise ValueError(
            f"update: there are {len(computed)} outputs: say which of them is made smaller, by its "
            f"name, as in objective = 'E_total'"
        )
    return computed[0]


def _parameters(tape: Tape, update: Update) -> list[int]:
    found: dict[int, None] = {}
    for wanted in update.parameters:
        matching = list(_matching(tape, wanted))
        if not matching:
            raise ValueError(f"update: no leaf of the graph is meant by {wanted!r} in parameters")
        found.update(dict.fromkeys(matching))
    return list(found)


def _matching(tape: Tape, wanted: str | Value) -> Iterator[int]:
    if isinstance(wanted, Value):
        if wanted in tape.index and wanted.is_leaf:
            yield tape.index[wanted]
        return
    for i, node in enumerate(tape.nodes):
        if node.is_leaf and node.name and (node.name == wanted or fnmatchcase(node.name, wanted)):
            yield i
