"""Which line of a program made a node, if Python was told to remember."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from autograd.value import Value

_OWN = str(Path(__file__).parents[1])


def source_line(node: Value) -> str:
    """File, line and text of the program that made the node; "" if that was not traced.

    Python traces allocations between `tracemalloc.start(10)` and `tracemalloc.stop()`; the number
    says how many calls up it remembers, and two are enough for most operations.
    """
    traceback = tracemalloc.get_object_traceback(node)
    if traceback is None:
        return ""
    for frame in reversed(list(traceback)):
        is_ours = frame.filename.startswith((_OWN, "<autograd"))
        if not is_ours:
            text = tracemalloc.Traceback([(frame.filename, frame.lineno)]).format()
            line = text[1].strip() if len(text) > 1 else ""
            return f"{frame.filename}:{frame.lineno}" + (f": {line}" if line else "")
    return ""
