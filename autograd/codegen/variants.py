"""The traces of a function and their programs: per structure of arguments, per way through it."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

from autograd.codegen.lowering import Wanted
from autograd.codegen.program import Program, program
from autograd.codegen.running import PathChanged, Runnable, Target
from autograd.codegen.structure import Structure, built, places
from autograd.codegen.tracing import Argument, Trace, trace
from autograd.value import Value

__all__ = ["Variant", "Variants"]

T = TypeVar("T")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without Python's garbage collector, which would search a growing program again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Variant:
    """One way through a function, with a program for each kind of result asked for so far."""

    def __init__(self, trace: Trace, names: Sequence[str], title: str, target: Target) -> None:
        self.guards = trace.guards
        self.outcomes = [guard.outcome for guard in self.guards]
        self.programs: dict[Wanted, Program] = {}
        self._ready: dict[Wanted, tuple[Runnable, Sequence[Value]]] = {}
        self.seconds = 0.0
        self._trace = trace
        self._names = names
        self._title = title
        self._target = target

    def program(self, wanted: Wanted) -> Program:
        """The statements for these results."""
        if wanted not in self.programs:
            with _collector_paused():
                self.programs[wanted] = program(self._trace, wanted, self._names, self._title)
        return self.programs[wanted]

    def ready(self, wanted: Wanted) -> tuple[Runnable, Sequence[Value]]:
        """The compiled program for these results, and the parameters it reads."""
        found = self._ready.get(wanted)
        if found is None:
            began = perf_counter()
            with _collector_paused():
                runnable = self._target(self.program(wanted))
            self.seconds += perf_counter() - began
            found = self._ready[wanted] = runnable, self.program(wanted).leaves
        return found

    @property
    def runnables(self) -> list[Runnable]:
        """All programs that were compiled so far."""
        return [runnable for runnable, _ in self._ready.values()]


class Variants:
    """What is known of a function."""

    def __init__(
        self,
        f: Callable[..., object],
        target: Target,
        most: int,
        error: Callable[..., object] | None = None,
    ) -> None:
        self.f = f
        self.error = error
        self.target = target
        self.most = most
        self.seconds = 0.0
        self._found: dict[Structure, list[Variant]] = {}
        self._latest: dict[Structure, Variant] = {}

    def __iter__(self) -> Iterator[Variant]:
        return (variant for found in self._found.values() for variant in found)

    def run(
        self, structure: Structure, numbers: Sequence[float], action: Callable[[Variant], T]
    ) -> T:
        """The action's result with the variant that fits; it raises PathChanged if one does not."""
        variant = self._latest.get(structure)
        if variant is None:
            variant = self._traced(structure, numbers)
        while True:
            try:
                return action(variant)
            except PathChanged as change:
                guard, arguments = change.guard, change.arguments or numbers
            variant = self._other(variant, guard, structure, arguments)

    def leaves(self, structure: Structure, numbers: Sequence[float]) -> list[Value]:
        """A leaf for each number, named after its argument."""
        return list(map(Argument, numbers, self.names(structure)))

    def call(self, structure: Structure, leaves: Sequence[Value]) -> object:
        """The function itself, with the leaves in the places of the numbers."""
        return _called(self.f, structure, leaves)

    def names(self, structure: Structure) -> list[str]:
        """What the numbers are called, after the function's own names for its arguments."""
        _, _, *parts = structure
        return [
            name
            for argument, part in zip(_argument_names(self.f, len(parts)), parts, strict=True)
            for name in places(part, argument)
        ]

    def _other(
        self, variant: Variant, guard: int, structure: Structure, numbers: Sequence[float]
    ) -> Variant:
        path = [*variant.outcomes[:guard], not variant.outcomes[guard]]
        for other in self._found[structure]:
            if other.outcomes[: guard + 1] == path:
                self._latest[structure] = other
                return other
        return self._traced(structure, numbers, f"the last to change was {variant.guards[guard]}")

    def _traced(self, structure: Structure, numbers: Sequence[float], change: str = "") -> Variant:
        traces = sum(map(len, self._found.values()))
        if traces >= self.most:
            raise RuntimeError(
                f"{_title(self.f)} has been traced {traces} times, for {len(self._found)} "
                f"structures of its arguments, and would have to be traced again: "
                f"{change or 'these arguments have another structure'}. Numbers and branches that "
                f"differ from call to call are what a program cannot have: use where, maximum or "
                f"relu in place of if, lists of one length, or raise most_traces"
            )
        began = perf_counter()
        leaves = self.leaves(structure, numbers)
        error = self.error and partial(_called, self.error, structure, leaves)
        with _collector_paused():
            found = trace(partial(self.call, structure, leaves), leaves, error)
        self.seconds += perf_counter() - began
        variant = Variant(found, [leaf.name for leaf in leaves], _title(self.f), self.target)
        self._found.setdefault(structure, []).append(variant)
        self._latest[structure] = variant
        return variant


def _called(f: Callable[..., object], structure: Structure, leaves: Sequence[Value]) -> object:
    return f(*built(structure, iter(leaves), lambda part: part))


def _title(f: Callable[..., object]) -> str:
    name = getattr(f, "__name__", "")
    return name if name.isidentifier() else "y"


def _argument_names(f: Callable[..., Any], count: int) -> list[str]:
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names = [p.name for p in positional][:count]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "x")
    return names + [f"{rest}_{index}" for index in range(count - len(names))]
