"""two_moons, compiled by everybody: python -m tests.benchmarks.two_moons_compiled."""

from __future__ import annotations

from tests.benchmarks.contest import Goal, hold

UPDATES = 10_000
OURS = "autograd, c trainer"
PEERS = ["JAX, jit of a step", "JAX, jit of the training", "CasADi, C", "numba"]
GOALS = [
    *(Goal(OURS, peer, 1.0) for peer in PEERS),
    Goal(OURS, "C by hand", 1.0 / 3.0),
    Goal("nn.fit, c", "C by hand", 1.0 / 3.0),
]

if __name__ == "__main__":
    hold(
        "two_moons",
        description=__doc__ or "",
        unit="update",
        reference=OURS,
        goals=GOALS,
        most=UPDATES,
    )
