"""How time and memory grow with the graph: every length in a process of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.contest import TOLERANCE, solvers
from tests.benchmarks.timing import arguments, duration, nothing_compiled_yet, report

LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
STATUS = Path("/proc/self/status")
WARMING_UP = 10
# Larger graphs fit into smaller caches worse: what is linear may cost so many times more a node.
MOST_LINEAR = 2.0


@dataclass(frozen=True)
class Growth:
    """A way to make a graph of some length and to go through it backward.

    `sweep` takes what `build` made and gives the value and then gradients; `expected` are those
    that everybody must find. Above `most` this is not tried: `reason` says why.
    """

    build: Callable[[int], Any]
    sweep: Callable[[Any], Sequence[float]]
    expected: Callable[[int], Sequence[float]]
    most: int = LENGTHS[-1]
    reason: str = ""


Growths = Mapping[str, Growth]


class Job(NamedTuple):
    """Where the way is found, and how long the graph is to be."""

    problem: str
    module: str
    name: str
    length: int


class Figures(NamedTuple):
    """Seconds of three phases, bytes a node if the system tells them, and how wrong it was."""

    name: str
    length: int
    build: float
    backward: float
    release: float
    bytes_per_node: float | None
    deviation: float

    @property
    def seconds_per_node(self) -> float:
        return (self.build + self.backward + self.release) / self.length


def memory(kind: str) -> int | None:
    """Bytes of this process now ("VmRSS") or at its peak ("VmHWM"), where Linux says so."""
    if not STATUS.exists():
        return None
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:"))


def measure(job: Job) -> Figures:
    module = import_module(f"tests.benchmarks.contestants.{job.module}")
    way: Growth = getattr(module, job.problem)()[job.name]
    expected = way.expected(job.length)
    way.sweep(way.build(WARMING_UP))  # functions are printed now, and not in the long graph
    before, peak_before = memory("VmRSS"), memory("VmHWM")
    start = time.perf_counter()
    graph = way.build(job.length)
    built = time.perf_counter()
    found = way.sweep(graph)
    swept = time.perf_counter()
    peak = memory("VmHWM")
    dropping = time.perf_counter()
    del graph
    phases = built - start, swept - built, time.perf_counter() - dropping
    used = None
    if before is not None and peak is not None and peak != peak_before:
        # Otherwise the peak is still that of the imports, and says nothing.
        used = (peak - before) / job.length
    deviation = max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(found, expected, strict=True))
    return Figures(job.name, job.length, *phases, used, deviation)


def grow(problem: str, description: str, *, most: int, linear: str) -> None:
    """Measure every way at every length; `linear` names the one that has to be so."""
    parser = arguments(description)
    parser.add_argument("--most", type=int, default=most, help=f"the longest graph ({most:,})")
    options = parser.parse_args()
    lengths = [length for length in LENGTHS if length <= options.most]
    jobs = []
    for module, ways in solvers(problem).items():
        for name, way in ways().items():
            jobs += [Job(problem, module, name, length) for length in lengths if length <= way.most]
            if way.most < lengths[-1]:
                print(f"{name} is left out above {way.most:,}: {way.reason}")
    # A fresh process for each: the peak of memory is one of a process's whole life.
    spawn = multiprocessing.get_context("spawn")
    with (
        nothing_compiled_yet(),
        ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool,
    ):
        figures = list(pool.map(measure, jobs))
    for f in figures:
        if not f.deviation <= TOLERANCE:
            raise SystemExit(f"{f.name} of {f.length} is wrong by {f.deviation}: nothing is told")
    print(f"{len(figures)} graphs agree on value and gradients to {TOLERANCE:g}")
    rows = [
        [
            f.name,
            f"{f.length:,}",
            *map(duration, (f.build, f.backward, f.release, f.seconds_per_node)),
            "" if f.bytes_per_node is None else f"{f.bytes_per_node:,.0f}",
        ]
        for f in figures
    ]
    headings = ["", "nodes", "build", "backward", "release", "a node", "bytes a node"]
    report(headings, rows, [f._asdict() for f in figures], options.json)
    ours = [f for f in figures if f.name == linear]
    first, last = ours[0], ours[-1]
    times = last.seconds_per_node / first.seconds_per_node
    print(
        f"\ngoal: {linear}, in time linear in the nodes: one of {last.length:,} takes "
        f"{times:.2g} × as long as one of {first.length:,} {'✓' if times <= MOST_LINEAR else '✗'}"
    )
