"""A function called once, with Values that are watched: the trace that programs are made of."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from autograd.recording import Tracer, current_tracer, recording, traced_by, unwatched
from autograd.rows import Op, Operand, choose
from autograd.symbol import COMPARISONS
from autograd.value import Value, apply, unrecorded

__all__ = ["Argument", "Guard", "Trace", "trace"]


class Argument(Value):
    """A leaf for an argument, which the function may compare with a number as one.

    Other Values are the same only as themselves. But who writes `if target == 1` expects a number.

    >>> x = Argument(1.0)
    >>> x == 1, x != 1, x == Argument(1.0)
    (True, False, False)
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int | float):
            return self is other
        with unwatched():
            differs = self.data != other
        tracer = current_tracer.get()
        return not (differs if tracer is None else tracer.comparison("!=", self, other, differs))

    __hash__ = Value.__hash__


@dataclass(frozen=True, eq=False)
class Guard:
    """A condition on which the function went one way; the trace holds while it is so again."""

    sign: str
    left: Value | float
    right: Value | float
    outcome: bool
    place: str

    def __str__(self) -> str:
        sides = [
            side.name or "a number without a name" if isinstance(side, Value) else f"{side:g}"
            for side in (self.left, self.right)
        ]
        return f"whether {sides[0]} {self.sign} {sides[1]} ({self.place})"


@dataclass
class Trace:
    """What a function did with its arguments, on one way through its branches.

    `steps` are the Values that operations made and the guards passed, in the order of execution.
    A Value in `detached` is a leaf and yet was computed, by the operation noted there: no gradient
    flows through it. `made` are the leaves that the function made: constants. `error` is what a
    second function of the same arguments measured.
    """

    arguments: list[Value]
    steps: list[Value | Guard] = field(default_factory=list)
    detached: dict[Value, tuple[Op, tuple[Any, ...]]] = field(default_factory=dict)
    made: set[Value] = field(default_factory=set)
    output: Value | float = 0.0
    error: Value | float | None = None

    @property
    def guards(self) -> list[Guard]:
        """The conditions that must hold again, in order."""
        return [step for step in self.steps if isinstance(step, Guard)]


def trace(
    f: Callable[[], object], leaves: list[Value], error: Callable[[], object] | None = None
) -> Trace:
    """Call f, and what measures an error, which do something with the leaves for the arguments.

    Raises TypeError where one of them reads a number out of a Value, which would fix it for all
    later calls, and for a result that is no number.
    """
    recorder = _Recorder(Trace(leaves))
    with traced_by(recorder):
        recorder.trace.output = _result(f())
        if error is not None:
            recorder.trace.error = _result(error())
    return recorder.trace


def _result(output: object) -> Value | float:
    if isinstance(output, _Condition):
        output = bool(output)
    if isinstance(output, bool) or not isinstance(output, Value | int | float):
        raise TypeError(
            f"the function returned a {type(output).__name__}, but gradients are those of a single "
            f"number: return one Value, for instance the sum of a list"
        )
    return output if isinstance(output, Value) else float(output)


class _Recorder(Tracer):
    """Writes down what is done with Values, which record their graph as ever."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def operation(self, op: Op, arguments: tuple[Any, ...], *, recorded: bool) -> Value:
        if any(isinstance(argument, _Condition) for argument in arguments):
            arguments = tuple(
                a.as_operand(p in op.conditions) if isinstance(a, _Condition) else a
                for p, a in zip(op.parameters, arguments, strict=True)
            )
        if not recorded:
            arguments = op.numbers(arguments)
            return self.computed(unrecorded(op, arguments), op, op.flat(arguments))
        before = recording.set(True)
        try:
            node = apply(op, arguments)
        finally:
            recording.reset(before)
        self.trace.steps.append(node)
        return node

    def computed(self, leaf: Value, op: Op, operands: tuple[Any, ...]) -> Value:
        """Note that this leaf is no constant, but what an operation gave."""
        self.trace.made.discard(leaf)
        self.trace.detached[leaf] = op, operands
        self.trace.steps.append(leaf)
        return leaf

    def leaf(self, leaf: object) -> None:
        assert isinstance(leaf, Value)
        self.trace.made.add(leaf)

    def comparison(self, sign: str, left: object, right: object, outcome: bool) -> object:
        values = [side for side in (left, right) if isinstance(side, Value)]
        if self.trace.made.issuperset(values):
            return outcome
        return _Condition(self, Guard(sign, _side(left), _side(right), outcome, _place()))

    def reading(self, value: object, how: str) -> None:
        assert isinstance(value, Value)
        if value not in self.trace.made:
            _refuse(f"{how} of {value.name or 'a Value'}", how)


class _Condition(Operand):
    """The outcome of a comparison, as long as nobody has asked for it.

    Handed to `where` it stays open, and the program decides each time. Whatever else is done with
    it asks, and becomes a guard.
    """

    __slots__ = ("_asked", "_guard", "_operand", "_recorder")

    def __init__(self, recorder: _Recorder, guard: Guard) -> None:
        self._recorder = recorder
        self._guard = guard
        self._asked = False
        self._operand: Value | None = None

    def as_operand(self, is_condition: bool) -> object:
        """What stands for it among the operands of an operation."""
        if not is_condition:
            return bool(self)
        if self._operand is None:
            guard = self._guard
            op, sides = COMPARISONS[guard.sign], (guard.left, guard.right)
            self._operand = self._recorder.computed(Value(float(guard.outcome)), op, sides)
        return self._operand

    def _apply(self, op: Op, arguments: tuple[object, ...]) -> Any:
        return self._recorder.operation(op, arguments, recorded=recording.get() is None)

    def _choose(self, then: Any, otherwise: Any) -> Any:
        return choose(bool(self), then, otherwise)

    def __bool__(self) -> bool:
        if not self._asked:
            self._asked = True
            self._recorder.trace.steps.append(self._guard)
        return self._guard.outcome

    def __eq__(self, other: object) -> bool:
        return bool(self) == other

    def __hash__(self) -> int:
        return hash(bool(self))

    def __index__(self) -> int:
        return int(bool(self))

    __int__ = __index__

    def __float__(self) -> float:
        return float(bool(self))

    def __repr__(self) -> str:
        return repr(bool(self))


def _asking(name: str) -> tuple[Callable[..., object], Callable[..., object]]:
    function = getattr(operator, name)
    return (
        lambda condition, other: function(bool(condition), other),
        lambda condition, other: function(other, bool(condition)),
    )


# What else Python does with a bool.
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"):
    _forward, _backward = _asking(_name)
    setattr(_Condition, f"__{_name.strip('_')}__", _forward)
    setattr(_Condition, f"__r{_name.strip('_')}__", _backward)
for _name in ("lt", "le", "gt", "ge"):
    setattr(_Condition, f"__{_name}__", _asking(_name)[0])


def _side(side: object) -> Value | float:
    return side if isinstance(side, Value) else float(side)  # type: ignore[arg-type]  # a number, or comparing with it has failed


def _place() -> str:
    """File and line of whoever uses the package."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").startswith("autograd."):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "an unknown place"


def _refuse(what: str, how: str) -> NoReturn:
    if how == ".data = …":
        raise TypeError(
            f"{what} inside a function that is compiled: it would be assigned this once and in no "
            f"later call. Assign it outside of the function"
        )
    advice = (
        "Use the Value itself, and the functions of autograd in place of those of math. A number "
        "that is to stay as it is can be read before the function is called"
    )
    if how in (".grad", ".backward()", "gradients(…)"):
        advice = (
            "Let the function return the number to be differentiated, and take its gradients from "
            "value_and_grad(…). For derivatives within it use gradients(…, create_graph=True)"
        )
    raise TypeError(
        f"{what} inside a function that is compiled gives a plain number, which would be the same "
        f"in every later call. {advice}"
    )
