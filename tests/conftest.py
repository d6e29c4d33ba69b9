"""What holds for every test."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import hypothesis
import pytest

from nn._environment import require_own_packages

# Tests of a mixture with another distribution's files would say nothing about this project.
require_own_packages()

# No deadline: a slow machine is no error. The same examples on every machine and every run, so
# that nobody else's tests fail by chance; `--hypothesis-profile=explore` looks further.
hypothesis.settings.register_profile("reproducible", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("reproducible")


class Interruption:
    """Ctrl-C, or a lack of memory, at a moment of the tester's choice.

    Python looks for signals on entering a function, after a call and on going back in a loop;
    memory can run out where something new is made.
    """

    def __init__(self, error: type[BaseException], packages: frozenset[str]) -> None:
        self._error = error
        self._packages = packages
        self._left = 0

    def strikes(self, action: Callable[[], object], moment: int) -> bool:
        """Run it, interrupted at the so-manieth moment; whether it lasted that long."""
        self._left = moment
        before = sys.gettrace()
        # From Python 3.12 on, a trace is shown opcodes if a frame had asked for them before it.
        sys._getframe().f_trace_opcodes = True
        sys.settrace(self._enter)
        try:
            action()
        except self._error:
            return True
        finally:
            sys.settrace(before)
        return self._left <= 0

    def _enter(self, frame: FrameType, event: str, argument: object) -> Any:
        del event, argument
        if frame.f_globals.get("__name__", "").split(".")[0] not in self._packages:
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        previous = "RESUME"

        def step(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal previous
            del argument
            if event == "opcode":
                name = dis.opname[frame.f_code.co_code[frame.f_lasti]]
                if self._is_a_moment(previous, name):
                    self._left -= 1
                    if self._left == 0:
                        raise self._error
                previous = name
            return step

        return step

    def _is_a_moment(self, previous: str, name: str) -> bool:
        if self._error is MemoryError:
            return name.startswith(("BINARY", "BUILD", "LIST", "MAP"))
        return previous in ("RESUME", "JUMP_BACKWARD") or previous.startswith("CALL")


@pytest.fixture(params=[KeyboardInterrupt, MemoryError])
def interruption(request: pytest.FixtureRequest) -> Interruption:
    new = eval("lambda: [0]", {"__name__": "nn"})
    if not Interruption(request.param, frozenset({"nn"})).strikes(new, 1):
        pytest.skip("this Python tells nobody what a function does in its first call, as 3.13.0")
    return Interruption(request.param, frozenset({"autograd", "nn"}))
