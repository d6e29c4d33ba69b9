from __future__ import annotations

import math
from typing import Any

import pytest

import autograd
import nn
from autograd import scalar_rule, tanh


def test_every_operation_of_one_number_can_be_an_activation() -> None:
    names = [
        name
        for name, op in vars(autograd).items()
        if isinstance(op, type(tanh)) and op.parameters == ("x",)
    ]
    assert len(names) > 15
    for name in names:
        out = nn.Neuron([0.5], 0.25, name)([0.5])
        assert out.op is getattr(autograd, name)


def test_operations_with_a_default_can_be_activations() -> None:
    assert nn.Neuron([1.0], None, "leaky_relu")([-2.0]).data == -0.02


def test_callables_can_be_activations() -> None:
    cube = scalar_rule("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    for activation in (cube, lambda net: net * net * net):
        neuron = nn.Neuron([2.0], 0.0, activation)
        assert neuron([1.5]).data == neuron.predict([1.5]) == 27.0


def test_an_operation_of_the_users_is_not_taken_for_the_one_of_that_name() -> None:
    wrong = scalar_rule("tanh", tanh.value, lambda y, x: y - y * y)
    neuron = nn.Neuron([1.0], 0.0, wrong)
    out = neuron([0.5])
    assert out.op is wrong
    out.backward()
    assert neuron.weights[0].grad == pytest.approx(0.5 * (math.tanh(0.5) - math.tanh(0.5) ** 2))


@pytest.mark.parametrize(
    "activation",
    [
        autograd.maximum,
        autograd.total,
        scalar_rule("line", lambda x, slope: slope * x, lambda y, x, s: s, lambda y, x, s: x),
    ],
)
def test_an_operation_of_several_numbers_is_no_activation(activation: Any) -> None:
    with pytest.raises(ValueError, match=rf"{activation.name} takes .*one number.*lambda net: "):
        nn.MLP(2, [1], [activation])


def test_the_activation_can_be_changed() -> None:
    neuron = nn.Neuron([1.0], 0.0, "tanh")
    neuron.activation = "sin"
    assert neuron.activation is autograd.sin
    assert neuron([0.5]).data == neuron.predict([0.5]) == math.sin(0.5)
