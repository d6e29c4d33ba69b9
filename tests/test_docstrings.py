"""What `help` says of every public name: formula or purpose, arguments, errors, an example."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

import autograd
import nn
from autograd.rows import Op

PACKAGES: tuple[ModuleType, ...] = (autograd, nn)


def is_public(name: str, thing: object) -> bool:
    """Whether a package shows it as its own: an operation, a function or a class."""
    ours = str(getattr(thing, "__module__", "")).split(".")[0] in {"autograd", "nn"}
    kinds = inspect.isclass(thing) or inspect.isfunction(thing) or isinstance(thing, Op)
    return not name.startswith("_") and ours and kinds


NAMES: dict[str, object] = {
    f"{package.__name__}.{name}": thing
    for package in PACKAGES
    for name, thing in vars(package).items()
    if is_public(name, thing)
}


def members(thing: object) -> Iterator[tuple[str, object]]:
    """What a class defines itself and does not hide, by the class: methods and properties."""
    if not inspect.isclass(thing):
        return
    for name, member in vars(thing).items():
        kinds = (property, classmethod, staticmethod)
        is_method = inspect.isfunction(member) or isinstance(member, kinds)
        if not name.startswith("_") and (is_method or hasattr(member, "func")):
            yield name, getattr(thing, name)


DESCRIBED: dict[str, object] = {
    **NAMES,
    **{
        f"{name}.{member}": thing
        for name, whole in NAMES.items()
        for member, thing in members(whole)
    },
}
FUNCTIONS = {n: t for n, t in DESCRIBED.items() if inspect.isfunction(t) or inspect.ismethod(t)}


def text(thing: object) -> str:
    return inspect.getdoc(thing) or ""


def related(thing: object) -> Iterator[object]:
    """What the docstring names in backticks: "otherwise as `grad`", "made by `draw`"."""
    for name in re.findall(r"`(?:autograd\.|nn\.)?(\w+)`", text(thing)):
        yield from (found for key, found in NAMES.items() if key.split(".")[1] == name)


def undocumented(thing: object) -> list[str]:
    """Parameters that neither the docstring nor one that it refers to speaks of."""
    told = "\n".join(map(text, (thing, *related(thing))))
    parameters = inspect.signature(thing).parameters  # type: ignore[arg-type]  # a function
    return [
        name
        for name in parameters
        if name not in ("self", "cls") and not re.search(rf"\b{name.removesuffix('s')}s?\b", told)
    ]


def silent_errors(thing: object) -> list[str]:
    """Types of errors that the function raises by itself and does not speak of."""
    source = textwrap.dedent(inspect.getsource(thing))  # type: ignore[arg-type]  # a function
    raised = {
        node.exc.func.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
        and node.exc.func.id[0].isupper()  # else a function that makes the error
    }
    told = "\n".join(map(text, (thing, *related(thing))))
    return sorted(kind for kind in raised - {"NotImplementedError"} if kind not in told)


def has_example(thing: object) -> bool:
    """Its own, one of a method's, or that of what it names in backticks."""
    methods = (member for _, member in members(thing))
    return any(">>>" in text(each) for each in (thing, *methods, *related(thing)))


def badly_documented(a: int, other: int) -> int:
    """Adds a."""
    if other:
        raise ValueError(a)
    return a


def referring(a: int) -> int:
    """As `grad`, and raises ValueError."""
    raise ValueError(a)


def test_the_rules_can_be_broken() -> None:
    assert undocumented(badly_documented) == ["other"]
    assert silent_errors(badly_documented) == ["ValueError"]
    assert not has_example(badly_documented)
    assert has_example(referring)
    assert silent_errors(referring) == []
    assert {"autograd.tanh", "autograd.Value.backward", "nn.MLP", "nn.Module.save"} <= set(
        DESCRIBED
    )


@pytest.mark.parametrize("name", DESCRIBED)
def test_it_says_what_it_is(name: str) -> None:
    lines = text(DESCRIBED[name]).splitlines()
    assert lines, "it has no docstring"
    assert lines[0].rstrip()[-1] in ".:?"


@pytest.mark.parametrize("name", [n for n in NAMES if n in FUNCTIONS])
def test_it_speaks_of_every_argument(name: str) -> None:
    assert undocumented(FUNCTIONS[name]) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_speaks_of_the_errors_that_it_raises(name: str) -> None:
    assert silent_errors(FUNCTIONS[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_gives_an_example(name: str) -> None:
    assert has_example(NAMES[name])


WITH_FORMULAS: dict[str, Callable[..., object]] = {
    name: thing
    for name, thing in FUNCTIONS.items()
    if (thing.__module__ or "").startswith(("nn.losses", "autograd.functional"))
}


@pytest.mark.parametrize("name", WITH_FORMULAS)
def test_what_computes_says_so_in_a_formula(name: str) -> None:
    assert re.search(r"[∂ΣΠ√·=‖′∇²]|f\(|ln|max", text(WITH_FORMULAS[name]))
