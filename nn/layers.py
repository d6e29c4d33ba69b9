"""`Neuron`, `Layer` and `MLP`: the networks that the documents draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, cast, overload

from autograd import Value, dot
from nn._arguments import count
from nn._numbers import as_number, checked_inputs, checked_list, is_list
from nn.activations import Activation, activation_name, find_activation, on_values
from nn.initialisation import (
    Initialiser,
    as_generator,
    constant,
    he_uniform,
    xavier_uniform,
)
from nn.module import Module, each_sample

__all__ = ["MLP", "Layer", "Neuron"]

Weights = Sequence[Sequence[Value | float]]
Bias = Value | float | Sequence[Value | float] | Initialiser | None

# For these He and others derived a start of their own; it suits the smooth ones as well.
_LIKE_RELU = ("relu", "leaky_relu", "elu", "silu", "gelu", "softplus")


class Neuron(Module):
    """out = activation(net) with net = Σ weights[i] · inputs[i] + bias.

    `weights` and `bias` are numbers, from which the neuron makes parameters, or Values, which it
    uses themselves: they can be shared and have names of their own (a computed Value serves too,
    but is no parameter). `bias=None` is no bias. `activation` is the name of any function of one
    number that `autograd` has, "identity" (or "linear"), or a callable from Value to Value.

    A neuron with a name gives it to what it computes: for "h1" the net input, one node
    `dot(weights, inputs, bias)`, is `net_h1` and the output `out_h1`. With the identity both are
    one node, `out_h1`. The parameters that it makes of numbers are `h1.weights.0`, `h1.bias`.

    Raises ValueError for no weights or an unknown activation, TypeError for what is no number.
    Source: documents 000 and 004.

    >>> h1 = Neuron([0.15, 0.2], 0.35, name="h1")
    >>> out = h1([0.05, 0.1])
    >>> [net] = out.parents
    >>> net.name, round(net.data, 4), out.name, round(out.data, 9)
    ('net_h1', 0.3775, 'out_h1', 0.593269992)
    """

    def __init__(
        self,
        weights: Sequence[Value | float],
        bias: Value | float | None = 0.0,
        activation: str | Activation = "sigmoid",
        name: str = "",
    ) -> None:
        self.name = name
        where = name or "a neuron"
        if not is_list(weights):
            raise TypeError(f"weights of {where}: expected a list of numbers, got {weights!r}")
        self.weights = tuple(
            _parameter(weight, f"weight {i} of {where}", _within(name, f"weights.{i}"))
            for i, weight in enumerate(weights)
        )
        if not self.weights:
            raise ValueError(
                f"weights of {where}: the list is empty, but each input needs a weight"
            )
        self.bias: Value | None = None
        if bias is not None:
            self.bias = _parameter(bias, f"bias of {where}", _within(name, "bias"))
        self.activation = find_activation(activation)

    @property
    def activation(self) -> Activation:
        """The function from the net input to the output; can be set, by name too."""
        return self._activation

    @activation.setter
    def activation(self, activation: str | Activation) -> None:
        self._activation = find_activation(activation)
        self._activate = on_values(self._activation)

    def __call__(self, inputs: Sequence[Value | float]) -> Value:
        """The output for one sample of as many inputs as there are weights."""
        given = checked_inputs(inputs, len(self.weights), self.name or "a neuron")
        net = dot(self.weights, given, 0.0 if self.bias is None else self.bias)
        if self.name:
            net.name = f"net_{self.name}"
        output = self._activate(net)
        if self.name:
            output.name = f"out_{self.name}"
        return output

    def as_function(self) -> Callable[[Sequence[float]], float]:
        """The neuron at this moment's parameters as a function of one sample of plain numbers."""
        function = _function_of_floats(self)
        n_in, where = len(self.weights), self.name or "a neuron"
        return lambda inputs: function(_floats(inputs, n_in, where))

    @overload
    def predict(self, inputs: Sequence[float]) -> float: ...
    @overload
    def predict(self, inputs: Sequence[Sequence[float]]) -> list[float]: ...
    def predict(self, inputs: Sequence[float] | Sequence[Sequence[float]]) -> float | list[float]:
        """The output in plain numbers: for one sample, or a list of them for a list of samples.

        Records nothing. The numbers are those that a call gives, to the last bit.

        >>> Neuron([2.0, 3.0], 1.0, "identity").predict([[1.0, 1.0], [0.0, 1.0]])
        [6.0, 4.0]
        """
        return each_sample(self.as_function(), inputs)

    def _form(self) -> str:
        return f"{len(self.weights)} → 1, {activation_name(self._activation)}"


class _ListOfOutputs(Module):
    """A module that gives a list, with one Value per output."""

    def as_function(self) -> Callable[[Sequence[float]], list[float]]:
        """It at this moment's parameters as a function of one sample of plain numbers."""
        raise NotImplementedError

    @overload
    def predict(self, inputs: Sequence[float]) -> list[float]: ...
    @overload
    def predict(self, inputs: Sequence[Sequence[float]]) -> list[list[float]]: ...
    def predict(
        self, inputs: Sequence[float] | Sequence[Sequence[float]]
    ) -> list[float] | list[list[float]]:
        """The outputs in plain numbers: for one sample, or a list of them for a list of samples.

        Records nothing. The numbers are those that a call gives, to the last bit.

        >>> Layer(1, 2, "relu", weights=[[1.0], [-1.0]]).predict([[2.0], [-3.0]])
        [[2.0, 0.0], [0.0, 3.0]]
        >>> MLP(1, [1], "identity", weights=[[[2.0]]], biases=[0.5]).predict([3.0])
        [6.5]
        """
        function = self.as_function()
        return each_sample(function, inputs)  # type: ignore[return-value]  # mypy infers too much


class Layer(_ListOfOutputs):
    """Neurons side by side that all take the same inputs: one output for each.

    `weights` is a list of rows, one per neuron, of numbers or Values; or an initialiser such as
    `he_normal()`. Without it they are drawn by `he_uniform()` for relu and its relatives and by
    `xavier_uniform()` for all other activations.

    `bias` is a list with one number or Value per neuron; one number or Value, shared by the whole
    layer; None for no bias; or an initialiser. By default each neuron has its own, from 0.

    `names` names the neurons (see `Neuron`), `name` is what errors call the layer. `seed` is a
    number or a `random.Random`: the weights are drawn row by row, then the biases. The same seed
    draws the same numbers; layers of different numbers need different seeds, or one generator.

    >>> hidden = Layer(2, 2, weights=[[0.15, 0.2], [0.25, 0.3]], bias=0.35, names=["h1", "h2"])
    >>> [round(output.data, 9) for output in hidden([0.05, 0.1])]
    [0.593269992, 0.596884378]
    >>> hidden
    Layer(2 → 2, sigmoid; 5 parameters)
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        activation: str | Activation = "sigmoid",
        *,
        weights: Weights | Initialiser | None = None,
        bias: Bias = constant(0.0),  # noqa: B008 (a function, which nobody changes)
        names: Sequence[str] | None = None,
        name: str = "",
        seed: int | Random = 0,
    ) -> None:
        self.name = name
        self._where = name or f"Layer({n_in} → {n_out})"
        self.n_in = count(n_in, f"{self._where}: n_in")
        self.n_out = count(n_out, f"{self._where}: n_out")
        function = find_activation(activation)
        generator = as_generator(seed)
        if names is None:
            names = [""] * self.n_out
        called = checked_list(names, self.n_out, f"{self._where}: names", "one name per neuron")
        weights = _usual_start(function) if weights is None else weights
        rows = self._rows(weights, generator, called)
        biases = self._biases(bias, generator, called)
        self.shared_bias: Value | None = None
        if self.n_out > 1 and not callable(bias) and not is_list(bias):
            self.shared_bias = biases[0]
        self.neurons = tuple(
            Neuron(row, own, function, neuron_name)
            for row, own, neuron_name in zip(rows, biases, called, strict=True)
        )

    def _rows(
        self, weights: Weights | Initialiser, generator: Random, names: Sequence[str]
    ) -> list[list[Value]]:
        n_in, n_out, where = self.n_in, self.n_out, f"{self._where}: weights"
        if callable(weights):
            weights = [[weights(generator, n_in, n_out) for _ in range(n_in)] for _ in range(n_out)]
        rows = [
            checked_list(row, n_in, f"{where}[{i}]", "one weight per input")
            for i, row in enumerate(checked_list(weights, n_out, where, "one row per neuron"))
        ]
        return [
            [
                _parameter(weight, f"{where}[{i}][{j}]", _within(names[i], f"weights.{j}"))
                for j, weight in enumerate(row)
            ]
            for i, row in enumerate(rows)
        ]

    def _biases(self, bias: Bias, generator: Random, names: Sequence[str]) -> list[Value | None]:
        n_in, n_out, where = self.n_in, self.n_out, f"{self._where}: bias"
        if bias is None:
            return [None] * n_out
        if callable(bias):
            bias = [bias(generator, n_in, n_out) for _ in range(n_out)]
        if is_list(bias):
            each = checked_list(bias, n_out, where, "one bias per neuron (or a number for all)")
            return [
                _parameter(number, f"{where}[{i}]", _within(names[i], "bias"))
                for i, number in enumerate(each)
            ]
        called = f"{self.name}.shared_bias".removeprefix(".") if any(names) else ""
        if n_out == 1:
            called = _within(names[0], "bias")
        return [_parameter(bias, where, called)] * n_out

    def __call__(self, inputs: Sequence[Value | float]) -> list[Value]:
        """One output per neuron for one sample of `n_in` inputs."""
        given = _with_floats(checked_inputs(inputs, self.n_in, self._where), self._where)
        return [neuron(given) for neuron in self.neurons]

    def as_function(self) -> Callable[[Sequence[float]], list[float]]:
        """The layer at this moment's parameters as a function of one sample of plain numbers."""
        functions = [_function_of_floats(neuron) for neuron in self.neurons]

        def function(inputs: Sequence[float]) -> list[float]:
            numbers = _floats(inputs, self.n_in, self._where)
            return [output(numbers) for output in functions]

        return function

    def _form(self) -> str:
        return f"{self.n_in} → {self.n_out}, {activation_name(self.neurons[0].activation)}"


class MLP(_ListOfOutputs):
    """Layers one after another (a multilayer perceptron): each takes the outputs before it.

    `shape` lists the numbers of neurons, the last is the number of outputs; `activations` is one
    for all layers or a list with one per layer, each as `Neuron` takes it. A call always gives a
    list with one Value per output, also for one output: `[score] = net(inputs)`.

    `weights` is an initialiser for all layers or a list with one entry per layer, `biases` is an
    initialiser, None for no bias anywhere, or a list with one entry per layer; each entry is what
    `Layer` takes (so a number is a bias shared by that layer). `names` lists, per layer, the names
    of its neurons. Without weights and biases `seed` decides everything: the same seed gives the
    same network.

    Raises ValueError where lengths do not fit, naming the layer as its parameters are named
    (`layers.0` is the first one).

    >>> net = MLP(2, [16, 16, 1], ["relu", "relu", "identity"], seed=7)
    >>> net
    MLP(2 → 16 → 16 → 1, relu, relu, identity; 337 parameters)
    >>> [score] = net([0.5, -0.5])
    >>> score.data == net.predict([0.5, -0.5])[0]
    True
    """

    def __init__(
        self,
        n_in: int,
        shape: Sequence[int],
        activations: str | Activation | Sequence[str | Activation] = "sigmoid",
        *,
        weights: Initialiser | Sequence[Weights | Initialiser | None] | None = None,
        biases: Initialiser | Sequence[Bias] | None = constant(0.0),  # noqa: B008 (as in Layer)
        names: Sequence[Sequence[str]] | None = None,
        seed: int | Random = 0,
    ) -> None:
        generator = as_generator(seed)
        if not is_list(shape) or not len(shape):
            raise ValueError(
                f"MLP: shape is {shape!r}, but it lists the number of neurons of every layer, "
                f"such as [16, 16, 1] with one output at the end"
            )
        depth = len(shape)
        each = zip(
            [n_in, *shape[:-1]],
            shape,
            _per_layer(activations, depth, "activations"),
            _per_layer(weights, depth, "weights"),
            _per_layer(biases, depth, "biases"),
            _per_layer(names, depth, "names"),
            strict=True,
        )
        self.layers = tuple(
            Layer(
                above,
                here,
                activation,
                weights=rows,
                bias=bias,
                names=called,
                name=f"layers.{i}",
                seed=generator,
            )
            for i, (above, here, activation, rows, bias, called) in enumerate(each)
        )

    def __call__(self, inputs: Sequence[Value | float]) -> list[Value]:
        """A list with one Value per output, for one sample."""
        outputs = self.layers[0](inputs)
        for layer in self.layers[1:]:
            outputs = layer(outputs)
        return outputs

    def as_function(self) -> Callable[[Sequence[float]], list[float]]:
        """The network at this moment's parameters as a function of one sample of plain numbers."""
        first, *others = [layer.as_function() for layer in self.layers]

        def function(inputs: Sequence[float]) -> list[float]:
            numbers = first(inputs)
            for layer in others:
                numbers = layer(numbers)
            return numbers

        return function

    def _form(self) -> str:
        sizes = [self.layers[0].n_in, *(layer.n_out for layer in self.layers)]
        names = [activation_name(layer.neurons[0].activation) for layer in self.layers]
        shown = names if len(set(names)) > 1 else names[:1]
        return f"{' → '.join(map(str, sizes))}, {', '.join(shown)}"


def _parameter(number: object, where: str, name: str) -> Value:
    return number if isinstance(number, Value) else Value(as_number(number, where), name)


def _within(neuron: str, parameter: str) -> str:
    """What a parameter of the neuron is called; "" if the neuron has no name."""
    return f"{neuron}.{parameter}" if neuron else ""


def _per_layer(given: object, depth: int, where: str) -> list[Any]:
    """One entry per layer: a list as it is, anything else for every layer."""
    if given is None or callable(given) or isinstance(given, str):
        return [given] * depth
    return checked_list(given, depth, f"MLP: {where}", "one entry per layer")


def _usual_start(activation: Activation) -> Initialiser:
    return he_uniform() if activation_name(activation) in _LIKE_RELU else xavier_uniform()


def _with_floats(given: tuple[Value | float, ...], where: str) -> tuple[Value | float, ...]:
    """The same with numbers of other types as floats, once for all neurons of a layer."""
    return tuple(
        number
        if type(number) is float or isinstance(number, Value)
        else as_number(number, f"input {i} of {where}")
        for i, number in enumerate(given)
    )


def _floats(inputs: Sequence[float], n_in: int, where: str) -> tuple[float, ...]:
    return tuple(
        as_number(number, f"input {i} of {where}")
        for i, number in enumerate(checked_inputs(inputs, n_in, where))
    )


# The row's own value on plain floats, in the same order of additions as a recorded one.
_net_input = cast("Callable[[tuple[float, ...], tuple[float, ...], float], float]", dot.value)


def _function_of_floats(neuron: Neuron) -> Callable[[tuple[float, ...]], float]:
    """The neuron at this moment's parameters, for inputs that are known to fit."""
    weights = tuple(weight.data for weight in neuron.weights)
    bias = 0.0 if neuron.bias is None else neuron.bias.data
    activate = on_values(neuron.activation)
    # A Value that nothing else knows records nothing that stays, and its methods are the fastest
    # way to a function of a float.
    return lambda inputs: activate(Value(_net_input(weights, inputs, bias))).data
