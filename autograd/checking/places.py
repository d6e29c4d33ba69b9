"""What the nodes of a graph are called, which lie side by side, and which look alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import heappop, heappush

from autograd.checking.replay import Tape
from autograd.symbol import Symbol, write

_LONGEST_FORMULA = 40
_DEEPEST_FORMULA = 3
# What comes out of an operation whose name is a verb, or short for one.
_NOUNS = {
    "add": "sum",
    "sub": "difference",
    "mul": "product",
    "div": "quotient",
    "neg": "negative",
    "pow": "power",
    "dot": "dot product",
    "total": "sum",
}

# What counts something has few digits.
_NUMBER = re.compile(r"\d{1,9}")


class Places:
    """The nodes of a tape by their names.

    >>> from autograd import Value
    >>> w1, w2, x = Value(0.5, name="w1"), Value(0.25, name="w2"), Value(2.0, name="x")
    >>> places = Places(Tape([w1 * x + w2]))
    >>> [places.called(i) for i in range(5)]
    ['w1', 'x', 'w2', 'w1·x', 'w1·x + w2']
    >>> places.alike(0)
    [2]
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    def called(self, i: int) -> str:
        """The node's name; without one its formula, or where it stands."""
        if i >= len(self.tape):
            return f"{self.tape.recorded.numbers[i]:g}"
        node = self.tape.nodes[i]
        if node.name:
            return node.name
        if node.is_leaf:
            return f"{node.data:g}"
        formula = self._formula(i, 0)
        if formula is None or len(text := _plain(formula)) > _LONGEST_FORMULA:
            assert node.op is not None
            return f"the {_NOUNS.get(node.op.name, node.op.name)}{self._inside(i)}"
        return text

    def _formula(self, i: int, depth: int) -> Symbol | None:
        node = self.tape.nodes[i] if i < len(self.tape) else None
        if node is None or node.name or node.op is None:
            return Symbol(self.called(i))
        step = self.tape.step(i)
        if depth == _DEEPEST_FORMULA or len(step.operands) > 4:
            return None
        parts = [self._formula(o, depth + 1) for o in step.operands]
        known = [part for part in parts if part is not None]
        return Symbol("", node.op, node.op.grouped(known)) if len(known) == len(parts) else None

    def _inside(self, i: int) -> str:
        """The named node that an unnamed one is a part of."""
        while consumers := self.tape.consumers[i]:
            i = consumers[0][0]
            if name := self.tape.nodes[i].name:
                return f" in {name}"
        return ""

    def listed(self, nodes: Sequence[int]) -> str:
        """Some nodes by name, or the first and the last of many."""
        names = [self.called(i) for i in nodes]
        if len(names) > 4:
            return f"{names[0]} … {names[-1]}"
        return ", ".join(names)

    @cached_property
    def depths(self) -> list[int]:
        """How many operations each node is away from the leaves, at most."""
        depths: list[int] = []
        for parents in self.tape.recorded.parents:
            depths.append(1 + max(depths[parent] for parent in parents) if parents else 0)
        return depths

    def by_formula(self, top: int) -> Iterator[int]:
        """The interior nodes that `top` is computed from, formula by formula.

        First those that belong to its own formula, down to the next named nodes; then those of
        the formulas of these, and so on.
        """
        pending = [(0, -top)]
        seen = {top}
        while pending:
            distance, i = heappop(pending)
            yield -i
            for parent in self.tape.recorded.parents[-i]:
                if parent not in seen and self.tape.steps[parent] is not None:
                    seen.add(parent)
                    heappush(pending, (distance + bool(self.tape.nodes[parent].name), -parent))

    def alike(self, i: int) -> list[int]:
        """Nodes whose names differ from this one's in one number, by one, or by its order.

        w2 and w4 are like w3, w21 and w13 like w12, out_h2 like out_h1.
        """
        name = self.tape.nodes[i].name if i < len(self.tape) else ""
        stem = _NUMBER.sub("#", name)
        numbers = _NUMBER.findall(name)
        if "#" not in stem or stem not in self._families:
            return []
        family = self._families[stem]
        found = [family.get(other) for other in _neighbours(numbers)]
        return [other for other in found if other is not None and other != i]

    @cached_property
    def _families(self) -> dict[str, dict[tuple[str, ...], int]]:
        families: dict[str, dict[tuple[str, ...], int]] = {}
        for i, node in enumerate(self.tape.nodes):
            if node.name:
                family = families.setdefault(_NUMBER.sub("#", node.name), {})
                family[tuple(_NUMBER.findall(node.name))] = i
        return families


def _neighbours(numbers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    found: dict[tuple[str, ...], None] = {}
    for place, number in enumerate(numbers):
        for step in (1, -1):
            found[(*numbers[:place], str(int(number) + step), *numbers[place + 1 :])] = None
    found[tuple(reversed(numbers))] = None
    if len(numbers) == 1 and len(numbers[0]) == 2:
        row, column = map(int, numbers[0])
        for r, c in ((row + 1, column), (row - 1, column), (column, row)):
            if 0 <= r <= 9:
                found[(f"{r}{c}",)] = None
    return iter(found)


def _plain(formula: Symbol) -> str:
    return write(formula, "text").replace(" * ", "·").replace(" - ", " − ")
