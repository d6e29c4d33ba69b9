"""Chains of operations, from a thousand to a million: python -m tests.benchmarks.chain.

Each length is built, swept and dropped in a process of its own, at the default recursion limit;
time should be linear, and memory at the peak of `backward` at most 300 bytes a node.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from autograd import Value, dot
from tests.benchmarks.timing import arguments, milliseconds, report

LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "value × value": lambda y, one: y * one,
    "value × number": lambda y, one: y * 1.0,
    "number − value": lambda y, one: 1.0 - y,
    "tanh": lambda y, one: y.tanh(),
    "dot of one": lambda y, one: dot([one], [y]),
}
STATUS = Path("/proc/self/status")


class Figures(NamedTuple):
    """Seconds of the three phases, and bytes a node if the system tells them."""

    operation: str
    length: int
    build: float
    backward: float
    release: float
    bytes_per_node: float | None


def memory(kind: str) -> int | None:
    """Bytes of this process now ("VmRSS") or at its peak ("VmHWM"), where Linux says so."""
    if not STATUS.exists():
        return None
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:"))


def measure(job: tuple[str, int]) -> Figures:
    name, length = job
    operation, one = OPERATIONS[name], Value(1.0)
    operation(Value(0.5), one).backward()  # the function is printed now, and not in the chain
    before = memory("VmRSS")
    start = time.perf_counter()
    y = Value(0.5)
    for _ in range(length):
        y = operation(y, one)
    built = time.perf_counter()
    y.backward()
    swept = time.perf_counter()
    peak = memory("VmHWM")
    del y
    end = time.perf_counter()
    used = None if before is None or peak is None else (peak - before) / length
    return Figures(name, length, built - start, swept - built, end - swept, used)


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    jobs = [(name, length) for name in OPERATIONS for length in LENGTHS]
    # A fresh process for each: the peak of memory is one of a process's whole life.
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        figures = pool.map(measure, jobs, chunksize=1)
    rows = [
        [
            f.operation,
            f"{f.length:,}",
            *(milliseconds(phase) for phase in (f.build, f.backward, f.release)),
            f"{1e6 * (f.build + f.backward + f.release) / f.length:.2f} µs",
            "" if f.bytes_per_node is None else f"{f.bytes_per_node:.0f}",
        ]
        for f in figures
    ]
    headings = ["operation", "nodes", "build", "backward", "release", "a node", "bytes a node"]
    report(headings, rows, [f._asdict() for f in figures], options.json)


if __name__ == "__main__":
    main()
