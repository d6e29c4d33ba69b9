"""Document 001, the class BPNN: what it costs to code a derivative by hand, and wrongly."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

import nn
from autograd import check_gradients, scalar_rule, sigmoid, tanh, verify
from examples.presenting import Example, Row, Table, claims_table, curves_plot, run

CAT, DOG = (1.0, 0.0, 1.0, 0.0, 1.0), (1.0, 0.0, 1.0, 1.0, 1.0)
PATTERNS = (CAT, CAT, CAT, DOG, CAT, DOG)
QUERIES = (CAT, CAT, DOG, CAT, DOG, CAT, CAT, DOG, CAT, (1.0, 1.0, 1.0, 0.0, 1.0))
PRINTED_ANSWERS = "cat cat dog cat dog cat cat dog cat cat"
HIDDEN = 10
EPOCHS = 1000
STARTS = 60
# The document does not say where its run started. From here the outputs come out as it prints
# them, to three digits.
START = 21

# The document's function, and what it takes for the derivative: that of the logistic function.
hand_coded = scalar_rule("hand_coded", tanh, lambda y, x: y - y * y)

WAYS = {
    "tanh with y − y²": hand_coded,
    "tanh, its own derivative": tanh,
    "logistic function": sigmoid,
}
HAND_CODED, TANH, _ = WAYS


class PreviousGradient(nn.Optimiser):
    """The document's momentum: Δw = −η·g − 0.1·g_previous, not 0.1 of the previous step."""

    memory = (0.0,)

    def change(self, gradient: float, rate: float, memory: nn.Memory) -> tuple[float, nn.Memory]:
        """The formula above; what is remembered is the gradient itself."""
        (previous,) = memory
        return -rate * gradient - 0.1 * previous, (gradient,)


def network(way: str, outputs: int, start: int) -> nn.MLP:
    """The document's network with the weights that `random.seed(start)` gives it.

    It draws weights for a bias unit in each layer too, which its forward pass then leaves out.
    """
    draw = partial(Random(start).uniform, -0.2, 0.2)
    from_inputs = [[draw() for _ in range(HIDDEN + 1)] for _ in range(len(CAT) + 1)]
    from_hidden = [[draw() for _ in range(outputs)] for _ in range(HIDDEN + 1)]
    weights = [_columns(from_inputs[:-1])[:-1], _columns(from_hidden[:-1])]
    return nn.MLP(len(CAT), [HIDDEN, outputs], WAYS[way], weights=weights, biases=None)


def _columns(rows: Iterable[Sequence[float]]) -> list[tuple[float, ...]]:
    return list(zip(*rows, strict=True))


def train(
    net: nn.MLP,
    stop: nn.StopRule,
    measure: nn.Measure = nn.root_mean_squared_error,
    epoch_error: Literal["mean", "sum"] = "sum",
) -> nn.History:
    """One pattern after another; the error of an epoch is the sum of those of its patterns."""
    one_output = len(net.predict(CAT)) == 1
    targets = {CAT: [1.0], DOG: [0.0]} if one_output else {CAT: [1.0, 0.0], DOG: [0.0, 1.0]}
    return nn.fit(
        net,
        PATTERNS,
        [targets[pattern] for pattern in PATTERNS],
        loss=nn.half_squared_error,
        optimiser=PreviousGradient(net, learning_rate=0.1),
        stop=stop,
        measure=measure,
        epoch_error=epoch_error,
        compile="auto",
    )


def answers(net: nn.MLP, queries: Iterable[Sequence[float]]) -> str:
    """A class for each query: by the larger of two outputs, or by whether one is above ½."""
    two = [[*outputs, 0.5][:2] for outputs in net.predict(list(queries))]
    return " ".join("cat" if cat > other else "dog" for cat, other in two)


def has_learnt(net: nn.MLP) -> bool:
    """Whether it gives each of the six patterns its class."""
    return answers(net, PATTERNS) == "cat cat cat dog cat dog"


def derivatives_table() -> Table:
    """The derivative that each way takes, beside the slope of its function."""
    rows = []
    for way, function in WAYS.items():
        for x in (0.5, -0.5):
            [found] = check_gradients(function, x).rows
            slope = f"{found.numeric.value:.6f}" if found.numeric else ""
            cells = (way, f"{x:g}", f"{found.analytic:.6f}", slope, "✓" if found.ok else "≠")
            rows.append(Row(cells, "agrees" if found.ok else "known wrong"))
    headings = ("way", "at x", "derivative taken", "slope measured", "equal")
    return Table("Derivatives, and slopes measured from values alone", headings, tuple(rows))


class Trained(NamedTuple):
    """A network at the end of its training."""

    net: nn.MLP
    history: nn.History


def train_all(starts: range, epochs: int) -> dict[tuple[str, int], list[Trained]]:
    """For each way, and one output and two: a network from each start."""
    trained: dict[tuple[str, int], list[Trained]] = {}
    for way, outputs in product(WAYS, (1, 2)):
        nets = [network(way, outputs, start) for start in starts]
        trained[way, outputs] = [Trained(net, train(net, nn.Epochs(epochs))) for net in nets]
    return trained


def learnt_table(trained: dict[tuple[str, int], list[Trained]]) -> Table:
    """From how many starts all six patterns are learnt."""
    rows = []
    for way in WAYS:
        runs = [trained[way, outputs] for outputs in (1, 2)]
        learnt = [f"{sum(has_learnt(run.net) for run in each)} of {len(each)}" for each in runs]
        rows.append(Row((way, *learnt)))
    title = "Starts from which all six patterns are learnt"
    return Table(title, ("way", "one output", "two outputs"), tuple(rows))


def answers_table(net: nn.MLP) -> Table:
    """The document's ten queries to its network with two outputs."""
    found = answers(net, QUERIES)
    agree = found == PRINTED_ANSWERS
    rows = (
        Row(("printed", PRINTED_ANSWERS)),
        Row(("here", f"{found} {'✓' if agree else '✗'}"), "agrees" if agree else "fails"),
    )
    return Table("The ten queries, two outputs", ("", "answers in order"), rows)


def stops_table() -> Table:
    """Each of the document's rules to end a training, the second of them in both its forms."""
    change, error = nn.ParameterChangeBelow(0.005), nn.ErrorBelow(0.25)
    per_cent = partial(train, measure=nn.percent_wrong(), epoch_error="mean")
    trainings = {
        "changes below a threshold": partial(train, stop=change),
        "error below a threshold": partial(train, stop=error),
        "error in per cent below one": partial(per_cent, stop=nn.ErrorBelow(1.0)),
        "number of epochs": partial(train, stop=nn.Epochs(100)),
    }
    rows = []
    for rule, training in trainings.items():
        history = training(network(TANH, 1, START))
        rows.append(Row((rule, f"{history.epochs:,}"), note=history.stopped_by))
    return Table("When to stop", ("rule", "epochs"), tuple(rows))


def example() -> Example:
    """The printed results, then all ways from the same starts."""
    one, two = network(HAND_CODED, 1, START), network(HAND_CODED, 2, START)
    train(one, nn.Epochs(EPOCHS))
    least = train(two, nn.Epochs(EPOCHS)).least_errors[-1]
    [cat], [dog] = one.predict([CAT, DOG])
    report = verify([], Path(__file__).with_suffix(".toml"), {"cat": cat, "dog": dog})
    trained = train_all(range(STARTS), EPOCHS)
    return Example(
        "six_patterns",
        "Document 001: the class BPNN and its derivative",
        (
            "Five inputs, ten hidden units, one output or two; weights drawn from (−0.2, 0.2). "
            "The class calls tanh “sigmoid”, and takes y − y² for its derivative, which is that "
            "of the logistic function. As a user's own operation, made by scalar_rule, it trains "
            "here exactly as it does there, with the document's own kind of momentum.",
            claims_table(report),
            answers_table(two),
            f"With the answers the document prints “Err: 0.1075…”, the least sum of the six errors "
            f"in an epoch. From the start of this run, which is not the document's, it is "
            f"{least:.4f}. So it seems to work. But these are numbers of a start where it does. "
            "The derivative has even the wrong sign where y is negative:",
            derivatives_table(),
            "Where an output is negative, each step makes its error larger. The same starts, "
            "three ways; nothing else is changed:",
            learnt_table(trained),
            curves_plot(
                "six_patterns",
                "start 8, one output: the sum of the six errors of an epoch",
                {way: trained[way, 1][8].history.errors for way in WAYS},
                across="epoch",
                up="error",
                first=1,
            ),
            "The document names three rules to end a training. Here each of them ends that of "
            "tanh with its own derivative and one output:",
            stops_table(),
        ),
    )


if __name__ == "__main__":
    sys.exit(run([example]))
