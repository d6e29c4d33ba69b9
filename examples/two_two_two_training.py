"""Document 000, repeated: 10,000 updates, and which rule makes which of its printed numbers."""

from __future__ import annotations

import sys
from pathlib import Path

import nn
from autograd import dot, gradients, verify
from examples.presenting import Example, Row, Table, claims_table, curves_plot, run
from examples.two_two_two import BIASES, INPUTS, LEARNING_RATE, TARGETS, WEIGHTS

UPDATES = 10_000
SHOWN = (0, 1, 10, 100, 1_000, 9_999, 10_000)


def network() -> nn.MLP:
    """The document's network at its start, with one bias for each layer."""
    rows = [WEIGHTS[k : k + 2] for k in range(0, 8, 2)]
    return nn.MLP(2, [2, 2], "sigmoid", weights=[rows[:2], rows[2:]], biases=BIASES)


def train(net: nn.MLP) -> list[float]:
    """The errors after 0, 1, … updates of all weights at once: gradient descent."""
    history = nn.fit(
        net,
        [INPUTS],
        [TARGETS],
        loss=nn.half_squared_error,
        optimiser=nn.SGD(net, LEARNING_RATE),
        epochs=UPDATES + 1,
        stop_before_update=True,
    )
    return history.losses


def train_output_first(net: nn.MLP) -> list[float]:
    """The same, with gradients of the hidden layer that see the output layer already updated."""
    hidden, output = net.layers
    errors = []
    while True:
        out_h = hidden(INPUTS)
        out_o = output(out_h)
        E_total = nn.half_squared_error(out_o, TARGETS)
        errors.append(E_total.data)
        if len(errors) > UPDATES:
            return errors
        slopes = gradients(E_total, [out.parents[0] for out in out_o])
        update(output, gradients(E_total, output.parameters()))
        # The slopes ∂E/∂net of the output units are the old ones, the weights below are the new.
        nets = [dot(neuron.weights, out_h, 0.0) for neuron in output.neurons]
        update(hidden, gradients(dot(slopes, nets, 0.0), hidden.parameters()))


def update(layer: nn.Layer, slopes: list[float]) -> None:
    """w⁺ = w − η · ∂E_total/∂w."""
    for parameter, slope in zip(layer.parameters(), slopes, strict=True):
        parameter.data -= LEARNING_RATE * slope


def errors_table(errors: dict[str, list[float]]) -> Table:
    """The error by each rule after so many updates."""
    rows = [
        Row((f"{count:,}", *(f"{numbers[count]:.10g}" for numbers in errors.values())))
        for count in SHOWN
    ]
    return Table("E_total", ("updates", *errors), tuple(rows))


def example() -> Example:
    """The errors by three rules, and the four printed numbers with the rule that makes each."""
    old, new, free = network().freeze("*bias"), network().freeze("*bias"), network()
    errors = {
        "old weights": train(old),
        "output first": train_output_first(new),
        "old weights, biases too": train(free),
    }
    values = {
        f"E({count:,}), {rule}": numbers[count]
        for rule, numbers in errors.items()
        for count in SHOWN
    }
    for rule, net in (("old weights", old), ("output first", new)):
        out_o1, out_o2 = net.predict(INPUTS)
        values |= {f"out_o1, {rule}": out_o1, f"out_o2, {rule}": out_o2}
    report = verify([], Path(__file__).with_suffix(".toml"), values)
    return Example(
        "two_two_two_training",
        "Document 000, repeated 10,000 times",
        (
            "The document computes all gradients from the weights as they were before the update, "
            "and warns against doing otherwise. It prints the error after one update, and the "
            "error and the outputs after 10,000. The first two rules here differ in one thing: "
            "whether the gradients of w1 … w4 pass through w5 … w8 as they were (old weights) or "
            "as they are after their own update (output first). The third trains the biases too.",
            errors_table(errors),
            curves_plot(
                "two_two_two_training",
                "the error on a logarithmic axis; the first two rules lie on top of each other",
                errors,
                across="updates",
                up="E_total",
                first=0,
            ),
            "The four printed numbers are not of one program. The error after one update and both "
            "outputs come from the rule that the document warns against; the error at the end "
            "comes from the rule that it teaches, one update before the 10,000th.",
            claims_table(report),
        ),
        source="https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/",
    )


if __name__ == "__main__":
    sys.exit(run([example]))
