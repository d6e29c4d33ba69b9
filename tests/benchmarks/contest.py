"""A contest: all must agree on the numbers, and only then are they timed in turn."""

from __future__ import annotations

import gc
import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from autograd.checking.table import text_table
from tests.benchmarks.timing import (
    arguments,
    duration,
    median,
    nothing_compiled_yet,
    ratio,
    report,
    seconds,
)

TOLERANCE = 1e-9
STEPS_TO_AGREE = 3
SECONDS_A_TURN = 0.15

# Everybody who takes part somewhere, in the order of the tables.
CONTESTANTS = (
    "ours",
    "ours_on_surfaces",
    "ours_growing",
    "by_hand",
    "by_hand_in_c",
    "with_numpy",
    "with_micrograd",
    "with_hips",
    "with_torch",
    "with_jax",
    "with_casadi",
    "with_numba",
)


@dataclass(frozen=True)
class Entry:
    """A contestant that is ready.

    `figures` are numbers in which all must agree; `after` does so many units of work from the
    beginning, and gives the parameters at the end.
    """

    figures: Callable[[], Sequence[float]]
    after: Callable[[int], Sequence[float]]


Makers = Mapping[str, Callable[[], Entry]]


class Standing(NamedTuple):
    """Seconds a unit in every round, and what it takes to begin.

    `first` are the seconds from nothing to the first unit done, `call` those of a later call for
    one unit; `units` were done in a turn.
    """

    name: str
    seconds: list[float]
    first: float
    call: float
    units: int


@dataclass(frozen=True)
class Goal:
    """`ours` is to be `times` as fast as `theirs`; with times=0.5 at most twice as slow."""

    ours: str
    theirs: str
    times: float

    def __str__(self) -> str:
        if self.times >= 1.0:
            return f"{self.ours}: ≥ {self.times:g} × as fast as {self.theirs}"
        return f"{self.ours}: ≤ {1.0 / self.times:g} × the time of {self.theirs}"


def training(
    start: Callable[[], Sequence[float]], after: Callable[[int], Sequence[float]]
) -> Entry:
    """A training: loss and gradients at its start, and the parameters after so many updates.

    Every call of `after` begins at the start.
    """
    return Entry(lambda: [*start(), *after(STEPS_TO_AGREE)], after)


def solvers(problem: str) -> dict[str, Any]:
    """What the contestants have for this problem, by module; a line for what is not installed."""
    found = {}
    for contestant in CONTESTANTS:
        try:
            module = import_module(f"tests.benchmarks.contestants.{contestant}")
        except ModuleNotFoundError as error:
            print(f"{error.name} is left out: pip install '.[benchmark]' installs it")
        except ImportError as error:
            print(error)
        else:
            if hasattr(module, problem):
                found[contestant] = getattr(module, problem)
    return found


def entrants(problem: str) -> Makers:
    """Everybody who takes part."""
    found: dict[str, Callable[[], Entry]] = {}
    for makers in solvers(problem).values():
        found |= makers()
    return found


def ready(makers: Makers) -> tuple[dict[str, Entry], dict[str, float]]:
    """All entries, and the seconds that each took from nothing to its first unit of work."""
    entries, first = {}, {}
    for name, make in makers.items():
        began = time.perf_counter()
        try:
            entry = make()
            entry.after(1)
        except (ImportError, RuntimeError) as reason:  # no numpy, no C compiler
            print(f"{name} is left out: {reason}")
        else:
            entries[name], first[name] = entry, time.perf_counter() - began
    return entries, first


def require_agreement(entries: Mapping[str, Entry], reference: str) -> None:
    if reference not in entries:
        raise SystemExit(f"{reference}, beside which all others are put, is left out itself")
    expected = entries[reference].figures()
    for name, entry in entries.items():
        found = entry.figures()
        worst = max(abs(a - b) for a, b in zip(found, expected, strict=True))
        if not worst <= TOLERANCE:
            raise SystemExit(f"{name} differs from {reference} by {worst}: nothing was timed")
    print(f"{len(entries)} contestants agree on {len(expected)} numbers to {TOLERANCE:g}")


def turn(entry: Entry, units: int) -> float:
    return seconds(partial(entry.after, units), 1, collector=True)


def units_a_turn(entry: Entry, most: int) -> int:
    """So many units that a turn takes about the time it should, and `most` at most."""
    units = 1
    while (taken := turn(entry, units)) < SECONDS_A_TURN and units < most:
        units *= 10
    return max(1, min(most, round(units * SECONDS_A_TURN / taken)))


def compete(
    makers: Makers, *, reference: str, most: int, rounds: int
) -> tuple[dict[str, Entry], list[Standing]]:
    """Agreement, and then the rounds."""
    with nothing_compiled_yet():
        entries, first = ready(makers)
    require_agreement(entries, reference)
    units = {name: units_a_turn(entry, most) for name, entry in entries.items()}
    # What all their packages keep is not looked through again at every turn of everybody.
    gc.collect()
    gc.freeze()
    calls: dict[str, list[float]] = {name: [] for name in entries}
    times: dict[str, list[float]] = {name: [] for name in entries}
    for _ in range(rounds):
        for name, entry in entries.items():
            calls[name].append(turn(entry, 1))
            times[name].append(seconds_a_unit(entry, units[name]))
    return entries, [
        Standing(name, times[name], first[name], median(calls[name]), units[name])
        for name in entries
    ]


def seconds_a_unit(entry: Entry, units: int) -> float:
    """Without what a call costs however much it does: the difference to a call for fewer."""
    fewer = units // 10
    taken = turn(entry, units) - (turn(entry, fewer) if fewer else 0.0)
    return taken / (units - fewer)


def show(
    standings: Sequence[Standing],
    *,
    unit: str,
    reference: str,
    goals: Sequence[Goal],
    file: Path | None,
) -> None:
    """The table, and what became of the goals."""
    times = {standing.name: standing.seconds for standing in standings}
    rows = [
        [
            s.name,
            duration(median(s.seconds)),
            f"{ratio(s.seconds, times[reference]):.3g}",
            duration(s.first),
            duration(s.call),
            f"{s.units:,}",
        ]
        for s in standings
    ]
    headings = [
        "",
        f"one {unit}",
        f"{reference} = 1",
        "very first",
        "a later call for one",
        "a turn",
    ]
    reached = goals_reached(goals, times)
    figures = {"contestants": [s._asdict() for s in standings], "goals": reached}
    report(headings, rows, figures, file)
    if reached:
        print("\n" + text_table(["goal", "found", ""], [list(r.values()) for r in reached]))


def goals_reached(
    goals: Sequence[Goal], times: Mapping[str, Sequence[float]]
) -> list[dict[str, str]]:
    """What became of the goals whose both sides took part."""
    reached = []
    for goal in goals:
        if goal.ours in times and goal.theirs in times:
            found = ratio(times[goal.theirs], times[goal.ours])
            shown = found if goal.times >= 1.0 else 1.0 / found
            mark = "✓" if found >= goal.times else "✗"
            reached.append({"goal": str(goal), "found": f"{shown:.3g}", "reached": mark})
    return reached


def hold(
    problem: str,
    *,
    description: str,
    unit: str,
    reference: str,
    goals: Sequence[Goal],
    most: int,
) -> None:
    """The whole contest, as the command line has it."""
    options = contest_arguments(description).parse_args()
    _, standings = compete(entrants(problem), reference=reference, most=most, rounds=options.rounds)
    show(standings, unit=unit, reference=reference, goals=goals, file=options.json)


def contest_arguments(description: str) -> ArgumentParser:
    parser = arguments(description)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each contestant (7)")
    return parser
