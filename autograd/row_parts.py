"""What a row may be made of: an error for what it may not, before anything is made."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real

from autograd.spelling import Spelling


def check_texts(operation: object, **texts: object) -> None:
    """TypeError unless the operation's name and what else is said in words are text."""
    for argument, text in (("name", operation), *texts.items()):
        if not isinstance(text, str):
            raise TypeError(f"operation {operation!r}: {argument} is {_told(text)}, not text")
    if not operation:
        raise ValueError("an operation needs a name: errors and pictures show it")


def parameters_of(operation: str, value: object) -> list[inspect.Parameter]:
    """The operands that the value takes; TypeError unless each can be given by its position."""
    if not callable(value):
        raise TypeError(
            f"operation {operation!r}: value is {_told(value)}, not a function of the operands"
        )
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except ValueError:
        raise TypeError(
            f"operation {operation!r}: {value!r} does not tell what operands it takes; "
            f"write a lambda around it"
        ) from None
    if any(p.kind in (p.VAR_POSITIONAL, p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in parameters):
        raise TypeError(
            f"operation {operation!r} must take each operand by position; for any number of "
            f"operands take one list and name it in `sequences`"
        )
    return parameters


def check_partials(operation: str, parameters: Sequence[str], partials: Sequence[object]) -> None:
    """TypeError unless there is one function for each operand."""
    if len(partials) != len(parameters):
        raise TypeError(
            f"operation {operation!r} has {len(parameters)} operands "
            f"({', '.join(parameters)}) but {len(partials)} partial derivatives: "
            f"give one callable per operand, called as partial(result, *operands)"
        )
    for parameter, partial in zip(parameters, partials, strict=True):
        if not callable(partial):
            raise TypeError(
                f"operation {operation!r}: the partial towards {parameter!r} is {_told(partial)}, "
                f"not a function called as partial(result, *operands)"
            )


def checked_operands(
    operation: str, argument: str, names: Iterable[str], parameters: Sequence[str]
) -> frozenset[str]:
    """The names of operands that are lists, or conditions; TypeError if there is none of them."""
    if isinstance(names, str) or not _all_are(str, names):
        raise TypeError(
            f"operation {operation!r}: {argument} is {_told(names)}, not a list of the operands' "
            f"names, as in {argument}={list(parameters[:1])!r}"
        )
    if stray := [name for name in names if name not in parameters]:
        raise TypeError(f"operation {operation!r} has no operand {', '.join(map(repr, stray))}")
    return frozenset(names)


def checked_spelling(operation: str, spelling: Mapping[str, Spelling]) -> Mapping[str, Spelling]:
    """How the operation is written in each language; TypeError for what is no `Spelling`."""
    if not isinstance(spelling, Mapping) or not _all_are(Spelling, spelling.values()):
        raise TypeError(
            f"operation {operation!r}: spelling is {_told(spelling)}, not a Spelling for each "
            f'language, such as {{"python": Spelling("f({{0}})")}}'
        )
    return spelling


def checked_domain(
    operation: str, domain: Iterable[tuple[float, float]], parameters: Sequence[str]
) -> tuple[tuple[float, float], ...]:
    """One interval per operand, or none at all; TypeError or ValueError for anything else."""
    intervals = tuple(domain) if isinstance(domain, Iterable) else None
    if intervals is None or not all(map(_is_pair, intervals)):
        raise TypeError(
            f"operation {operation!r}: domain is {_told(domain)}, not a list of pairs of numbers, "
            f"one for each operand, as in domain={[(-1.0, 1.0)] * len(parameters)!r}"
        )
    if len(intervals) not in (0, len(parameters)):
        raise ValueError(
            f"operation {operation!r}: domain has {len(intervals)} intervals for "
            f"{len(parameters)} operands ({', '.join(parameters)}): give one for each"
        )
    for parameter, (low, high) in zip(parameters, intervals, strict=False):
        if not -math.inf < low <= high < math.inf:
            raise ValueError(
                f"operation {operation!r}: tests cannot pick {parameter!r} in ({low!r}, {high!r}): "
                f"give two finite numbers, the smaller one first"
            )
    return intervals


def _is_pair(interval: object) -> bool:
    return isinstance(interval, tuple | list) and len(interval) == 2 and _all_are(Real, interval)


def _all_are(kind: type, things: object) -> bool:
    return isinstance(things, Iterable) and all(isinstance(thing, kind) for thing in things)


def _told(thing: object) -> str:
    return f"{thing!r} ({type(thing).__name__})"
