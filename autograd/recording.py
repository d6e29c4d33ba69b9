"""Whether operations are recorded, and who else is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from autograd.rows import Op

T = TypeVar("T")


class Tracer:
    """What sees a function at work: see `autograd.codegen`. Nothing does, as a rule.

    Values call these methods in the thread or task that traces, and only there.
    """

    def operation(self, op: Op, arguments: tuple[object, ...], *, recorded: bool) -> object:
        """An operation is to be done; gives its result. Inside `no_grad` it is not recorded."""
        raise NotImplementedError

    def leaf(self, leaf: object) -> None:
        """A leaf has been made."""
        raise NotImplementedError

    def comparison(self, sign: str, left: object, right: object, outcome: bool) -> object:
        """Two numbers have been compared; gives what stands for the outcome."""
        raise NotImplementedError

    def reading(self, value: object, how: str) -> None:
        """A number is about to leave the graph, or to be put into it, by what `how` says."""
        raise NotImplementedError


# Whether operations are recorded; None where a tracer is asked instead.
recording: ContextVar[bool | None] = ContextVar("recording", default=True)
current_tracer: ContextVar[Tracer | None] = ContextVar("current_tracer", default=None)

# One for each `no_grad` block in force anywhere. Methods look whether there is any; only then do
# they ask whose it is.
paused: list[object] = []

# What the printed functions find by name.
names: dict[str, Any] = {"paused": paused, "recording": recording.get}


@contextmanager
def setting(variable: ContextVar[T], inside: T) -> Iterator[None]:
    """Set it inside. Not by a token: Ctrl-C could come before there is one."""
    before = variable.get()
    try:
        variable.set(inside)
        yield
    finally:
        variable.set(before)


@contextmanager
def no_grad() -> Iterator[None]:
    """Record nothing inside: operations on Values give leaves. Per thread and per task.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.is_leaf
    (9.0, True)
    """
    block = object()
    try:
        paused.append(block)
        with setting(recording, False):
            yield
    finally:
        if block in paused:
            paused.remove(block)


@contextmanager
def recorded_inside() -> Iterator[None]:
    """Record inside, whatever `no_grad` is in force outside; a tracer goes on watching."""
    with setting(recording, True if current_tracer.get() is None else None):
        yield


@contextmanager
def unwatched() -> Iterator[None]:
    """Look at numbers without telling the tracer: for the engine's own checks."""
    with setting(current_tracer, None):
        yield


@contextmanager
def traced_by(tracer: Tracer) -> Iterator[None]:
    """Tell the tracer of everything that is done with Values inside."""
    # While somebody pauses, every operation is handed over as a whole.
    with no_grad(), setting(current_tracer, tracer), setting(recording, None):
        yield
