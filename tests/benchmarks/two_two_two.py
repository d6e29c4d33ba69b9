"""Document 000's network, update after update: python -m tests.benchmarks.two_two_two."""

from __future__ import annotations

from tests.benchmarks.contest import Goal, hold

UPDATES = 10_000
GOALS = [
    Goal("autograd, python trainer", "Python, objects and lists", 2.0),
    Goal("autograd, python trainer", "Python, straight line", 1.0 / 1.5),
    Goal("autograd, c trainer", "C by hand", 0.5),
    Goal("nn.fit, c, one epoch", "C by hand", 0.5),
]

if __name__ == "__main__":
    hold(
        "two_two_two",
        description=__doc__ or "",
        unit="update",
        reference="autograd, c trainer",
        goals=GOALS,
        most=10 * UPDATES,
    )
