"""Graphs as JSON: a flat list of nodes, of any depth, that is read without running anything."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NoReturn, overload

from autograd.backprop import topological_order
from autograd.copying import from_facts
from autograd.ops import TABLE
from autograd.rows import Op
from autograd.value import Value

_FORMAT = "autograd graph"
_VERSION = 1

# JSON has no numbers for these.
_WORDS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def to_json(graph: Value | Sequence[Value] | Mapping[str, Value]) -> str:
    """The graph under one Value, under a list of them or under a dict of them, as JSON.

    Data, names, recorded partials and gradients are all kept, to the last bit; one line a node.
    Raises TypeError for anything else, and ValueError for an operation that goes by the name of a
    built-in one.

    >>> x = Value(3.0, name="x")
    >>> print(to_json(x * 2.0))
    {"format": "autograd graph", "version": 1, "nodes": [
    {"name": "x", "data": 3.0},
    {"op": "mul", "operands": [{"node": 0}, 2.0], "partials": [2.0], "data": 6.0}
    ], "output": 1}
    """
    outputs = _outputs(graph)
    index: dict[Value, int] = {}
    for output in outputs:
        if output not in index:
            for node in topological_order(output):
                index.setdefault(node, len(index))
    lines = ",\n".join(json.dumps(_written(node, index), allow_nan=False) for node in index)
    places: object = [index[output] for output in outputs]
    if isinstance(graph, Value):
        places = index[graph]
    elif isinstance(graph, Mapping):
        places = dict(zip(graph, (index[output] for output in outputs), strict=True))
    head = f'{{"format": "{_FORMAT}", "version": {_VERSION}, "nodes": ['
    return f'{head}\n{lines}\n], "output": {json.dumps(places)}}}'


def _outputs(graph: object) -> list[Value]:
    if isinstance(graph, Value):
        return [graph]
    if isinstance(graph, Mapping):
        named = [(f"graph[{key!r}]", output) for key, output in graph.items()]
        for key in graph:
            if not isinstance(key, str):
                raise TypeError(f"to_json: the key {key!r} is no text")
    elif isinstance(graph, Iterable) and not isinstance(graph, str | bytes):
        named = [(f"graph[{i}]", output) for i, output in enumerate(graph)]
    else:
        named = [("the graph", graph)]
    outputs = []
    for where, output in named:
        if not isinstance(output, Value):
            raise TypeError(f"to_json: {where} is {output!r}, but it is to be a Value")
        outputs.append(output)
    return outputs


def _written(node: Value, index: Mapping[Value, int]) -> dict[str, object]:
    entry: dict[str, object] = {"name": node.name} if node.name else {}
    if (op := node.op) is not None:
        if TABLE.get(op.name, op) is not op:
            raise ValueError(
                f"to_json: {node!r} was made by an operation of your own named {op.name!r}, which "
                f"would be read as the built-in one; give it another name"
            )
        entry["op"] = op.name
        entry["operands"] = [
            {"node": index[o]} if isinstance(o, Value) else _number_written(o)
            for o in node.operands
        ]
        entry["partials"] = [_number_written(partial) for partial in node.partials]
    entry["data"] = _number_written(node.data)
    if node.reached:
        entry["grad"] = _number_written(node.grad)
    return entry


def _number_written(number: float) -> float | str:
    return number if math.isfinite(number) else str(number)


def from_json(text: str, operations: Iterable[Op] = ()) -> Any:
    """The Value, the list or the dict of Values that `to_json` wrote; nothing is computed.

    `operations` are those of your own that occur in it, made by `scalar_rule`. Nothing but
    numbers, names and the known operations can come out of the text, whoever wrote it.

    Raises TypeError for what is no text, and ValueError, which says where, for text that is no
    such graph: broken JSON, an unknown operation, the wrong number of operands, a node that uses
    one that comes after it.

    >>> x = Value(3.0, name="x")
    >>> twin = from_json(to_json(x * x))
    >>> twin.backward()
    >>> twin.parents
    (Value(3.0, name='x', grad=6.0), Value(3.0, name='x', grad=6.0))
    """
    known = dict(TABLE)
    if not isinstance(operations, Iterable):
        raise TypeError(f"from_json: operations is {operations!r}, but it is a list of operations")
    for op in operations:
        if not isinstance(op, Op):
            raise TypeError(f"from_json: operations holds {op!r}, which scalar_rule did not make")
        known[op.name] = op
    try:
        return _graph(_parsed(text), known)
    except ValueError as error:
        raise ValueError(f"from_json: {error}") from None


def _parsed(text: str) -> dict[str, Any]:
    if not isinstance(text, str):
        raise TypeError(f"from_json: expected text, got {type(text).__name__}")
    try:
        document = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("lists stand in lists far too deep for a graph") from None
    entry = _entry("the whole", document, {"format", "version", "nodes", "output"})
    if (entry["format"], entry["version"]) != (_FORMAT, _VERSION):
        raise ValueError(
            f"expected format {_FORMAT!r}, version {_VERSION}, "
            f"not {entry['format']!r}, version {entry['version']!r}"
        )
    return entry


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        raise ValueError(f"a key occurs twice in {_short(entry)}")
    return entry


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON; it is written as one of {', '.join(_WORDS)}")


def _graph(document: dict[str, Any], known: Mapping[str, Op]) -> Any:
    nodes: list[Value] = []
    for i, entry in enumerate(_list("nodes", document["nodes"])):
        nodes.append(_node(f"nodes[{i}]", entry, nodes, known))
    output = document["output"]
    if isinstance(output, list):
        return [_referred(f"output[{i}]", place, nodes) for i, place in enumerate(output)]
    if isinstance(output, dict):
        return {key: _referred(f"output[{key!r}]", p, nodes) for key, p in output.items()}
    return _referred("output", output, nodes)


def _node(where: str, entry: object, before: Sequence[Value], known: Mapping[str, Op]) -> Value:
    if isinstance(entry, dict) and "op" in entry:
        entry = _entry(where, entry, {"op", "operands", "partials", "data"}, {"name", "grad"})
        op = _operation(f"{where}.op", entry["op"], known)
        operands = tuple(_each(f"{where}.operands", entry["operands"], before))
        partials = list(_each(f"{where}.partials", entry["partials"], None))
        _check_counts(where, op, operands, partials)
    else:
        entry = _entry(where, entry, {"data"}, {"name", "grad"})
        op, operands, partials = None, (), []
    node = from_facts(Value, (op, _number(f"{where}.data", entry["data"]), operands, partials))
    if "name" in entry:
        if not isinstance(entry["name"], str):
            raise ValueError(f"{where}.name is {_short(entry['name'])}, but a name is text")
        node.name = entry["name"]
    if "grad" in entry:
        node.grad = _number(f"{where}.grad", entry["grad"])
    return node


def _operation(where: str, name: object, known: Mapping[str, Op]) -> Op:
    if not isinstance(name, str) or name not in known:
        raise ValueError(
            f"{where} is {_short(name)}, which is no known operation; give your own as `operations`"
        )
    return known[name]


@overload
def _each(where: str, entry: object, before: None) -> list[float]: ...
@overload
def _each(where: str, entry: object, before: Sequence[Value]) -> list[Value | float]: ...
def _each(
    where: str, entry: object, before: Sequence[Value] | None
) -> list[float] | list[Value | float]:
    """Numbers, and references to nodes that came before, if there may be any."""
    found: list[Any] = []
    for i, thing in enumerate(_list(where, entry)):
        place = f"{where}[{i}]"
        if isinstance(thing, dict) and before is not None:
            reference = _entry(place, thing, {"node"})
            found.append(_referred(f"{place}.node", reference["node"], before))
        else:
            found.append(_number(place, thing))
    return found


def _check_counts(
    where: str, op: Op, operands: Sequence[object], partials: Sequence[float]
) -> None:
    lists, singles = len(op.sequences), len(op.parameters) - len(op.sequences)
    in_lists = len(operands) - singles
    if in_lists != 0 if not lists else (in_lists < lists or in_lists % lists):
        raise ValueError(
            f"{where} has {len(operands)} operands, but {op.name} takes {', '.join(op.parameters)}"
        )
    parents = sum(isinstance(operand, Value) for operand in operands)
    if not 0 < parents == len(partials):
        raise ValueError(
            f"{where} has {len(partials)} partials for {parents} operands that are nodes; there "
            f"must be as many, and one at least"
        )


def _referred(where: str, place: object, before: Sequence[Value]) -> Value:
    if type(place) is not int or not 0 <= place < len(before):
        raise ValueError(
            f"{where} is {_short(place)}, but it is the number of one of the {len(before)} nodes "
            f"before it, counted from 0"
        )
    return before[place]


def _number(where: str, thing: object) -> float:
    if isinstance(thing, str) and thing in _WORDS:
        return _WORDS[thing]
    if type(thing) is float and math.isfinite(thing):
        return thing
    if type(thing) is int and abs(thing) <= 2**53:
        return float(thing)
    raise ValueError(f"{where} is {_short(thing)}, but it is a number that a float can hold")


def _list(where: str, thing: object) -> list[object]:
    if not isinstance(thing, list):
        raise ValueError(f"{where} is {_short(thing)}, but it is a list")
    return thing


def _entry(
    where: str, thing: object, required: Set[str], optional: Set[str] = frozenset()
) -> dict[str, Any]:
    if not isinstance(thing, dict):
        raise ValueError(f"{where} is {_short(thing)}, but it is an object with keys")
    if lacking := required - thing.keys():
        raise ValueError(f"{where} lacks {', '.join(sorted(lacking))}")
    if unknown := thing.keys() - required - optional:
        raise ValueError(f"{where} has unknown keys: {', '.join(map(_short, sorted(unknown)))}")
    return thing


def _short(thing: object) -> str:
    try:
        shown = repr(thing)
    except (ValueError, RecursionError):
        return f"a {type(thing).__name__} too large to show"
    return shown if len(shown) <= 60 else shown[:57] + "…"
