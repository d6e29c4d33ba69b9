"""Functions that make the derivative of a function.

They all work alike. The function is called with Values in the place of the numbers in its
arguments, which may stand in lists, tuples and dicts; derivatives come in the same shape. Given
plain numbers, they are plain numbers. Given Values, or called inside a function that is itself
being differentiated, they are Values that can be differentiated again. Recording is switched on
while the function runs, and no Value's `grad` is touched.

Raised are TypeError for arguments that are no numbers and for results that are no Values, and
ValueError for argnums that name no argument and for a function that assigns to the data of its
arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.functional.calls import Argnums, Call, Request
from autograd.functional.forward import pushed_forward
from autograd.functional.reverse import gradients
from autograd.functional.structure import leaves
from autograd.rows import as_float
from autograd.value import Value

# What comes out is shaped like what the user puts in, which no annotation can say.
Derivative = Callable[..., Any]


def grad(
    f: Callable[..., Value], argnums: Argnums = 0, *, require_path: bool = False
) -> Derivative:
    """∂f/∂argument as a function of f's arguments, which is f′ for a function of one number.

    `argnums` says by which argument, counted from 0; a list of places gives a tuple of
    derivatives. Other arguments are passed on as they are. An argument that f does not use has
    derivative 0; with `require_path` it is a ValueError.

    >>> from autograd import log
    >>> slope = grad(lambda x: x * x * x)
    >>> slope(2.0), grad(slope)(2.0), grad(grad(slope))(2.0)
    (12.0, 12.0, 6.0)
    >>> grad(lambda p, x: p["w"][0] * x + p["w"][1] * x * x + p["b"])({"w": [1, 2], "b": 3}, 5.0)
    {'w': [5.0, 25.0], 'b': 1.0}
    >>> grad(lambda a, b: a * log(b), argnums=(0, 1))(3.0, 1.0)
    (0.0, 3.0)
    """
    both = _value_and_grad("grad", f, argnums, require_path)

    def derivative(*arguments: object, **keywords: object) -> Any:
        return both(*arguments, **keywords)[1]

    return _named("grad", f, derivative)


def value_and_grad(
    f: Callable[..., Value], argnums: Argnums = 0, *, require_path: bool = False
) -> Derivative:
    """A function that gives (f, ∂f/∂argument) for one evaluation of f; otherwise as `grad`.

    >>> value_and_grad(lambda x, y: x * y)(3.0, 4.0)
    (12.0, 4.0)
    """
    both = _value_and_grad("value_and_grad", f, argnums, require_path)
    return _named("value_and_grad", f, both)


def jacobian(
    f: Callable[..., object], argnums: Argnums = 0, *, require_path: bool = False
) -> Derivative:
    """∂f_i/∂argument for a function with many results, in a list, tuple or dict.

    Every number of the result is replaced by its gradient, which is shaped like the argument. One
    backward sweep per result; for one argument and many results `jvp` takes a single sweep.
    `argnums` and `require_path` are as for `grad`.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + 2.0 * x[1]])([3.0, 5.0])
    [[5.0, 3.0], [1.0, 2.0]]
    """
    request = Request("jacobian", f, argnums)

    def derivative(*arguments: object, **keywords: object) -> Any:
        done = request.call(arguments, keywords)
        rows = [_slopes(done, output, require_path) for output in done.outputs]
        return done.shaped_as_output([done.shaped(row) for row in rows])

    return _named("jacobian", f, derivative)


def hessian(f: Callable[..., Value], argnums: Argnums = 0) -> Derivative:
    """∂²f/∂x_i∂x_j, shaped like the argument with the argument's shape in every place.

    One backward sweep for the gradient and one more for each of its elements. `f` and `argnums`
    are as for `grad`.

    >>> hessian(lambda x: x[0] * x[0] * x[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """
    request = Request("hessian", f, argnums)

    def derivative(*arguments: object, **keywords: object) -> Any:
        done = request.call(arguments, keywords)
        first = gradients(done.scalar, done.variables, create_graph=True)
        rows = [_slopes(done, slope) for slope in first]
        return done.shaped([done.shaped(row) for row in rows])

    return _named("hessian", f, derivative)


def jvp(f: Callable[..., object], primals: object, tangents: object) -> tuple[Any, Any]:
    """(f, Σ ∂f/∂x_i · tangent_i): the value and its derivative along a direction, in forward mode.

    `primals` is the tuple of f's arguments and `tangents` has the same shape; what is no tuple is
    the only argument. One sweep, however many results f has.

    >>> jvp(lambda x, y: [x * y, x + y], (3.0, 5.0), (1.0, 10.0))
    ([15.0, 8.0], [35.0, 11.0])
    >>> jvp(lambda x: x * x, 3.0, 1.0)
    (9.0, 6.0)
    """
    done, seeds = _along("jvp", f, primals, tangents)
    outputs = done.outputs
    found = _numbers(done, pushed_forward(outputs, seeds))
    values = [done.number(output) for output in outputs]
    return done.shaped_as_output(values), done.shaped_as_output(found)


def hessian_vector_product(f: Callable[..., Value], primals: object, vector: object) -> Any:
    """Σ_j ∂²f/∂x_i∂x_j · vector_j, shaped like `primals`, without the whole Hessian.

    The gradient in reverse mode, then its derivative along the vector in forward mode: two sweeps,
    however many variables. Arguments as for `jvp`.

    >>> hessian_vector_product(lambda x: x[0] * x[0] * x[1], [3.0, 5.0], [1.0, 10.0])
    [70.0, 6.0]
    """
    done, seeds = _along("hessian_vector_product", f, primals, vector)
    first = gradients(done.scalar, done.variables, create_graph=True)
    product = done.shaped(_numbers(done, pushed_forward(first, seeds)))
    return product if isinstance(primals, tuple) else product[0]


def derivatives(f: Callable[[Value], Value], x: float, n: int) -> list[Any]:
    """[f(x), f′(x), …, f⁽ⁿ⁾(x)] of a function of one number.

    Each derivative is recorded and differentiated again; every order takes about three times the
    work of the one before. Raises ValueError for an order n below 0, TypeError for one that is no
    whole number.

    >>> derivatives(lambda x: x**3, 2.0, 4)
    [8.0, 12.0, 12.0, 6.0, 0.0]
    """
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(f"derivatives: n is {n!r}, but it is the highest order, a whole number")
    if n < 0:
        raise ValueError(f"derivatives: n is {n}, but the lowest order is 0, the function itself")
    done = Request("derivatives", f, 0).call((x,))
    orders = [done.scalar]
    for _ in range(n):
        orders += gradients(orders[-1], done.variables, create_graph=True)
    return [done.number(order) for order in orders]


def _value_and_grad(
    asked: str, f: Callable[..., Value], argnums: Argnums, require_path: bool
) -> Derivative:
    request = Request(asked, f, argnums)

    def both(*arguments: object, **keywords: object) -> tuple[Value | float, Any]:
        done = request.call(arguments, keywords)
        slopes = done.shaped(_slopes(done, done.scalar, require_path))
        return done.number(done.scalar), slopes

    return both


def _slopes(done: Call, output: Value, require_path: bool = False) -> list[Any]:
    try:
        return gradients(
            output, done.variables, create_graph=done.create_graph, require_path=require_path
        )
    except ValueError as error:
        raise ValueError(f"{done.asked}: {error}") from None


def _along(
    asked: str, f: Callable[..., object], primals: object, direction: object
) -> tuple[Call, dict[Value, Any]]:
    """The function called at the primals, and the direction as one number for each variable."""
    arguments = primals if isinstance(primals, tuple) else (primals,)
    steps = direction if isinstance(primals, tuple) else (direction,)
    done = Request(asked, f, range(len(arguments))).call(arguments, beside=steps)
    found = list(leaves(steps, "the direction"))
    wanted = [where for where, _ in leaves(arguments, "the direction")]
    if [where for where, _ in found] != wanted:
        raise ValueError(
            f"{asked}: the direction {direction!r} must have one number for each number of "
            f"{primals!r}, in the same lists, tuples and dicts"
        )
    seeds: list[Any] = [
        step if isinstance(step, Value) else as_float(step, f"{asked}: {where}")
        for where, step in found
    ]
    if done.create_graph:
        seeds = [seed if isinstance(seed, Value) else Value(seed) for seed in seeds]
    return done, dict(zip(done.variables, seeds, strict=True))


def _numbers(done: Call, found: Sequence[Value | float | None]) -> list[Value | float]:
    """What forward mode found, 0 without a path, as numbers or Values like all results."""
    numbers = []
    for tangent in found:
        value = tangent if isinstance(tangent, Value) else Value(tangent or 0.0)
        numbers.append(done.number(value))
    return numbers


def _named(asked: str, f: Callable[..., object], derivative: Derivative) -> Derivative:
    of = getattr(f, "__name__", repr(f))
    derivative.__name__ = derivative.__qualname__ = f"{asked}({of})"
    derivative.__doc__ = f"{asked} of {of}; it takes the same arguments."
    return derivative
