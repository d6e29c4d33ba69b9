"""Plain numbers and lists of a known length, from whatever kind of them a user has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from autograd import Value


def as_number(number: object, where: str) -> float:
    """The number as a float; anything that is no real number is a TypeError that says where.

    >>> as_number(3, "target 0")
    3.0
    """
    if type(number) is float:
        return number
    try:
        # The engine knows what a real number is and what to do about the rest.
        return Value(number).data  # type: ignore[arg-type]  # it is asked whether it is one
    except (TypeError, OverflowError) as error:
        raise type(error)(f"{where}{str(error).removeprefix('Value')}") from None


def is_list(thing: object) -> TypeGuard[Sequence[Any]]:
    """Whether it has elements: a list, a tuple, an array. Text counts as one thing.

    >>> is_list([1.0]), is_list(1.0), is_list("cat")
    (True, False, False)
    """
    return hasattr(thing, "__iter__") and not isinstance(thing, str | bytes)


def checked_list(things: object, count: int, where: str, expected: str) -> list[Any]:
    """The things as a list; an error that says what was expected unless there are so many.

    >>> checked_list((0.5, 1.0), 2, "biases", "one per neuron")
    [0.5, 1.0]
    """
    if not is_list(things):
        raise TypeError(f"{where}: expected a list with {expected}, got {things!r}")
    listed = list(things)
    if len(listed) != count:
        raise ValueError(
            f"{where}: expected {expected}, that is {count}, but got {len(listed)}: {things!r}"
        )
    return listed


def checked_inputs(inputs: object, count: int, where: str) -> tuple[Any, ...]:
    """One sample as a tuple, which the engine takes fastest; an error if its length is wrong.

    >>> checked_inputs([0.05, 0.1], 2, "layers.0")
    (0.05, 0.1)
    """
    if type(inputs) is tuple:
        given = inputs
    elif is_list(inputs):
        given = tuple(inputs)
    else:
        raise TypeError(
            f"{where} takes a list of inputs, not {inputs!r}, a {type(inputs).__name__}: "
            f"write [x] for a single one"
        )
    if len(given) != count:
        wanted = "1 input" if count == 1 else f"{count} inputs"
        raise ValueError(f"{where} expects {wanted}, but got {len(given)}: {inputs!r}")
    return given
