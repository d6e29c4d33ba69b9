"""Document 003: a neuron that multiplies, and three ways to make its output larger."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

from autograd import Value, draw, gradients, verify
from examples.presenting import Example, Figure, Row, Table, claims_table, run
from examples.presenting.curve import Move, curve_svg

STEP = 0.01
STARTS = ((5.0, 6.0), (-5.0, -6.0))


def neuron(a: Value, b: Value) -> Value:
    """The document's f = a · b."""
    return (a * b).named("f")


def random_step(start: tuple[float, float], chance: Callable[[], float]) -> float:
    """Method 1: add 0.01 times a number from [0, 1) to a and to b, whatever f does."""
    a, b = (Value(data + STEP * chance()) for data in start)
    return neuron(a, b).data


def one_after_the_other(start: tuple[float, float]) -> float:
    """Method 2: follow the derivative with a, then with b, which sees the new a."""
    a, b = (Value(data) for data in start)
    for moving in (a, b):
        [slope] = gradients(neuron(a, b), [moving])
        moving.data += STEP * slope
    return neuron(a, b).data


def both_at_once(start: tuple[float, float]) -> float:
    """Gradient ascent as it is usually meant: both derivatives from the same place."""
    a, b = (Value(data) for data in start)
    slopes = gradients(neuron(a, b), [a, b])
    for moving, slope in zip((a, b), slopes, strict=True):
        moving.data += STEP * slope
    return neuron(a, b).data


def hill(x: Value) -> Value:
    """A curve that rises to its maximum at B, x = 2, and falls behind it."""
    return x * (4 - x)


def uphill(label: str, start: float, step: float) -> Move:
    """One step of gradient ascent on the hill: x⁺ = x + step · dy/dx."""
    x = Value(start, "x")
    y = hill(x)
    [slope] = gradients(y, [x])
    after = start + step * slope
    return Move(label, (start, y.data), (after, hill(Value(after)).data))


# Where the document's figure has A, C and a point close to B, with a step of 0.1 or far too large.
SCENARIOS = (("A", 0.5, 0.1), ("C", 3.5, 0.1), ("left of B", 1.8, 0.1), ("left of B", 1.8, 3.0))


def random_table() -> Table:
    """Method 1: between which bounds its results lie, and whether the printed one does."""
    rows = []
    for start, digits in zip(STARTS, ("30.04698146865633", "29.970177554213326"), strict=True):
        least, most = sorted((random_step(start, lambda: 0.0), random_step(start, lambda: 1.0)))
        here = random_step(start, random.Random(0).random)
        possible = least <= float(digits) <= most
        verdict = "✓ possible" if possible else "✗ impossible"
        cells = (_pair(start), digits, f"{least:g} … {most:g}", repr(here), verdict)
        rows.append(Row(cells, "agrees" if possible else "fails"))
    headings = ("start", "printed", "possible", "here, seed 0", "verdict")
    return Table("Method 1: random steps, from f = 30", headings, tuple(rows))


def order_table() -> Table:
    """Method 2 beside the update of both inputs from the same place."""
    rows = [
        Row((_pair(start), repr(one_after_the_other(start)), repr(both_at_once(start))))
        for start in STARTS
    ]
    headings = ("start", "a, then b with the new a", "both at once")
    return Table("Method 2: the order of the updates", headings, tuple(rows))


def hill_table(moves: list[Move]) -> Table:
    """What one step does from each of the document's points."""
    rows = []
    for move, (_, _, step) in zip(moves, SCENARIOS, strict=True):
        changes = zip(move.start, move.end, strict=True)
        x, y = (f"{before:g} → {after:.4g}" for before, after in changes)
        rows.append(Row((move.label, f"{step:g}", x, y, "up" if move.rises else "down")))
    return Table("Gradient ascent on a curve", ("from", "step", "x", "y", "goes"), tuple(rows))


def _pair(start: tuple[float, float]) -> str:
    return f"({start[0]:g}, {start[1]:g})"


def example() -> Example:
    """Both methods from both starts, and the three scenarios on a curve."""
    f = neuron(Value(STARTS[0][0], "a"), Value(STARTS[0][1], "b"))
    f.backward()
    values = {f"method 2 from {_pair(start)}": one_after_the_other(start) for start in STARTS}
    values["step"] = STEP
    report = verify(f, Path(__file__).with_suffix(".toml"), values)
    moves = [uphill(*scenario) for scenario in SCENARIOS]
    return Example(
        "one_neuron",
        "Document 003: one neuron, a·b",
        (
            "The neuron multiplies its two inputs, and f is to grow. Adding random positive "
            "numbers to a and b makes f larger from (5, 6) and smaller from (−5, −6). Adding a "
            "multiple of each derivative makes it larger from both.",
            Figure("one_neuron", "f = a·b: the derivative by each input is the other", draw(f).svg),
            random_table(),
            claims_table(report),
            "The document moves a first and computes the derivative for b with the new a. With "
            "both derivatives taken from the same place, the result is another one.",
            order_table(),
            "On a curve with a maximum at B the derivative is positive at A and negative at C, "
            "and one rule leads upwards from both. Close to B a step that is too large jumps over "
            "the top and lands lower than it began.",
            hill_table(moves),
            Figure(
                "one_neuron_curve",
                "y = x·(4 − x), steps of gradient ascent from filled to open circles: green leads "
                "up; orange, a step that is too large, down",
                curve_svg(lambda x: hill(Value(x)).data, (0, 4), moves, top=("B", 2.0)),
            ),
        ),
        source="https://www.jianshu.com/p/924398a59c6b",
    )


if __name__ == "__main__":
    sys.exit(run([example]))
