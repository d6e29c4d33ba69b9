"""Whatever is put into the public functions, errors are of documented kinds and harm nothing.

Some 33,000 calls with arguments of every wrong kind and size.
"""

from __future__ import annotations

import inspect
import math
import operator
import random
import re
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, functional, ops
from autograd.backprop import topological_order
from autograd.checking.evaluation import evaluate
from autograd.codegen import compile
from autograd.storing import from_json, to_json

CALLS = 400

# What Python itself says about the inside of a function that has not looked at its arguments.
INTERNAL = re.compile(
    "has no attribute|not subscriptable|is not callable|is not iterable|must be real number|"
    "cannot be interpreted|unsupported operand|bad operand|not supported between|argument of type|"
    "index out of range|truth value of an array|unhashable"
)
# But operators that a Value does not have, and what a user's own function does, say it themselves.
ALLOWED = re.compile("unhashable type: '(list|dict|set|bytearray|slice|numpy.ndarray)'")


class Refusing:
    """A thing that can do nothing."""

    def __float__(self) -> float:
        raise ValueError("no number")

    def __bool__(self) -> bool:
        raise ValueError("neither")

    def __len__(self) -> int:
        raise ValueError("no length")


class Lying:
    """Something that says it is a number and gives text."""

    def __float__(self) -> str:
        return "1.0"


def graph() -> dict[str, Value]:
    a, b = Value(0.5, name="a"), Value(-2.0, name="b")
    h = (a * b).named("h")
    y = (h.tanh() + a).named("y")
    y.backward()
    return {"a": a, "b": b, "h": h, "y": y}


def oddities(nodes: dict[str, Value]) -> list[Any]:
    a, b = nodes["a"], nodes["b"]
    numbers = [0, 1, -1, 2, 10**400, 0.5, -0.0, math.inf, math.nan, 1e308, 5e-324, sys.maxsize]
    others = [
        None,
        True,
        False,
        1j,
        NotImplemented,
        ...,
        math,
        object(),
        Value,
        Refusing(),
        Lying(),
    ]
    texts: list[Any] = ["", "a", "1.5", "\ud800", "x" * 1000, b"1", bytearray(b"a")]
    lists = [[], [1.0], [a], [a, b], [[a]], [None], ["a"], (), (1, 2), (a, b), {}, {"a": 1.0}]
    lists += [{a: 1.0}, {1, 2}, frozenset([1]), range(3), iter([1.0]), slice(1)]
    arrays = [np.float32(2), np.int64(3), np.bool_(True), np.array(1.0), np.array([1.0, 2.0])]
    arrays += [np.array([a, b]), np.array([]), np.array(["a"]), np.array([[1.0]])]
    exact = [Fraction(1, 3), Fraction(10**400), Decimal("0.1"), Decimal("nan"), Decimal("sNaN")]
    functions = [lambda x: x, lambda x: x * x, lambda: 1.0, lambda *_: None, print, autograd.tanh]
    return [*nodes.values(), *numbers, *others, *texts, *lists, *arrays, *exact, *functions]


def assigned(name: str) -> Callable[..., None]:
    return lambda node, thing: setattr(node, name, thing)


def by_name(function: Callable[..., object], *given: object) -> Callable[..., object]:
    """Its options by their names, two of them at most."""
    kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = list(inspect.signature(function).parameters.values())
    options = [p.name for p in parameters[len(given) :] if p.kind in kinds]
    rng = random.Random(len(options))

    def call(*things: object) -> object:
        names = rng.sample(options, min(len(things), len(options), 2))
        return function(*given, **dict(zip(names, things, strict=False)))

    return call


OPERATORS: list[Any] = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
OPERATORS += [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
OPERATORS += [operator.neg, abs]
FUNCTIONS: list[Any] = [Value, autograd.check_gradients, autograd.numerical_derivative, compile]
FUNCTIONS += [autograd.printed, autograd.draw, evaluate, from_json, to_json, topological_order]
FUNCTIONS += [autograd.verify, autograd.load_claims, autograd.Update, autograd.scalar_rule]
FUNCTIONS += [autograd.explain, autograd.why, autograd.walkthrough, autograd.draw_layers]
METHODS = ["backward", "named", "exp", "maximum", "leaky_relu"]
X = Value(2.0, name="x")
ENTRIES: dict[str, Callable[..., object]] = {
    **{name: getattr(ops, name) for name in ops.__all__},
    **{
        name: getattr(functional, name)
        for name in dir(functional)
        if callable(getattr(functional, name)) and not name.startswith("_")
    },
    **{function.__name__: function for function in FUNCTIONS},
    **{function.__name__: function for function in OPERATORS},
    **{
        f"{function.__name__} by name": by_name(function, *given)
        for function, *given in (
            (autograd.draw, Value(2.0).tanh()),
            (autograd.walkthrough, Value(2.0).tanh()),
            (autograd.explain, X.tanh(), X),
            (autograd.draw_layers, [[autograd.Unit("h", [X])]]),
            (autograd.scalar_rule, "square", lambda x: x * x, lambda y, x: 2.0 * x),
            (autograd.Update, "sgd", 0.5, "w"),
            (autograd.verify, X, {"x": "2.0"}),
            (autograd.evaluate, X.exp()),
        )
    },
    **{f"Value.{name}": getattr(Value, name) for name in METHODS},
    **{f"assigning {name}": assigned(name) for name in ("data", "grad", "name")},
}
# Python's own functions, unless they are given a Value, and methods.
ON_A_VALUE = ("Value.", "assigning ", *(function.__name__ for function in OPERATORS))


def state(nodes: dict[str, Value]) -> list[object]:
    return [
        (node, node.data, node.name, node.grad, node.reached, node.partials, node.operands)
        for node in topological_order(nodes["y"])
    ]


def arguments_for(name: str, rng: random.Random, nodes: dict[str, Value]) -> list[object]:
    arguments = [rng.choice(oddities(nodes)) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
    if arguments and (name.startswith(ON_A_VALUE) or rng.random() < 0.5):
        arguments[0] = rng.choice(list(nodes.values()))
    if name in {function.__name__ for function in OPERATORS} and rng.random() < 0.5:
        arguments.reverse()
    return arguments


def innermost_is_ours(error: BaseException) -> bool:
    trace = error.__traceback__
    assert trace is not None
    while trace.tb_next:
        trace = trace.tb_next
    module = trace.tb_frame.f_globals.get("__name__", "")
    return str(module).startswith("autograd")


@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")  # numpy's, about the numbers it is given
@pytest.mark.parametrize("name", ENTRIES)
def test_only_documented_errors_and_no_harm(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(name)
    nodes = graph()
    for _ in range(CALLS):
        before = state(nodes)
        arguments = arguments_for(name, rng, nodes)
        try:
            ENTRIES[name](*arguments)
        except (TypeError, ValueError, ArithmeticError) as error:
            check_message(name, arguments, error)
        except OSError as error:
            assert "claims file cannot be read" in str(error), (name, arguments)  # noqa: PT017 (as above)
        except AttributeError as error:
            assert "cannot be assigned" in str(error), (name, arguments)  # noqa: PT017 (as above)
        else:
            # What it does when it works, other tests say.
            nodes = graph()
            continue
        assert repr(state(nodes)) == repr(before), (name, arguments)
    capsys.readouterr()  # what `print`, one of the functions tried, has written


def check_message(name: str, arguments: Sequence[object], error: Exception) -> None:
    message = str(error)
    assert message, (name, arguments)
    if innermost_is_ours(error) and not ALLOWED.search(message) and " cannot take " not in message:
        assert not INTERNAL.search(message), (name, arguments, message)
