"""`Module`: whatever has parameters, knows their names, and can save and load them."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from html import escape
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from autograd import Value, no_grad
from nn._numbers import as_number, is_list

__all__ = ["Module", "each_sample"]

OutputT = TypeVar("OutputT")

_MOST_ROWS = 50  # of a notebook's table
_LEFT = 'style="text-align: left"'  # notebooks turn cells to the right


class Module:
    """Something with parameters: a neuron, a layer, a network, or a user's own class.

    Every leaf `Value` in an attribute, or in lists, tuples, dicts and Modules inside one, is a
    parameter; attributes that begin with an underscore are not searched. A subclass needs no
    more than attributes and a `__call__`.

    `frozen` holds those parameters of this very module that do not train; `freeze` sets it.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, inputs):
    ...         return self.slope * inputs[0] + self.offset
    >>> line = Line()
    >>> line
    Line(2 parameters)
    >>> list(line.named_parameters())
    ['slope', 'offset']
    >>> line.predict([[0.0], [3.0]])
    [1.0, 7.0]
    """

    frozen: frozenset[Value] = frozenset()

    def __call__(self, inputs: Sequence[Value | float]) -> Value | list[Value]:
        """The output for one sample. A subclass says what it is."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say what it computes: define "
            f"__call__(self, inputs), which returns a Value or a list of Values"
        )

    def named_parameters(self) -> dict[str, Value]:
        """Every parameter by its path, frozen ones included; a shared one has its first path.

        The path says where it stands (`layers.0.neurons.1.weights.0`); what an article calls it
        is the Value's own `name`, which can be set (`w5`). Raises ValueError if two parameters
        have one path, as keys such as 1 and "1" of a dict make it.
        """
        parameters: dict[str, Value] = {}
        known: set[Value] = set()
        for path, _, value in _held(self):
            if value not in known:
                known.add(value)
                if parameters.setdefault(path, value) is not value:
                    raise ValueError(
                        f"two parameters are found at {path!r}: rename one of the keys"
                    )
        return parameters

    def parameters(self) -> list[Value]:
        """The parameters that train, each once, in the order of `named_parameters`."""
        held = _held(self)
        frozen = {value for _, owner, value in held if value in owner.frozen}
        return [value for value in dict.fromkeys(v for _, _, v in held) if value not in frozen]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, frozen ones included."""
        for _, _, value in _held(self):
            if value.reached:
                value.grad = 0.0

    def freeze(self, pattern: str = "*") -> Self:
        """Take the parameters whose path or name matches out of `parameters()`.

        In the pattern `*` stands for anything: `"*bias"` for all biases, `"layers.0.*"` for a
        layer; `"w5"` is the parameter of that name. Frozen parameters still get gradients; no
        optimiser moves them. Returns the module itself. Raises ValueError if nothing matches.

        >>> from nn.layers import Neuron
        >>> Neuron([0.4, 0.45], 0.6).freeze("bias")
        Neuron(2 → 1, sigmoid; 3 parameters, 1 of them frozen)
        """
        for owner, value in self._matching(pattern):
            owner.frozen = owner.frozen | {value}
        return self

    def unfreeze(self, pattern: str = "*") -> Self:
        """Let the parameters whose path or name matches train again; see `freeze`."""
        for owner, value in self._matching(pattern):
            owner.frozen = owner.frozen - {value}
        return self

    def _matching(self, pattern: str) -> list[tuple[Module, Value]]:
        """The parameters that match, each with every module that holds it."""
        held = _held(self)
        wanted = {
            value
            for path, _, value in held
            if fnmatchcase(path, pattern) or fnmatchcase(value.name, pattern)
        }
        if not wanted:
            raise ValueError(f"no parameter matches {pattern!r}; there are {_listed(self)}")
        # Of a shared parameter only one path may match, but all its owners must agree.
        return [(owner, value) for _, owner, value in held if value in wanted]

    def as_function(self) -> Callable[[Sequence[float]], float | list[float]]:
        """The module as a function of one sample of plain numbers, which records nothing.

        Make a new one after the parameters have moved: it may have kept their numbers.
        """

        def function(inputs: Sequence[float]) -> float | list[float]:
            with no_grad():
                outputs = self(inputs)
            return float(outputs) if isinstance(outputs, Value) else [float(o) for o in outputs]

        return function

    def predict(
        self, inputs: Sequence[float] | Sequence[Sequence[float]]
    ) -> float | list[float] | list[list[float]]:
        """The output in plain numbers: for one sample, or a list of them for a list of samples.

        Records nothing. The numbers are those that a call gives, to the last bit.
        """
        function = self.as_function()
        return each_sample(function, inputs)  # type: ignore[return-value]  # mypy infers too much

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter by its path, frozen ones included."""
        return {path: value.data for path, value in self.named_parameters().items()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Set every parameter to the number that `state_dict` gave for its path.

        Raises ValueError, listing them, if paths are missing or unexpected, and TypeError for
        what is no number; no parameter has moved then.
        """
        parameters = self.named_parameters()
        missing = [path for path in parameters if path not in state]
        unexpected = [path for path in state if path not in parameters]
        if missing or unexpected:
            problems = [
                f"{kind}: {', '.join(map(str, paths))}"
                for kind, paths in (("missing", missing), ("unexpected", unexpected))
                if paths
            ]
            raise ValueError(
                f"the state does not fit {self!r}; {'; '.join(problems)}. "
                f"Load it into a network of the same shape"
            )
        numbers = {path: as_number(state[path], path) for path in parameters}
        for path, value in parameters.items():
            value.data = numbers[path]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write all parameters as JSON, from which `load` restores the exact bits.

        A file of that name is replaced in one step, so it is never half written. Returns the path.
        """
        target = Path(path)
        # Python writes the shortest text that reads back as the same float; JSON itself has no
        # infinities and no NaN, so these stand there as text.
        numbers = {
            name: number if math.isfinite(number) else repr(number)
            for name, number in self.state_dict().items()
        }
        text = json.dumps({"module": repr(self), "parameters": numbers}, indent=1, allow_nan=False)
        partial = target.with_name(target.name + ".partial")
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(target)
        return target

    def load(self, path: str | os.PathLike[str]) -> Self:
        """Set every parameter to what `save` wrote; returns the module itself.

        Raises ValueError if the file was not written by `save` or belongs to another network; no
        parameter has moved then.
        """
        source = Path(path)
        try:
            saved = json.loads(source.read_text(encoding="utf-8"))["parameters"]
            state = {name: float(number) for name, number in saved.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"{source} does not hold the parameters of a network, as Module.save writes them "
                f"({type(error).__name__}: {error})"
            ) from None
        self.load_state_dict(state)
        return self

    def __repr__(self) -> str:
        count = len(self.named_parameters())
        frozen = count - len(self.parameters())
        counted = f"{count} parameter" if count == 1 else f"{count} parameters"
        counted = f"{counted}, {frozen} of them frozen" if frozen else counted
        form = self._form()
        return (
            f"{type(self).__name__}({form}; {counted})"
            if form
            else (f"{type(self).__name__}({counted})")
        )

    def _form(self) -> str:
        """What `repr` says about it before the number of parameters."""
        return ""

    def _repr_html_(self) -> str:
        """A table of the parameters for notebooks: path, name, number and gradient.

        Names, gradients and marks are left out where no parameter has any.
        """
        parameters = self.named_parameters()
        training = set(self.parameters())
        rows = [
            [
                path,
                value.name,
                repr(value.data),
                repr(value.grad) if value.reached else "",
                "" if value in training else "frozen",
            ]
            for path, value in list(parameters.items())[:_MOST_ROWS]
        ]
        if len(parameters) > _MOST_ROWS:
            rows.append([f"… and {len(parameters) - _MOST_ROWS} more", "", "", "", ""])
        headings = ("parameter", "name", "value", "gradient", "")
        columns = [
            column
            for column in zip(headings, *rows, strict=True)
            if column[0] in ("parameter", "value") or any(column[1:])
        ]
        head, *body = zip(*columns, strict=True)
        return (
            f"<table><caption {_LEFT}>{escape(repr(self))}</caption>"
            f"<thead>{_line('th', head)}</thead>"
            f"<tbody>{''.join(_line('td', row) for row in body)}</tbody></table>"
        )


def each_sample(
    function: Callable[[Sequence[float]], OutputT],
    inputs: Sequence[float] | Sequence[Sequence[float]],
) -> OutputT | list[OutputT]:
    """The function of one sample, or of each of a list of samples.

    >>> each_sample(max, [1.0, 2.0]), each_sample(max, [[1.0, 2.0], [4.0, 3.0]])
    (2.0, [2.0, 4.0])
    """
    if is_list(inputs):
        samples = list(inputs)
        if samples and is_list(samples[0]):
            return [function(sample) for sample in samples]
        return function(samples)
    raise TypeError(
        f"predict takes one sample (a list of numbers) or a list of samples, "
        f"not {inputs!r}, a {type(inputs).__name__}"
    )


def _line(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag} {_LEFT}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


class _Held(NamedTuple):
    """A parameter, where it was found, and the module that holds it."""

    path: str
    owner: Module
    value: Value


def _held(module: Module) -> list[_Held]:
    """Every parameter at every place; each module is searched once, however often it occurs."""
    found: list[_Held] = []
    _collect(module, "", module, found, set())
    return found


def _collect(
    owner: Module, path: str, thing: object, found: list[_Held], searched: set[int]
) -> None:
    if isinstance(thing, Value):
        if thing.is_leaf:
            found.append(_Held(path, owner, thing))
        return
    parts: list[tuple[object, object]]
    if isinstance(thing, Module):
        if id(thing) in searched:
            return
        searched.add(id(thing))
        owner = thing
        parts = [(name, part) for name, part in vars(thing).items() if name[0] != "_"]
    elif isinstance(thing, list | tuple):
        parts = list(enumerate(thing))
    elif isinstance(thing, dict):
        parts = list(thing.items())
    else:
        return
    for key, part in parts:
        _collect(owner, f"{path}.{key}" if path else str(key), part, found, searched)


def _listed(module: Module) -> str:
    """The first parameters in words, to find the misspelt one among."""
    names = [f"{p} ({v.name})" if v.name else p for p, v in module.named_parameters().items()]
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "") if names else "none"
