"""A recorded graph as a list of steps that can be run again with some of them changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from heapq import heappop, heappush

from autograd.backprop import topological_order
from autograd.rows import Op
from autograd.symbol import PYTHON_NAMES, Symbol, write_program
from autograd.value import Value

# The value of a node and one slope per parent, from the numbers of its operands.
Function = Callable[..., tuple[float, Sequence[float]]]

# Above this many operands a printed function is not worth its compilation.
_MOST_PRINTED = 100


@dataclass(frozen=True)
class Step:
    """How one node is computed.

    Attributes:
        function: gives the value and a slope for each parent, from the operands' numbers.
        operands: where the operands stand among the numbers of a run.
        parents: those of them that are nodes, in order.
        wanted: for each operand whether it is a node.
    """

    function: Function
    operands: tuple[int, ...]
    parents: tuple[int, ...]
    wanted: tuple[bool, ...]

    def with_slopes(
        self, change: Callable[[float, Sequence[float], Sequence[float]], Sequence[float]]
    ) -> Step:
        """The same value with `change(value, operands, slopes)` for its slopes."""

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            value, slopes = self.function(*numbers)
            return value, change(value, numbers, slopes)

        return replace(self, function=function)

    def with_slope(self, position: int, slope: float) -> Step:
        """The same value with one slope replaced by a number."""
        return self.with_slopes(lambda y, x, s: (*s[:position], slope, *s[position + 1 :]))

    def scaled(self, factor: float) -> Step:
        """Value and slopes, all multiplied by `factor`."""

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            value, slopes = self.function(*numbers)
            return factor * value, [factor * slope for slope in slopes]

        return replace(self, function=function)

    def with_operand(self, place: int, other: int) -> Step:
        """The same operation on another node in the place of one of its operands."""
        operands = (*self.operands[:place], other, *self.operands[place + 1 :])
        parents = tuple(o for o, is_node in zip(operands, self.wanted, strict=True) if is_node)
        return replace(self, operands=operands, parents=parents)

    def without_operand(self, place: int, neutral: float) -> Step:
        """The same operation with a number in the place of one of its operands."""
        position = sum(self.wanted[:place]) if self.wanted[place] else None

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            value, slopes = self.function(*numbers[:place], neutral, *numbers[place + 1 :])
            if position is not None:
                slopes = (*slopes[:position], 0.0, *slopes[position + 1 :])
            return value, slopes

        return replace(self, function=function)

    def as_constant(self, number: float) -> Step:
        """A given number, whatever the operands are; its slopes stay."""

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            return number, self.function(*numbers)[1]

        return replace(self, function=function)

    def with_op(self, op: Op) -> Step:
        """Another operation on the same operands."""
        return replace(self, function=step_function(op, len(self.operands), self.wanted))


Steps = Mapping[int, Step]


class Run:
    """The numbers and slopes of one run of a tape, and derivatives from them."""

    def __init__(
        self,
        numbers: list[float],
        slopes: list[Sequence[float]],
        parents: list[tuple[int, ...]],
    ) -> None:
        self.numbers = numbers
        self.slopes = slopes
        self.parents = parents
        self._adjoints: dict[int, list[float]] = {}

    def adjoints(self, over: int) -> list[float]:
        """∂over/∂node for every node up to `over`; computed once."""
        if over not in self._adjoints:
            self._adjoints[over] = self._sweep(over)
        return self._adjoints[over]

    def derivative(self, over: int, under: int) -> float:
        """∂over/∂under, 0 if there is no path."""
        return self.adjoints(over)[under] if under <= over else 0.0

    def _sweep(self, over: int) -> list[float]:
        adjoints = [0.0] * (over + 1)
        adjoints[over] = 1.0
        parents, slopes = self.parents, self.slopes
        for i in range(over, -1, -1):
            adjoint = adjoints[i]
            if adjoint and parents[i]:
                for parent, slope in zip(parents[i], slopes[i], strict=True):
                    adjoints[parent] += adjoint * slope
        return adjoints


class Tape:
    """The graph under some outputs as steps in topological order.

    `recorded` is the run that the Values remember. `run` makes others.

    >>> w, x = Value(0.5, name="w"), Value(3.0, name="x")
    >>> net = w * x
    >>> tape = Tape([net.tanh()])
    >>> w_at, net_at = tape.index[w], tape.index[net]
    >>> other = tape.run({net_at: tape.step(net_at).scaled(0.0)})
    >>> other.numbers[-1], other.derivative(len(tape) - 1, w_at)
    (0.0, 0.0)
    """

    def __init__(self, outputs: Iterable[Value]) -> None:
        self.index: dict[Value, int] = {}
        for output in outputs:
            for node in topological_order(output):
                self.index.setdefault(node, len(self.index))
        self.nodes = list(self.index)
        self._constants: list[float] = []
        self.steps = [self._step(node) for node in self.nodes]
        parents = [step.parents if step else () for step in self.steps]
        numbers = [node.data for node in self.nodes] + self._constants
        self.recorded = Run(numbers, [node.partials for node in self.nodes], parents)
        self._descendants: dict[int, dict[int, float]] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def step(self, i: int) -> Step:
        """How the interior node `i` is computed."""
        step = self.steps[i]
        if step is None:
            raise ValueError(f"{self.nodes[i]!r} is a leaf: it is given, not computed")
        return step

    def _step(self, node: Value) -> Step | None:
        op = node.op
        if op is None:
            return None
        operands, wanted = [], []
        for operand in node.operands:
            is_node = isinstance(operand, Value)
            wanted.append(is_node)
            if isinstance(operand, Value):
                operands.append(self.index[operand])
            else:
                operands.append(len(self.index) + len(self._constants))
                self._constants.append(operand)
        parents = tuple(self.index[parent] for parent in node.parents)
        flags = tuple(wanted)
        return Step(step_function(op, len(operands), flags), tuple(operands), parents, flags)

    @cached_property
    def consumers(self) -> list[list[tuple[int, int]]]:
        """For each node the nodes that it is a parent of, and as which one, in order."""
        consumers: list[list[tuple[int, int]]] = [[] for _ in self.nodes]
        for i, step in enumerate(self.steps):
            for position, parent in enumerate(step.parents if step else ()):
                consumers[parent].append((i, position))
        return consumers

    @cached_property
    def is_current(self) -> bool:
        """Whether the leaves still have the data that the graph was computed from."""
        try:
            run = self.run_with({})
        except (ArithmeticError, ValueError):
            return False
        return all(
            math.isclose(new, old, rel_tol=1e-9, abs_tol=1e-300) or (new != new and old != old)
            for new, old in zip(run.numbers, self.recorded.numbers, strict=True)
        )

    def run(self, changed: Steps) -> Run:
        """The graph computed again with some steps changed; only what depends on them."""
        numbers, slopes = self.recorded.numbers.copy(), self.recorded.slopes.copy()
        parents = self.recorded.parents
        if any(step.parents != parents[i] for i, step in changed.items()):
            parents = parents.copy()
        for i in self._affected(changed):
            step = changed.get(i) or self.step(i)
            if step.parents != parents[i]:
                parents[i] = step.parents
            numbers[i], slopes[i] = step.function(*[numbers[o] for o in step.operands])
        return Run(numbers, slopes, parents)

    def _affected(self, changed: Steps) -> Iterator[int]:
        """The changed nodes and everything computed from them, in order."""
        pending = sorted(changed)
        seen = set(pending)
        while pending:
            i = heappop(pending)
            yield i
            for consumer, _ in self.consumers[i]:
                if consumer not in seen:
                    seen.add(consumer)
                    heappush(pending, consumer)

    def run_with(self, leaves: Mapping[int, float], changed: Steps | None = None) -> Run:
        """The whole graph computed again, with other numbers in some leaves."""
        numbers = self.recorded.numbers.copy()
        for i, number in leaves.items():
            numbers[i] = number
        slopes: list[Sequence[float]] = [()] * len(self.nodes)
        parents = self.recorded.parents
        if changed:
            parents = parents.copy()
            for i, other in changed.items():
                parents[i] = other.parents
        for i, step in enumerate(self.steps):
            if step is not None:
                step = (changed.get(i) or step) if changed else step
                numbers[i], slopes[i] = step.function(*[numbers[o] for o in step.operands])
        return Run(numbers, slopes, parents)

    def tangents(self, under: int) -> dict[int, float]:
        """∂node/∂under for every node computed from `under`, itself included."""
        if under not in self._descendants:
            tangents = {under: 1.0}
            for i in self._affected({under: _NO_STEP}):
                tangent = tangents[i]
                for consumer, position in self.consumers[i]:
                    slope = self.recorded.slopes[consumer][position]
                    tangents[consumer] = tangents.get(consumer, 0.0) + tangent * slope
            self._descendants[under] = tangents
        return self._descendants[under]

    def ancestors(self, over: int) -> list[int]:
        """Every node that `over` is computed from, itself included, the latest first."""
        pending = [-over]
        seen = {over}
        found = []
        while pending:
            i = -heappop(pending)
            found.append(i)
            for parent in self.recorded.parents[i]:
                if parent not in seen:
                    seen.add(parent)
                    heappush(pending, -parent)
        return found


def _no_function(*numbers: float) -> tuple[float, Sequence[float]]:
    raise AssertionError("only its place matters")


_NO_STEP = Step(_no_function, (), (), ())


@cache
def step_function(op: Op, count: int, wanted: tuple[bool, ...]) -> Function:
    """The operation on `count` numbers: its value, and its slopes towards the wanted operands.

    The row is asked once, with symbols, and what it says is printed into a Python function.
    """
    if count > _MOST_PRINTED:
        return _interpreted(op, wanted)
    operands = [Symbol(f"x{i}") for i in range(count)]
    arguments = op.grouped(operands)
    try:
        result = op(*arguments)  # type: ignore[arg-type]  # as many groups as there are parameters
        slopes = op.slopes(result, arguments, wanted)
        assignments, (value, *texts) = write_program([result, *slopes], "python")
    except (TypeError, AttributeError):
        # The value or a partial is a function of the user's that takes floats and nothing else.
        return _interpreted(op, wanted)
    body = "".join(f"    {name} = {text}\n" for name, text in assignments)
    source = (
        f"def function({', '.join(operand.name for operand in operands)}):\n"
        f"{body}    return {value}, ({''.join(text + ', ' for text in texts)})\n"
    )
    made: dict[str, Function] = {}
    exec(source, {**PYTHON_NAMES}, made)
    return made["function"]


def _interpreted(op: Op, wanted: tuple[bool, ...]) -> Function:
    def function(*numbers: float) -> tuple[float, Sequence[float]]:
        arguments = op.grouped(numbers)
        value = op.evaluate(arguments)
        return value, [float(slope) for slope in op.slopes(value, arguments, wanted)]  # type: ignore[arg-type]  # slopes at floats are floats

    return function
