"""How benchmarks measure and report: one process, rounds in turn, medians, ratios."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograd.checking.table import text_table


def seconds(work: Callable[[], object], calls: int, *, collector: bool) -> float:
    """Time a call, with or without Python's garbage collector, starting from a clean heap.

    Several calls follow each other as in a loop of the user's: what one leaves for the collector
    burdens the next.
    """
    gc.collect()
    if not collector:
        gc.disable()
    try:
        start = time.perf_counter()
        for _ in range(calls):
            work()
        return (time.perf_counter() - start) / calls
    finally:
        gc.enable()


def in_turn(
    contestants: Mapping[str, Callable[[], object]], rounds: int, calls: int, *, collector: bool
) -> dict[str, list[float]]:
    """Seconds a call of every contestant in every round: all share the machine's moods."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            found[name].append(seconds(work, calls, collector=collector))
    return found


@contextmanager
def nothing_compiled_yet() -> Iterator[None]:
    """Inside, and in processes started inside, compiled programs are kept in an empty folder."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["XDG_CACHE_HOME"]
            else:
                os.environ["XDG_CACHE_HOME"] = before


def median(times: Sequence[float]) -> float:
    return statistics.median(times)


def ratio(times: Sequence[float], reference: Sequence[float]) -> float:
    """How many times as long: the median of what the rounds say, each of one mood."""
    return median([own / other for own, other in zip(times, reference, strict=True)])


def milliseconds(time: float) -> str:
    return f"{1e3 * time:.1f} ms"


def duration(time: float) -> str:
    """Three digits in the unit that suits them.

    >>> duration(0.0000000517), duration(0.0432), duration(143.2)
    ('51.7 ns', '43.2 ms', '143 s')
    """
    for factor, unit in ((1e9, "ns"), (1e6, "µs"), (1e3, "ms")):
        if time * factor < 999.5:
            return f"{time * factor:.3g} {unit}"
    return f"{time:.3g} s" if time < 999.5 else f"{time:,.0f} s"


def arguments(description: str) -> argparse.ArgumentParser:
    """What every benchmark can be told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")
    return parser


def report(
    headings: Sequence[str], rows: Sequence[Sequence[str]], figures: object, file: Path | None
) -> None:
    """The table to the terminal and, if asked for, the figures to a file."""
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}\n")
    print(text_table(headings, rows))
    if file is not None:
        machine = {"python": platform.python_version(), "machine": platform.machine()}
        file.write_text(json.dumps({**machine, "figures": figures}, indent=2) + "\n")
