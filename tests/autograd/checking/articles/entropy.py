"""An article's logistic regression: three samples, and the mean of their cross entropies."""

from __future__ import annotations

from autograd import Value, log, mean, sigmoid

SAMPLES = (((0.5, 1.0), 1), ((-1.0, 0.3), 0), ((0.8, -0.6), 1))


def loss() -> Value:
    """The mean cross entropy, with the article's names."""
    w1, w2, b = Value(0.4, "w1"), Value(-0.7, "w2"), Value(0.2, "b")
    losses = []
    for count, ((x, u), label) in enumerate(SAMPLES, start=1):
        z = (w1 * Value(x, f"x{count}") + w2 * Value(u, f"u{count}") + b).named(f"z{count}")
        p = sigmoid(z).named(f"p{count}")
        losses.append((-log(p) if label else -log(1 - p)).named(f"l{count}"))
    return mean(losses).named("L")
