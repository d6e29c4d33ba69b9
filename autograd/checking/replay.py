"""A recorded graph as a list of steps that can be run again with some of them changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from heapq import heappop, heappush

from autograd.backprop import topological_order
from autograd.rows import Op, as_float
from autograd.symbol import FLOATS_ONLY, PYTHON_NAMES, Symbol, write_program
from autograd.value import Value

# The value of a node and one slope per parent, from the numbers of its operands.
Function = Callable[..., tuple[float, Sequence[float]]]

# Above this many operands a printed function is not worth its compilation.
_MOST_PRINTED = 1000


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

    def scaled(self, factor: float) -> Step:
        """Value and slopes, all multiplied by `factor`."""

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            value, slopes = self.function(*numbers)
            return factor * value, [factor * slope for slope in slopes]

        return replace(self, function=function)

    def misread(self, place: int, other: int) -> Step:
        """The value with another node in the place of an operand, and the slopes as they were."""
        count = len(self.operands)

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            operands, wrong = numbers[:count], numbers[count]
            value, _ = self.function(*operands[:place], wrong, *operands[place + 1 :])
            return value, self.function(*operands)[1]

        return replace(self, function=function, operands=(*self.operands, other))

    def without_operand(self, place: int, neutral: float) -> Step:
        """The value with a number in the place of an operand, and the slopes as they were."""

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            value, _ = self.function(*numbers[:place], neutral, *numbers[place + 1 :])
            return value, self.function(*numbers)[1]

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
        if under >= over or not self.parents[over]:
            return 1.0 if under == over else 0.0
        return self.adjoints(over)[under]

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
        self._ancestors: dict[int, list[int]] = {}
        self.size = sum(len(step.operands) for step in self.steps if step)
        # How many operands have been read again, for those who must not go on for ever.
        self.work = 0

    def __len__(self) -> int:
        return len(self.nodes)

    def step(self, i: int) -> Step:
        """How the interior node `i` is computed."""
        step = self.steps[i]
        if step is None:
            raise ValueError(f"{self.nodes[i]!r} is a leaf: it is given, not computed")
        return step

    def revalued(self, i: int, change: Callable[[float], float]) -> Step:
        """The step of node `i` with its value changed, and the slopes that belong to that value."""
        step, op = self.step(i), self.nodes[i].op
        assert op is not None
        slopes = slopes_function(op, len(step.operands), step.wanted)

        def function(*numbers: float) -> tuple[float, Sequence[float]]:
            value = change(step.function(*numbers)[0])
            return value, slopes(value, *numbers)

        return replace(step, function=function)

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
            math.isclose(new, old, rel_tol=1e-9, abs_tol=1e-300)
            or (math.isnan(new) and math.isnan(old))
            for new, old in zip(run.numbers, self.recorded.numbers, strict=True)
        )

    def run(self, changed: Steps, leaves: Mapping[int, float] | None = None) -> Run:
        """The graph computed again with some steps or leaves changed; only what depends on them."""
        numbers, slopes = self.recorded.numbers.copy(), self.recorded.slopes.copy()
        given = leaves or {}
        for i in self._affected([*changed, *given]):
            if i in given:
                numbers[i] = given[i]
                continue
            step = changed.get(i) or self.step(i)
            self.work += len(step.operands)
            numbers[i], slopes[i] = step.function(*[numbers[o] for o in step.operands])
        return Run(numbers, slopes, self.recorded.parents)

    def _affected(self, changed: Iterable[int]) -> Iterator[int]:
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
        self.work += self.size
        numbers = self.recorded.numbers.copy()
        for i, number in leaves.items():
            numbers[i] = number
        slopes: list[Sequence[float]] = [()] * len(self.nodes)
        for i, step in enumerate(self.steps):
            if step is not None:
                done = (changed.get(i) or step) if changed else step
                numbers[i], slopes[i] = done.function(*[numbers[o] for o in done.operands])
        return Run(numbers, slopes, self.recorded.parents)

    def tangents(self, under: int) -> dict[int, float]:
        """∂node/∂under for every node computed from `under`, itself included."""
        if under not in self._descendants:
            tangents = {under: 1.0}
            for i in self._affected([under]):
                tangent = tangents[i]
                for consumer, position in self.consumers[i]:
                    slope = self.recorded.slopes[consumer][position]
                    tangents[consumer] = tangents.get(consumer, 0.0) + tangent * slope
            self._descendants[under] = tangents
        return self._descendants[under]

    def interior_ancestors(self, over: int) -> list[int]:
        """Every interior node that `over` is computed from, itself included, the latest first."""
        if over not in self._ancestors:
            pending, seen = [-over], {over}
            found = []
            while pending:
                i = -heappop(pending)
                if self.steps[i] is not None:
                    found.append(i)
                for parent in self.recorded.parents[i]:
                    if parent not in seen and self.steps[parent] is not None:
                        seen.add(parent)
                        heappush(pending, -parent)
            self._ancestors[over] = found
        return self._ancestors[over]


@cache
def step_function(op: Op, count: int, wanted: tuple[bool, ...]) -> Function:
    """The operation on `count` numbers: its value, and its slopes towards the wanted operands.

    The row is asked once, with symbols, and what it says is printed into a Python function.
    """
    operands = [Symbol(f"x{i}") for i in range(count)]
    arguments = op.grouped(operands)
    printed = None
    if count <= _MOST_PRINTED:
        printed = _printed(operands, lambda: _value_and_slopes(op, arguments, wanted))
    if printed is not None:
        return printed

    def interpreted(*numbers: float) -> tuple[float, Sequence[float]]:
        grouped = op.grouped(numbers)
        value = op.evaluate(grouped)
        return value, _interpreted_slopes(op, value, grouped, wanted)

    return interpreted


@cache
def slopes_function(op: Op, count: int, wanted: tuple[bool, ...]) -> Callable[..., Sequence[float]]:
    """The slopes alone, from a value that may not be what the operands give, and the operands."""
    operands = [Symbol(f"x{i}") for i in range(count)]
    arguments = op.grouped(operands)
    value = Symbol("y")
    printed = None
    if count <= _MOST_PRINTED:
        printed = _printed([value, *operands], lambda: [0.0, *op.slopes(value, arguments, wanted)])
    if printed is not None:
        return lambda *numbers: printed(*numbers)[1]
    return lambda y, *numbers: _interpreted_slopes(op, y, op.grouped(numbers), wanted)


def _value_and_slopes(
    op: Op, arguments: tuple[object, ...], wanted: Sequence[bool]
) -> list[object]:
    # The slopes are given the value as an expression, so that they share its parts.
    value: object = op(*arguments)  # type: ignore[call-overload]  # as many groups as parameters
    return [value, *op.slopes(value, arguments, wanted)]


def _printed(operands: Sequence[Symbol], ask: Callable[[], Sequence[object]]) -> Function | None:
    """A Python function of the operands, from symbols for its value and its slopes."""
    try:
        assignments, (value, *texts) = write_program(ask(), "python")
    except FLOATS_ONLY:
        return None
    body = "".join(f"    {name} = {text}\n" for name, text in assignments)
    source = (
        f"def function({', '.join(operand.name for operand in operands)}):\n"
        f"{body}    return {value}, ({''.join(text + ', ' for text in texts)})\n"
    )
    made: dict[str, Function] = {}
    exec(source, {**PYTHON_NAMES}, made)
    return made["function"]


def _interpreted_slopes(
    op: Op, value: float, arguments: tuple[object, ...], wanted: Sequence[bool]
) -> Sequence[float]:
    try:
        slopes = op.slopes(value, arguments, wanted)
    except LookupError as error:
        raise op.failure(arguments, error) from None
    return [as_float(slope, f"a partial of {op.name}") for slope in slopes]
