"""The same networks in C, compiled by the same compiler as autograd's programs."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from array import array
from collections.abc import Iterable, Sequence
from functools import cache, partial
from pathlib import Path

from autograd.codegen.compiler import compiler
from examples.two_two_two import LEARNING_RATE, WEIGHTS
from tests.benchmarks.contest import Entry, Makers, training
from tests.benchmarks.problems import RATE, STRENGTH, flat, moons, moons_matrices

SOURCE = Path(__file__).with_name("by_hand.c")


def two_two_two() -> Makers:
    return {"C by hand": network_of_two}


def two_moons() -> Makers:
    return {
        "C by hand": partial(network_for_moons, skipping=False),
        "C by hand, skipping zeros": partial(network_for_moons, skipping=True),
    }


@cache
def library() -> ctypes.CDLL:
    with tempfile.TemporaryDirectory() as folder:
        return ctypes.CDLL(str(compiled(SOURCE, Path(folder))))


def compiled(source: Path, folder: Path) -> Path:
    """A library, made anew for every run of the benchmarks."""
    made = folder / f"{source.stem}.so"
    options = ["-std=c11", "-O2", "-shared", "-fPIC", "-o", str(made)]
    subprocess.run([*compiler(), *options, str(source), "-lm"], check=True)
    return made


def doubles(numbers: Iterable[float]) -> ctypes.Array[ctypes.c_double]:
    given = array("d", numbers)
    return (ctypes.c_double * len(given))(*given)


def by_update(
    before: Sequence[float], after: Sequence[float], rate: float, loss: float
) -> list[float]:
    """The loss, and the gradients that an update came from."""
    return [loss, *((old - new) / rate for old, new in zip(before, after, strict=True))]


def network_of_two() -> Entry:
    train = library().two_two_two
    train.restype = ctypes.c_double
    train.argtypes = [ctypes.c_void_p, ctypes.c_ssize_t]

    def run(updates: int) -> tuple[list[float], float]:
        weights = doubles(WEIGHTS)
        loss = train(weights, updates)
        return list(weights), loss

    def start() -> list[float]:
        weights, loss = run(1)
        return by_update(WEIGHTS, weights, LEARNING_RATE, loss)

    return training(start, lambda updates: run(updates)[0])


def network_for_moons(*, skipping: bool) -> Entry:
    train = library().two_moons
    train.restype = ctypes.c_double
    train.argtypes = [
        *[ctypes.c_void_p] * 3,
        ctypes.c_ssize_t,
        *[ctypes.c_double] * 2,
        ctypes.c_ssize_t,
        ctypes.c_int,
    ]
    points, classes = moons()
    given = doubles(number for point in points for number in point), doubles(classes)
    beginning = flat(moons_matrices())

    def run(updates: int) -> tuple[list[float], float]:
        parameters = doubles(beginning)
        loss = train(parameters, *given, len(points), STRENGTH, RATE, updates, skipping)
        return list(parameters), loss

    def start() -> list[float]:
        parameters, loss = run(1)
        return by_update(beginning, parameters, RATE, loss)

    return training(start, lambda updates: run(updates)[0])
