"""How often the mistake that was made is the one that is named.

`python -m tests.benchmarks.diagnosis` prints the whole table.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from autograd import Value, dot, total, verify
from autograd.checking import Claim, Verdict
from tests.autograd.checking.by_hand import (
    RIGHT,
    Net,
    gradients_by_hand,
    node,
    parameters,
    updated_by_hand,
    values_by_hand,
    weight,
)
from tests.autograd.checking.slips import DECLARED, Made, quantities, slips

DIGITS = 6


def graph(net: Net) -> Value:
    """The network as the engine sees it."""
    outputs = [Value(x, f"x{i + 1}") for i, x in enumerate(net.inputs)]
    for layer, (rows, biases) in enumerate(zip(net.weights, net.biases, strict=True)):
        nets = [
            dot(
                [Value(w, weight(layer, unit, k)) for k, w in enumerate(row)],
                outputs,
                Value(bias, node("b", layer, unit)),
            ).named(node("net", layer, unit))
            for unit, (row, bias) in enumerate(zip(rows, biases, strict=True))
        ]
        outputs = [
            getattr(n, net.activation)().named(node("out", layer, u)) for u, n in enumerate(nets)
        ]
    errors = [
        (0.5 * (Value(t, f"t{k + 1}") - o) ** 2).named(f"E{k + 1}")
        for k, (t, o) in enumerate(zip(net.targets, outputs, strict=True))
    ]
    return total(errors).named("E")


def printed_digits(number: float) -> str:
    return f"{number:.{DIGITS - 1}e}"


def is_visible(wrong: float, right: float) -> bool:
    """Whether the mistake moves the number by more than what rounding on the way may do."""
    return abs(wrong - right) > 1e-4 * max(abs(right), abs(wrong))


def named(net: Net, made: Made, chance: random.Random) -> str | None:
    """ "first", "named", "other" or "nothing": what is said about a claim that the mistake made."""
    visible = [q for q, number in made.claims.items() if is_visible(number, made.right[q])]
    if not visible:
        return None
    quantity = chance.choice(visible)
    claim = Claim(quantity, printed_digits(made.claims[quantity]))
    (row,) = verify(graph(net), [claim], update=made.update).rows
    if not row.diagnosis:
        return "nothing"

    def is_it(mistake: str, text: str) -> bool:
        return mistake in made.names and all(place in text for place in made.places)

    first = row.diagnosis[0].number
    same = [d for d in row.diagnosis if math.isclose(d.number, first, rel_tol=1e-12)]
    if any(is_it(d.mistake, d.text) for d in same):
        return "first"
    return "named" if any(is_it(d.mistake, d.text) for d in row.diagnosis) else "other"


def random_net(chance: random.Random, hidden: int, widest: int = 4) -> Net:
    sizes = [chance.randint(2, 3), *(chance.randint(2, widest) for _ in range(hidden)), 2]

    def draw() -> float:
        return round(chance.uniform(-1, 1), 2)

    return Net(
        f"random, {hidden} hidden layer{'s' * (hidden > 1)}",
        chance.choice(["sigmoid", "tanh"]),
        [draw() for _ in range(sizes[0])],
        [draw() for _ in range(sizes[-1])],
        [[[draw() for _ in range(a)] for _ in range(b)] for a, b in pairwise(sizes)],
        [[draw() for _ in range(b)] for b in sizes[1:]],
    )


def documents(chance: random.Random) -> Iterator[Net]:
    """The networks of documents 000, 001 and 004, the last two with a second output."""
    yield Net(
        "document 000",
        "sigmoid",
        [0.05, 0.10],
        [0.01, 0.99],
        [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        [[0.35, 0.35], [0.60, 0.60]],
    )
    yield Net(
        "document 001",
        chance.choice(["sigmoid", "tanh"]),
        [1, 0, 1, 0, 0, 1, 0, 0, 0],
        [1.0],
        [
            [
                [0.1, 0.2, 0.3, -0.4, -0.1, -0.2, -0.3, 0.4, 0.5],
                [0.2, 0.4, 0.1, -0.2, -0.4, 0.3, 0.2, 0.4, -0.2],
            ],
            [[0.7, 0.5]],
        ],
        [[-0.1, 0.2], [0.1]],
    )
    yield Net(
        "document 004",
        "sigmoid",
        [1, -2],
        [1, 0],
        [[[0.5, 0.25]], [[0.8], [-0.6]]],
        [[0.1], [0.05, -0.15]],
    )


@dataclass
class Tally:
    """Outcomes by mistake and by network."""

    by_slip: dict[str, Counter[str]] = field(default_factory=dict)
    by_net: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, slip: str, net: str, outcome: str) -> None:
        self.by_slip.setdefault(slip, Counter())[outcome] += 1
        self.by_net.setdefault(net, Counter())[outcome] += 1

    @property
    def share_of_first(self) -> float:
        counts: Counter[str] = sum(self.by_slip.values(), Counter())
        return counts["first"] / counts.total()

    def __str__(self) -> str:
        lines = [f"{'':48}{'cases':>6}{'first':>8}{'among':>7}{'other':>7}{'nothing':>9}"]
        for name, counts in [*self.by_slip.items(), ("", Counter()), *self.by_net.items()]:
            if counts:
                shares = [
                    f"{100 * counts[outcome] / counts.total():.1f}"
                    for outcome in ("first", "named", "other", "nothing")
                ]
                lines.append(
                    f"{name:48}{counts.total():6}{shares[0]:>8}{shares[1]:>7}{shares[2]:>7}"
                    f"{shares[3]:>9}"
                )
            else:
                lines.append("")
        return "\n".join([*lines, "", f"first named: {100 * self.share_of_first:.2f} %"])


def measure(rounds: int, seed: int) -> Tally:
    chance = random.Random(seed)
    tally = Tally()
    for _ in range(rounds):
        nets = [*documents(chance), *(random_net(chance, hidden) for hidden in (1, 2, 3))]
        for net in nets:
            for made in slips(net, chance):
                outcome = named(net, made, chance) if made else None
                if made and outcome:
                    tally.add(made.slip, net.name, outcome)
    return tally


def false_alarms(count: int, seed: int, widest: int, *, share: float = 1.0) -> int:
    """How many of `count` numbers that are wrong by chance, by up to ± `share`, are explained."""
    chance = random.Random(seed)
    alarms = 0
    for _ in range(count):
        net = random_net(chance, chance.choice((1, 2, 3)), widest)
        found = values_by_hand(net, RIGHT) | quantities(
            gradients_by_hand(net, parameters(net), RIGHT)
        )
        quantity, right = chance.choice(list(found.items()))
        claimed = right * (1 + chance.uniform(-share, share))
        (row,) = verify(graph(net), [Claim(quantity, printed_digits(claimed))]).rows
        alarms += bool(row.diagnosis) or row.verdict is Verdict.ROUNDED
    return alarms


def test_the_mistake_that_was_made_is_the_first_named() -> None:
    tally = measure(rounds=2, seed=1)
    assert tally.share_of_first >= 0.95, str(tally)


def test_numbers_that_are_wrong_by_chance_get_no_diagnosis() -> None:
    assert false_alarms(200, seed=2, widest=4) <= 2


def test_hand_and_engine_agree_where_no_mistake_is_made() -> None:
    for net in documents(random.Random(3)):
        w = parameters(net)
        right = values_by_hand(net, RIGHT) | quantities(gradients_by_hand(net, w, RIGHT))
        claims = {quantity: f"{number:.12e}" for quantity, number in right.items()}
        assert verify(graph(net), claims).ok


@pytest.mark.parametrize("declared", DECLARED)
def test_hand_and_engine_agree_on_updates(declared: str) -> None:
    update, rule = DECLARED[declared]
    for net in documents(random.Random(3)):
        moved = updated_by_hand(net, 3, rule)
        claims = {f"{name} after 3 updates": f"{number:.11e}" for name, number in moved.items()}
        assert verify(graph(net), claims, update=update).ok
