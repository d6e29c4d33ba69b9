"""A program: the statements that are left when everything needless is gone, with their names."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograd.codegen.lowering import Assignment, Lowered, Statement, Wanted, lowered
from autograd.codegen.naming import Names, identifier
from autograd.codegen.terms import Expression, Term, variables_in
from autograd.codegen.tracing import Trace
from autograd.value import Value

__all__ = ["Program", "expression_of", "operations_of", "program"]

# Up to this length steps without a name are written into the expression that needs them.
_MOST_INLINED = 16


@dataclass(frozen=True)
class Program:
    """Straight-line statements from arguments and parameters to a value and gradients.

    A gradient that is a float is known beforehand; it is 0.0 where no path leads.
    """

    wanted: Wanted
    arguments: Sequence[Term]
    parameters: Sequence[Term]
    leaves: Sequence[Value]
    seed: Term | None
    forward: Sequence[Statement]
    backward: Sequence[Statement]
    value: Expression
    error: Expression | None
    argument_gradients: Sequence[Expression]
    parameter_gradients: Sequence[Expression]
    output_name: str
    names: frozenset[str]

    @property
    def results(self) -> list[Expression]:
        """All that is wanted: the value, the error, then the gradients."""
        numbers = [self.value] if self.wanted.value else []
        if self.error is not None:
            numbers.append(self.error)
        return [*numbers, *self.argument_gradients, *self.parameter_gradients]

    @property
    def statements(self) -> list[Statement]:
        """Forward, then backward."""
        return [*self.forward, *self.backward]

    @cached_property
    def operations(self) -> int:
        """How long it is."""
        return sum(map(operations_of, self.statements))


def program(trace: Trace, wanted: Wanted, argument_names: Sequence[str], title: str) -> Program:
    """The shortest program for what is wanted, named as the graph is.

    `title` is what the output goes by if it has no name.
    """
    code = lowered(trace, wanted)
    results = [*code.argument_gradients, *code.parameter_gradients]
    if wanted.value:
        results.append(code.value)
    if code.error is not None:
        results.append(code.error)
    used = _used(code, results)
    moved = _moved(code, used)
    forward, backward = (
        [s for s in section if _is_needed(s, used) and s not in moved]
        for section in (code.forward, code.backward)
    )
    naming = _Naming(trace, code, title)
    naming.name_given(argument_names)
    naming.name_statements([*forward, *backward])
    return Program(
        wanted,
        code.arguments,
        list(code.parameters.values()),
        list(code.parameters),
        code.seed,
        forward,
        backward,
        code.value,
        code.error,
        code.argument_gradients,
        code.parameter_gradients,
        naming.output,
        frozenset(naming.names.taken),
    )


def expression_of(statement: Statement) -> Expression:
    """What the statement computes."""
    return statement.expression if isinstance(statement, Assignment) else statement.condition


def operations_of(statement: Statement) -> int:
    """How many operations the statement makes, and 1 for one that makes none."""
    expression = expression_of(statement)
    return max(1, expression.size) if isinstance(expression, Term) else 1


def _is_needed(statement: Statement, used: Counter[Term]) -> bool:
    return not isinstance(statement, Assignment) or used[statement.variable] > 0


def _used(code: Lowered, results: Sequence[Expression]) -> Counter[Term]:
    """How often each variable occurs in what is needed; where it must stay it counts twice."""
    used = Counter[Term]()
    for result in results:
        if isinstance(result, Term):
            used[result] += 2
    for statement in reversed([*code.forward, *code.backward]):
        if _is_needed(statement, used):
            for variable, certain in variables_in(expression_of(statement)):
                used[variable] += 1 if certain else 2
    return used


def _moved(code: Lowered, used: Counter[Term]) -> set[Statement]:
    """Write short steps without a name where they are needed; returns those that moved."""
    movable: dict[Term, Assignment] = {}
    moved: set[Statement] = set()
    for statement in [*code.forward, *code.backward]:
        if not _is_needed(statement, used):
            continue
        expression = expression_of(statement)
        size = expression.size if isinstance(expression, Term) else 0
        known: dict[Term, Expression] = {}
        for variable, _ in variables_in(expression):
            step = movable.get(variable)
            if step is None or not isinstance(step.expression, Term):
                continue
            if size + step.expression.size <= _MOST_INLINED:
                size += step.expression.size
                known[variable] = step.expression
                moved.add(step)
        if known:
            _replace(statement, code.terms.replaced(expression, known))
        if isinstance(statement, Assignment) and _is_movable(statement, used):
            movable[statement.variable] = statement
    return moved


def _is_movable(statement: Assignment, used: Counter[Term]) -> bool:
    has_name = statement.node is not None and bool(statement.node.name)
    return used[statement.variable] == 1 and not has_name


def _replace(statement: Statement, expression: Expression) -> None:
    if isinstance(statement, Assignment):
        statement.expression = expression
    else:
        statement.condition = expression


class _Naming:
    """Gives the variables of a program their names: net_h1 for a node, dE_dnet_h1 for its adjoint.

    Steps without a name are v1, v2, …
    """

    def __init__(self, trace: Trace, code: Lowered, title: str) -> None:
        self.trace = trace
        self.code = code
        self.names = Names()
        self.title = title
        self.output = identifier(self._called(trace.output)) or "y"
        self._of_node: dict[Value, str] = {}
        self._steps = itertools.count(1)

    def name_given(self, argument_names: Sequence[str]) -> None:
        """Name what the program starts from."""
        for leaf, name, variable in zip(
            self.trace.arguments, argument_names, self.code.arguments, strict=True
        ):
            variable.name = self._of_node[leaf] = self.names.given(name)
        for number, (leaf, variable) in enumerate(self.code.parameters.items(), start=1):
            variable.name = self._of_node[leaf] = self.names.given(leaf.name or f"p{number}")
        if self.code.seed is not None:
            self.code.seed.name = "seed"

    def name_statements(self, statements: Iterable[Statement]) -> None:
        """Name what the statements compute."""
        for statement in statements:
            if isinstance(statement, Assignment):
                statement.variable.name = self._name(statement)

    def _name(self, statement: Assignment) -> str:
        node = statement.node
        if node is None:
            return self._step()
        if node not in self._of_node:
            called = self._called(node)
            self._of_node[node] = self.names.given(called) if called else self._step()
        name = self._of_node[node]
        return self.names.given(f"d{self.output}_d{name}") if statement.is_adjoint else name

    def _called(self, node: Value | float) -> str:
        name = node.name if isinstance(node, Value) else ""
        return self.title if not name and node is self.trace.output else name

    def _step(self) -> str:
        return self.names.given(f"v{next(self._steps)}")
