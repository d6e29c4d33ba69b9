"""autograd's chains and sums, of any length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import tanh
from typing import NamedTuple

from autograd import CompiledFunction, Value, compile, dot, total
from autograd.codegen.targets import Backend
from tests.benchmarks.growth import Growth, Growths
from tests.benchmarks.problems import CHAIN_START, chain_of_products, sum_of_products, terms

Operation = Callable[[Value, Value], Value]
Sum = Callable[[Sequence[Value], Sequence[float]], Value]


class Graph(NamedTuple):
    """An output, and the leaves by which it is differentiated."""

    output: Value
    leaves: Sequence[Value]


def swept(graph: Graph) -> list[float]:
    graph.output.backward()
    return [graph.output.data, *(leaf.grad for leaf in graph.leaves)]


def chain() -> Growths:
    return {
        "autograd: value × value": eager_chain(multiplied, chain_of_products),
        "autograd: value × number": eager_chain(
            lambda y, one: y * 1.0, lambda length: [CHAIN_START, 1.0, 0.0]
        ),
        "autograd: number − value": eager_chain(
            lambda y, one: 1.0 - y, lambda length: [CHAIN_START, (-1.0) ** length, 0.0]
        ),
        "autograd: tanh": eager_chain(lambda y, one: y.tanh(), chain_of_tanh),
        "autograd: dot of one": eager_chain(lambda y, one: dot([one], [y]), chain_of_products),
        "autograd, python: value × value": compiled_chain("python"),
        "autograd, c: value × value": compiled_chain("c"),
    }


def multiplied(y: Value, one: Value) -> Value:
    return y * one


def chained(operation: Operation, y: Value, one: Value, length: int) -> Value:
    for _ in range(length):
        y = operation(y, one)
    return y


def chain_of_tanh(length: int) -> list[float]:
    y, slope = CHAIN_START, 1.0
    for _ in range(length):
        y = tanh(y)
        slope *= 1.0 - y * y
    return [y, slope, 0.0]


def eager_chain(operation: Operation, expected: Callable[[int], Sequence[float]]) -> Growth:
    def build(length: int) -> Graph:
        start, one = Value(CHAIN_START), Value(1.0)
        return Graph(chained(operation, start, one, length), [start, one])

    return Growth(build, swept, expected)


def compiled_chain(backend: Backend) -> Growth:
    def build(length: int) -> CompiledFunction:
        compiled = compile(lambda y, one: chained(multiplied, y, one, length), backend)
        compiled.value_and_grad(CHAIN_START, 1.0)
        return compiled

    def sweep(compiled: CompiledFunction) -> list[float]:
        value, slopes = compiled.value_and_grad(CHAIN_START, 1.0)
        return [value, *slopes]

    growth = Growth(build, sweep, chain_of_products)
    return limited(growth, backend)


def limited(growth: Growth, backend: Backend) -> Growth:
    if backend == "python":
        return growth
    reason = "C compilers take about 0.2 s for a thousand nodes"
    return Growth(growth.build, growth.sweep, growth.expected, 10_000, reason)


def wide_sum() -> Growths:
    return {
        "autograd: dot": eager_sum(dot),
        "autograd: total of products": eager_sum(total_of_products),
        "autograd: one + after another": eager_sum(added),
        "autograd, python: dot": compiled_sum(dot, "python"),
        "autograd, python: total of products": compiled_sum(total_of_products, "python"),
        "autograd, c: total of products": compiled_sum(total_of_products, "c"),
    }


def total_of_products(w: Sequence[Value], x: Sequence[float]) -> Value:
    return total([weight * number for weight, number in zip(w, x, strict=True)])


def added(w: Sequence[Value], x: Sequence[float]) -> Value:
    products = (weight * number for weight, number in zip(w, x, strict=True))
    return sum(products, Value(0.0))


def eager_sum(summed: Sum) -> Growth:
    def build(length: int) -> Graph:
        numbers, x = terms(length)
        w = list(map(Value, numbers))
        return Graph(summed(w, x), w)

    return Growth(build, swept, sum_of_products)


class CompiledSum(NamedTuple):
    """A sum of the parameters w."""

    function: CompiledFunction
    w: Sequence[Value]


def compiled_sum(summed: Sum, backend: Backend) -> Growth:
    def build(length: int) -> CompiledSum:
        numbers, x = terms(length)
        w = list(map(Value, numbers))
        compiled = CompiledSum(compile(lambda: summed(w, x), backend), w)
        compiled.function.value_and_grad()
        return compiled

    def sweep(compiled: CompiledSum) -> list[float]:
        for weight in compiled.w:
            weight.grad = 0.0
        value, _ = compiled.function.value_and_grad()
        return [value, *(weight.grad for weight in compiled.w)]

    return limited(Growth(build, sweep, sum_of_products), backend)
