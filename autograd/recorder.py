"""Prints the function that evaluates one operation and records it in a new `Value`.

To ask a row for its partials at every operation would cost several times the operation itself.
So a row is asked once, with symbols, and what comes out is printed into a Python function like
the one a person would write by hand. This module and `autograd.value` are the two that know how
a Value stores things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd.rows import Op
from autograd.symbol import PYTHON_NAMES, Symbol, write_program

# How many Values (or minus how many plain numbers) stand in the place of each parameter: 1 or -1
# for a single operand, a length for a list. None: some of both, or something that is no float yet.
Pattern = tuple[int | None, ...]

# What a printed function finds by name, or calls its own.
_TAKEN = {"MANY", "Value", "error", "make", "mixed", "new", "node", "op", "paused"}
_TAKEN |= {"record", "recording", "type", "unrecorded", *PYTHON_NAMES}


@dataclass(frozen=True)
class _Place:
    """One number among the operands: how the function is given it and what it calls the float."""

    given: str
    symbol: str
    is_value: bool

    @property
    def read(self) -> str:
        return f"{self.symbol} = {self.given}" + ("._number" if self.is_value else "")


def recorder_source(op: Op, pattern: Sequence[int], *, is_operator: bool = False) -> str:
    """Source of `make(op)`, which returns the function for operands that fit the pattern.

    Python calls an operator with whatever stands on its right, so there the function makes sure
    that this is a Value. Raises TypeError if the value or a partial of the row is a Python
    function that takes floats and nothing else.

    >>> from autograd.ops import mul
    >>> print(recorder_source(mul, (1, -1)))
    def make(op):
        def record(a_node, b):
            if paused and not recording(): return unrecorded(op, (a_node, b,))
            a = a_node._number
            node = new(Value)
            try:
                node._number = a * b
                node._first_partial = b
            except (ArithmeticError, ValueError) as error:
                raise op.failure((a_node, b,), error) from None
            node._op = op
            node._mark = None
            node._first = a_node
            node._second = None
            node._second_partial = b
            node._operands = 1
            return node
        return record
    """
    names = _parameter_names(op)
    arguments = [f"{n}_node" if count > 0 else n for n, count in zip(names, pattern, strict=True)]
    groups = [
        _places(name, argument, count, parameter in op.sequences)
        for name, argument, count, parameter in zip(
            names, arguments, pattern, op.parameters, strict=True
        )
    ]
    places = [place for group in groups for place in group]
    parents = [place.given for place in places if place.is_value]
    reads = [place.read for place in places if place.symbol != place.given]
    if is_operator and list(pattern) == [1, 1]:
        reads.insert(1, "if type({1}) is not Value: return mixed(op, {0}, {1})".format(*arguments))
    variables = [
        tuple(Symbol(place.symbol) for place in group)
        if parameter in op.sequences
        else Symbol(group[0].symbol)
        for parameter, group in zip(op.parameters, groups, strict=True)
    ]
    result = op(*variables)
    # The partials are given the result as an expression, so that they share its parts.
    slopes: list[object] = []
    for partial, parameter, count in zip(op.partials, op.parameters, pattern, strict=True):
        if count > 0:
            slope = partial(result, *variables)
            slopes += slope if parameter in op.sequences else [slope]
    assignments, (value, *partials) = write_program([result, *slopes], "python")
    given = _tuple(arguments)
    body = [
        f"if paused and not recording(): return unrecorded(op, {given})",
        *reads,
        "node = new(Value)",
        "try:",
        *[f"    {name} = {text}" for name, text in assignments],
        f"    node._number = {value}",
        *[f"    {line}" for line in _partial_slots(partials)],
        "except (ArithmeticError, ValueError) as error:",
        f"    raise op.failure({given}, error) from None",
        "node._op = op",
        "node._mark = None",
        *_parent_slots(parents),
    ]
    body += _operand_slots(places)
    lines = "\n".join(f"        {line}" for line in [*body, "return node"])
    return f"def make(op):\n    def record({', '.join(arguments)}):\n{lines}\n    return record"


def _parameter_names(op: Op) -> tuple[str, ...]:
    if _TAKEN.intersection(op.parameters):
        return tuple(f"operand_{i}" for i in range(len(op.parameters)))
    return op.parameters


def _places(name: str, argument: str, count: int, is_sequence: bool) -> list[_Place]:
    if not is_sequence:
        return [_Place(argument, name, count > 0)]
    return [_Place(f"{argument}[{i}]", f"{name}_{i}", count > 0) for i in range(abs(count))]


def _partial_slots(partials: list[str]) -> list[str]:
    if len(partials) > 2:
        return [f"node._first_partial = {_tuple(partials)}"]
    slots = ("_first_partial", "_second_partial")
    return [f"node.{slot} = {text}" for slot, text in zip(slots, partials, strict=False)]


def _parent_slots(parents: list[str]) -> list[str]:
    if len(parents) > 2:
        return [f"node._first = {_tuple(parents)}", "node._second = MANY"]
    second = parents[1] if len(parents) == 2 else None
    return [f"node._first = {parents[0]}", f"node._second = {second}"]


def _operand_slots(places: list[_Place]) -> list[str]:
    """What a Value keeps to know its operands, where its parents do not tell."""
    numbers = [i for i, place in enumerate(places) if not place.is_value]
    if len(places) == 2 and len(numbers) == 1:
        # The plain number takes a slot that is free, which a tuple would not be.
        [i] = numbers
        return [f"node._second_partial = {places[i].given}", f"node._operands = {i}"]
    if len(places) > 2 or numbers:
        return [f"node._operands = {_tuple([place.given for place in places])}"]
    return []


def _tuple(parts: list[str]) -> str:
    return f"({', '.join(parts)},)"
