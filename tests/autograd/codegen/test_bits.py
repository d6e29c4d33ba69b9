"""Programs give the bits of the eager result, on random graphs over every operation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest

from autograd import Value, no_grad, scalar_rule, total, where
from autograd.codegen import compile
from autograd.codegen.compiler import is_usable
from autograd.codegen.targets import Backend
from autograd.ops import TABLE

# Ten thousand once by hand; these in every run, fewer where each has to be compiled.
GRAPHS = {"python": 300, "c": 30, "batches": 30}

USERS = [
    scalar_rule("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x, domain=[(-2, 2)]),
    scalar_rule("of_math", math.tanh, lambda y, x: y - y * y, domain=[(-3, 3)]),
    scalar_rule("softsign", lambda x: x / (1.0 + abs(x)), lambda y, x: 1.0 / (1.0 + abs(x)) ** 2),
]
OPERATIONS = [*TABLE.values(), *USERS]

Step = tuple[str, Any, tuple[Any, ...]]


class Recipe:
    """A random function of numbers, which also uses parameters of its own."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.numbers = [random.choice(NUMBERS)(random) for _ in range(random.randint(1, 4))]
        self.parameters = [
            Value(random.choice(NUMBERS)(random), name=f"w{i}") for i in range(random.randint(0, 3))
        ]
        self.steps: list[Step] = []
        nodes = [*map(Value, self.numbers), *self.parameters]
        while len(self.steps) < random.randint(3, 30):
            step = self.random_step(len(nodes))
            try:
                node = self.do(step, nodes)
            except (ArithmeticError, ValueError):
                continue
            if abs(node.data) < 1e6:
                self.steps.append(step)
                nodes.append(node)

    def random_step(self, count: int) -> Step:
        kind = self.random.choice(["operation"] * 12 + ["where", "branch", "detached"])
        if kind != "operation":
            return kind, None, tuple(self.random_operand(count) for _ in range(4))
        op = self.random.choice(OPERATIONS)
        length = self.random.randint(1, 6)
        return (
            kind,
            op,
            tuple(
                self.random_condition()
                if parameter in op.conditions
                else tuple(self.random_operand(count) for _ in range(length))
                if parameter in op.sequences
                else self.random_operand(count)
                for parameter in op.parameters
            ),
        )

    def random_operand(self, count: int) -> int | float:
        """The number of a node, most often a late one, or a constant."""
        if self.random.random() < 0.2:
            return float(self.random.choice(NUMBERS)(self.random))
        return int(count * self.random.random() ** 0.5)

    def random_condition(self) -> float:
        return self.random.choice([0.0, 1.0])

    def __call__(self, *arguments: Value) -> Value:
        nodes = [*arguments, *self.parameters]
        for step in self.steps:
            nodes.append(self.do(step, nodes))
        # Programs leave out what nothing depends on, and with it the errors that it would raise.
        return total([nodes[-1], *nodes[len(arguments) :]])

    def do(self, step: Step, nodes: Sequence[Value]) -> Any:
        kind, op, operands = step
        found = tuple(self.found(operand, nodes) for operand in operands)
        if kind == "operation":
            if not any(isinstance(o, Value) for o in op.flat(found)):
                raise ValueError("constant")
            return op(*found)
        a, b, c, d = found
        if kind == "where":
            condition = a < b if isinstance(a, Value) or isinstance(b, Value) else True
            return where(condition, c, d) + nodes[-1]
        if kind == "branch":
            return nodes[-1] * c if nodes[-1] > a else nodes[-1] + d
        with no_grad():
            detached = nodes[-1] * a
        return detached + nodes[-1]

    def found(self, operand: Any, nodes: Sequence[Value]) -> Any:
        if isinstance(operand, tuple):
            return tuple(self.found(o, nodes) for o in operand)
        return nodes[operand] if isinstance(operand, int) else operand


NUMBERS: list[Callable[[Random], float]] = [
    lambda random: random.uniform(-3.0, 3.0),
    lambda random: random.uniform(0.0, 1.0),
    lambda random: float(random.randint(-3, 3)),
    lambda random: random.gauss(0.0, 1e-3),
]

Result = str | tuple[str, ...]


def eager(recipe: Recipe, numbers: Sequence[float]) -> Result:
    leaves = [Value(number) for number in numbers]
    for parameter in recipe.parameters:
        parameter.grad = 0.25
    try:
        output = recipe(*leaves)
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__
    output.backward()
    return bits([output.data, *(leaf.grad for leaf in [*leaves, *recipe.parameters])])


def compiled(recipe: Recipe, numbers: Sequence[float], program: Any) -> Result:
    for parameter in recipe.parameters:
        parameter.grad = 0.25
    try:
        value, gradients = program.value_and_grad(*numbers)
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__
    assert bits([program(*numbers)]) == bits([value])
    return bits([value, *gradients, *(parameter.grad for parameter in recipe.parameters)])


def bits(numbers: Sequence[float]) -> tuple[str, ...]:
    return tuple(number.hex() for number in numbers)


def check(seed: int, backend: Backend, calls: int = 4) -> None:
    """At the numbers that made the recipe, and at others, where branches may go another way."""
    recipe = Recipe(seed)
    program = compile(recipe, backend)
    for call in range(calls):
        numbers = [n if call == 0 else n * recipe.random.gauss(1, 1) for n in recipe.numbers]
        assert compiled(recipe, numbers, program) == eager(recipe, numbers), (seed, numbers)


@pytest.mark.parametrize("seed", range(GRAPHS["python"]))
def test_python_programs_have_the_bits_of_the_eager_result(seed: int) -> None:
    check(seed, "python")


@pytest.mark.skipif(not is_usable(), reason="there is no C compiler")
@pytest.mark.parametrize("seed", range(GRAPHS["c"]))
def test_c_programs_have_the_bits_of_the_eager_result(seed: int) -> None:
    check(seed, "c")


def check_batch(seed: int) -> None:
    """Over so many samples that C computes some of them side by side."""
    recipe = Recipe(seed)
    samples: list[list[float]] = []
    while len(samples) < 11:
        numbers = [n * recipe.random.gauss(1, 0.3) for n in recipe.numbers]
        is_computed = not isinstance(eager(recipe, numbers), str)
        samples.append(numbers if is_computed else recipe.numbers)
    for parameter in recipe.parameters:
        parameter.grad = 0.25
    value = -0.0
    for numbers in samples:
        output = recipe(*map(Value, numbers))
        output.backward()
        value += output.data
    expected = bits([value, *(parameter.grad for parameter in recipe.parameters)])
    for parameter in recipe.parameters:
        parameter.grad = 0.25
    value = compile(recipe, "c").over_batch(samples)
    assert bits([value, *(parameter.grad for parameter in recipe.parameters)]) == expected, seed


@pytest.mark.skipif(not is_usable(), reason="there is no C compiler")
@pytest.mark.parametrize("seed", range(GRAPHS["batches"]))
def test_batches_in_c_have_the_bits_of_the_eager_loop(seed: int) -> None:
    check_batch(seed)


def test_the_recipes_use_every_operation_and_every_kind_of_step() -> None:
    steps = [step for seed in range(GRAPHS["python"]) for step in Recipe(seed).steps]
    assert {op for kind, op, _ in steps if kind == "operation"} == set(OPERATIONS)
    assert {kind for kind, _, _ in steps} == {"operation", "where", "branch", "detached"}
