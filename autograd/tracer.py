"""Who is told what is done with Values while a function is traced. Nobody is, as a rule."""

from __future__ import annotations

from contextvars import ContextVar

from autograd.rows import Op


class Tracer:
    """What `autograd.codegen` overrides to see a function at work.

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


current: ContextVar[Tracer | None] = ContextVar("tracer", default=None)
