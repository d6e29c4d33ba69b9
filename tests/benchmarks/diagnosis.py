"""`python -m tests.benchmarks.diagnosis`: is the mistake named that was made, and how fast?

Prints the tables mistakes × networks, the false alarms on numbers that are wrong by chance, and the
time that a thousand claims about a graph of ten thousand nodes take. With two numbers behind it:
rounds of the tables, and numbers wrong by chance.
"""

from __future__ import annotations

import random
import sys
import time
from itertools import pairwise

from autograd import Value, dot, gradients, topological_order, total, verify
from tests.autograd.checking.test_batch import false_alarms_in_batches, measure_batches
from tests.autograd.checking.test_mistake_table import DIGITS, false_alarms, measure
from tests.autograd.checking.test_recurrent import chance_causes, measure_recurrent

LAYERS = (40, 60, 60, 40, 10)


def large() -> tuple[Value, list[Value]]:
    """A network of about ten thousand nodes, and its weights."""
    chance = random.Random(0)
    outputs = [Value(chance.uniform(-1, 1), f"x{i}") for i in range(LAYERS[0])]
    weights = []
    for layer, (n_in, n_out) in enumerate(pairwise(LAYERS)):
        units = []
        for unit in range(n_out):
            row = [
                Value(chance.uniform(-1, 1) / n_in**0.5, f"w{layer}_{unit}_{k}")
                for k in range(n_in)
            ]
            weights += row
            net = dot(row, outputs, Value(0.1, f"b{layer}_{unit}")).named(f"net{layer}_{unit}")
            units.append(net.tanh().named(f"out{layer}_{unit}"))
        outputs = units
    return total([0.5 * (output - 0.3) ** 2 for output in outputs]).named("E"), weights


def seconds_for(share_of_wrong: float) -> str:
    """A thousand claims, of which this share is wrong by a factor."""
    output, weights = large()
    chance = random.Random(1)
    slopes = zip(weights, gradients(output, weights), strict=True)
    right = {f"dE/d{w.name}": slope for w, slope in slopes}
    claims = {}
    for quantity in chance.sample(list(right), 1000):
        wrong = chance.random() < share_of_wrong
        factor = chance.choice([-1, 2, 0.5, 1.3, 0.77]) if wrong else 1.0
        claims[quantity] = f"{factor * right[quantity]:.{DIGITS - 1}e}"
    begin = time.perf_counter()
    report = verify(output, claims)
    taken = time.perf_counter() - begin
    return f"{len(topological_order(output))} nodes, {report.summary}: {taken:.2f} s"


def main() -> None:
    """Measure and print."""
    rounds, numbers = (int(a) for a in [*sys.argv[1:], "40", "2000"][:2])
    print(measure(rounds, seed=10))
    print()
    print(measure_batches(rounds, seed=10))
    print()
    print(measure_recurrent(rounds, seed=10))
    print()
    for widest in (4, 8):
        for share in (1.0, 0.01):
            alarms = false_alarms(numbers, seed=20, widest=widest, share=share)
            print(
                f"wrong by chance, by up to ±{share:.0%}, layers of up to {widest} units: "
                f"{alarms} of {numbers} explained"
            )
    for share in (1.0, 0.01):
        alarms = false_alarms_in_batches(numbers, seed=20, share=share)
        print(
            f"wrong by chance, by up to ±{share:.0%}, two samples: {alarms} of {numbers} explained"
        )
    for significant in (1, 2, 3, 4):
        sure, reserved = chance_causes(numbers, significant, seed=20)
        print(
            f"wrong by chance, significant digits: {significant}, recurrent unit: "
            f"{sure} of {numbers} explained, {reserved} more with a reservation"
        )
    print()
    for share in (0.0, 0.1, 1.0):
        print(seconds_for(share))


if __name__ == "__main__":
    main()
