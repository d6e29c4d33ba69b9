"""One very large graph, and very many small ones: python -m tests.benchmarks.load.

Ten million nodes are built, swept and dropped in one graph, which the process must bear within
3 GB, interpreter and all. A hundred thousand graphs are built, swept and dropped one after the
other, after which the process must be as small as it was after the first thousand.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from autograd import Value
from tests.benchmarks.growth import memory
from tests.benchmarks.timing import arguments, duration, report

NODES = 10_000_000
GRAPHS = 100_000
WARMING_UP = 1_000
MOST_BYTES = 3 * 10**9
# Between two readings, the system may count a few pages more or less.
MOST_GROWTH = 2**20


class Figures(NamedTuple):
    """Seconds of it all, and bytes of the whole process: at its peak, and how many it kept."""

    name: str
    seconds: float
    peak: int
    kept: int

    @property
    def holds(self) -> bool:
        return self.peak <= MOST_BYTES and (self.name == "one graph" or self.kept <= MOST_GROWTH)


def used(kind: str = "VmRSS") -> int:
    found = memory(kind)
    if found is None:
        raise SystemExit("only Linux tells a process how much memory it has")
    return found


def one_graph() -> Figures:
    """Alternately of one and of two parents, as graphs are: ∂y/∂w is exact in every step."""
    before, start = used(), time.perf_counter()
    w = Value(1.0, name="w")
    y = w
    for _ in range(NODES // 2):
        y = (y * w).relu()
    y.backward()
    if w.grad != NODES // 2 + 1:
        raise SystemExit(f"∂y/∂w is {w.grad}, so nothing is told")
    del y
    return Figures("one graph", time.perf_counter() - start, used("VmHWM"), used() - before)


def many_graphs() -> Figures:
    w, b = Value(0.5, name="w"), Value(0.1, name="b")
    start, before = time.perf_counter(), 0
    for count in range(GRAPHS):
        if count == WARMING_UP:
            before = used()
        out = w
        for _ in range(10):
            out = (w * out + b).tanh()
        out.backward()
    return Figures("many graphs", time.perf_counter() - start, used("VmHWM"), used() - before)


def main() -> int:
    options = arguments(__doc__ or "").parse_args()
    # A fresh process for each: the peak of memory is one of a process's whole life.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool:
        jobs = {
            f"one graph of {NODES:,} nodes": pool.submit(one_graph),
            f"{GRAPHS:,} graphs of 30 nodes": pool.submit(many_graphs),
        }
        found = {name: job.result() for name, job in jobs.items()}
    rows = [
        [
            name,
            duration(f.seconds),
            f"{f.peak / 1e9:.3g} GB",
            f"{f.kept / 1e6:.2f} MB",
            "✓" if f.holds else "✗",
        ]
        for name, f in found.items()
    ]
    headings = ["", "built, swept, dropped", "peak of the process", "kept", "goal"]
    report(headings, rows, [f._asdict() for f in found.values()], options.json)
    return 0 if all(f.holds for f in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
