"""Activations by name, from the engine's own table of operations."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import autograd
from autograd import Value, sigmoid

__all__ = ["Activation", "activation_name", "find_activation", "on_values"]

Activation = Callable[[Value], Value]

_Operation = type(sigmoid)


def identity(x: Value) -> Value:
    """x itself: the activation of a linear output.

    >>> identity(Value(0.5)).data
    0.5
    """
    return x


def _takes_one_number(operation: Any) -> bool:
    """Whether one operand is enough: one with a default may stay away (the slope of leaky_relu)."""
    return not operation.sequences and len(operation.parameters) - len(operation.defaults) == 1


_OPERATIONS = {
    name: operation
    for name, operation in vars(autograd).items()
    if isinstance(operation, _Operation) and _takes_one_number(operation)
}
_BY_NAME: dict[str, Activation] = {**_OPERATIONS, "identity": identity, "linear": identity}

# As methods of Value the same operations need not first find out what they are given.
_METHODS: dict[Activation, Activation] = {
    operation: getattr(Value, operation.name) for operation in _OPERATIONS.values()
}


def find_activation(activation: str | Activation) -> Activation:
    """The activation of that name; a callable is returned as it is.

    Raises ValueError for an unknown name, with the near ones, and for an operation of several
    numbers; TypeError for what is neither name nor callable.

    >>> find_activation("tanh") is autograd.tanh
    True
    """
    if isinstance(activation, _Operation) and not _takes_one_number(activation):
        operands = ", ".join(activation.parameters)
        raise ValueError(
            f"{activation.name} takes ({operands}), but an activation takes one number, the net "
            f"input: fix the others, as lambda net: maximum(net, 0.5) does"
        )
    if callable(activation):
        return activation
    if not isinstance(activation, str):
        raise TypeError(
            f"an activation is a name or a callable from Value to Value, "
            f"not {activation!r}, a {type(activation).__name__}"
        )
    if activation not in _BY_NAME:
        near = get_close_matches(activation, _BY_NAME, n=3)
        meant = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise ValueError(
            f"no activation is called {activation!r}{meant} There are "
            f"{', '.join(sorted(_BY_NAME))}; or give a callable from Value to Value. For softmax "
            f"use 'identity' and the loss softmax_cross_entropy"
        )
    return _BY_NAME[activation]


def on_values(activation: Activation) -> Activation:
    """The same function in the form that is fastest on a Value, sure to give a Value.

    >>> on_values(autograd.relu)(Value(2.0)).data
    2.0
    """
    if activation is identity:
        return identity
    if isinstance(activation, _Operation) and activation in _METHODS:
        return _METHODS[activation]

    def checked(net: Value) -> Value:
        output = activation(net)
        if not isinstance(output, Value):
            raise TypeError(
                f"the activation {activation_name(activation)} made {output!r}, a "
                f"{type(output).__name__}, of {net!r}: it must return a Value. Write it with the "
                f"functions of autograd, not with those of math"
            )
        return output

    return checked


def activation_name(activation: Activation) -> str:
    """What it is called in texts.

    >>> activation_name(autograd.leaky_relu), activation_name(identity)
    ('leaky_relu', 'identity')
    """
    if isinstance(activation, _Operation):
        return activation.name
    return getattr(activation, "__name__", type(activation).__name__)
