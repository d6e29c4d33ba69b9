"""What claims speak of: nodes, derivatives, given values, and all of these after updates."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from autograd.backprop import topological_order
from autograd.checking.node_names import near_names
from autograd.rows import as_float
from autograd.value import Value


@dataclass(frozen=True)
class NodeValue:
    """The number of a node."""

    node: Value


@dataclass(frozen=True)
class Derivative:
    """∂over/∂under."""

    over: Value
    under: Value


@dataclass(frozen=True)
class DirectPartial:
    """∂⁺over/∂under: along the ways from the one to the other that meet no other named node."""

    over: Value
    under: Value


@dataclass(frozen=True)
class Given:
    """A number that was handed to `verify` and is no part of the graph; the note says whence."""

    number: float
    note: str = ""


@dataclass(frozen=True)
class AfterUpdates:
    """A quantity of the graph after so many updates of its parameters."""

    quantity: NodeValue | Derivative
    count: int


@dataclass(frozen=True)
class Unknown:
    """No quantity; the note says why."""

    note: str


InGraph = NodeValue | Derivative | AfterUpdates
Quantity = InGraph | DirectPartial | Given | Unknown

# Numbers by name; Unknown where a name cannot be said to mean one of them.
Values = Mapping[str, float | Value | Given | Unknown]

_AFTER = re.compile(r"(?P<quantity>.*\S)\s+after\s+(?P<count>\d[\d,]{0,12})\s+updates?", re.DOTALL)
_ONCE = re.compile(r"(?P<quantity>.*[^\s^])\s*(?:\^?\+|⁺)", re.DOTALL)
_SEVERAL = re.compile(r"(?P<quantity>.*[^\s^+⁺])\s*(?P<pluses>(?:\^?[+⁺]\s*){2,})", re.DOTALL)
# What a direct partial has behind its first ∂.
_DIRECT = re.compile(r"\^?[+⁺]\s*(.+)", re.DOTALL)
_NO_UPDATE = (
    "is after an update, and no rule of updates is given: write "
    "verify(…, update=Update(…)) or an [update] table in the claims file"
)


class Names:
    """Reads quantities: named nodes, derivatives between them, updates, and given values.

    What the graph has comes first, so that no claim is compared with itself because the program
    that makes the graph holds the claimed numbers too.

    >>> a, b = Value(5.0, name="a"), Value(6.0, name="b")
    >>> names = Names([a * b], {"a": 7, "c": 3}, updates=False)
    >>> names.find("a"), names.find("c"), names.given("a")
    (NodeValue(node=Value(5.0, name='a')), Given(number=3.0, note=''), 7.0)
    >>> names.find("d").note
    "no node and no value is named 'd'"
    """

    def __init__(self, outputs: Iterable[Value], values: Values, *, updates: bool) -> None:
        self._values = _given(values)
        self._updates = updates
        self._nodes: dict[str, list[Value]] = {}
        for node in _nodes(outputs):
            if node.name:
                self._nodes.setdefault(node.name.strip(), []).append(node)
        self._near: dict[str, str] = {}

    def find(self, quantity: str) -> Quantity:
        """What `quantity` means; several readings are tried in the order that `verify` states."""
        name = quantity.strip()
        found = self._in_graph(name)
        is_free = isinstance(found, Unknown) and name not in self._nodes
        return self._values.get(name, found) if is_free else found

    def given(self, quantity: str) -> float | None:
        """The number among the given values that has this name, whatever else may have it."""
        match self._values.get(quantity.strip()):
            case NodeValue(node):
                return node.data
            case Given(number=number):
                return number
        return None

    def _in_graph(self, name: str) -> InGraph | DirectPartial | Unknown:
        if (several := _SEVERAL.fullmatch(name)) and name not in self._nodes:
            moved = several["quantity"].strip()
            count = len(re.findall("[+⁺]", several["pluses"]))
            if not isinstance(self._now(moved), Unknown):
                return Unknown(f"several updates are written '{moved} after {count} updates'")
        if (after := _after_updates(name)) and name not in self._nodes:
            return self._after(name, after["quantity"].strip(), after.groupdict().get("count"))
        return self._now(name)

    def _now(self, name: str) -> NodeValue | Derivative | DirectPartial | Unknown:
        if name in self._nodes:
            return self._ambiguous(name) or NodeValue(self._nodes[name][0])
        return self._derivative(name)

    def _after(self, name: str, moved: str, count: str | None) -> InGraph | DirectPartial | Unknown:
        inner = self._now(moved)
        if isinstance(inner, DirectPartial):
            return Unknown(f"{name!r}: updates move nodes and derivatives, and nothing else")
        if isinstance(inner, Unknown):
            is_given = moved in self._values and moved not in self._nodes
            if not self._updates and not is_given:
                return self._derivative(name)
            if is_given or _after_updates(moved):
                return Unknown(f"{name!r}: updates move what is in the graph, and nothing else")
            return inner
        if not self._updates:
            is_slip = bool(get_close_matches(name, self._values))
            return self._derivative(name) if is_slip else Unknown(f"{name!r} {_NO_UPDATE}")
        return AfterUpdates(inner, int(count.replace(",", "")) if count else 1)

    def _derivative(self, name: str) -> Derivative | DirectPartial | Unknown:
        readings = list(_derivative_readings(name))
        direct = [(plus[1], under) for over, under in readings if (plus := _DIRECT.match(over))]
        for kind, pairs in ((Derivative, readings), (DirectPartial, direct)):
            for over, under in pairs:
                if over in self._nodes and under in self._nodes:
                    found = kind(self._nodes[over][0], self._nodes[under][0])
                    return self._ambiguous(over) or self._ambiguous(under) or found
        if readings:
            parts = dict.fromkeys((direct or readings)[0])
            missing = [part for part in parts if part not in self._nodes]
            return Unknown("; ".join(map(self._no_node, missing)))
        is_derivative = "/" in name or "grad" in name.casefold()
        hint = "; a derivative is written dE/dw" if is_derivative else ""
        return Unknown(f"no node and no value is named {name!r}{self._suggest(name)}{hint}")

    def _ambiguous(self, name: str) -> Unknown | None:
        count = len(self._nodes[name])
        if count == 1:
            return None
        return Unknown(f"{count} different nodes are named {name!r}: give each a name of its own")

    def _no_node(self, name: str) -> str:
        if name in self._values:
            return f"{name!r} is a given value, and only nodes have derivatives"
        return f"no node is named {name!r}{self._suggest(name)}"

    def _suggest(self, name: str) -> str:
        return f"; near: {near}" if (near := self._slip(name)) else ""

    def _slip(self, name: str) -> str:
        """The known names that `name` may be a slip for, its case aside."""
        if name not in self._near:
            self._near[name] = ", ".join(near_names(name, (*self._values, *self._nodes)))
        return self._near[name]


def _after_updates(name: str) -> re.Match[str] | None:
    return _AFTER.fullmatch(name) or _ONCE.fullmatch(name)


def _given(values: object) -> dict[str, NodeValue | Given | Unknown]:
    if not isinstance(values, Mapping) or not all(isinstance(key, str) for key in values):
        raise TypeError(
            f"values is {reprlib.repr(values)} ({type(values).__name__}), but must map names to "
            f'numbers or Values, as in {{"w5+": 0.35891648}}'
        )
    return {key.strip(): _given_value(key, value) for key, value in values.items()}


def _given_value(key: str, value: object) -> NodeValue | Given | Unknown:
    if isinstance(value, Given | Unknown):
        return value
    if isinstance(value, Value) and not value.is_leaf:
        return NodeValue(value)
    return Given(as_float(value.data if isinstance(value, Value) else value, f"{key!r}"))


def _nodes(outputs: Iterable[Value]) -> Iterator[Value]:
    """Every node under any of the outputs, once."""
    seen: set[Value] = set()
    for output in outputs:
        for node in topological_order(output):
            if node not in seen:
                seen.add(node)
                yield node


def _derivative_readings(quantity: str) -> Iterator[tuple[str, str]]:
    """Numerator and denominator of a derivative; names may hold slashes, so all ways to read it."""
    for position in (i for i, letter in enumerate(quantity) if letter == "/"):
        over, under = quantity[:position].strip(), quantity[position + 1 :].strip()
        if over[:1] in ("d", "∂") and under[:1] in ("d", "∂") and len(over) > 1 < len(under):
            yield over[1:].strip(), under[1:].strip()
