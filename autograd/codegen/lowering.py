"""From a trace to the statements of a program: forward, then the chain rule backward.

The backward statements keep the order in which `backward()` adds: each adjoint is a sum over
consumers, from the left, in the reverse topological order of the recorded graph. So a program
has the bits of the eager result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, cast

from autograd.backprop import topological_order
from autograd.codegen.terms import Expression, Term, Terms
from autograd.codegen.tracing import Guard, Trace
from autograd.rows import Op
from autograd.symbol import COMPARISONS
from autograd.value import Value

__all__ = [
    "GRADIENTS",
    "SUMS",
    "VALUE",
    "Assignment",
    "Check",
    "Lowered",
    "Statement",
    "Wanted",
    "lowered",
]


@dataclass(frozen=True, eq=False)
class Wanted:
    """Which results a program is for.

    With `over_rows` it adds them up over many samples; with `seed` gradients are times a number
    that the program is given. Gradients by parameters are those by the `trained` ones, in this
    order; if none are named, by those that the value depends on, which then come first. `error` is
    the number that was measured beside the value.
    """

    value: bool = True
    error: bool = False
    argument_gradients: bool = False
    parameter_gradients: bool = False
    over_rows: bool = False
    seed: bool = False
    trained: Sequence[Value] = ()


VALUE = Wanted()
GRADIENTS = Wanted(argument_gradients=True, parameter_gradients=True)
SUMS = Wanted(parameter_gradients=True, over_rows=True)


@dataclass(eq=False)
class Assignment:
    """variable = expression: the number of `node`, or its adjoint, or a part of something."""

    variable: Term
    expression: Expression
    node: Value | None = None
    is_adjoint: bool = False


@dataclass(eq=False)
class Check:
    """The program goes on if the condition has this outcome. `number` counts the guards."""

    condition: Expression
    outcome: bool
    number: int


Statement = Assignment | Check


@dataclass
class Lowered:
    """Statements, the variables that they are given, and what they are for."""

    terms: Terms
    arguments: list[Term]
    parameters: dict[Value, Term] = field(default_factory=dict)
    seed: Term | None = None
    forward: list[Statement] = field(default_factory=list)
    backward: list[Statement] = field(default_factory=list)
    value: Expression = 0.0
    error: Expression | None = None
    argument_gradients: list[Expression] = field(default_factory=list)
    parameter_gradients: list[Expression] = field(default_factory=list)


def lowered(trace: Trace, wanted: Wanted) -> Lowered:
    """The statements that compute what is wanted, one for every node.

    Raises TypeError for a node that was computed before the function was called, whose operands
    a program would not look at again, and for an operation that has no formula.
    """
    return _Lowering(trace, wanted).lowered()


_CONDITIONS = frozenset(COMPARISONS.values())


class _Lowering:
    def __init__(self, trace: Trace, wanted: Wanted) -> None:
        self.trace = trace
        self.wanted = wanted
        self.terms = Terms(self._statement)
        self.result = Lowered(self.terms, [self.terms.variable() for _ in trace.arguments])
        for leaf in wanted.trained:
            self.result.parameters[leaf] = self.terms.variable()
        self.statements = self.result.forward
        self.expressions: dict[Value, Expression] = {
            **dict(zip(trace.arguments, self.result.arguments, strict=True)),
            **self.result.parameters,
        }
        self.computed: dict[Expression, Term] = {}

    def lowered(self) -> Lowered:
        self._forward()
        wanted, result, output = self.wanted, self.result, self.trace.output
        result.value = self._operand(output)
        if wanted.error and self.trace.error is not None:
            result.error = self._operand(self.trace.error)
        if wanted.seed:
            result.seed = self.terms.variable()
        arguments = self.trace.arguments if wanted.argument_gradients else []
        parameters = list(result.parameters) if wanted.parameter_gradients else []
        self.statements = result.backward
        adjoints: dict[Value, Expression] = {}
        if isinstance(output, Value) and (arguments or parameters):
            adjoints = self._backward(output, [*arguments, *(wanted.trained or parameters)])
        if wanted.trained:
            parameters = list(wanted.trained)
        elif wanted.parameter_gradients:
            # Those that gradients reach come first.
            result.parameters = dict(
                sorted(result.parameters.items(), key=lambda item: item[0] not in adjoints)
            )
            parameters = [leaf for leaf in result.parameters if leaf in adjoints]
        result.argument_gradients = [adjoints.get(argument, 0.0) for argument in arguments]
        result.parameter_gradients = [adjoints.get(parameter, 0.0) for parameter in parameters]
        return result

    def _forward(self) -> None:
        needed = self._needed()
        guards = 0
        for step in self.trace.steps:
            if isinstance(step, Guard):
                self._check(step, guards)
                guards += 1
            elif step in needed:
                self._node(step)

    def _needed(self) -> set[Value]:
        """The nodes that the output or a guard depends on, they themselves included."""
        results = (self.trace.output, self.trace.error if self.wanted.error else None)
        needed = {node for node in results if isinstance(node, Value)}
        for step in reversed(self.trace.steps):
            if isinstance(step, Guard):
                needed.update(side for side in (step.left, step.right) if isinstance(side, Value))
            elif step in needed:
                _, operands = self._computation(step)
                needed.update(operand for operand in operands if isinstance(operand, Value))
        return needed

    def _computation(self, node: Value) -> tuple[Op, tuple[Any, ...]]:
        return self.trace.detached[node] if node.op is None else (node.op, node.operands)

    def _check(self, guard: Guard, number: int) -> None:
        sides = self._operand(guard.left), self._operand(guard.right)
        if any(isinstance(side, Term) for side in sides):
            condition = self.terms.compare(guard.sign, *sides)
            self.statements.append(Check(condition, guard.outcome, number))

    def _node(self, node: Value) -> None:
        op, operands = self._computation(node)
        arguments = [self._operand(operand) for operand in operands]
        if not any(isinstance(argument, Term) for argument in arguments):
            self.expressions[node] = node.data
            return
        expression = self.terms.apply(op, op.grouped(arguments))
        if op in _CONDITIONS:
            self.expressions[node] = expression
            return
        if isinstance(expression, Term) and expression.op is not None:
            if expression not in self.computed:
                self.computed[expression] = self._statement(expression, node)
            expression = self.computed[expression]
        self.expressions[node] = expression

    def _operand(self, operand: Value | float) -> Expression:
        """The variable for an operand, or the number if it is known beforehand."""
        if not isinstance(operand, Value):
            return operand
        if operand not in self.expressions:
            self.expressions[operand] = self._given(operand)
        return self.expressions[operand]

    def _given(self, leaf: Value) -> Expression:
        if leaf in self.trace.made:
            return leaf.data
        if leaf.op is not None:
            raise TypeError(
                f"the function uses {leaf!r}, which {leaf.op.name} computed before the function "
                f"was called, so a program would never compute it again. Compute it inside the "
                f"function, or use its float(…) if it is to stay as it is"
            )
        variable = self.result.parameters[leaf] = self.terms.variable()
        return variable

    def _statement(
        self, expression: Expression, node: Value | None = None, *, is_adjoint: bool = False
    ) -> Term:
        variable = self.terms.variable()
        self.statements.append(Assignment(variable, expression, node, is_adjoint))
        return variable

    def _backward(self, output: Value, leaves: Iterable[Value]) -> dict[Value, Expression]:
        """The chain rule, in the order of `backprop`, wherever one of the leaves is below.

        An adjoint gets its statement as soon as all consumers of its node have been reached.
        """
        order = topological_order(output)
        active = set(leaves)
        for node in order:
            if any(parent in active for parent in node.parents):
                active.add(node)
        awaited = Counter(parent for node in order if node in active for parent in node.parents)
        seed = self.result.seed
        adjoints: dict[Value, Expression] = {output: 1.0 if seed is None else seed}
        for node in reversed(order):
            if node.op is None or node not in active:
                continue
            adjoint = adjoints.pop(node)
            for parent, slope in self._slopes(node, node.op, active):
                term = self.terms.product(adjoint, slope)
                so_far = adjoints.get(parent)
                adjoints[parent] = term if so_far is None else self.terms.sum(so_far, term)
                awaited[parent] -= 1
                if not awaited[parent]:
                    adjoints[parent] = self._adjoint(adjoints[parent], parent)
        return adjoints

    def _slopes(
        self, node: Value, op: Op, active: Container[Value]
    ) -> Iterator[tuple[Value, Expression]]:
        """∂node/∂operand for the operands towards which something flows."""
        arguments = op.grouped([self._operand(operand) for operand in node.operands])
        flows = [isinstance(operand, Value) and operand in active for operand in node.operands]
        try:
            slopes = op.slopes(self.expressions[node], arguments, flows)
        except (TypeError, AttributeError, LookupError) as error:
            raise TypeError(
                f"{op.name} cannot be compiled, because a partial derivative of it is a Python "
                f"function that takes floats and nothing else ({error}): write it with the "
                f"functions of autograd"
            ) from None
        operands = cast("Iterable[Value]", compress(node.operands, flows))
        return zip(operands, map(self.terms.number, slopes), strict=True)

    def _adjoint(self, expression: Expression, node: Value) -> Expression:
        if not isinstance(expression, Term) or expression.op is None:
            return expression
        return self._statement(expression, node, is_adjoint=True)
