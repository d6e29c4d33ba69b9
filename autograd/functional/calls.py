"""One call of a user's function on Values, so that its output can be differentiated."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from autograd.functional.structure import contains, leaves, shaped_like
from autograd.recording import recorded_inside, setting, unwatched
from autograd.rows import as_float
from autograd.value import Value

# Whether the function is called by another one that is being differentiated.
_nested: ContextVar[bool] = ContextVar("nested", default=False)

Argnums = int | Sequence[int]


@dataclass(frozen=True)
class Call:
    """What went into a function and what came out of it.

    Attributes:
        asked: what the user called, for messages.
        shape: the differentiated arguments as the user gave them.
        variables: the Value that stood for each of these numbers.
        output: what the function returned.
        create_graph: whether results are to be Values: some argument was one, or the function is
            part of another that is being differentiated.
    """

    asked: str
    shape: object
    variables: list[Value]
    output: object
    create_graph: bool

    @property
    def scalar(self) -> Value:
        """The output, which must be one Value."""
        if isinstance(self.output, list | tuple | dict):
            raise TypeError(
                f"{self.asked}: the function returned a {type(self.output).__name__} of "
                f"{len(self.output)}, but only one number has a gradient: add its elements up, or "
                f"ask for the jacobian"
            )
        return _value(self.asked, "the function's result", self.output)

    @property
    def outputs(self) -> list[Value]:
        """All numbers of the output, which must be Values."""
        found = leaves(self.output, "the function's result")
        return [_value(self.asked, where, output) for where, output in found]

    def number(self, value: Value) -> Value | float:
        """A result, as a Value if results are to be Values."""
        return value if self.create_graph else value.data

    # Any: the shape of the arguments, or of the output, which is the user's.
    def shaped(self, elements: Sequence[object]) -> Any:
        """One element per variable, in the lists, tuples and dicts of the arguments."""
        return shaped_like(self.shape, iter(elements))

    def shaped_as_output(self, elements: Sequence[object]) -> Any:
        """One element per output, in the lists, tuples and dicts of the output."""
        return shaped_like(self.output, iter(elements))


class Request:
    """That `f` is to be differentiated by its arguments `argnums`, for whoever `asked`.

    Raises TypeError if `f` is no function or `argnums` no whole numbers, and ValueError if
    `argnums` is empty or names an argument twice.
    """

    def __init__(self, asked: str, f: Callable[..., object], argnums: Argnums) -> None:
        if not callable(f):
            raise TypeError(
                f"{asked}: {f!r} is no function; it is given one, and its arguments later"
            )
        self.asked = asked
        self.f = f
        self.is_single = isinstance(argnums, int)
        self._places = _places(asked, argnums)
        self._names = _parameter_names(f)

    def call(
        self,
        arguments: tuple[object, ...],
        keywords: Mapping[str, object] | None = None,
        beside: object = (),
    ) -> Call:
        """`f(*arguments, **keywords)` with Values for the numbers in the chosen arguments.

        Every number gets a node of its own, also one that is a Value already, so that the
        derivative is by this argument alone, whatever else the function knows that Value from.
        Values `beside` the arguments make results Values, too.
        """
        keywords = keywords or {}
        chosen = self._chosen(len(arguments))
        names = [self._name(i) for i in chosen]
        shapes = [arguments[i] for i in chosen]
        found = [p for name, shape in zip(names, shapes, strict=True) for p in leaves(shape, name)]
        if not found:
            raise ValueError(f"{self.asked}: there is no number in {', '.join(names)}")
        numbers = [_number(self.asked, where, thing) for where, thing in found]
        with _differentiated_inside():
            variables = [
                # Times 1 and not plus 0: that would change −0.
                (n * 1.0).named(n.name) if isinstance(n, Value) else Value(n, name=where)
                for n, (where, _) in zip(numbers, found, strict=True)
            ]
            given = dict(enumerate(arguments))
            given.update(zip(chosen, shaped_like(shapes, iter(variables)), strict=True))
            output = self.f(*given.values(), **keywords)
        with unwatched():
            for variable, number in zip(variables, numbers, strict=True):
                _check_unchanged(self.asked, variable, float(number))
        return Call(
            asked=self.asked,
            shape=shapes[0] if self.is_single else tuple(shapes),
            variables=variables,
            output=output,
            create_graph=_nested.get() or contains([arguments, keywords, beside], Value),
        )

    def _chosen(self, count: int) -> list[int]:
        """The chosen arguments among as many as there are, counted from 0."""
        for place in self._places:
            if not -count <= place < count:
                raise ValueError(
                    f"{self.asked}: argnums names argument {place}, but the function was given "
                    f"{count} by position (they are counted from 0)"
                )
        chosen = [place % count for place in self._places]
        if len(set(chosen)) < len(chosen):
            raise ValueError(f"{self.asked}: argnums names an argument twice: {self._places}")
        return chosen

    def _name(self, i: int) -> str:
        return self._names[i] if i < len(self._names) else f"argument {i}"


@contextmanager
def _differentiated_inside() -> Iterator[None]:
    """Operations are recorded, and derivatives can be differentiated again."""
    with setting(_nested, True), recorded_inside():
        yield


def _places(asked: str, argnums: object) -> list[int]:
    places: list[Any] = list(argnums) if isinstance(argnums, Iterable) else [argnums]
    if not places:
        raise ValueError(f"{asked}: argnums is empty; give the place of one argument at least")
    for place in places:
        if isinstance(place, bool) or not isinstance(place, int):
            raise TypeError(
                f"{asked}: argnums is {argnums!r}, but it is the place of an argument, counted "
                f"from 0, or a list of places"
            )
    return places


def _parameter_names(f: Callable[..., object]) -> list[str]:
    """What the function calls its arguments, as far as it tells."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # some built-in functions tell no signature
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _number(asked: str, where: str, thing: object) -> Value | float:
    if isinstance(thing, Value):
        return thing
    try:
        return as_float(thing, where)
    except (TypeError, OverflowError) as error:
        raise type(error)(f"{asked}: {error}") from None


def _value(asked: str, where: str, output: object) -> Value:
    if isinstance(output, Value):
        return output
    raise TypeError(
        f"{asked}: {where} is {output!r}, a {type(output).__name__} and no Value, so nobody knows "
        f"what it was computed from. Inside, use this package's functions (tanh and not "
        f"math.tanh) and no .data or float(…); return Value(…) for what is constant"
    )


def _check_unchanged(asked: str, variable: Value, number: float) -> None:
    # By their bits, so that NaN is what it was.
    if variable.data.hex() != number.hex():
        raise ValueError(
            f"{asked}: the function assigned {variable.data!r} to the data of its argument "
            f"{variable.name}, which was {number!r}: compute with a new Value instead"
        )
