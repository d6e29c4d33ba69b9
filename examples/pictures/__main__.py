"""`python -m examples.pictures`: every picture of the README made anew."""

from __future__ import annotations

import sys

from examples.pictures.making import FOLDER, PICTURES


def main() -> int:
    """Make the pictures and write them beside this file. Returns the exit status."""
    for name, make in PICTURES.items():
        path = FOLDER / name
        path.write_text(make(), encoding="utf-8", newline="\n")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
