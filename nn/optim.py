"""Optimisers: how parameters move along their gradients."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, TypedDict

from autograd import Value, sqrt, where
from nn._arguments import fraction, not_negative
from nn._numbers import as_number
from nn.module import Module
from nn.schedules import Schedule

__all__ = ["SGD", "Adam", "Memory", "Optimiser", "OptimiserState", "RMSprop"]

# What an optimiser remembers of one parameter from update to update.
Memory = tuple[float, ...]


class OptimiserState(TypedDict):
    """What `state_dict` gives: all that a later run needs besides the parameters themselves."""

    optimiser: str
    iteration: int
    memories: dict[str, list[float]]


class Optimiser:
    """Moves parameters: w ← w + change, where a subclass says what the change is.

    `change(gradient, rate, memory)` is the formula for one parameter. It gives the change and
    what is to be remembered until the next update; `memory` in the class is what the first update
    is given. That is all a subclass needs:

    >>> class Sluggish(Optimiser):
    ...     "change = −η · (g + g_previous) / 2"
    ...     memory = (0.0,)
    ...     def change(self, gradient, rate, memory):
    ...         previous, = memory
    ...         return -rate * (gradient + previous) / 2.0, (gradient,)
    >>> w = Value(1.0, name="w")
    >>> optimiser = Sluggish([w], learning_rate=0.5)
    >>> for _ in range(2):
    ...     w.grad = 4.0
    ...     optimiser.step()
    ...     print(w.data)
    0.0
    -2.0

    `parameters` is a Module, of which those that are not frozen are taken, or a list of leaf
    Values. `learning_rate` is a number or a schedule, a function of the iteration k, which counts
    updates from 1. With `weight_decay` λ the gradient of λ/2 · Σ w² is added, over the parameters
    in `decayed` or over all if it is not given.

    `iteration` is the number of updates made; a schedule begins again when it is set to 0, which
    leaves the memory as it is. `memories` and `decays` hold one entry per parameter.

    Raises ValueError for a negative learning rate or weight decay and for parameters that are
    none; TypeError for what is no number or no Value.
    """

    memory: ClassVar[Memory] = ()

    def __init__(
        self,
        parameters: Module | Iterable[Value],
        learning_rate: float | Schedule,
        *,
        weight_decay: float = 0.0,
        decayed: Iterable[Value] | None = None,
    ) -> None:
        kind = type(self).__name__
        self.names, self.parameters = _named(parameters, kind)
        self.learning_rate = learning_rate
        self.iteration = 0
        self.memories: list[Memory] = [self.memory] * len(self.parameters)
        self.weight_decay = not_negative(weight_decay, f"{kind}: weight_decay")
        self.decays = self._decay_of_each(decayed)
        self.rate_of(1)

    def change(self, gradient: float, rate: float, memory: Memory) -> tuple[float, Memory]:
        """What is added to a parameter with this gradient, and what to remember of it."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say how parameters move: define "
            f"change(self, gradient, rate, memory), which returns the change and the new memory"
        )

    @property
    def rate(self) -> float:
        """The learning rate of the last update, or before any update that of the first."""
        return self.rate_of(max(self.iteration, 1))

    def rate_of(self, iteration: int) -> float:
        """The learning rate of this iteration, counted from 1."""
        given = self.learning_rate
        if not callable(given):
            return not_negative(given, f"{type(self).__name__}: learning_rate")
        rate = given(iteration)
        if type(rate) is float and 0.0 <= rate < math.inf:
            return rate
        where = f"{type(self).__name__}: the learning rate of iteration {iteration} from {given!r}"
        return not_negative(rate, where)

    def rates(self, updates: int) -> array[float]:
        """The learning rates of so many updates to come."""
        if not callable(self.learning_rate):
            return array("d", [self.rate_of(1)]) * updates
        return array("d", [self.rate_of(self.iteration + k) for k in range(1, updates + 1)])

    def step(self) -> None:
        """One update of every parameter from its `grad`; all of them move or none.

        Raises FloatingPointError, naming the parameter, if one would become infinite or NaN, and
        ValueError if a schedule gives a negative learning rate.
        """
        rate = self.rate_of(self.iteration + 1)
        moved: list[float] = []
        memories: list[Memory] = []
        for parameter, decay, memory in zip(
            self.parameters, self.decays, self.memories, strict=True
        ):
            number, gradient = parameter.data, parameter.grad
            if decay:
                gradient += decay * number
            change, remembered = self.change(gradient, rate, memory)
            moved.append(number + change)
            memories.append(remembered)
        if not all(map(math.isfinite, moved)):
            self._refuse(moved, rate)
        for parameter, number in zip(self.parameters, moved, strict=True):
            parameter.data = number
        self.memories = memories
        self.iteration += 1

    def state_dict(self) -> OptimiserState:
        """The iteration and the memory of every parameter, ready for JSON.

        Learning rate, momentum and the like are not in it: they stand in the program that makes
        the optimiser again.
        """
        return {
            "optimiser": type(self).__name__,
            "iteration": self.iteration,
            "memories": dict(zip(self.names, map(list, self.memories), strict=True)),
        }

    def load_state_dict(self, state: Mapping[str, object]) -> None:
        """Go on where the optimiser that gave this state was.

        Raises ValueError if the state is of another kind of optimiser or of other parameters;
        nothing has changed then.
        """
        kind = type(self).__name__
        if state.get("optimiser") != kind:
            raise ValueError(
                f"{kind}: this state is of {state.get('optimiser')!r}; load it into the same kind "
                f"of optimiser"
            )
        saved, iteration = state.get("memories"), state.get("iteration")
        if not isinstance(saved, Mapping) or not isinstance(iteration, int) or iteration < 0:
            raise ValueError(f"{kind}: this is no state of an optimiser, as state_dict() gives it")
        missing = [name for name in self.names if name not in saved]
        unexpected = [name for name in saved if name not in self.names]
        if missing or unexpected:
            raise ValueError(
                f"{kind}: the state is of other parameters; missing: {missing}, "
                f"unexpected: {unexpected}"
            )
        memories = [
            tuple(as_number(number, f"{kind}: memory of {name}") for number in saved[name])
            for name in self.names
        ]
        for name, memory in zip(self.names, memories, strict=True):
            if len(memory) != len(self.memory):
                raise ValueError(
                    f"{kind}: the state has {len(memory)} numbers for {name!r}, but this optimiser "
                    f"remembers {len(self.memory)} of each parameter"
                )
        self.memories, self.iteration = memories, iteration

    def __repr__(self) -> str:
        known = {"parameters", "names", "iteration", "memories", "decays"}
        settings = ", ".join(
            f"{name}={setting!r}"
            for name, setting in vars(self).items()
            if name not in known and name[0] != "_"
        )
        return f"{type(self).__name__}({len(self.parameters)} parameters, {settings})"

    def _decay_of_each(self, decayed: Iterable[Value] | None) -> list[float]:
        if decayed is None:
            return [self.weight_decay] * len(self.parameters)
        chosen = set(decayed)
        foreign = chosen - set(self.parameters)
        if foreign:
            raise ValueError(
                f"{type(self).__name__}: `decayed` holds {next(iter(foreign))!r}, which is none of "
                f"the parameters that this optimiser moves"
            )
        return [self.weight_decay if p in chosen else 0.0 for p in self.parameters]

    def _refuse(self, moved: list[float], rate: float) -> None:
        for name, parameter, number in zip(self.names, self.parameters, moved, strict=True):
            if not math.isfinite(number):
                raise FloatingPointError(
                    f"{type(self).__name__}: update {self.iteration + 1} would move {name} from "
                    f"{parameter.data!r} to {number!r} (gradient {parameter.grad!r}, learning rate "
                    f"{rate!r}). No parameter has moved; use a smaller learning rate, or look at "
                    f"what makes the gradient so large"
                )


class SGD(Optimiser):
    """Gradient descent, with momentum m if given. g is the gradient, v what is remembered.

    `accumulate="steps"`, the form of document 002, sums steps, each with its own η:

        v ← m·v − η·g              change = v
        with `nesterov`:           change = m·v − η·g

    `accumulate="gradients"`, the form of most tensor libraries, sums gradients, and the η of the
    moment multiplies them all:

        v ← m·v + g                change = −η·v
        with `nesterov`:           change = −η·(g + m·v)

    The two agree while η stays the same, and differ when it changes. Raises ValueError unless
    0 ≤ m < 1, and for `nesterov` without momentum.

    >>> w = Value(1.0)
    >>> optimiser = SGD([w], learning_rate=0.5, momentum=0.5)
    >>> for _ in range(2):
    ...     w.grad = 1.0
    ...     optimiser.step()
    ...     print(w.data)
    0.5
    -0.25
    """

    memory = (0.0,)

    def __init__(
        self,
        parameters: Module | Iterable[Value],
        learning_rate: float | Schedule,
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        accumulate: Literal["steps", "gradients"] = "steps",
        weight_decay: float = 0.0,
        decayed: Iterable[Value] | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay=weight_decay, decayed=decayed)
        self.momentum = fraction(momentum, "SGD: momentum")
        self.nesterov = nesterov
        self.accumulate = accumulate
        if nesterov and not self.momentum:
            raise ValueError(
                "SGD: nesterov looks ahead along the momentum: give a momentum above 0"
            )
        if accumulate not in ("steps", "gradients"):
            raise ValueError(
                f"SGD: accumulate is {accumulate!r}: give 'steps' (η inside the sum) or "
                f"'gradients' (η outside)"
            )

    def change(self, gradient: float, rate: float, memory: Memory) -> tuple[float, Memory]:
        """The formulas above."""
        momentum = self.momentum
        (velocity,) = memory
        if self.accumulate == "steps":
            velocity = momentum * velocity - rate * gradient
            change = momentum * velocity - rate * gradient if self.nesterov else velocity
        else:
            velocity = momentum * velocity + gradient
            change = -rate * (gradient + momentum * velocity if self.nesterov else velocity)
        return change, (velocity,)


class RMSprop(Optimiser):
    """Gradient descent with every gradient divided by its recent size.

        s ← ρ·s + (1 − ρ)·g²       change = −η · g / (√s + ε)

    ρ is `decay`, ε is `epsilon`. Source: Tieleman and Hinton, 2012. Raises ValueError unless
    0 ≤ ρ < 1 and ε ≥ 0.

    >>> w = Value(1.0)
    >>> optimiser = RMSprop([w], learning_rate=0.1, decay=0.75, epsilon=0.0)
    >>> w.grad = 3.0
    >>> optimiser.step()
    >>> w.data
    0.8
    """

    memory = (0.0,)

    def __init__(
        self,
        parameters: Module | Iterable[Value],
        learning_rate: float | Schedule = 0.01,
        *,
        decay: float = 0.99,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
        decayed: Iterable[Value] | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay=weight_decay, decayed=decayed)
        self.decay = fraction(decay, "RMSprop: decay")
        self.epsilon = not_negative(epsilon, "RMSprop: epsilon")

    def change(self, gradient: float, rate: float, memory: Memory) -> tuple[float, Memory]:
        """The formula above."""
        (square,) = memory
        square = self.decay * square + (1.0 - self.decay) * gradient * gradient
        return -rate * _ratio(gradient, sqrt(square) + self.epsilon), (square,)


class Adam(Optimiser):
    """Momentum and RMSprop together, both corrected for their start at 0. t counts updates.

        a ← β₁·a + (1 − β₁)·g      s ← β₂·s + (1 − β₂)·g²
        change = −η · â / (√ŝ + ε)     with  â = a / (1 − β₁ᵗ),  ŝ = s / (1 − β₂ᵗ)

    `weight_decay` is part of g. Source: Kingma and Ba, 2015. Raises ValueError unless
    0 ≤ β₁, β₂ < 1 and ε ≥ 0.

    >>> w = Value(1.0)
    >>> optimiser = Adam([w], learning_rate=0.25, epsilon=0.0)
    >>> w.grad = 3.0
    >>> optimiser.step()
    >>> w.data
    0.75
    """

    memory = (0.0, 0.0, 0.0)

    def __init__(
        self,
        parameters: Module | Iterable[Value],
        learning_rate: float | Schedule = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
        decayed: Iterable[Value] | None = None,
    ) -> None:
        super().__init__(parameters, learning_rate, weight_decay=weight_decay, decayed=decayed)
        first, second = betas
        self.betas = fraction(first, "Adam: betas[0]"), fraction(second, "Adam: betas[1]")
        self.epsilon = not_negative(epsilon, "Adam: epsilon")

    def change(self, gradient: float, rate: float, memory: Memory) -> tuple[float, Memory]:
        """The formulas above. t is remembered too: `iteration` may have been set back to 0."""
        first, second = self.betas
        average, square, updates = memory
        updates += 1.0
        average = first * average + (1.0 - first) * gradient
        square = second * square + (1.0 - second) * gradient * gradient
        size = sqrt(square / (1.0 - second**updates)) + self.epsilon
        change = -rate * _ratio(average / (1.0 - first**updates), size)
        return change, (average, square, updates)


def _ratio(gradient: float, size: float) -> float:
    # Both are 0 where no gradient has ever arrived and ε is 0: nothing moves there.
    return gradient / where(size > 0.0, size, 1.0)


def _named(parameters: Module | Iterable[Value], kind: str) -> tuple[list[str], list[Value]]:
    """The parameters and what messages and states call them."""
    if isinstance(parameters, Module):
        paths = {value: path for path, value in parameters.named_parameters().items()}
        values = parameters.parameters()
        names = [paths[value] for value in values]
    elif isinstance(parameters, Value):
        raise TypeError(
            f"{kind}: parameters is one Value, {parameters!r}: give a list, even of one"
        )
    else:
        values = list(parameters)
        names = [str(i) for i in range(len(values))]
    if not values:
        raise ValueError(f"{kind}: there is no parameter to move: give some, or unfreeze some")
    for i, value in enumerate(values):
        if not isinstance(value, Value):
            raise TypeError(
                f"{kind}: parameters[{i}] is {value!r}, a {type(value).__name__}, no Value"
            )
        if not value.is_leaf:
            raise ValueError(
                f"{kind}: parameters[{i}] is {value!r}, which was computed by {value.op}; only a "
                f"leaf can be moved"
            )
    if len(set(values)) < len(values):
        twice = next(v for i, v in enumerate(values) if v in values[:i])
        raise ValueError(f"{kind}: {twice!r} is twice among the parameters; it would move twice")
    return names, values
