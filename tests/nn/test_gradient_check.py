"""Gradients of whole networks against measured slopes."""

from __future__ import annotations

import math
from typing import Any

import pytest

import nn
from autograd import Value, scalar_rule, tanh

SAMPLES = [[0.5, -1.0], [1.5, 2.0], [-0.75, 0.25]]
TARGETS = [1, 0, 1]


def network(activation: Any = "tanh") -> nn.MLP:
    return nn.MLP(2, [2, 1], [activation, "sigmoid"], seed=4)


def test_every_parameter_of_a_network_by_its_path() -> None:
    net = network().freeze("layers.0.*")
    net.parameters()[0].grad = 7.0
    before = net.state_dict()
    report = nn.check_gradients(net, SAMPLES, TARGETS, loss=nn.binary_cross_entropy)
    assert report.ok
    assert [row.name for row in report.rows] == list(net.named_parameters())
    assert [row.at for row in report.rows] == list(before.values())
    assert net.state_dict() == before
    assert net.parameters()[0].grad == 7.0
    assert str(report).splitlines()[2].startswith("layers.0.neurons.0.weights.0  ")


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("penalty", [None, lambda parameters: nn.l2_penalty(parameters, 0.5)])
def test_the_gradients_are_those_of_a_training(reduction: Any, penalty: Any) -> None:
    net = network()
    options: dict[str, Any] = {"loss": nn.mean_squared_error, "penalty": penalty}
    report = nn.check_gradients(net, SAMPLES, TARGETS, reduction=reduction, **options)
    nn.fit(
        net,
        SAMPLES,
        TARGETS,
        optimiser=nn.SGD(net, 0.0),
        epochs=1,
        order="full",
        reduction=reduction,
        **options,
    )
    trained = [parameter.grad for parameter in net.parameters()]
    assert [row.analytic for row in report.rows] == pytest.approx(trained, rel=1e-12)
    assert report.ok


def test_a_wrong_derivative_of_an_activation_is_found_below_it_alone() -> None:
    wrong = scalar_rule("wrong", tanh.value, lambda y, x: y - y * y)
    report = nn.check_gradients(network(wrong), SAMPLES, TARGETS, loss=nn.half_squared_error)
    assert {row.name.split(".")[1] for row in report.rows if not row.ok} == {"0"}
    assert all(row.ok for row in report.rows if row.name.startswith("layers.1"))


def test_a_model_that_gives_one_number() -> None:
    class Line(nn.Module):
        def __init__(self) -> None:
            self.slope = Value(2.0)

        def __call__(self, inputs: Any) -> Value:
            return self.slope * float(inputs)

    report = nn.check_gradients(Line(), [1.0, 3.0], [1.0, 5.0], loss=nn.half_squared_error)
    [row] = report.rows
    assert (row.name, row.analytic, row.ok) == ("slope", 2.0, True)  # (1 · 1 + 1 · 3) / 2


def test_data_and_losses_are_checked_as_in_fit() -> None:
    untyped: Any = nn.check_gradients
    net = network()
    with pytest.raises(ValueError, match="there are 3 samples but 2 targets"):
        nn.check_gradients(net, SAMPLES, [1, 0], loss=nn.half_squared_error)
    with pytest.raises(ValueError, match="nan"):
        nn.check_gradients(net, [[math.nan, 1.0]], [1], loss=nn.half_squared_error)
    with pytest.raises(TypeError, match="loss is 'mse', no function"):
        untyped(net, SAMPLES, TARGETS, loss="mse")
    with pytest.raises(ValueError, match="reduction is 'max'"):
        untyped(net, SAMPLES, TARGETS, loss=nn.half_squared_error, reduction="max")
    with pytest.raises(TypeError, match="model is 3, no Module"):
        untyped(3, SAMPLES, TARGETS, loss=nn.half_squared_error)
