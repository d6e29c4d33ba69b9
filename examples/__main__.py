"""`python -m examples`: every document checked, printed, drawn and laid out as a page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from examples import (
    nine_inputs,
    one_neuron,
    reversed_network,
    six_patterns,
    surfaces,
    three_rings,
    two_moons,
    two_two_two,
    two_two_two_training,
    xor,
)
from examples.presenting import Example, run
from examples.presenting.run import OUTPUT

EXAMPLES: dict[str, Callable[[], Example]] = {
    "two_two_two": two_two_two.example,
    "two_two_two_training": two_two_two_training.example,
    "nine_inputs": nine_inputs.example,
    "six_patterns": six_patterns.example,
    "surfaces": surfaces.example,
    "three_rings": three_rings.example,
    "one_neuron": one_neuron.example,
    "reversed_network": reversed_network.example,
    "xor": xor.example,
    "two_moons": two_moons.example,
}


def main() -> int:
    """Run the examples that the command line names. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m examples",
        description="Check the numbers of hand-worked backpropagation, document by document. "
        "Exits with status 1 if a number that should agree does not.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"run these alone: {', '.join(EXAMPLES)}"
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=OUTPUT,
        metavar="DIR",
        help="where index.html and the pictures go (default: %(default)s)",
    )
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in EXAMPLES]:
        parser.error(f"no example is named {unknown[0]!r}; there are {', '.join(EXAMPLES)}")
    try:
        return run([EXAMPLES[name] for name in arguments.names or EXAMPLES], arguments.output)
    except OSError as error:
        parser.error(f"a file cannot be read or written: {error}")


if __name__ == "__main__":
    sys.exit(main())
