"""`Value`: a number that remembers how it was made."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterable
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any, Self, cast

from autograd.backprop import MANY, Node, accumulate_gradients
from autograd.copying import Copyable, Facts
from autograd.ops import TABLE, Arithmetic
from autograd.recorder import Pattern, recorder_source
from autograd.recording import current_tracer, names, paused, recording
from autograd.rows import Op, as_float
from autograd.symbol import FLOATS_ONLY, PYTHON_NAMES


class Value(Copyable, Arithmetic):
    """A real number that records the operations it takes part in.

    `Value(data, name)` makes a leaf: something that is given, such as a weight or an input.
    Operations on Values make new Values that know their operands and, for each of them, the local
    derivative ∂self/∂operand at the moment of the operation. `backward()` multiplies and adds
    these along the graph.

    `data` is any real number (int, float, Fraction, Decimal, numpy scalar) and is kept as a
    float. Text, bool, complex numbers and arrays raise TypeError.

    >>> a, b = Value(5.0, name="a"), Value(6.0, name="b")
    >>> y = (a * b).named("y")
    >>> y.backward()
    >>> y.data, a.grad, b.grad
    (30.0, 6.0, 5.0)
    """

    __slots__ = ("_name", "_number", "_op", "_operands")

    _name: str
    _number: float
    _op: Op | None
    # All operands; unset where they are the parents; or the place of the one plain number beside
    # one parent, which stands in `_second_partial`.
    _operands: tuple[Value | float, ...] | int

    def __init__(self, data: float, name: str = "") -> None:
        super().__init__()
        self._op = None
        nameless = type(name) is str and not name
        self._number = as_float(data, "Value" if nameless else f"Value {name!r}")
        if not nameless:
            self.name = name
        if (tracer := current_tracer.get()) is not None:
            tracer.leaf(self)

    @property
    def data(self) -> float:
        """The number. It can be assigned on leaves, which is how parameters move.

        Partials stay those of the forward pass that recorded them, so an assignment between the
        forward and the backward pass does not change a gradient.
        """
        if (tracer := current_tracer.get()) is not None:
            tracer.reading(self, ".data")
        return self._number

    @data.setter
    def data(self, data: float) -> None:
        if self._op is not None:
            raise AttributeError(
                f"the data of {self!r} was computed by {self._op.name} and cannot be assigned: "
                f"assign to the leaves it was computed from and compute it again"
            )
        if (tracer := current_tracer.get()) is not None:
            tracer.reading(self, ".data = …")
        self._number = data if type(data) is float else as_float(data, f"data of {self!r}")

    @property
    def grad(self) -> float:
        """∂output/∂self from `backward()`: summed over calls on leaves, the last call's inside.

        0.0 before any backward pass has reached this Value. Assign 0.0 to start again.
        """
        if (tracer := current_tracer.get()) is not None:
            tracer.reading(self, ".grad")
        return self._gradient()

    @grad.setter
    def grad(self, grad: float) -> None:
        self._adjoint = grad if type(grad) is float else as_float(grad, f"grad of {self!r}")

    def _gradient(self) -> float:
        # Adding 0.0 turns −0.0, from which sums start, into the 0.0 that people expect.
        return float(self._adjoint) + 0.0 if self.reached else 0.0

    @property
    def reached(self) -> bool:
        """Whether a backward pass has reached this Value, so that `grad` means something."""
        return hasattr(self, "_adjoint")

    @property
    def name(self) -> str:
        """What the article calls it; "" if it has no name."""
        return getattr(self, "_name", "")

    @name.setter
    def name(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"a name is text, got {type(name).__name__} {name!r}")
        self._name = name

    def named(self, name: str) -> Self:
        """Set the name and return this very Value.

        >>> net = (Value(0.5) * 2.0).named("net_h1")
        >>> net.name
        'net_h1'
        """
        self.name = name
        return self

    @property
    def op(self) -> Op | None:
        """The row of the operation that made it; None for a leaf."""
        return self._op

    @property
    def is_leaf(self) -> bool:
        """Whether it was given, not computed."""
        return self._op is None

    @property
    def operands(self) -> tuple[Value | float, ...]:
        """All arguments of the operation in order, plain numbers as floats.

        >>> x = Value(3.0, name="x")
        >>> (x ** 2).operands
        (Value(3.0, name='x'), 2.0)
        """
        operands = getattr(self, "_operands", None)
        if operands is None:
            return self.parents
        if isinstance(operands, tuple):
            return operands
        pair = (self._first, self._second_partial)
        return pair if operands else pair[::-1]

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands that are Values, in order, repeats kept."""
        if self._first is None:
            return ()
        if self._second is None:
            return (self._first,)
        return tuple(self._first) if self._second is MANY else (self._first, self._second)

    @property
    def partials(self) -> tuple[float, ...]:
        """The local derivative ∂self/∂parent for each of `parents`, as recorded.

        >>> x = Value(3.0)
        >>> (x * x).partials
        (3.0, 3.0)
        """
        if self._first is None:
            return ()
        if self._second is None:
            return (self._first_partial,)
        if self._second is MANY:
            return tuple(self._first_partial)
        return (self._first_partial, self._second_partial)

    def backward(self, seed: float = 1.0) -> None:
        """Add seed · ∂self/∂leaf into the `grad` of every leaf below.

        Interior nodes are set to seed · ∂self/∂node. A second call exactly doubles the leaves.

        >>> x = Value(3.0)
        >>> y = x * x + x
        >>> y.backward()
        >>> x.grad
        7.0
        """
        if (tracer := current_tracer.get()) is not None:
            tracer.reading(self, ".backward()")
        accumulate_gradients(self, as_float(seed, "seed of backward()"))

    def _apply(self, op: Op, arguments: tuple[object, ...]) -> Value:
        return apply(op, arguments)

    def _choose(self, then: object, otherwise: object) -> object:
        chosen = then if self else otherwise
        return chosen() if callable(chosen) else chosen

    def _facts(self) -> Facts:
        return self._op, self._number, self.operands, self.partials

    @classmethod
    def _from_facts(cls, facts: Facts) -> Self:
        node = cls.__new__(cls)
        Node.__init__(node)
        op, node._number, operands, partials = facts
        node._op = op
        if op is not None:
            node._operands = operands
            node.connect([o for o in operands if isinstance(o, Value)], partials)
        return node

    def __float__(self) -> float:
        if (tracer := current_tracer.get()) is not None:
            tracer.reading(self, "float(…)")
        return self._number

    def __bool__(self) -> bool:
        return bool(_compared("!=", self, 0.0, self._number != 0.0))

    def __lt__(self, other: Value | float) -> bool:
        return _compared("<", self, other, self._number < _number(other))

    def __le__(self, other: Value | float) -> bool:
        return _compared("<=", self, other, self._number <= _number(other))

    def __gt__(self, other: Value | float) -> bool:
        return _compared(">", self, other, self._number > _number(other))

    def __ge__(self, other: Value | float) -> bool:
        return _compared(">=", self, other, self._number >= _number(other))

    def __repr__(self) -> str:
        name = f", name={self.name!r}" if self.name else ""
        grad = f", grad={self._gradient()!r}" if self.reached else ""
        return f"Value({self._number!r}{name}{grad})"

    def __format__(self, specification: str) -> str:
        return format(self._number, specification) if specification else repr(self)

    if TYPE_CHECKING:
        # Every row is a method too; they are attached below.
        def __getattr__(self, name: str) -> Callable[..., Value]: ...


def _number(other: Value | float) -> float:
    return other._number if isinstance(other, Value) else as_float(other, "comparison of Values")


def _compared(sign: str, left: Value, right: Value | float, outcome: bool) -> bool:
    tracer = current_tracer.get()
    if tracer is None:
        return outcome
    return cast("bool", tracer.comparison(sign, left, right, outcome))


def unrecorded(op: Op, arguments: tuple[object, ...]) -> Value:
    """The number that the operation gives, as a leaf."""
    return Value(op.evaluate(_plain(arguments), arguments))


def data_of(values: Iterable[Value]) -> list[float]:
    """The data of many Values at once."""
    return [value._number for value in values]


# Values count up in a pattern, plain numbers down.
_SIGNS = {frozenset({Value}): 1, frozenset({float}): -1}


def apply(op: Op, arguments: tuple[object, ...]) -> Value:
    """The operation on Values and plain numbers, recorded unless `no_grad` is in force."""
    pattern = _pattern(op, arguments)
    if None in pattern:
        arguments = op.numbers(arguments)
        pattern = _pattern(op, arguments)
    return _recorder(op, pattern)(*arguments)


def _pattern(op: Op, arguments: tuple[Any, ...]) -> Pattern:
    pattern: list[int | None] = []
    for parameter, argument in zip(op.parameters, arguments, strict=True):
        if parameter in op.sequences:
            sign = _SIGNS.get(frozenset(map(type, argument)), 0)
            pattern.append(sign * len(argument) or None)
        else:
            kind = type(argument)
            pattern.append(1 if kind is Value else -1 if kind is float else None)
    return tuple(pattern)


def _unrecorded(op: Op, arguments: tuple[object, ...]) -> Value:
    tracer = current_tracer.get()
    if tracer is None:
        return unrecorded(op, arguments)
    return cast("Value", tracer.operation(op, arguments, recorded=recording.get() is None))


def _plain(arguments: tuple[object, ...]) -> tuple[object, ...]:
    """The arguments with Values as floats."""
    return tuple(
        a._number if isinstance(a, Value) else _plain(a) if isinstance(a, tuple) else a
        for a in arguments
    )


def _interpret(op: Op, arguments: tuple[object, ...]) -> Value:
    """Ask the row itself: for what cannot be printed, or is not worth it."""
    if paused and not recording.get():
        return _unrecorded(op, arguments)
    plain = _plain(arguments)
    operands: tuple[Any, ...] = op.flat(arguments)
    is_parent = [isinstance(operand, Value) for operand in operands]
    try:
        number = as_float(op.value(*plain), f"the value of {op.name}")
        slopes = op.slopes(number, plain, is_parent)
    except (ArithmeticError, LookupError, ValueError) as error:
        raise op.failure(arguments, error) from None
    partials = [as_float(slope, f"a partial of {op.name}") for slope in slopes]
    return Value._from_facts((op, number, operands, partials))


def _mixed(op: Op, a: Value | float, b: Value | float) -> Value:
    """A binary operator where one side is no Value, or one of a subclass."""
    if type(b) is float or (type(b) is int and abs(b) <= _LARGEST):
        return _recorder(op, (1, -1))(a, float(b))
    if type(a) is float or (type(a) is int and abs(a) <= _LARGEST):
        return _recorder(op, (-1, 1))(float(a), b)
    if _is_array(a) or _is_array(b):
        return cast("Value", NotImplemented)
    return apply(op, (a, b))


def _is_array(operand: object) -> bool:
    # An array applies an operator to each of its elements, if it is left to it.
    return hasattr(operand, "__array_ufunc__") and not isinstance(operand, Real)


names |= {
    **PYTHON_NAMES,
    "MANY": MANY,
    "Value": Value,
    "mixed": _mixed,
    "new": Value.__new__,
    "unrecorded": _unrecorded,
}

# What Python calls the operators among the rows.
_OPERATORS = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "div": "truediv",
    "pow": "pow",
    "neg": "neg",
    "abs": "abs",
}

# A whole number beyond this is no float, and the error has to say where it stands.
_LARGEST = int(sys.float_info.max)

# Above this many operands a printed function is not worth its compilation.
_MOST_PRINTED = 100


@cache
def _recorder(op: Op, pattern: Pattern) -> Callable[..., Value]:
    """The function that applies `op` to operands of this pattern, printed where that pays."""

    def interpret(*arguments: object) -> Value:
        return _interpret(op, arguments)

    counts = [count for count in pattern if count is not None]
    if None in pattern or sum(map(abs, counts)) > _MOST_PRINTED:
        return interpret
    try:
        source = recorder_source(op, counts, is_operator=op.name in _OPERATORS)
    except FLOATS_ONLY:
        return interpret
    file = f"<autograd {op.name} {pattern}>"
    # Tracebacks look here for the lines of a file that is none.
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    made: dict[str, Callable[[Op], Callable[..., Value]]] = {}
    exec(compile(source, file, "exec"), names, made)
    record = made["make"](op)
    record.__name__ = record.__qualname__ = op.name
    record.__doc__ = op.__doc__
    return record


def _reflected(op: Op) -> Callable[[Value, float], Value]:
    return lambda value, other: _mixed(op, other, value)


for _op in TABLE.values():
    _name = _OPERATORS.get(_op.name)
    if len(_op.parameters) == 1 and not _op.sequences:
        setattr(Value, f"__{_name}__" if _name else _op.name, _recorder(_op, (1,)))
    elif _name:
        setattr(Value, f"__{_name}__", _recorder(_op, (1, 1)))
        setattr(Value, f"__r{_name}__", _reflected(_op))
