"""Document 002's nine fits: python -m tests.benchmarks.surfaces.

One step is an iteration of each of the three networks, on the first surface. Then the whole course
of the document: 20,000 iterations on each surface in turn, of which the last makes no update, with
weights and momentum going on. Those who are fast enough walk it and must agree at its end.
"""

from __future__ import annotations

import time

from tests.benchmarks.contest import (
    TOLERANCE,
    Entry,
    Goal,
    Standing,
    compete,
    contest_arguments,
    entrants,
    show,
)
from tests.benchmarks.problems import SURFACE_UPDATES
from tests.benchmarks.timing import duration, median

OURS = "autograd, c trainer"
FIT = "nn.fit, c"
DOCUMENT = "numpy, as the document has it"
PLAIN = "numpy, plain arrays"
GOALS = [
    Goal(ours, theirs, times)
    for ours in (OURS, FIT)
    for theirs, times in ((DOCUMENT, 100.0), (PLAIN, 10.0))
]
COURSE = 3 * SURFACE_UPDATES


def walk(entries: dict[str, Entry], standings: list[Standing]) -> None:
    """The whole course, by those who need seconds for it."""
    expected = list(entries[PLAIN].after(COURSE))
    for standing in standings:
        estimate = COURSE * median(standing.seconds)
        if standing.name not in (OURS, FIT, PLAIN):
            print(f"about {duration(estimate)}  {standing.name}")
            continue
        began = time.perf_counter()
        found = entries[standing.name].after(COURSE)
        print(f"{duration(time.perf_counter() - began)}  {standing.name}")
        worst = max(abs(a - b) for a, b in zip(found, expected, strict=True))
        if not worst <= TOLERANCE:
            raise SystemExit(f"after all nine fits it differs from {PLAIN} by {worst}")
    print(f"Those made agree on {len(expected)} parameters to {TOLERANCE:g}.")


def main() -> None:
    options = contest_arguments(__doc__ or "").parse_args()
    entries, standings = compete(
        entrants("surfaces"), reference=OURS, most=SURFACE_UPDATES, rounds=options.rounds
    )
    show(standings, unit="step", reference=OURS, goals=GOALS, file=options.json)
    print("\nAll nine fits:")
    walk(entries, standings)


if __name__ == "__main__":
    main()
