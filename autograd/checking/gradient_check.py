"""Gradients from the graph against slopes measured from values alone."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from autograd.checking.numerical import NumericalDerivative, Side, numerical_derivative
from autograd.checking.table import Tone, html_table, line_width, text_table
from autograd.functional import gradients
from autograd.rows import as_float
from autograd.value import Value

_HEADINGS = ("input", "at", "analytic", "numeric", "numeric ±", "relative error", "outcome", "note")
# An estimate of an error is itself off now and then.
_BENEFIT_OF_DOUBT = 10.0


class Outcome(StrEnum):
    """What the comparison of one derivative says."""

    AGREES = "agrees"
    KINK = "kink"
    DIFFERS = "differs"
    UNMEASURABLE = "not measurable"


@dataclass(frozen=True)
class GradientRow:
    """One input and its derivative, computed and measured.

    Attributes:
        name: the input's name, or that of the parameter of the function, or its key in `wrt`.
        at: the input's value.
        analytic: the derivative from the graph.
        numeric: the measured slope, None if none can be measured.
        outcome: what follows; at a kink any derivative from the left slope to the right one is
            as good as another, and `kink` is no failure.
        note: the slopes on both sides of a kink, or what prevented the measurement.
    """

    name: str
    at: float
    analytic: float
    numeric: NumericalDerivative | None
    outcome: Outcome
    note: str = ""

    @property
    def ok(self) -> bool:
        """The derivative is right, or one of the right ones."""
        return self.outcome in (Outcome.AGREES, Outcome.KINK)

    @property
    def relative_error(self) -> float | None:
        """|analytic − numeric| / max(|analytic|, |numeric|), zero if both are."""
        if self.numeric is None:
            return None
        size = max(abs(self.analytic), abs(self.numeric.value))
        return abs(self.analytic - self.numeric.value) / size if size else 0.0


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What `check_gradients` found: one row per input, in order; a table as text and in notebooks.

    Attributes:
        rows: the derivatives, with what was computed and measured.
    """

    rows: tuple[GradientRow, ...]

    @property
    def ok(self) -> bool:
        """Every derivative agrees or lies at a kink."""
        return all(row.ok for row in self.rows)

    @property
    def summary(self) -> str:
        """The outcomes, counted."""
        counts = Counter(row.outcome for row in self.rows)
        return ", ".join(f"{outcome} {count}" for outcome, count in counts.items())

    def __str__(self) -> str:
        return text_table(_HEADINGS, [_cells(row) for row in self.rows], line_width())

    def __repr__(self) -> str:
        failed = ", ".join(row.name for row in self.rows if not row.ok)
        return f"<GradientReport: {self.summary}{'; look at ' + failed if failed else ''}>"

    def _repr_html_(self) -> str:
        cells = [_cells(row) for row in self.rows]
        return html_table(_HEADINGS, cells, [_tone(row) for row in self.rows], self.summary)


def check_gradients(
    f: Callable[..., Value],
    *inputs: float | Value,
    wrt: Mapping[str, Value] | Iterable[Value] = (),
    tolerance: float = 1e-6,
) -> GradientReport:
    """Compare ∂f/∂input from the graph with slopes measured from values of `f` alone.

    `f` takes as many Values as there are `inputs` and returns one. It is called many times, with
    fresh leaves, so it must give the same number for the same inputs; what is given is not changed.

    `wrt` are leaves that `f` uses by itself, such as the parameters of a network: a list, or a
    mapping from what the rows are to call them. They are moved one by one and put back.

    A derivative agrees if it differs from the measured slope by no more than `tolerance` times the
    larger of the two, plus what the measurement itself is unsure of. Where the slopes to the left
    and to the right differ, the point is a kink, and a derivative from the one to the other is
    right. Slopes that cannot be measured to `tolerance` are reported as such, and not as right.

    Raises TypeError if `f` takes other inputs or returns no Value and for what is no Value in
    `wrt`, ValueError for computed ones there and if there is nothing to check, and whatever `f`
    raises at the inputs themselves.

    >>> report = check_gradients(lambda a, b: a * b.tanh(), 5.0, 0.5)
    >>> report.ok, report
    (True, <GradientReport: agrees 2>)
    >>> check_gradients(lambda x: x.relu(), 0.0).rows[0].note
    'slope 0 on the left, 1 on the right'
    >>> w = Value(0.5, name="w")
    >>> check_gradients(lambda: (w * 2.0).tanh(), wrt=[w]).ok
    True
    """
    if not callable(f):
        raise TypeError(f"f is {f!r}, but it is to be a function of the inputs")
    own = _own(wrt)
    if not inputs and not own:
        raise ValueError(
            "check_gradients() needs the inputs at which f is to be checked, or as wrt=[…] the "
            "Values that f uses by itself"
        )
    leaves = _leaves(_names(f, inputs), inputs)
    output = _call(f, leaves)
    size = max(1.0, abs(output.data))
    analytic = gradients(output, [*leaves, *(leaf for _, leaf in own)])
    checked = [
        *(_Checked(leaf.name, leaf.data, _along(f, leaves, i)) for i, leaf in enumerate(leaves)),
        *(_Checked(name, leaf.data, _moving(f, leaves, leaf)) for name, leaf in own),
    ]
    rows = [_row(one, slope, tolerance, size) for one, slope in zip(checked, analytic, strict=True)]
    return GradientReport(tuple(rows))


class _Checked(NamedTuple):
    """One input: its name, its value, and the function of it alone."""

    name: str
    at: float
    f: Callable[[float], float]


def _own(wrt: object) -> list[tuple[str, Value]]:
    """The Values that the function uses by itself, and what their rows are called."""
    if not isinstance(wrt, Iterable) or isinstance(wrt, str | bytes):
        raise TypeError(
            f"check_gradients: wrt is {wrt!r}, but it is a list of Values, or a dict of them by "
            f"name"
        )
    own = []
    for name, value in wrt.items() if isinstance(wrt, Mapping) else _counted(wrt):
        if not isinstance(name, str):
            raise TypeError(f"check_gradients: wrt has the key {name!r}, which is no name")
        if not isinstance(value, Value):
            kind = type(value).__name__
            raise TypeError(f"check_gradients: wrt has {value!r}, a {kind} and no Value")
        if not value.is_leaf:
            raise ValueError(
                f"check_gradients: wrt has {value!r}, which was computed: give what it was "
                f"computed from"
            )
        own.append((name, value))
    return own


def _counted(values: Iterable[object]) -> list[tuple[str, object]]:
    """Each with its name, or with its place."""
    return [
        (getattr(value, "name", "") or f"Value {place}", value)
        for place, value in enumerate(values, start=1)
    ]


def _names(f: Callable[..., Value], inputs: tuple[float | Value, ...]) -> list[str]:
    """Names of the Values if they have one, else of the function's parameters."""
    parameters: list[str] = []
    try:
        signature = inspect.signature(f)
    except (TypeError, ValueError):  # built-in callables tell no signature
        pass
    else:
        _check_count(signature, inputs)
        parameters = [
            parameter.name
            for parameter in signature.parameters.values()
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
    counted = [f"input {count}" for count in range(1, len(inputs) + 1)]
    fallback = parameters[: len(inputs)] + counted[len(parameters) :]
    return [
        (value.name if isinstance(value, Value) else "") or name
        for value, name in zip(inputs, fallback, strict=True)
    ]


def _check_count(signature: inspect.Signature, inputs: tuple[float | Value, ...]) -> None:
    try:
        signature.bind(*inputs)
    except TypeError as error:
        count = f"{len(inputs)} input{'' if len(inputs) == 1 else 's'}"
        raise TypeError(
            f"check_gradients: f does not take {count}: {error}. Write wrt=[…] for Values that f "
            f"uses by itself"
        ) from None


def _leaves(names: list[str], inputs: tuple[float | Value, ...]) -> list[Value]:
    return [Value(_number(name, value), name) for name, value in zip(names, inputs, strict=True)]


def _number(name: str, given: object) -> float:
    if isinstance(given, Value):
        return given.data
    try:
        return as_float(given, f"check_gradients: {name}")
    except TypeError as error:
        if not isinstance(given, Iterable) or isinstance(given, str | bytes):
            raise
        raise TypeError(f"{error}, for a function as lambda a, b: f([a, b])") from None


def _call(f: Callable[..., Value], leaves: list[Value]) -> Value:
    output = f(*leaves)
    if not isinstance(output, Value):
        advice = "a plain number (such as .data) no longer knows how it was made"
        if isinstance(output, Iterable):
            advice = "make one number of its elements, or check one of them at a time"
        raise TypeError(
            f"f must return a Value and returned {output!r} of type {type(output).__name__}: "
            f"{advice}"
        )
    return output


def _along(f: Callable[..., Value], leaves: list[Value], varied: int) -> Callable[[float], float]:
    """`f` as a function of one of its inputs, the others fixed."""

    def f_of_one(x: float) -> float:
        moved = [Value(leaf.data, name=leaf.name) for leaf in leaves]
        moved[varied].data = x
        return _call(f, moved).data

    return f_of_one


def _moving(f: Callable[..., Value], leaves: list[Value], moved: Value) -> Callable[[float], float]:
    """`f` as a function of a Value that it uses by itself."""

    def f_of_one(x: float) -> float:
        before, moved.data = moved.data, x
        try:
            return _call(f, leaves).data
        finally:
            moved.data = before

    return f_of_one


def _row(one: _Checked, analytic: float, tolerance: float, size: float) -> GradientRow:
    name, x, f = one
    left, right = _slope(f, x, "left"), _slope(f, x, "right")
    if left and right and _differ(left, right, tolerance):
        note = f"slope {left.value:.6g} on the left, {right.value:.6g} on the right"
        low, high = sorted((left, right))
        fits = (
            low.value - _allowed(low, analytic, tolerance)
            <= analytic
            <= high.value + _allowed(high, analytic, tolerance)
        )
        nearest = min(left, right, key=lambda slope: abs(slope.value - analytic))
        outcome = Outcome.KINK if fits else Outcome.DIFFERS
        return GradientRow(name, x, analytic, nearest, outcome, note)
    numeric = _slope(f, x, "both") or left or right
    if numeric is None:
        note = "f is undefined on both sides"
        return GradientRow(name, x, analytic, None, Outcome.UNMEASURABLE, note)
    if not abs(analytic - numeric.value) <= _allowed(numeric, analytic, tolerance):
        outcome = Outcome.DIFFERS
    elif numeric.error > tolerance * max(size, abs(numeric.value)):
        outcome = Outcome.UNMEASURABLE
    else:
        outcome = Outcome.AGREES
    return GradientRow(name, x, analytic, numeric, outcome)


def _slope(f: Callable[[float], float], x: float, side: Side) -> NumericalDerivative | None:
    """The measured slope; None at the edge of the domain."""
    try:
        return numerical_derivative(f, x, side=side, scale=max(1.0, abs(x)))
    except ValueError:
        return None


def _allowed(numeric: NumericalDerivative, analytic: float, tolerance: float) -> float:
    relative = tolerance * max(abs(analytic), abs(numeric.value))
    return relative + _BENEFIT_OF_DOUBT * numeric.error


def _differ(left: NumericalDerivative, right: NumericalDerivative, tolerance: float) -> bool:
    distance = abs(left.value - right.value)
    return distance > _allowed(left, right.value, tolerance) + _BENEFIT_OF_DOUBT * right.error


def _tone(row: GradientRow) -> Tone:
    if not row.ok:
        return "bad"
    return "noted" if row.outcome is Outcome.KINK else "good"


def _cells(row: GradientRow) -> list[str]:
    numeric, relative = row.numeric, row.relative_error
    return [
        row.name,
        repr(row.at),
        repr(row.analytic),
        "" if numeric is None else repr(numeric.value),
        "" if numeric is None else f"{numeric.error:.1e}",
        "" if relative is None else f"{relative:.1e}",
        f"{'✓' if row.ok else '✗'} {row.outcome}",
        row.note,
    ]
