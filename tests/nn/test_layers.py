from __future__ import annotations

import copy
import gc
import math
from collections.abc import Callable
from random import Random, getstate, seed
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, no_grad, tanh, topological_order
from autograd.checking import numerical_derivative

untyped: Any = nn  # for arguments that annotations rule out

# Document 000, as reference values made by 50-digit arithmetic.
INPUTS = [0.05, 0.1]
OUT_H = [0.5932699921071872, 0.596884378259767]
OUT_O = [0.7513650695523157, 0.7729284653214626]
GRADIENTS = {"w1": 0.00043856773447434674, "w4": 0.0009954254705217202, "w5": 0.08216704056423078}


def document_000() -> nn.MLP:
    w = [Value(number, f"w{i}") for i, number in enumerate([0.15, 0.2, 0.25, 0.3], start=1)]
    w += [Value(number, f"w{i}") for i, number in enumerate([0.4, 0.45, 0.5, 0.55], start=5)]
    return nn.MLP(
        2,
        [2, 2],
        weights=[[w[0:2], w[2:4]], [w[4:6], w[6:8]]],
        biases=[Value(0.35, "b1"), Value(0.6, "b2")],
        names=[["h1", "h2"], ["o1", "o2"]],
    )


def test_the_network_of_document_000_has_its_names_numbers_and_gradients() -> None:
    net = document_000()
    outputs = net([Value(0.05, "i1"), Value(0.1, "i2")])
    E_total = nn.half_squared_error(outputs, [0.01, 0.99])
    E_total.backward()
    nodes = {node.name: node for node in topological_order(E_total) if node.name}
    assert [nodes["out_h1"].data, nodes["out_h2"].data] == pytest.approx(OUT_H, abs=1e-15)
    assert [nodes["out_o1"].data, nodes["out_o2"].data] == pytest.approx(OUT_O, abs=1e-15)
    assert {name: nodes[name].grad for name in GRADIENTS} == pytest.approx(GRADIENTS, abs=1e-15)
    net_h1 = nodes["net_h1"]
    assert net_h1.op is autograd.dot
    assert [operand.name for operand in net_h1.parents] == ["w1", "w2", "i1", "i2", "b1"]
    assert net_h1.parents[-1] is nodes["net_h2"].parents[-1]


def test_a_neuron_uses_the_very_values_it_is_given() -> None:
    w, b = Value(2.0), Value(1.0)
    first, second = nn.Neuron([w], b), nn.Neuron([w, 3.0], b)
    assert first.weights[0] is second.weights[0] is w
    assert first.bias is second.bias is b


def test_a_neuron_without_bias_has_none_in_its_parameters() -> None:
    neuron = nn.Neuron([2.0, 3.0], None, "identity")
    assert list(neuron.named_parameters()) == ["weights.0", "weights.1"]
    assert neuron([1.0, 1.0]).data == 5.0


def test_the_output_of_a_linear_neuron_is_its_net_input() -> None:
    out = nn.Neuron([2.0], 0.5, "linear", name="y")([3.0])
    assert (out.name, out.data, out.op) == ("out_y", 6.5, autograd.dot)


def test_a_named_neuron_gives_its_name_to_the_parameters_it_makes() -> None:
    given = Value(2.0, "w7")
    neuron = nn.Neuron([given, 3.0, Value(4.0)], 1.0, name="h1")
    assert [weight.name for weight in neuron.weights] == ["w7", "h1.weights.1", ""]
    assert neuron.bias is not None
    assert neuron.bias.name == "h1.bias"


def test_named_neurons_of_layers_do_so_too() -> None:
    net = nn.MLP(
        2,
        [2, 2, 1],
        weights=[None, [[0.5, Value(0.25, "w2")], [1.0, 2.0]], None],
        biases=[0.35, nn.uniform(-1.0, 1.0), 0.6],
        names=[["h1", "h2"], ["", "k2"], ["o"]],
    )
    named = {path: value.name for path, value in net.named_parameters().items()}
    assert named == {
        "layers.0.shared_bias": "layers.0.shared_bias",
        "layers.0.neurons.0.weights.0": "h1.weights.0",
        "layers.0.neurons.0.weights.1": "h1.weights.1",
        "layers.0.neurons.1.weights.0": "h2.weights.0",
        "layers.0.neurons.1.weights.1": "h2.weights.1",
        "layers.1.neurons.0.weights.0": "",
        "layers.1.neurons.0.weights.1": "w2",
        "layers.1.neurons.0.bias": "",
        "layers.1.neurons.1.weights.0": "k2.weights.0",
        "layers.1.neurons.1.weights.1": "k2.weights.1",
        "layers.1.neurons.1.bias": "k2.bias",
        "layers.2.neurons.0.weights.0": "o.weights.0",
        "layers.2.neurons.0.weights.1": "o.weights.1",
        "layers.2.neurons.0.bias": "o.bias",
    }
    assert nn.Layer(1, 2, bias=0.5, names=["a", "b"]).neurons[1].bias.name == "shared_bias"  # type: ignore[union-attr]  # there is one
    assert nn.Layer(1, 2, bias=0.5).neurons[1].bias.name == ""  # type: ignore[union-attr]  # as above


def test_an_unnamed_neuron_names_nothing() -> None:
    out = nn.Neuron([2.0])([3.0])
    assert (out.name, out.parents[0].name) == ("", "")


# What numpy makes of the same network, in arrays; activations it knows are its own.
ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": np.tanh,
    "sin": np.sin,
    "relu": lambda x: np.maximum(x, 0.0),
    "absolute": np.abs,
    "identity": lambda x: x,
    "linear": lambda x: x,
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_outputs_are_those_of_array_arithmetic(activation: str) -> None:
    samples = np.random.default_rng(3).uniform(-1.0, 1.0, (20, 3))
    net = nn.MLP(
        3, [5, 4, 2], activation, weights=nn.normal(), biases=nn.uniform(-1.0, 1.0), seed=5
    )
    columns = samples.T
    for layer in net.layers:
        weights = np.array([[weight.data for weight in n.weights] for n in layer.neurons])
        biases = np.array([[n.bias.data] for n in layer.neurons if n.bias is not None])
        columns = ACTIVATIONS[activation](weights @ columns + biases)
    np.testing.assert_allclose(net.predict(samples.tolist()), columns.T, rtol=1e-12, atol=1e-14)


def test_a_mean_of_losses_has_the_measured_slopes() -> None:
    net = nn.MLP(2, [3, 2], ["tanh", "identity"], seed=11)
    data = [([0.3, -0.7], [0.5, -0.5]), ([0.9, 0.2], [-0.25, 1.0])]

    def loss() -> Value:
        return autograd.mean([nn.mean_squared_error(net(x), t) for x, t in data])

    loss().backward()
    for path, parameter in net.named_parameters().items():
        start = parameter.data

        def moved(number: float, parameter: Value = parameter) -> float:
            parameter.data = number
            return loss().data

        slope = numerical_derivative(moved, start)
        parameter.data = start
        assert parameter.grad == pytest.approx(slope.value, rel=1e-8, abs=1e-11), path


finite = st.floats(-1e3, 1e3)


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=4), st.integers(0, 50))
def test_predictions_are_the_recorded_outputs_to_the_last_bit(
    samples: list[tuple[float, float]], number: int
) -> None:
    net = nn.MLP(2, [4, 3, 2], ["sigmoid", "gelu", "identity"], seed=number)
    recorded = [[output.data for output in net(sample)] for sample in samples]
    assert net.predict(samples) == recorded
    assert net.predict(samples[0]) == recorded[0]
    with no_grad():
        assert net.predict(samples) == recorded


def test_each_module_predicts_in_its_own_shape() -> None:
    neuron = nn.Neuron([2.0, 1.0], 0.0, "identity")
    layer = nn.Layer(2, 1, "identity", weights=[[2.0, 1.0]])
    assert neuron.predict([1.0, 2.0]) == 4.0
    assert neuron.predict([[1.0, 2.0], [0.0, 1.0]]) == [4.0, 1.0]
    assert layer.predict([1.0, 2.0]) == [4.0]
    assert layer.predict([[1.0, 2.0], [0.0, 1.0]]) == [[4.0], [1.0]]


def test_whole_numbers_and_arrays_are_inputs_too() -> None:
    layer = nn.Layer(2, 1, "identity", weights=[[2.0, 1.0]])
    array = np.array([[1, 2], [0, 1]])
    assert [layer(row)[0].data for row in array] == [4.0, 1.0]
    assert untyped.Layer(2, 1, "identity", weights=[[2.0, 1.0]]).predict(array) == [[4.0], [1.0]]
    assert layer([Value(1.0), 2])[0].data == 4.0


def test_predicting_leaves_nothing_behind() -> None:
    net = nn.MLP(2, [4, 1], seed=1)
    samples = [[0.1 * i, 0.2] for i in range(50)]
    net.predict(samples)
    gc.collect()
    before = sum(isinstance(thing, Value) for thing in gc.get_objects())
    predictions = net.predict(samples)
    assert sum(isinstance(thing, Value) for thing in gc.get_objects()) == before
    assert type(predictions[0][0]) is float


def test_a_number_as_bias_is_shared_and_a_list_is_not() -> None:
    shared = nn.Layer(3, 2, bias=0.5)
    assert next(iter(shared.named_parameters())) == "shared_bias"
    assert len(shared.parameters()) == 7
    assert shared.neurons[0].bias is shared.neurons[1].bias is shared.shared_bias
    own = nn.Layer(3, 2, bias=[0.5, 0.25])
    assert [n.bias.data for n in own.neurons if n.bias is not None] == [0.5, 0.25]
    assert len(own.parameters()) == 8
    assert len(nn.Layer(3, 2, bias=None).parameters()) == 6
    assert len(nn.MLP(3, [2, 2], biases=None).parameters()) == 10
    assert len(nn.MLP(3, [2, 2], biases=[0.5, None]).parameters()) == 11


def test_the_same_seed_draws_the_same_network_and_leaves_the_global_generator_alone() -> None:
    seed(0)
    before = getstate()
    first, second = (nn.MLP(2, [3, 1], seed=4).state_dict() for _ in range(2))
    assert getstate() == before
    assert first == second != nn.MLP(2, [3, 1], seed=5).state_dict()


def test_weights_are_drawn_row_by_row_and_then_the_biases() -> None:
    net = nn.MLP(2, [3, 1], weights=nn.uniform(0, 0.01), biases=nn.uniform(0, 0.01), seed=42)
    generator = Random(42)
    drawn = [generator.uniform(0, 0.01) for _ in range(13)]
    hidden, output = net.layers
    weights = [weight.data for neuron in hidden.neurons for weight in neuron.weights]
    assert weights == drawn[:6]
    assert [n.bias.data for n in hidden.neurons if n.bias is not None] == drawn[6:9]
    assert [weight.data for weight in output.neurons[0].weights] == drawn[9:12]


def test_layers_can_share_one_generator() -> None:
    generator = Random(1)
    assert (
        nn.Layer(2, 1, seed=generator).state_dict() != nn.Layer(2, 1, seed=generator).state_dict()
    )


INITIALISERS = [
    (nn.uniform(-0.2, 0.4), 0.1, 0.6**2 / 12, 0.4),
    (nn.normal(1.0, 0.5), 1.0, 0.25, math.inf),
    (nn.xavier_uniform(), 0.0, 2 / 100, math.sqrt(6 / 100)),
    (nn.xavier_normal(), 0.0, 2 / 100, math.inf),
    (nn.he_uniform(), 0.0, 2 / 60, math.sqrt(6 / 60)),
    (nn.he_normal(), 0.0, 2 / 60, math.inf),
    (nn.constant(0.1), 0.1, 0.0, 0.1),
]


@pytest.mark.parametrize(("initialiser", "mean", "variance", "largest"), INITIALISERS)
def test_initialisers_have_the_moments_they_promise(
    initialiser: Callable[[Random, int, int], float], mean: float, variance: float, largest: float
) -> None:
    generator = Random(0)
    drawn = np.array([initialiser(generator, 60, 40) for _ in range(20_000)])
    spread = math.sqrt(variance)
    assert drawn.mean() == pytest.approx(mean, abs=0.03 * spread + 1e-12)
    assert drawn.var() == pytest.approx(variance, rel=0.05, abs=1e-20)
    assert drawn.max() <= largest


def test_layers_of_relus_start_wider_than_others() -> None:
    relu = nn.Layer(100, 100, "relu", seed=3).neurons
    tanh_ = nn.Layer(100, 100, "tanh", seed=3).neurons
    ratio = relu[7].weights[7].data / tanh_[7].weights[7].data
    assert ratio == pytest.approx(math.sqrt(2.0))


def test_repr_says_what_it_is() -> None:
    assert repr(document_000()) == "MLP(2 → 2 → 2, sigmoid; 10 parameters)"
    assert repr(nn.Layer(2, 3, lambda x: x, bias=None)) == "Layer(2 → 3, <lambda>; 6 parameters)"
    assert repr(nn.Neuron([1.0], None, tanh)) == "Neuron(1 → 1, tanh; 1 parameter)"


def test_a_copy_is_a_network_of_its_own() -> None:
    net = document_000().freeze("b*")
    other = copy.deepcopy(net)
    other.layers[0].neurons[0].weights[0].data = 0.0
    assert net.predict(INPUTS) == pytest.approx(OUT_O, abs=1e-15)
    assert other.predict(INPUTS) != net.predict(INPUTS)
    assert repr(other) == repr(net)
    assert other.layers[0].neurons[0].bias is other.layers[0].neurons[1].bias


ROWS = [[1.0, 2.0], [3.0, 4.0]]
WRONG = [
    (lambda: untyped.Neuron([]), ValueError, "list is empty"),
    (lambda: untyped.Neuron(0.5), TypeError, "expected a list of numbers, got 0.5"),
    (lambda: untyped.Neuron(["a"], name="h1"), TypeError, "weight 0 of h1.*got str 'a'"),
    (lambda: untyped.Neuron([1.0], "b", name="h1"), TypeError, "bias of h1.*got str 'b'"),
    (lambda: untyped.Neuron([1.0], 0.0, "sigmod"), ValueError, "did you mean 'sigmoid'"),
    (lambda: untyped.Neuron([1.0], 0.0, "softmax"), ValueError, "softmax_cross_entropy"),
    (lambda: untyped.Neuron([1.0], 0.0, 3), TypeError, "not 3, a int"),
    (
        lambda: untyped.Neuron([1.0], name="h1")([1.0, 2.0]),
        ValueError,
        "h1 expects 1 input, but got 2",
    ),
    (lambda: untyped.Neuron([1.0, 2.0], name="h1")(0.5), TypeError, "h1 takes a list of inputs"),
    (lambda: untyped.Neuron([1.0]).predict(0.5), TypeError, "one sample .* not 0.5"),
    (lambda: untyped.Neuron([1.0]).predict(["a"]), TypeError, "input 0 .*got str 'a'"),
    (
        lambda: untyped.Neuron([1.0], 0.0, math.tanh)([1.0]),
        TypeError,
        "tanh .* must return a Value",
    ),
    (
        lambda: untyped.Neuron([1.0], 0.0, math.tanh).predict([1.0]),
        TypeError,
        "must return a Value",
    ),
    (lambda: untyped.Layer(0, 2), ValueError, "n_in is 0"),
    (lambda: untyped.Layer(2, 1.5), TypeError, "n_out is 1.5"),
    (
        lambda: untyped.Layer(2, 3, weights=ROWS),
        ValueError,
        "one row per neuron, that is 3, but got 2",
    ),
    (lambda: untyped.Layer(3, 2, weights=ROWS), ValueError, r"weights\[0\].*per input, that is 3"),
    (lambda: untyped.Layer(2, 2, weights=[1.0, 2.0]), TypeError, r"weights\[0\].*got 1.0"),
    (
        lambda: untyped.Layer(2, 2, bias=[1.0]),
        ValueError,
        "bias: expected one bias per neuron.* got 1",
    ),
    (lambda: untyped.Layer(2, 2, names=["a"]), ValueError, "names: .*that is 2, but got 1"),
    (lambda: untyped.Layer(2, 2, names="ab"), TypeError, "names: expected a list"),
    (lambda: untyped.Layer(2, 2, seed=None), TypeError, "seed is None"),
    (
        lambda: untyped.Layer(2, 2, name="hidden")([1.0]),
        ValueError,
        "hidden expects 2 inputs, but got 1",
    ),
    (lambda: untyped.Layer(2, 2)([1.0, "x"]), TypeError, r"input 1 of Layer\(2 → 2\)"),
    (lambda: untyped.MLP(2, 3), ValueError, r"shape is 3, .* \[16, 16, 1\]"),
    (lambda: untyped.MLP(2, []), ValueError, "shape is"),
    (lambda: untyped.MLP(2, [3, 0]), ValueError, "layers.1: n_out is 0"),
    (
        lambda: untyped.MLP(2, [3, 1], ["relu"]),
        ValueError,
        "MLP: activations: .*that is 2, but got 1",
    ),
    (
        lambda: untyped.MLP(2, [2, 1], biases=[0.5]),
        ValueError,
        "MLP: biases: .*that is 2, but got 1",
    ),
    (lambda: untyped.MLP(2, [2, 1], biases=0.5), TypeError, "MLP: biases: expected a list"),
    (
        lambda: untyped.MLP(2, [2, 2], weights=[ROWS, [[1.0], [2.0]]]),
        ValueError,
        r"layers.1: weights\[0\]",
    ),
    (lambda: untyped.MLP(2, [2, 1])([1.0]), ValueError, "layers.0 expects 2 inputs, but got 1"),
    (
        lambda: untyped.MLP(2, [2, 1]).predict([]),
        ValueError,
        "layers.0 expects 2 inputs, but got 0",
    ),
    (
        lambda: untyped.MLP(2, [2]).predict([[1.0, 2.0], [1.0]]),
        ValueError,
        "expects 2 inputs, but got 1",
    ),
    (lambda: untyped.uniform(1.0, 0.0), ValueError, "low = 1.0"),
    (lambda: untyped.normal(0.0, -1.0), ValueError, "-1.0"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG)
def test_what_does_not_fit_is_an_error_that_says_where(
    call: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()
