"""All benchmarks: python -m tests.benchmarks, after pip install -e '.[benchmark]'.

Each runs in a process of its own, one after the other, and can be run alone: see the names below.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.timing import arguments

BENCHMARKS = ("two_two_two", "two_moons", "two_moons_compiled", "surfaces", "chain", "wide_sum")


def main() -> int:
    options = arguments(__doc__ or "").parse_args()
    figures, failed = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for name in BENCHMARKS:
            module, file = f"tests.benchmarks.{name}", Path(folder) / f"{name}.json"
            print(f"\n== python -m {module}\n", flush=True)
            done = subprocess.run([sys.executable, "-m", module, "--json", str(file)], check=False)
            if done.returncode:
                failed.append(name)
            else:
                figures[name] = json.loads(file.read_text())
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if failed:
        print(f"\nwithout figures: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
