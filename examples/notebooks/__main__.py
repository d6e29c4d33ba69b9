"""`python -m examples.notebooks`: every notebook made from its text, executed and written."""

from __future__ import annotations

import argparse
import sys

from examples.notebooks.making import NOTEBOOKS, write


def main() -> int:
    """Write the notebooks that the command line names. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.notebooks",
        description="Make the notebooks from their texts, execute and write them.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"write these alone: {', '.join(NOTEBOOKS)}"
    )
    names = parser.parse_args().names
    if unknown := [name for name in names if name not in NOTEBOOKS]:
        parser.error(f"no notebook is named {unknown[0]!r}; there are {', '.join(NOTEBOOKS)}")
    for name in names or NOTEBOOKS:
        print(write(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
