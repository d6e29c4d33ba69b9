"""How benchmarks measure and report: one process, rounds in turn, medians, ratios."""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
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


def median(times: Sequence[float]) -> float:
    return statistics.median(times)


def milliseconds(time: float) -> str:
    return f"{1e3 * time:.1f} ms"


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
