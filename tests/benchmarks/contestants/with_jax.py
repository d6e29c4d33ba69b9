"""JAX, compiled by XLA: a step, and the whole training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from examples.two_two_two import BIASES, INPUTS, LEARNING_RATE, TARGETS, WEIGHTS
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.growth import Growth, Growths
from tests.benchmarks.problems import (
    CHAIN_START,
    RATE,
    STRENGTH,
    chain_of_products,
    moons,
    moons_matrices,
    sum_of_products,
    terms,
)

jax.config.update("jax_enable_x64", True)

Loss = Callable[[Sequence[Any]], Any]


def two_two_two() -> Makers:
    return makers(network_of_two)


def two_moons() -> Makers:
    return makers(network_for_moons)


def makers(network: Callable[[], tuple[Loss, Sequence[Any], float]]) -> Makers:
    return {
        "JAX, jit of a step": lambda: descent(*network(), step_by_step),
        "JAX, jit of the training": lambda: descent(*network(), at_once),
    }


def step_by_step(step: Callable[[Any], Any]) -> Callable[[Any, int], Any]:
    compiled = jax.jit(step)

    def run(parameters: Any, updates: int) -> Any:
        for _ in range(updates):
            parameters = compiled(parameters)
        return parameters

    return run


def at_once(step: Callable[[Any], Any]) -> Callable[[Any, int], Any]:
    def run(parameters: Any, updates: int) -> Any:
        return jax.lax.fori_loop(0, updates, lambda _, state: step(state), parameters)

    compiled: Callable[[Any, int], Any] = jax.jit(run)
    return compiled


def descent(
    loss: Loss,
    beginning: Sequence[Any],
    rate: float,
    repeated: Callable[[Callable[[Any], Any]], Callable[[Any, int], Any]],
) -> Entry:
    """Gradient descent on a function of a list of arrays."""
    arrays = [jnp.array(array) for array in beginning]

    def step(parameters: Any) -> Any:
        gradients = jax.grad(loss)(parameters)
        return [p - rate * g for p, g in zip(parameters, gradients, strict=True)]

    run = repeated(step)

    def listed(parameters: Sequence[Any]) -> list[float]:
        return [number for p in parameters for number in p.ravel().tolist()]

    def start() -> list[float]:
        value, gradients = jax.jit(jax.value_and_grad(loss))(arrays)
        return [value.item(), *listed(gradients)]

    return training(start, lambda updates: listed(run(arrays, updates)))


def network_of_two() -> tuple[Loss, Sequence[Any], float]:
    inputs, targets = jnp.array(INPUTS), jnp.array(TARGETS)
    b1, b2 = BIASES

    def loss(layers: Sequence[Any]) -> Any:
        out_h = jax.nn.sigmoid(layers[0] @ inputs + b1)
        out_o = jax.nn.sigmoid(layers[1] @ out_h + b2)
        return 0.5 * jnp.sum((targets - out_o) ** 2)

    return loss, [jnp.array(WEIGHTS[k : k + 4]).reshape(2, 2) for k in (0, 4)], LEARNING_RATE


def network_for_moons() -> tuple[Loss, Sequence[Any], float]:
    points, classes = moons()
    X, t = jnp.array(points), jnp.array(classes, float)

    def loss(layers: Sequence[Any]) -> Any:
        out = X
        for layer in layers[:-1]:
            out = jax.nn.relu(out @ layer[:, :-1].T + layer[:, -1])
        score = out @ layers[-1][0, :-1] + layers[-1][0, -1]
        penalty = sum(jnp.sum(layer * layer) for layer in layers)
        return jnp.mean(jax.nn.relu(1.0 - t * score)) + STRENGTH * penalty

    return loss, moons_matrices(), RATE


def chain() -> Growths:
    """To build it is to trace and compile it."""

    def build(length: int) -> Any:
        def chained(y: Any, one: Any) -> Any:
            for _ in range(length):
                y = y * one
            return y

        compiled = jax.jit(jax.value_and_grad(chained, argnums=(0, 1)))
        compiled(CHAIN_START, 1.0)
        return compiled

    def sweep(compiled: Any) -> list[float]:
        value, slopes = compiled(CHAIN_START, 1.0)
        return [value.item(), *(slope.item() for slope in slopes)]

    reason = "XLA takes minutes to compile so many statements"
    return {"JAX, jit": Growth(build, sweep, chain_of_products, 1_000, reason)}


def wide_sum() -> Growths:
    def build(length: int) -> Any:
        w, x = map(jnp.array, terms(length))
        compiled = jax.jit(jax.value_and_grad(lambda w: jnp.dot(w, x)))
        compiled(w)
        return compiled, w

    def sweep(graph: tuple[Any, Any]) -> list[float]:
        compiled, w = graph
        value, slopes = compiled(w)
        return [value.item(), *slopes.tolist()]

    return {"JAX, jit of arrays": Growth(build, sweep, sum_of_products)}
