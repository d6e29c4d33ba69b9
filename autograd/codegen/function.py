"""`compile`: a function as the program that a person would have written."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVarTuple, cast

from autograd.backprop import NOTHING, gradients_of, set_gradients
from autograd.codegen.columns import ArrayFunction
from autograd.codegen.lowering import GRADIENTS, SUMS, VALUE
from autograd.codegen.running import Formula, PathChanged, Rows
from autograd.codegen.structure import Structure, built, flattened
from autograd.codegen.targets import Backend, loop_target, target
from autograd.codegen.training import Trainer
from autograd.codegen.updating import Change
from autograd.codegen.variants import Variant, Variants
from autograd.recording import current_tracer
from autograd.value import Value, data_of

__all__ = ["CompiledFunction", "Report", "compile"]

Ts = TypeVarTuple("Ts")


def compile(
    f: Callable[..., Value | float], backend: Backend = "python", *, most_traces: int = 64
) -> CompiledFunction:
    """Make a straight-line program of a function f, with the same results and gradients.

    The first call traces f: it runs once with Values that are watched, and what it does is printed
    as a program in the language of the backend, the chain rule included.

    - "python": a function of local variables; needs nothing.
    - "c": compiled by the C compiler that is installed. RuntimeError if there is none.
    - "auto": "c" where there is a compiler, else "python".
    - "numpy": the same statements over columns, for `over_batch`; needs numpy.

    Numbers among the arguments, also inside lists, tuples, dicts and arrays, become the program's
    arguments. Leaf Values that exist outside of f are parameters: they are read at each call and
    receive `.grad`. All other numbers in f are constants, random ones too, and so is which Values f
    finds outside: after putting another Value into their place, compile anew.

    "python" and "c" give the bits of the eager function. Where f branches on a Value, the program
    checks that it would do so again, and if not f is traced anew; `where`, `maximum`, `relu` and
    the like need no branch. Where a program meets an error, f itself runs with the same numbers
    and says what is wrong. After `most_traces` traces a RuntimeError says what keeps changing.
    Raises TypeError if f is no function or reads a number out of a Value, and ValueError for an
    unknown backend.

    >>> square = compile(lambda x: x * x + 1.0)
    >>> square(3.0), square.value_and_grad(3.0)
    (10.0, (10.0, (6.0,)))
    >>> print(square.source)
    def value_and_gradients(arguments, parameters):
        (x,) = arguments
    <BLANKLINE>
        # forward
        y = x * x + 1.0
    <BLANKLINE>
        # backward: dy_dx stands for ∂y/∂x
        dy_dx = x + x
    <BLANKLINE>
        return (y, dy_dx)
    <BLANKLINE>
    """
    if not callable(f):
        raise TypeError(
            f"compile takes a function, got {f!r}, a {type(f).__name__}: write the computation as "
            f"a function of its numbers, such as lambda x: x * x"
        )
    return CompiledFunction(f, backend, most_traces)


@dataclass(frozen=True)
class Report:
    """What compiling came to.

    `statements` and `adjoint_statements` are those of all programs so far; `seconds` went into
    tracing, printing and compiling. `cache_hit` says whether all programs were found compiled
    already, None for a backend that keeps nothing.
    """

    backend: str
    traces: int
    programs: int
    statements: int
    adjoint_statements: int
    seconds: float
    cache_hit: bool | None


class CompiledFunction:
    """What `compile` gives. Calling it gives the number."""

    def __init__(self, f: Callable[..., Value | float], backend: Backend, most_traces: int) -> None:
        self.backend, made_by = target(backend)
        self._f = f
        self._variants = Variants(f, made_by, most_traces)
        # The structure of arguments that are nothing but floats, by their types.
        self._plain: dict[tuple[type, ...], Structure] = {}

    def __call__(self, *arguments: object) -> float:
        """f(*arguments) as a number."""
        if current_tracer.get() is not None:
            # Inside another function that is compiled it becomes part of that one's program.
            return cast("float", self._f(*arguments))
        structure, numbers = self._taken_apart(arguments)

        def value(variant: Variant) -> float:
            runnable, leaves = variant.ready(VALUE)
            return runnable.run(numbers, data_of(leaves))[0]

        try:
            return self._variants.run(structure, numbers, value)
        except (ArithmeticError, ValueError):
            pass
        return float(self._eager(structure, self._variants.leaves(structure, numbers)))

    def value_and_grad(self, *arguments: *Ts) -> tuple[float, tuple[*Ts]]:
        """The number, and its derivatives by the arguments in the structure of the arguments.

        What is no number (text, bool, None) has None in its place. Parameters receive `.grad` as
        they do from `backward()`: it is added.

        >>> product = compile(lambda pair: pair["a"] * pair["b"])
        >>> product.value_and_grad({"a": 2.0, "b": 5.0})
        (10.0, ({'a': 5.0, 'b': 2.0},))
        """
        structure, numbers = self._taken_apart(arguments)

        def results(variant: Variant) -> tuple[Sequence[float], Sequence[Value]]:
            runnable, leaves = variant.ready(GRADIENTS)
            return runnable.run(numbers, data_of(leaves)), leaves

        try:
            (value, *gradients), leaves = self._variants.run(structure, numbers, results)
        except (ArithmeticError, ValueError):
            value, gradients = self._eager_gradients(structure, numbers)
        else:
            own = gradients[len(numbers) :]
            reached = leaves[: len(own)]
            set_gradients(reached, map(operator.add, own, gradients_of(reached, NOTHING)))
        # Adding 0.0 turns −0.0, from which sums start, into the 0.0 that people expect.
        shown = (gradient + 0.0 for gradient in gradients)
        return value, cast("tuple[*Ts]", built(structure, shown, lambda part: None))

    def over_batch(self, samples: Iterable[Sequence[object]]) -> float:
        """Σ f(*sample) over the samples; the sums of the gradients are added to the parameters.

        Its bits are those of a loop that calls f and backward() for one sample after another. All
        samples need the same structure. After an error no gradient has changed.

        >>> w = Value(2.0, name="w")
        >>> error = compile(lambda x, t: (w * x - t) ** 2)
        >>> error.over_batch([(1.0, 1.0), (2.0, 5.0)]), w.grad
        (2.0, -2.0)
        """
        structure, rows = self._rows(samples)
        if not len(rows):
            return 0.0
        try:
            total, gradients = self._sums(structure, rows)
        except (ArithmeticError, ValueError):
            return self._eager_sums(structure, rows)
        set_gradients(gradients, gradients.values())
        return total

    def trainer(
        self,
        samples: Iterable[Sequence[object]],
        parameters: Sequence[Value],
        change: Change,
        *,
        memory: tuple[float, ...] = (),
        decays: Sequence[float] | None = None,
        error: Callable[..., Value | float] | None = None,
        penalty: Callable[[], Value | float] | None = None,
        is_weighted: bool = False,
        keeps_figures: bool = True,
        averages_errors: bool = False,
        updates_per_figures: int | None = None,
    ) -> Trainer:
        """What moves the parameters along the gradients of Σ f(*sample), many updates in one call.

        `change(gradient, rate, memory)` is the optimiser's formula for one parameter: it gives
        what is added to the parameter and what to remember of it; `memory` is what the first
        update is given. The gradient includes decay · parameter, for one decay per parameter. The
        formula becomes part of the program, so it may not ask for the numbers.

        `penalty()`, of the parameters alone, is added to what each batch gives. `is_weighted` says
        that samples will have weights other than 1. With `keeps_figures` the `figures` tell of
        values, errors and changes on the way; `error(*sample)` says what the error of a sample is,
        if not f's value, and with `averages_errors` that of a batch is their mean and not the sum.
        New figures begin after every `updates_per_figures`, if it is given.

        >>> w = Value(1.0, name="w")
        >>> error = compile(lambda x, t: 0.5 * (w * x - t) ** 2)
        >>> trainer = error.trainer(
        ...     [(1.0, 2.0), (2.0, 4.0)], [w], lambda gradient, rate, memory: (-rate * gradient, ())
        ... )
        >>> trainer.run(samples=[0, 1], ends=[1, 2], rates=[0.25] * 40), w.data
        (40, 2.0)
        """
        structure, rows = self._rows(samples)
        formula = Formula(
            change,
            memory,
            decays=[0.0] * len(parameters) if decays is None else decays,
            is_weighted=is_weighted,
            keeps_figures=keeps_figures,
            averages_errors=averages_errors,
            updates_per_figures=updates_per_figures,
        )
        variants = self._variants
        if error is not None:
            variants = Variants(self._f, variants.target, variants.most, error)
        return Trainer(
            variants,
            structure,
            rows,
            parameters=parameters,
            formula=formula,
            penalty=penalty,
            target=loop_target(self.backend),
        )

    def for_arrays(self, namespace: ModuleType, *arguments: object) -> ArrayFunction:
        """The function over the arrays of `numpy`, `jax.numpy` or another such namespace.

        The arguments are an example of what it will be called with. Raises TypeError if the
        function branches on a number, which may be another one in each row: use `where`.

        >>> import numpy
        >>> w = Value(2.0, name="w")
        >>> error = compile(lambda x, t: (w * x - t) ** 2).for_arrays(numpy, 0.0, 0.0)
        >>> value, [by_w], by_arguments = error([2.0], numpy.array([1.0, 2.0]), 5.0)
        >>> value.tolist(), by_w.tolist()
        ([9.0, 1.0], [-6.0, -4.0])
        """
        structure, numbers = self._taken_apart(arguments)
        variant = self._variants.run(structure, numbers, lambda variant: variant)
        if variant.guards:
            raise TypeError(
                f"a program over arrays cannot branch, but the function asks {variant.guards[0]}: "
                f"use where(condition, a, b), maximum, minimum or relu in place of if"
            )
        return ArrayFunction(variant.program(GRADIENTS), structure, namespace)

    @property
    def source(self) -> str:
        """The programs for the number and all gradients.

        Raises RuntimeError before the first call, which shows what the arguments look like.
        """
        sources = [variant.ready(GRADIENTS)[0].source for variant in self._variants]
        if not sources:
            raise RuntimeError(
                "there is no program yet: call the compiled function first, since a program "
                "depends on what the arguments look like"
            )
        return "\n\n".join(sources)

    def report(self) -> Report:
        """How many statements there are, and what compiling took."""
        variants = list(self._variants)
        programs = [p for variant in variants for p in variant.programs.values()]
        hits = [r.cached for variant in variants for r in variant.runnables]
        return Report(
            self.backend,
            traces=len(variants),
            programs=len(programs),
            statements=sum(len(p.forward) for p in programs),
            adjoint_statements=sum(len(p.backward) for p in programs),
            seconds=self._variants.seconds + sum(v.seconds for v in variants),
            cache_hit=None if None in hits else all(hits),
        )

    def __repr__(self) -> str:
        return f"<compiled {self._f!r}, backend {self.backend!r}>"

    def _taken_apart(self, arguments: tuple[object, ...]) -> tuple[Structure, Sequence[float]]:
        kinds = tuple(map(type, arguments))
        if kinds in self._plain:
            return self._plain[kinds], cast("tuple[float, ...]", arguments)
        numbers: list[float] = []
        parts = [flattened(a, f"argument {i}", numbers) for i, a in enumerate(arguments, start=1)]
        structure = "tuple", tuple, *parts
        if all(kind is float for kind in kinds):
            self._plain[kinds] = structure
        return structure, numbers

    def _rows(self, samples: Iterable[Sequence[object]]) -> tuple[Structure, Rows]:
        structure: Structure = ()
        rows: list[Sequence[float]] = []
        for index, sample in enumerate(samples):
            here, numbers = self._taken_apart(tuple(sample))
            if rows and here != structure:
                raise ValueError(
                    f"sample {index} has another structure than those before it; all samples of a "
                    f"batch need as many numbers in the same places"
                )
            structure = here
            rows.append(numbers)
        return structure, Rows(rows)

    def _sums(self, structure: Structure, rows: Rows) -> tuple[float, dict[Value, float]]:
        total, gradients, done = NOTHING, dict[Value, float](), 0

        def add(variant: Variant) -> None:
            nonlocal total, done
            runnable, leaves = variant.ready(SUMS)
            reached = leaves[: len(variant.program(SUMS).parameter_gradients)]
            earlier = gradients_of(reached, NOTHING)
            sums = [total, *map(gradients.get, reached, earlier)]
            done, guard = runnable.add(rows, done, data_of(leaves), sums)
            total = sums[0]
            gradients.update(zip(reached, sums[1:], strict=True))
            if done < len(rows):
                raise PathChanged(guard, rows.rows[done])

        self._variants.run(structure, rows.rows[0], add)
        return total, gradients

    def _eager(self, structure: Structure, leaves: Sequence[Value]) -> Value | float:
        return cast("Value | float", self._variants.call(structure, leaves))

    def _eager_gradients(
        self, structure: Structure, numbers: Sequence[float]
    ) -> tuple[float, list[float]]:
        leaves = self._variants.leaves(structure, numbers)
        output = self._eager(structure, leaves)
        if isinstance(output, Value):
            output.backward()
        return float(output), [leaf.grad for leaf in leaves]

    def _eager_sums(self, structure: Structure, rows: Rows) -> float:
        for numbers in rows.rows:
            # All errors are those of the forward pass, so nothing has changed after one.
            self._eager(structure, self._variants.leaves(structure, numbers))
        total = NOTHING
        for numbers in rows.rows:
            total += self._eager_gradients(structure, numbers)[0]
        return total
