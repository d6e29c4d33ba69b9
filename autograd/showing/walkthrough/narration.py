"""What a walk-through says at each step, as plain texts: the page only places and shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from autograd.ops import dot, mean, total
from autograd.rows import Op
from autograd.showing.labels import number, written
from autograd.showing.walkthrough.passes import Passes, Share
from autograd.showing.walkthrough.stage import called, sums
from autograd.value import Value

__all__ = ["BACKWARD_HEADINGS", "FORWARD_HEADINGS", "backward_rows", "forward_rows", "narration"]

# As many digits as articles print; the ledger has all that a float has.
_DIGITS = 9

FORWARD_HEADINGS = ("node", "computed as", "value")
BACKWARD_HEADINGS = ("gradient of", "by way of", "local", "× upstream", "= share", "sum")

Step = dict[str, object]
Write = Callable[[float], str]


def _short(value: float) -> str:
    return number(value, _DIGITS)


def _exact(value: float) -> str:
    return repr(value + 0.0)


def narration(passes: Passes, digits: int) -> dict[str, object]:
    """Everything that the page shows, ready for JSON.

    `nodes` and `edges` tell from which step on their numbers are to be seen, `steps` what is said
    at each. A node's `sums` are pairs of a step and the text of its gradient field from then on,
    its `shares` pairs of a step and the number of the row of `backward_rows`.
    """
    place = {node: index for index, node in enumerate(passes.nodes)}
    made = {node: step for step, node in enumerate(passes.computed, start=1)}
    seed = len(passes.computed) + 1
    passed_on = {node: step for step, node in enumerate(reversed(passes.computed), start=seed + 1)}
    shares: dict[Value, list[tuple[int, int]]] = {node: [] for node in passes.nodes}
    shares[passes.output].append((seed, 0))
    for row, share in enumerate(_all_shares(passes), start=1):
        shares[share.tail].append((passed_on[share.head], row))
    return {
        "nodes": [
            {
                "label": passes.labels[node],
                "computed": called(passes, node, _DIGITS),
                "value": _exact(node.data),
                "made": made.get(node, 0),
                "sums": _timed_sums(passes, node, seed, passed_on, digits),
                "shares": shares[node],
            }
            for node in passes.nodes
        ],
        "edges": [
            {
                "id": f"edge-{place[share.tail]}-{place[share.head]}-{share.which}",
                "made": made[share.head],
                "passed": passed_on[share.head],
            }
            for node in passes.computed
            for share in passes.shares[node]
        ],
        "steps": [{**step, "node": place[node]} for node, step in _steps(passes)],
    }


def _timed_sums(
    passes: Passes, node: Value, seed: int, passed_on: dict[Value, int], digits: int
) -> list[tuple[int, str]]:
    received = passes.received[node]
    steps = [passed_on[share.head] for share in received] or [seed]
    return list(zip(steps, sums(passes, node, digits), strict=True))


def _steps(passes: Passes) -> Iterator[tuple[Value, Step]]:
    yield passes.output, _given(passes)
    for node in passes.computed:
        if node.op is not None:
            yield node, _forward(passes, node, node.op)
    yield passes.output, _seed(passes)
    for node in reversed(passes.computed):
        yield node, _backward(passes, node)


def _given(passes: Passes) -> Step:
    count = len(passes.given)
    return {
        "phase": "given",
        "title": "What is given",
        "lines": [f"{count} number{'s'[: count != 1]} to start from: inputs, weights, targets."],
        "headings": ["leaf", "value"],
        "rows": [[passes.labels[leaf], _short(leaf.data)] for leaf in passes.given],
    }


def _forward(passes: Passes, node: Value, op: Op) -> Step:
    label = passes.labels[node]
    names = [passes.labels[o] if isinstance(o, Value) else _short(o) for o in node.operands]
    numbers = [_short(float(operand)) for operand in node.operands]
    return {
        "phase": "forward",
        "title": f"{label} is computed",
        "lines": [
            f"{label} = {_written_out(op, names)}",
            f"= {_written_out(op, numbers)}",
            f"= {_short(node.data)}",
        ],
        "headings": ["operand", "value", f"local derivative of {label}"],
        "rows": [
            [passes.labels[share.tail], _short(share.tail.data), _short(share.local)]
            for share in passes.shares[node]
        ],
    }


def _written_out(op: Op, references: Sequence[str]) -> str:
    """The operation on operands that are called so; sums and products of lists term by term."""
    if op not in (dot, total, mean):
        return written(op, references)
    first, *others = op.grouped([_bracketed(reference) for reference in references])
    if op is dot:
        inputs, bias = others
        first = (*(f"{w} × {x}" for w, x in zip(first, inputs, strict=True)), str(bias))
    summed = " + ".join(first)
    return f"({summed}) / {len(first)}" if op is mean else summed


def _seed(passes: Passes) -> Step:
    label = passes.labels[passes.output]
    return {
        "phase": "backward",
        "title": f"The backward pass starts at {label}",
        "lines": [
            f"∂{label}/∂{label} = 1",
            "From here each node hands its gradient on to its operands, times the local "
            "derivative beside the arrow. Where shares meet, they are added.",
        ],
        "headings": [],
        "rows": [],
    }


def _backward(passes: Passes, node: Value) -> Step:
    label, output = passes.labels[node], passes.labels[passes.output]
    return {
        "phase": "backward",
        "title": f"{label} hands its gradient on",
        "lines": [f"∂{output}/∂{label} = {_short(passes.gradients[node])}, all shares added"],
        "headings": ["to", "local", "× upstream", "= share", "sum"],
        "rows": [
            [passes.labels[share.tail], *_share(share, _short)] for share in passes.shares[node]
        ],
    }


def _share(share: Share, in_digits: Write) -> list[str]:
    """Local derivative, upstream gradient, share, and the sum that it is added to."""
    running = in_digits(share.after)
    if share.before is not None:
        running = f"{in_digits(share.before)} + {_bracketed(in_digits(share.amount))} = {running}"
    if not share.is_last:
        running += " + …"
    return [in_digits(share.local), in_digits(share.upstream), in_digits(share.amount), running]


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def forward_rows(passes: Passes) -> Iterator[list[str]]:
    """The ledger of the forward pass: every node, what it is computed as, and its value."""
    for node in (*passes.given, *passes.computed):
        computed = called(passes, node, _DIGITS) or "given"
        yield [passes.labels[node], computed, _exact(node.data)]


def backward_rows(passes: Passes) -> Iterator[list[str]]:
    """The ledger of the backward pass: every share of every gradient, in order."""
    yield [passes.labels[passes.output], "the start", "", "", "1.0", "1.0"]
    for share in _all_shares(passes):
        names = [passes.labels[share.tail], passes.labels[share.head]]
        yield [*names, *_share(share, _exact)]


def _all_shares(passes: Passes) -> Iterator[Share]:
    for node in reversed(passes.computed):
        yield from passes.shares[node]
