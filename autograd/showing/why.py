"""Why a gradient is zero, tiny, infinite or NaN."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograd.backprop import topological_order
from autograd.checking.kinks import one_sided_slopes
from autograd.functional import gradients
from autograd.showing.allocation import source_line
from autograd.showing.asking import LOST, asked_node, checked_node
from autograd.showing.labels import called
from autograd.showing.notation import number_text
from autograd.value import Value

_DIGITS = 6

# A gradient smaller than this share of the output, or a factor smaller than this, is called tiny.
_TINY = 1e-6
_SMALL_FACTOR = 1e-2

# Contributions that add up to less than this share of the largest cancel each other.
_CANCELLED = 1e-6

_MOST_STEPS = 12
_MOST_PASSES = 1000


@dataclass(frozen=True)
class Reason:
    """One answer to why a number is what it is.

    Attributes:
        kind: "ordinary", "no path", "zero", "cancellation", "tiny", "infinite", "nan", "kink", or
            ".grad", which then is not the derivative.
        text: a sentence.
        chain: the nodes that it speaks of, from the output down.
        node: the first node at which it begins, if there is one.
        source: the line of the program that made this node, if that was traced.
    """

    kind: str
    text: str
    chain: tuple[Value, ...] = ()
    node: Value | None = None
    source: str = ""

    def __str__(self) -> str:
        lines = [self.text]
        if self.chain:
            lines.append(f"  chain: {' ← '.join(_shortened([called(n) for n in self.chain]))}")
        if self.source:
            lines.append(f"  made by {self.source}")
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Answer:
    """What `why` found about one derivative, or about the value of the output."""

    question: str
    number: float
    reasons: tuple[Reason, ...]

    @property
    def kind(self) -> str:
        """The kind of the first reason."""
        return self.reasons[0].kind

    def __str__(self) -> str:
        number = number_text(self.number, _DIGITS)
        return "\n".join([f"{self.question} = {number}", *map(str, self.reasons)])

    def __repr__(self) -> str:
        return str(self)


def why(output: Value, wrt: Value | str | None = None) -> Answer:
    """Why ∂output/∂wrt is zero, tiny, infinite or NaN; without `wrt`, why `output` itself is.

    Named are dead relus, saturated activations with their factor, operands that are not chosen,
    factors that are zero, paths that cancel, overflow, and operations at the edge of their domain,
    with the chain of nodes. Told are also operands that lie exactly at a kink, with the slopes on
    both sides, and a `.grad` of `wrt` that holds something else, as after a second backward(). The
    line of the program that made the first such node is told if `tracemalloc.start(10)` was called
    before. `wrt` is a node or its name.

    Raises ValueError if no node, or more than one, has the name; TypeError for what is no Value.

    >>> x, w = Value(-2.0, name="x"), Value(3.0, name="w")
    >>> net = (w * x).named("net")
    >>> print(why(net.relu().named("out"), w))
    ∂out/∂w = 0
    relu at out is dead: its input net = −6 gives it the slope 0
      chain: out ← net ← w
    """
    checked_node("why", "output", output)
    wrt = None if wrt is None else asked_node("why", output, wrt)
    order = topological_order(output)
    bad = _first_bad_value(order)
    if wrt is None:
        reasons = (bad,) if bad else (Reason("ordinary", "there is nothing strange about it"),)
        return Answer(output.name or "output", output.data, reasons)
    question = f"∂{output.name or 'output'}/∂{_asked(wrt)}"
    number, found = 0.0, [_no_path(output, wrt)]
    if wrt in set(order):
        paths = _Paths(order, output, wrt)
        number, found = paths.number, _reasons(paths, bad)
    found += _other_gradient(output, wrt)
    telling = [reason for reason in found if reason.kind != "ordinary"]
    return Answer(question, number, tuple(telling or found))


def _asked(wrt: Value) -> str:
    if wrt.name or wrt.op:
        return called(wrt)
    number = number_text(wrt.data, _DIGITS)
    return f"({number})" if wrt.data < 0.0 else number


class _Paths:
    """All ways from `wrt` to `output`, with adjoints from above and tangents from below."""

    def __init__(self, order: Sequence[Value], output: Value, wrt: Value) -> None:
        self.output = output
        self.wrt = wrt
        self.tangents = {wrt: 1.0}
        for node in order:
            ways = [
                (parent, partial)
                for parent, partial in zip(node.parents, node.partials, strict=True)
                if parent in self.tangents
            ]
            if ways and node is not wrt:
                self.tangents[node] = sum(self.tangents[p] * partial for p, partial in ways)
        self.order = [node for node in order if node in self.tangents]
        self.adjoints = {output: 1.0}
        for node in reversed(self.order):
            for parent, partial in self.edges(node):
                before = self.adjoints.get(parent, 0.0)
                self.adjoints[parent] = before + self.adjoints[node] * partial
        self.number = self.adjoints[wrt]

    def edges(self, node: Value) -> list[tuple[Value, float]]:
        """The ways on from a node towards `wrt`, with their local derivatives."""
        if node is self.wrt:
            return []
        return [
            (parent, partial)
            for parent, partial in zip(node.parents, node.partials, strict=True)
            if parent in self.tangents
        ]

    def strongest(self) -> list[tuple[Value, Value, float]]:
        """The way whose product of local derivatives is largest, edge by edge from `output`."""
        best: dict[Value, tuple[tuple[int, float], Value | None, float]] = {
            self.wrt: ((0, 0.0), None, 1.0)
        }
        for node in self.order:
            for parent, partial in self.edges(node):
                zeros, size = best[parent][0]
                strength = (
                    (zeros - 1, size) if not partial else (zeros, size + math.log(abs(partial)))
                )
                if node not in best or strength > best[node][0]:
                    best[node] = (strength, parent, partial)
        node, way = self.output, []
        while (below := best[node][1]) is not None:
            way.append((node, below, best[node][2]))
            node = below
        return way


def _reasons(paths: _Paths, bad: Reason | None) -> list[Reason]:
    if not math.isfinite(paths.number):
        return list(_not_finite(paths, bad))
    reasons = list(_of_its_size(paths))
    told = {reason.node for reason in reasons}
    kinks = [reason for reason in _kinks(paths) if reason.node not in told]
    return reasons + kinks[:_MOST_STEPS]


def _of_its_size(paths: _Paths) -> Iterator[Reason]:
    number = paths.number
    way = paths.strongest()
    chain = (paths.output, *(below for _, below, _ in way))
    blocked = [(node, below, partial) for node, below, partial in way if partial == 0.0]
    if number == 0.0 and blocked:
        for node, below, partial in blocked:
            text = _why_small(node, below, partial)
            yield Reason("zero", text, chain, node, source_line(node))
        return
    if (cancelled := _cancellation(paths)) is not None:
        yield cancelled
        return
    if number == 0.0:
        yield Reason("zero", "the product of the local derivatives is too small for a float", chain)
    elif abs(number) < _TINY * max(1.0, abs(paths.output.data)):
        yield from _tiny(way, chain)
    else:
        yield Reason("ordinary", "there is nothing strange about it", chain)


def _tiny(way: Sequence[tuple[Value, Value, float]], chain: tuple[Value, ...]) -> Iterator[Reason]:
    small = sorted((w for w in way if abs(w[2]) < _SMALL_FACTOR), key=lambda w: abs(w[2]))
    for node, below, partial in small[:_MOST_STEPS]:
        yield Reason("tiny", _why_small(node, below, partial), chain, node, source_line(node))
    if not small:
        below_one = [w for w in way if abs(w[2]) < 1.0]
        text = f"{len(below_one)} factors below 1 are multiplied along {len(way)} steps"
        yield Reason("tiny", text, chain)


def _why_small(node: Value, below: Value, partial: float) -> str:
    """What makes the local derivative of a node zero or small."""
    op = node.op
    assert op is not None
    name, operand = called(node), _with_value(below)
    slope = number_text(partial, _DIGITS)
    if at_kink := _at_kink(node, below):
        return at_kink
    if op.name == "relu":
        return f"relu at {name} is dead: its input {operand} gives it the slope 0"
    if op.name in ("maximum", "minimum", "where"):
        return f"{op.name} at {name} did not choose {operand}, so its slope towards it is 0"
    if op.name in ("mul", "dot"):
        return f"the factor of {called(below)} in {name} is {slope}"
    if len(node.parents) == 1 and not op.sequences and op.name != "pow":
        flat = "flat" if op.kink else "saturated"
        return f"{op.name} at {name} is {flat}: at {operand} its slope is {slope}"
    return f"the slope of {name} ({op.name}) towards {operand} is {slope}"


def _at_kink(node: Value, below: Value) -> str:
    """The slopes on both sides and the one that is taken; "" if this is no kink."""
    sides = one_sided_slopes(node, below)
    if sides is None:
        return ""
    assert node.op is not None
    partials = zip(node.parents, node.partials, strict=True)
    taken = sum(partial for parent, partial in partials if parent is below)
    left, right, slope = (number_text(number, _DIGITS) for number in (*sides, taken))
    return (
        f"{_with_value(below)} is exactly at the kink of {node.op.name} at {called(node)}: slope "
        f"{left} from the left, {right} from the right; {slope} is taken"
    )


def _kinks(paths: _Paths) -> Iterator[Reason]:
    """The kinks that have a share in the derivative, from the output down."""
    for node in reversed(paths.order):
        for below, _ in paths.edges(node):
            counts = paths.adjoints[node] and paths.tangents[below]
            if counts and (text := _at_kink(node, below)):
                yield Reason("kink", text, (node, below), node, source_line(node))
                break


def _other_gradient(output: Value, wrt: Value) -> Iterator[Reason]:
    """That `.grad` is not ∂output/∂wrt, if a backward pass has left something else there."""
    [derivative] = gradients(output, [wrt])
    grad = wrt.grad
    if grad == 0.0 or not (math.isfinite(grad) and math.isfinite(derivative)):
        return
    if math.isclose(grad, derivative, rel_tol=1e-9, abs_tol=1e-300):
        return
    text = f".grad of {called(wrt)} is {number_text(grad, _DIGITS)}"
    if not wrt.is_leaf:
        text += ", of the last backward(), which began at another output or with another seed"
    else:
        times = grad / derivative if derivative else 0.0
        if 1.5 < times < _MOST_PASSES and math.isclose(times, round(times), rel_tol=1e-9):
            text += f", {round(times)} times as much: backward() adds to it and seems to have run "
            text += f"{round(times)} times"
        else:
            text += ": backward() adds to it, and ran from another output, on other numbers or "
            text += "with another seed"
        text += " since it was last set to 0 (by .grad = 0.0, or zero_grad() of the model)"
    yield Reason(".grad", text, node=wrt)


def _cancellation(paths: _Paths) -> Reason | None:
    """The first node, from the output down, whose contributions cancel each other."""
    contributions: dict[Value, list[tuple[Value, float]]] = {}
    for node in reversed(paths.order):
        for parent, partial in paths.edges(node):
            contribution = paths.adjoints[node] * partial
            contributions.setdefault(parent, []).append((node, contribution))
    for node in reversed(paths.order):
        parts = contributions.get(node, [])
        largest = max((abs(part) for _, part in parts), default=0.0)
        if len(parts) > 1 and abs(paths.adjoints[node]) < _CANCELLED * largest:
            listed = ", ".join(
                f"{number_text(part, _DIGITS)} over {called(consumer)}" for consumer, part in parts
            )
            text = f"the paths to {called(node)} cancel each other: {listed}"
            return Reason("cancellation", text, (node,), node)
    return None


def _no_path(output: Value, wrt: Value) -> Reason:
    if output.is_leaf:
        return Reason(
            "no path",
            f"{output.name or 'the output'} is a leaf: it was given, or computed under no_grad() "
            f"or from a plain number such as .data, and does not know what it depends on",
        )
    return Reason("no path", f"{called(output)} was not computed from {called(wrt)}; {LOST}")


def _first_bad_value(order: Sequence[Value]) -> Reason | None:
    """The first node that is infinite or NaN."""
    for node in order:
        if math.isfinite(node.data):
            continue
        kind = "nan" if math.isnan(node.data) else "infinite"
        number = number_text(node.data, _DIGITS)
        if node.op is None:
            text = f"{node.name or 'a leaf'} was given as {number}"
        else:
            how = "overflowed to" if kind == "infinite" else "gave"
            text = f"{node.op.name} at {called(node)} {how} {number}: {_operands(node)}"
        return Reason(kind, text, (node,), node, source_line(node))
    return None


def _not_finite(paths: _Paths, bad: Reason | None) -> Iterator[Reason]:
    if bad is not None:
        yield bad
        return
    kind = "nan" if math.isnan(paths.number) else "infinite"
    for node in paths.order:
        for parent, partial in paths.edges(node):
            if not math.isfinite(partial):
                assert node.op is not None
                text = (
                    f"{node.op.name} at {called(node)} is at the edge of its domain: at "
                    f"{_with_value(parent)} its slope is "
                    f"{number_text(partial, _DIGITS)}"
                )
                if kind == "nan":
                    text += ", and 0 · ∞ or ∞ − ∞ is not a number"
                yield Reason(kind, text, (node, parent), node, source_line(node))
                return
    chain = (paths.output, *(below for _, below, _ in paths.strongest()))
    yield Reason(kind, "the product of the local derivatives is too large for a float", chain)


def _operands(node: Value) -> str:
    operands = node.operands[:4]
    listed = ", ".join(
        _with_value(o) if isinstance(o, Value) else number_text(o, _DIGITS) for o in operands
    )
    return listed + (", …" if len(node.operands) > len(operands) else "")


def _with_value(node: Value) -> str:
    number = number_text(node.data, _DIGITS)
    return f"{called(node)} = {number}" if node.name or node.op else number


def _shortened(names: Sequence[str]) -> list[str]:
    if len(names) <= _MOST_STEPS:
        return list(names)
    half = _MOST_STEPS // 2
    return [*names[:half], f"({len(names) - 2 * half} more)", *names[-half:]]
