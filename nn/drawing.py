"""`draw`: a network as neurons and weights, for networks too large to draw node by node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from autograd import Drawing, Unit, draw_layers
from nn.layers import Layer, Neuron
from nn.module import Module

__all__ = ["draw"]


def draw(
    model: Module,
    *,
    inputs: Sequence[str] = (),
    by: Literal["value", "gradient"] = "value",
    digits: int = 4,
    limit: int = 24,
) -> Drawing:
    """Draw a network's neurons and weights: colours are signs, widths are sizes.

    The layers are those that the model holds, in the order of its attributes: every `Layer`,
    every list of neurons, every neuron by itself. See `autograd.draw_layers` for the other
    arguments, and `autograd.draw` for the graph of what a model computed, node by node.

    Raises TypeError if it is no Module, ValueError if it holds no neurons or its layers do not
    fit each other, and what `autograd.draw_layers` raises.

    >>> from nn import MLP
    >>> draw(MLP(2, [16, 16, 1], "tanh"))
    <drawing of layers 2 → 16 → 16 → 1 by value: 337 parameters; .save('net.svg') writes it>
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"nn.draw() takes a network, got {type(model).__name__} {model!r}; the graph under a "
            f"Value is drawn by autograd.draw()"
        )
    layers = list(_layers(model))
    if not layers:
        raise ValueError(
            f"{model!r} holds no neurons to draw; autograd.draw() draws the graph of what it "
            f"computes"
        )
    units = [[_unit(neuron) for neuron in layer] for layer in layers]
    return draw_layers(units, inputs=inputs, by=by, digits=digits, limit=limit)


def _unit(neuron: Neuron) -> Unit:
    return Unit(neuron.name, neuron.weights, neuron.bias)


def _layers(thing: object) -> Iterator[Sequence[Neuron]]:
    """The layers inside, in the order in which they are held."""
    if isinstance(thing, Neuron):
        yield (thing,)
    elif isinstance(thing, Layer):
        yield thing.neurons
    elif isinstance(thing, list | tuple) and thing and all(isinstance(n, Neuron) for n in thing):
        yield thing
    else:
        for part in _parts(thing):
            yield from _layers(part)


def _parts(thing: object) -> Iterable[object]:
    if isinstance(thing, Module):
        return [part for name, part in vars(thing).items() if not name.startswith("_")]
    if isinstance(thing, dict):
        return thing.values()
    return thing if isinstance(thing, list | tuple) else ()
