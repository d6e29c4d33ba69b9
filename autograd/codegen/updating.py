"""An optimiser's formula as statements: how a parameter moves along its gradient."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

from autograd.codegen.terms import Expression, Term, Terms, operations_in
from autograd.ops import TABLE
from autograd.symbol import CHOOSE, COMPARISONS

__all__ = ["Assignments", "Change", "can_follow_each_other", "update"]

# (gradient, rate, memory) to what is added to the parameter, and what to remember of it.
Change = Callable[[Any, Any, tuple[Any, ...]], tuple[Any, tuple[Any, ...]]]

_NEVER_FAILING = {TABLE[name] for name in ("add", "sub", "mul", "neg", "abs")}
_NEVER_FAILING |= {CHOOSE, *COMPARISONS.values()}


# By name: what a parameter and its memory become.
Assignments = Sequence[tuple[str, Expression]]


def can_follow_each_other(assignments: Assignments) -> bool:
    """Whether none needs what one before it has changed, and none can fail after one is made."""
    changed: set[str] = set()
    made: set[object] = set()
    for name, expression in assignments:
        if not _NEVER_FAILING.issuperset(operations_in(expression)):
            return False
        if not changed.isdisjoint(_variables_read(expression, made)):
            return False
        changed.add(name)
        made.add(expression)
    return True


def _variables_read(expression: object, made: Container[object]) -> Iterator[str]:
    """The variables of an expression, but for parts that are there already under a new name."""
    if not isinstance(expression, Term) or expression in made:
        return
    if expression.op is None:
        yield expression.name
    for argument in expression.arguments:
        yield from _variables_read(argument, made)


def update(
    change: Change,
    number: str,
    gradient: Expression | str,
    memory: Sequence[str],
    *,
    decay: float,
    rate: str,
) -> Assignments:
    """w + change(∂E/∂w + decay · w, rate, memory) for variables that go by these names.

    The memory is assigned first, then the parameter. Raises TypeError if the formula cannot be
    read, because it asks for the numbers.
    """
    # What is written here is short: nothing has to be continued elsewhere.
    terms = Terms(lambda term: term)
    old = terms.variable(number)
    slope: Expression = terms.variable(gradient) if isinstance(gradient, str) else gradient
    if decay:
        slope = terms.sum(slope, terms.product(decay, old))
    try:
        moved, remembered = change(slope, terms.variable(rate), tuple(map(terms.variable, memory)))
    except (TypeError, AttributeError, LookupError) as error:
        raise TypeError(
            f"the optimiser's formula cannot be compiled, because it asks for the numbers "
            f"({error}): write it with +, −, ×, ÷ and the functions of autograd"
        ) from None
    after = zip(memory, map(terms.number, remembered), strict=True)
    return [*after, (number, terms.sum(old, terms.number(moved)))]
