"""How an operation is written in a language."""

from __future__ import annotations

from typing import NamedTuple

# How tightly a piece of text holds together, from loose to tight.
CHOICE, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)


class Spelling(NamedTuple):
    """An operation in one language: a template, how tightly it binds, and its operands must."""

    template: str
    binding: int = ATOM
    needs: tuple[int, ...] = ()


def infix(
    sign: str, binding: int, latex: str | None = None, needs: tuple[int, int] | None = None
) -> dict[str, Spelling]:
    """Written between its two operands, reading from the left: a − b − c is (a − b) − c."""
    needs = needs or (binding, binding + 1)
    plain = Spelling(f"{{0}} {sign} {{1}}", binding, needs)
    return {
        "text": plain,
        "python": plain,
        "c": plain,
        "latex": Spelling(f"{{0}} {latex or sign} {{1}}", binding, needs),
    }


def call(
    python: str, c: str | None = None, latex: str | None = None, latex_binding: int = ATOM
) -> dict[str, Spelling]:
    """Written as a function of one operand; `latex` is a whole template."""
    return {
        "text": Spelling(f"{python}({{0}})"),
        "python": Spelling(f"{python}({{0}})"),
        "c": Spelling(f"{c or python}({{0}})"),
        "latex": Spelling(
            latex or rf"\operatorname{{{{{python}}}}}\left({{0}}\right)", latex_binding
        ),
    }
