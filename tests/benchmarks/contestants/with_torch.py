"""PyTorch, with matrices and with a tensor of no dimension for every number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

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

# Two threads on matrices this small only wait for each other, up to a thousand times as long.
torch.set_num_threads(1)


def two_two_two() -> Makers:
    return {"PyTorch, tensors": matrices_of_two, "PyTorch, 0-dim": numbers_of_two}


def two_moons() -> Makers:
    return {"PyTorch, tensors": matrices_for_moons, "PyTorch, 0-dim": numbers_for_moons}


def tensor(numbers: object) -> Any:
    return torch.tensor(numbers, dtype=torch.float64)


def descent(
    loss: Callable[[Sequence[Any]], Any], beginning: Sequence[object], rate: float
) -> Entry:
    """Gradient descent on a function of a list of tensors."""

    def leaves() -> list[Any]:
        return [tensor(numbers).requires_grad_() for numbers in beginning]

    def listed(tensors: Sequence[Any]) -> list[float]:
        return [number for t in tensors for number in t.detach().reshape(-1).tolist()]

    def start() -> list[float]:
        parameters = leaves()
        value = loss(parameters)
        value.backward()
        return [value.item(), *listed([parameter.grad for parameter in parameters])]

    def after(updates: int) -> list[float]:
        parameters = leaves()
        optimiser = torch.optim.SGD(parameters, rate)
        for _ in range(updates):
            optimiser.zero_grad()
            loss(parameters).backward()
            optimiser.step()
        return listed(parameters)

    return training(start, after)


def matrices_of_two() -> Entry:
    inputs, targets = tensor(INPUTS), tensor(TARGETS)
    b1, b2 = BIASES

    def loss(layers: Sequence[Any]) -> Any:
        out_h = torch.sigmoid(layers[0] @ inputs + b1)
        out_o = torch.sigmoid(layers[1] @ out_h + b2)
        return 0.5 * ((targets - out_o) ** 2).sum()

    layers = [[WEIGHTS[k : k + 2], WEIGHTS[k + 2 : k + 4]] for k in (0, 4)]
    return descent(loss, layers, LEARNING_RATE)


def numbers_of_two() -> Entry:
    i1, i2 = map(tensor, INPUTS)
    t1, t2 = map(tensor, TARGETS)
    b1, b2 = map(tensor, BIASES)

    def loss(w: Sequence[Any]) -> Any:
        h1 = torch.sigmoid(w[0] * i1 + w[1] * i2 + b1)
        h2 = torch.sigmoid(w[2] * i1 + w[3] * i2 + b1)
        o1 = torch.sigmoid(w[4] * h1 + w[5] * h2 + b2)
        o2 = torch.sigmoid(w[6] * h1 + w[7] * h2 + b2)
        return 0.5 * (t1 - o1) ** 2 + 0.5 * (t2 - o2) ** 2

    return descent(loss, WEIGHTS, LEARNING_RATE)


def matrices_for_moons() -> Entry:
    points, classes = moons()
    X, t = tensor(points), tensor(classes)

    def loss(layers: Sequence[Any]) -> Any:
        out = X
        for layer in layers[:-1]:
            out = torch.relu(out @ layer[:, :-1].T + layer[:, -1])
        score = out @ layers[-1][0, :-1] + layers[-1][0, -1]
        penalty = sum((layer * layer).sum() for layer in layers)
        return torch.relu(1.0 - t * score).mean() + STRENGTH * penalty

    return descent(loss, moons_matrices(), RATE)


def numbers_for_moons() -> Entry:
    points, classes = moons()
    samples = [(list(map(tensor, p)), tensor(t)) for p, t in zip(points, classes, strict=True)]
    shapes = [(len(matrix), len(matrix[0])) for matrix in moons_matrices()]

    def loss(parameters: Sequence[Any]) -> Any:
        numbers = iter(parameters)
        layers = [[[next(numbers) for _ in range(n)] for _ in range(m)] for m, n in shapes]

        def neuron(row: Sequence[Any], inputs: Sequence[Any]) -> Any:
            return sum((w * x for w, x in zip(row[:-1], inputs, strict=True)), row[-1])

        data = tensor(0.0)
        for out, t in samples:
            for layer in layers[:-1]:
                out = [torch.relu(neuron(row, out)) for row in layer]  # noqa: PLW2901
            data = data + torch.relu(1.0 - t * neuron(layers[-1][0], out))
        return data / len(samples) + STRENGTH * sum(p * p for p in parameters)

    numbers = [number for matrix in moons_matrices() for row in matrix for number in row]
    return descent(loss, numbers, RATE)


def chain() -> Growths:
    def build(length: int) -> tuple[Any, Any, Any]:
        start = y = tensor(CHAIN_START).requires_grad_()
        one = tensor(1.0).requires_grad_()
        for _ in range(length):
            y = y * one
        return y, start, one

    def sweep(graph: tuple[Any, Any, Any]) -> list[float]:
        y, start, one = graph
        y.backward()
        return [y.item(), start.grad.item(), one.grad.item()]

    return {"PyTorch, 0-dim": Growth(build, sweep, chain_of_products)}


def wide_sum() -> Growths:
    def by_array(length: int) -> tuple[Any, list[Any]]:
        numbers, x = terms(length)
        w = tensor(numbers).requires_grad_()
        return w @ tensor(x), [w]

    def by_numbers(length: int) -> tuple[Any, list[Any]]:
        numbers, x = terms(length)
        w = [tensor(number).requires_grad_() for number in numbers]
        return sum((a * b for a, b in zip(w, x, strict=True)), tensor(0.0)), w

    def sweep(graph: tuple[Any, list[Any]]) -> list[float]:
        y, w = graph
        y.backward()
        return [y.item(), *(number for part in w for number in part.grad.reshape(-1).tolist())]

    return {
        "PyTorch, tensors": Growth(by_array, sweep, sum_of_products),
        "PyTorch, 0-dim": Growth(by_numbers, sweep, sum_of_products),
    }
