"""What a row of the table of operations is. The rows themselves stand in `autograd.ops`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import compress
from numbers import Real
from typing import Any, Self, TypeVar, cast, overload

from autograd.row_parts import (
    check_partials,
    check_texts,
    checked_domain,
    checked_operands,
    checked_spelling,
    parameters_of,
)
from autograd.spelling import Spelling

Interval = tuple[float, float]
T = TypeVar("T")
OperandT = TypeVar("OperandT", bound="Operand")

# An error shows no more operands than this.
_MOST_SHOWN = 8


class Operand:
    """What can stand in for a number in a row. A subclass says what an operation on it means."""

    __slots__ = ()

    def _apply(self, op: Op, arguments: tuple[object, ...]) -> Self:
        raise NotImplementedError(f"{type(self).__name__} does not say what {op.name} means")

    def _choose(self, then: Any, otherwise: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not say what a condition means")


@dataclass(frozen=True)
class Kink:
    """A point where the slopes from the two sides differ, and the derivative taken there.

    `operands` is such a point, `derivatives` are the partials taken at it, one per operand.
    `margin(*operands)` is 0 at every kink and grows with the distance from it.
    """

    operands: tuple[float, ...]
    derivatives: tuple[float, ...]
    margin: Callable[..., float]
    text: str


@dataclass(frozen=True, eq=False)
class Op:
    """One row: an operation that can be evaluated, differentiated, written and tested.

    `value` computes the result from the operands and `partials[i](result, *operands)` is
    ∂result/∂operands[i]. An operand named in `sequences` is a list of numbers and its partial a
    list as long; one named in `conditions` is a truth value. A row with a `spelling` is written
    by it; a row without one is a formula over other rows, which is what programs print, while
    people are shown its name.

    >>> from autograd.ops import tanh
    >>> tanh.name, tanh.parameters, tanh(0.0)
    ('tanh', ('x',), 0.0)
    """

    name: str
    value: Callable[..., Any]
    partials: tuple[Callable[..., Any], ...]
    symbol: str = ""
    spelling: Mapping[str, Spelling] = field(default_factory=dict)
    sequences: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    domain: tuple[Interval, ...] = ()
    kink: Kink | None = None
    requires: str = ""
    advice: str = ""
    parameters: tuple[str, ...] = field(init=False)
    defaults: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        signature = parameters_of(self.name, self.value)
        set_once = object.__setattr__
        set_once(self, "parameters", tuple(p.name for p in signature))
        set_once(self, "defaults", tuple(p.default for p in signature if p.default is not p.empty))
        set_once(self, "symbol", self.symbol or self.name)
        set_once(self, "__doc__", self.value.__doc__ or f"The operation {self.name!r}.")
        set_once(self, "__module__", getattr(self.value, "__module__", None))

    def __repr__(self) -> str:
        return f"<operation {self.name}({', '.join(self.parameters)})>"

    @overload
    def __call__(  # type: ignore[overload-overlap]  # plain numbers fit both; the first is meant
        self, *operands: float | Sequence[float], **named: float
    ) -> float: ...
    @overload
    def __call__(
        self,
        *operands: OperandT | float | Sequence[OperandT | float],
        **named: OperandT | float,
    ) -> OperandT: ...
    def __call__(self, *operands: object, **named: object) -> object:
        """The operation on numbers gives a number, on a stand-in what the stand-in makes of it."""
        if named or len(operands) != len(self.parameters):
            operands = self._completed(operands, named)
        if self.sequences:
            operands = self._with_tuples(operands)
        for operand in self.flat(operands):
            if isinstance(operand, Operand):
                return operand._apply(self, operands)
        return self.evaluate(self.numbers(operands))

    @property
    def __signature__(self) -> inspect.Signature:
        required = len(self.parameters) - len(self.defaults)
        defaults = (*[inspect.Parameter.empty] * required, *self.defaults)
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature(
            [
                inspect.Parameter(p, kind, default=d)
                for p, d in zip(self.parameters, defaults, strict=True)
            ]
        )

    def __copy__(self) -> Op:
        return self

    def __deepcopy__(self, memo: object) -> Op:
        return self

    def __reduce__(self) -> str:
        """Pickled by the name under which it stands in a module, as functions are."""
        module = sys.modules.get(str(self.__module__))
        for name, thing in vars(module).items() if module else ():
            if thing is self:
                return name
        raise TypeError(
            f"cannot pickle operation {self.name!r}: it would be looked up by name in "
            f"{self.__module__!r}, where it was made, and it is not there; make it at the top "
            f"level of a module"
        )

    def _completed(
        self, operands: tuple[object, ...], named: Mapping[str, object]
    ) -> tuple[object, ...]:
        """The operands with those given by name and the defaults in their places."""
        defaults = dict(zip(reversed(self.parameters), reversed(self.defaults), strict=False))
        given = dict(zip(self.parameters, operands, strict=False))
        complete = {**defaults, **given, **named}
        if (
            len(operands) > len(self.parameters)
            or given.keys() & named.keys()
            or complete.keys() != set(self.parameters)
        ):
            counted = ", ".join([f"{len(operands)} operands", *named])
            raise TypeError(f"{self.name} takes ({', '.join(self.parameters)}), not {counted}")
        return tuple(complete[p] for p in self.parameters)

    def _with_tuples(self, operands: tuple[object, ...]) -> tuple[object, ...]:
        """The operands with every list as a tuple, all of one length."""
        arguments: list[object] = []
        lengths: set[int] = set()
        for parameter, operand in zip(self.parameters, operands, strict=True):
            if parameter in self.sequences:
                elements = operand if type(operand) is tuple else self._tuple(parameter, operand)
                lengths.add(len(elements))
                arguments.append(elements)
            else:
                arguments.append(operand)
        if len(lengths) > 1:
            counted = " but ".join(
                f"{len(a)} {p}"
                for p, a in zip(self.parameters, arguments, strict=True)
                if isinstance(a, tuple)
            )
            raise ValueError(f"{self.name} was given {counted}: each needs its partner")
        if 0 in lengths:
            raise ValueError(f"{self.name} of an empty list: give it at least one number")
        return tuple(arguments)

    def _tuple(self, parameter: str, operand: object) -> tuple[object, ...]:
        if type(operand) is list:
            return tuple(operand)
        if isinstance(operand, str | Operand) or not hasattr(operand, "__iter__"):
            raise TypeError(
                f"{self.name} takes a list of numbers as {parameter!r}, "
                f"but {operand!r} is a {type(operand).__name__}: write {self.name}([a, b, …])"
            )
        return tuple(operand)

    def flat(self, arguments: tuple[object, ...]) -> tuple[object, ...]:
        """All operands in order, the elements of sequences one by one."""
        if not self.sequences:
            return arguments
        operands: list[object] = []
        for parameter, argument in zip(self.parameters, arguments, strict=True):
            if parameter in self.sequences:
                operands.extend(cast("tuple[object, ...]", argument))
            else:
                operands.append(argument)
        return tuple(operands)

    def grouped(self, operands: Sequence[T]) -> tuple[T | tuple[T, ...], ...]:
        """The inverse of `flat`: all sequences of one operation are equally long."""
        if not self.sequences:
            return tuple(operands)
        singles = len(self.parameters) - len(self.sequences)
        length = (len(operands) - singles) // len(self.sequences)
        rest = iter(operands)
        return tuple(
            tuple(next(rest) for _ in range(length)) if p in self.sequences else next(rest)
            for p in self.parameters
        )

    def _each(self, arguments: tuple[object, ...]) -> Iterator[tuple[str, object]]:
        for parameter, operand in zip(self.parameters, arguments, strict=True):
            if parameter in self.sequences:
                for index, element in enumerate(cast("tuple[object, ...]", operand)):
                    yield f"{parameter}[{index}]", element
            else:
                yield parameter, operand

    def slopes(
        self, result: object, arguments: tuple[object, ...], wanted: Sequence[bool]
    ) -> list[object]:
        """∂result/∂operand for each operand that is wanted; the other partials are not asked."""
        slopes: list[object] = []
        for flag, partial in zip(self.grouped(wanted), self.partials, strict=True):
            if isinstance(flag, tuple):
                if any(flag):
                    slopes += compress(partial(result, *arguments), flag)
            elif flag:
                slopes.append(partial(result, *arguments))
        return slopes

    def numbers(self, arguments: tuple[object, ...]) -> tuple[object, ...]:
        """The arguments with every number a float and every stand-in as it is."""
        try:
            return self.grouped([self._number(where, o) for where, o in self._each(arguments)])
        except (TypeError, ValueError, OverflowError) as error:
            raise type(error)(
                f"{self.name} cannot take {self._given(arguments)}: {error}"
            ) from None

    def _number(self, where: str, operand: object) -> object:
        if type(operand) is float or isinstance(operand, Operand):
            return operand
        # By its name, for numpy's bool is no Python one.
        if where in self.conditions and type(operand).__name__ in ("bool", "bool_"):
            return float(bool(operand))
        return as_float(operand, where)

    def evaluate(
        self, numbers: tuple[object, ...], arguments: tuple[object, ...] | None = None
    ) -> float:
        """The value at plain numbers; outside the domain an error that says what to do.

        The error shows `arguments` if given, which may know more about themselves than numbers.
        """
        try:
            return as_float(self.value(*numbers), f"the value of {self.name}")
        except (ArithmeticError, LookupError, ValueError) as error:
            raise self.failure(arguments or numbers, error) from None

    def failure(self, arguments: tuple[object, ...], error: Exception) -> Exception:
        """The same kind of error, naming the operation, the operands and the way out.

        What a user's own function does not find in a table of its own is a ValueError.
        """
        if isinstance(error, LookupError):
            error = ValueError(f"its function raises {error!r}")
        if isinstance(error, OverflowError):
            reason = "the result is too large for a float (about 1.8e308 at most)"
        else:
            reason = f"it requires {self.requires}" if self.requires else str(error)
        message = f"{self.name} cannot take {self._given(arguments)}: {reason}"
        return type(error)(f"{message}; {self.advice}" if self.advice else message)

    def _given(self, arguments: tuple[object, ...]) -> str:
        given = [f"{where} = {_short(operand)}" for where, operand in self._each(arguments)]
        if len(given) > _MOST_SHOWN:
            given[_MOST_SHOWN:] = [f"… ({len(given)} operands in all)"]
        return ", ".join(given)


def scalar_rule(
    name: str,
    value: Callable[..., Any],
    *partials: Callable[..., Any],
    symbol: str = "",
    spelling: Mapping[str, Spelling] | None = None,
    sequences: Sequence[str] = (),
    conditions: Sequence[str] = (),
    domain: Sequence[Interval] = (),
    kink: Kink | None = None,
    requires: str = "",
    advice: str = "",
) -> Op:
    """Make an operation from its value and one partial derivative per operand.

    y = value(*operands) and ∂y/∂operands[i] = partials[i](y, *operands). The result is called
    like any other operation and is differentiated (to any order), drawn, printed and checked like
    those that are built in. Write value and partials with the functions of this package, then
    they can be differentiated again and printed in every language; a plain Python function serves
    as value too, but only on floats. Operands in `sequences` are lists, those in `conditions` truth
    values. `symbol` and `spelling` say how it is written, by default by its `name`; `requires` and
    `advice` what an error says outside its domain; `domain` gives one interval per operand in which
    tests may pick numbers, `kink` a point with two slopes. The docstring of `value` is its help.

    Raises TypeError when the numbers of operands and partials differ and for arguments of other
    kinds, ValueError for an empty name and for intervals that are none, or not one per operand.

    >>> from autograd import Value, scalar_rule
    >>> cube = scalar_rule("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    >>> x = Value(2.0)
    >>> y = cube(x)
    >>> y.backward()
    >>> y.data, x.grad
    (8.0, 12.0)
    """
    check_texts(name, symbol=symbol, requires=requires, advice=advice)
    parameters = [parameter.name for parameter in parameters_of(name, value)]
    check_partials(name, parameters, partials)
    if not isinstance(kink, Kink | None):
        raise TypeError(f"operation {name!r}: kink is {kink!r} ({type(kink).__name__}), no Kink")
    return Op(
        name,
        value,
        partials,
        symbol=symbol,
        spelling=checked_spelling(name, {} if spelling is None else spelling),
        sequences=checked_operands(name, "sequences", sequences, parameters),
        conditions=checked_operands(name, "conditions", conditions, parameters),
        domain=checked_domain(name, domain, parameters),
        kink=kink,
        requires=requires,
        advice=advice,
    )


@overload
def choose(condition: bool, then: Callable[[], T], otherwise: Callable[[], T]) -> T: ...
@overload
def choose(condition: bool, then: T | Callable[[], T], otherwise: T | Callable[[], T]) -> T: ...
def choose(condition: bool, then: T | Callable[[], T], otherwise: T | Callable[[], T]) -> T:
    """`then` where the condition holds, else `otherwise`; a callable is called only if chosen.

    How a row, such as `relu`, says that a formula has cases, for whatever reads it.
    """
    if isinstance(condition, Operand):
        return cast("T", condition._choose(then, otherwise))
    chosen = then if condition else otherwise
    return chosen() if callable(chosen) else chosen


def as_float(number: object, where: str) -> float:
    """A real number as a float; anything else is a TypeError that says what to do."""
    if type(number) is float:
        return number
    if type(number) is int or (isinstance(number, Real | Decimal) and not isinstance(number, bool)):
        try:
            return float(number)
        except OverflowError:
            raise OverflowError(
                f"{where}: this {type(number).__name__} is too large for a float "
                f"(about 1.8e308 at most); scale it down first"
            ) from None
    raise TypeError(f"{where}: expected a real number, got {_described(number)}")


def _described(thing: object) -> str:
    kind = type(thing).__name__
    advice = "give one number"
    if isinstance(thing, Operand):
        advice = "it is one already; use it as it is, or its float(…) for a new leaf"
    elif isinstance(thing, bool):
        advice = "write 1.0 or 0.0"
    elif isinstance(thing, str | bytes):
        advice = "write float(…) around the text"
    elif isinstance(thing, complex):
        advice = "use its real and imaginary parts as two numbers"
    elif hasattr(thing, "__len__") or hasattr(thing, "__iter__"):
        advice = "take its elements one by one"
    return f"{kind} {_short(thing)}: {advice}"


def _short(thing: object) -> str:
    try:
        shown = repr(thing)
    except ValueError:
        # Python refuses to write out an int of more than some thousand digits.
        return f"a very large {type(thing).__name__}"
    return shown if len(shown) <= 60 else shown[:57] + "…"
