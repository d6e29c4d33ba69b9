"""Mistakes at relu and leaky_relu: the slope below 0, and on which side of 0 a number lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograd.checking.case import Case, Hypothesis, Slopes
from autograd.checking.mistakes import Mistake, computed_everywhere, everywhere
from autograd.checking.replay import Step
from autograd.ops import TABLE, leaky_relu

# The slope that leaky_relu has where none is given.
_USUAL = leaky_relu.defaults[0]


class SlopeBelowZero(Mistake):
    """Another slope taken for leaky_relu's below 0."""

    name = "another slope below 0"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each leaky_relu of a number below 0, in each layer, everywhere: 0, then the usual."""
        nodes = [i for i in _kinked(case, case.between, "leaky_relu") if _operands(case, i)[0] <= 0]
        yield from everywhere(
            case,
            nodes,
            lambda i: lambda y, x, s: [0.0],
            lambda where, n: f"relu's slope 0 taken for leaky_relu's {_slope(case, n)} {where}",
        )
        yield from everywhere(
            case,
            [i for i in nodes if _operands(case, i)[1] != _USUAL],
            lambda i: lambda y, x, s: [_USUAL],
            lambda where, n: f"the slope {_USUAL:g} taken for {_slope(case, n)} in leaky′ {where}",
        )


class LeakSwapped(Mistake):
    """leaky_relu computed with another slope."""

    name = "leaky_relu of another slope"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each leaky_relu of a number below 0, in each layer, everywhere: the usual slope."""
        nodes = [
            i
            for i in _kinked(case, case.computed, "leaky_relu")
            if _operands(case, i)[0] < 0 and _operands(case, i)[1] != _USUAL
        ]
        yield from computed_everywhere(
            case,
            nodes,
            _of_usual_slope,
            lambda where, n: (
                f"leaky_relu {where} computed with the slope {_USUAL:g}, not {_slope(case, n)}"
            ),
        )


class SidesReversed(Mistake):
    """The derivative of the piece on the other side of 0."""

    name = "other side of the kink"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each relu and leaky_relu, in each layer, everywhere."""

        def slopes(i: int) -> Slopes:
            function = case.tape.step(i).function
            return lambda y, x, s: function(-x[0], *x[1:])[1]

        yield from everywhere(
            case,
            _kinked(case, case.between),
            slopes,
            lambda where, n: f"{_symbol(case, n)}′ {where} taken from the other side of 0",
        )


class PieceReversed(Mistake):
    """The piece of the function on the other side of 0."""

    name = "other side of the kink, forward"

    def hypotheses(self, case: Case) -> Iterator[Hypothesis]:
        """At each relu and leaky_relu, in each layer, everywhere."""
        yield from computed_everywhere(
            case,
            _kinked(case, case.computed),
            _of_other_side,
            lambda where, n: f"{_name(case, n)} {where} taken from the other side of 0",
        )


def _kinked(case: Case, nodes: Sequence[int], *names: str) -> list[int]:
    """Those of the nodes that are a relu or leaky_relu of one node."""
    kinked = [TABLE[name] for name in names or ("relu", "leaky_relu")]
    return [
        i for i in nodes if case.tape.nodes[i].op in kinked and sum(case.tape.step(i).wanted) == 1
    ]


def _of_usual_slope(step: Step) -> Step:
    return replace(step, function=lambda x, slope: step.function(x, _USUAL))


def _of_other_side(step: Step) -> Step:
    """Both pieces are straight lines through 0: that of x is taken at −x, and turned back."""

    def function(x: float, *slope: float) -> tuple[float, Sequence[float]]:
        value, slopes = step.function(-x, *slope)
        return -value, slopes

    return replace(step, function=function)


def _operands(case: Case, i: int) -> Sequence[float]:
    return [case.tape.recorded.numbers[operand] for operand in case.tape.step(i).operands]


def _slope(case: Case, nodes: Sequence[int]) -> str:
    return f"{_operands(case, nodes[0])[1]:g}"


def _name(case: Case, nodes: Sequence[int]) -> str:
    op = case.tape.nodes[nodes[0]].op
    return op.name if op else ""


def _symbol(case: Case, nodes: Sequence[int]) -> str:
    op = case.tape.nodes[nodes[0]].op
    return op.symbol if op else ""
