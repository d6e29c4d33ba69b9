"""Which target goes by which name."""

from __future__ import annotations

from typing import Literal, get_args

from autograd.codegen.c import CProgram
from autograd.codegen.c_loop import CLoop
from autograd.codegen.columns import NumpyProgram
from autograd.codegen.compiler import is_usable
from autograd.codegen.python import PythonProgram
from autograd.codegen.python_loop import PythonLoop
from autograd.codegen.running import LoopTarget, Target

__all__ = ["Backend", "target"]

Backend = Literal["python", "c", "numpy", "auto"]


def target(backend: Backend) -> tuple[str, Target]:
    """The target, and the name it goes by; "auto" is C where that can be compiled."""
    if not isinstance(backend, str) or backend not in get_args(Backend):
        known = ", ".join(map(repr, get_args(Backend)))
        raise ValueError(f"backend is {backend!r}: give one of {known}")
    if backend == "auto":
        backend = "c" if is_usable() else "python"
    return backend, _TARGETS[backend]


_TARGETS: dict[str, Target] = {
    "python": PythonProgram,
    "c": CProgram,
    "numpy": NumpyProgram,
}


def loop_target(backend: str) -> LoopTarget:
    """The target for training loops."""
    return _LOOPS.get(backend, PythonLoop)


_LOOPS: dict[str, LoopTarget] = {"c": CLoop}
