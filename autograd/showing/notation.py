"""How a derivation is written down: as text and as LaTeX."""

from __future__ import annotations

import math

from autograd.showing.derivation import Derivation, Equation, Factor
from autograd.showing.formulas import Expression
from autograd.showing.labels import called
from autograd.symbol import latex_name
from autograd.value import Value

_WIDTH = 100

# A number that would show fewer digits than this behind its zeros (or than half of the digits
# asked for) is written with a power of ten, and so is one that is larger than this.
_FEWEST_DIGITS = 4
_LARGEST = 1e12


def number_text(number: float, digits: int) -> str:
    """A number to so many decimal places, without trailing zeros; very small ones with an exponent.

    >>> number_text(0.741365069, 8), number_text(-0.5, 9), number_text(3.5108548e-8, 9)
    ('0.74136507', '−0.5', '3.5108548e−08')
    """
    if not math.isfinite(number):
        return f"{number}".replace("-", "−")
    fewest = min(_FEWEST_DIGITS, (digits + 1) // 2)
    is_small = 0.0 < abs(number) < 10.0 ** (fewest - 1 - digits)
    if is_small or abs(number) >= _LARGEST:
        mantissa, _, exponent = f"{number:.{max(digits - 1, 0)}e}".partition("e")
        text = f"{_without_zeros(mantissa)}e{exponent.removeprefix('+')}"
    else:
        text = _without_zeros(f"{number:.{digits}f}")
    return "0" if text == "-0" else text.replace("-", "−")


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


class Notation:
    """Writes equations as text; a subclass writes them otherwise.

    `sides` are what stands between the equals signs: symbols, numbers, result.
    """

    dot = " · "
    minus = "−"

    def __init__(self, derivation: Derivation, digits: int) -> None:
        self.formulas = derivation.formulas
        self.output = derivation.output if derivation.output.op else None
        self.digits = digits

    def name(self, node: Value) -> str:
        """What the node is called; without a name the output is "output", a leaf its number."""
        if name := " ".join(node.name.split()):
            return self.written(name)
        if node is self.output:
            return self.written("output")
        return self._in_formula(node) if node.op is None else self.written(called(node))

    def written(self, name: str) -> str:
        """How a name is written."""
        return name

    def number(self, number: float) -> str:
        """A number on its own."""
        return number_text(number, self.digits)

    def derivative(self, over: Value, under: Value, *, is_immediate: bool = False) -> str:
        """∂over/∂under, or ∂⁺over/∂under."""
        return f"{'∂⁺' if is_immediate else '∂'}{self.name(over)}/∂{self.name(under)}"

    def _derivative_of(self, part: Factor | Equation) -> str:
        return self.derivative(part.over, part.under, is_immediate=part.is_immediate)

    def expression(self, expression: Expression, *, with_numbers: bool) -> str:
        """A formula with names, or with numbers in their places."""
        show = self._in_formula if with_numbers else self.name
        return self.formulas.write(expression, "text", show)

    def more(self, count: int, what: str) -> str:
        """A remark on what was left out."""
        return f"({count} more {what})"

    def sides(self, equation: Equation) -> list[str]:
        """What the derivative equals, one after another."""
        result = self.number(equation.number)
        if equation.terms:
            sides = [self._symbols(equation), *self._numbers(equation)]
        elif equation.formula is None or isinstance(equation.formula, float):
            sides = []
        else:
            sides = [self.expression(equation.formula, with_numbers=False)]
            if equation.formula.op is not None:
                sides.append(self.expression(equation.formula, with_numbers=True))
        return [*(side for side in sides if side != result), result]

    def _in_formula(self, node: Value) -> str:
        return self._in_parentheses(node.data)

    def _in_parentheses(self, number: float) -> str:
        text = self.number(number)
        return f"({text})" if text.startswith(self.minus) else text

    def _symbols(self, equation: Equation) -> str:
        terms = [
            self._product([*map(self._derivative_of, term.factors)], term.left_out)
            for term in equation.terms
        ]
        count, _ = equation.left_out
        return " + ".join([*terms, *([self.more(count, "terms")] if count else [])])

    def _numbers(self, equation: Equation) -> list[str]:
        """The products with numbers in the places of the factors, then their values."""
        count, rest = equation.left_out
        products = [self._multiplied(term.factors, term.left_out) for term in equation.terms]
        values = [self.number(term.number) for term in equation.terms]
        others = [self.number(rest)] if count else []
        sums = [self._sum([*products, *others]), self._sum([*values, *others])]
        return sums if len(values) + len(others) > 1 else sums[:1]

    def _multiplied(self, factors: tuple[Factor, ...], left_out: int) -> str:
        if len(factors) == 1:
            return self.number(factors[0].number)
        numbers = [self.number(factors[0].number)]
        numbers += [self._in_parentheses(factor.number) for factor in factors[1:]]
        return self._product(numbers, left_out)

    def _product(self, factors: list[str], left_out: int) -> str:
        if left_out:
            half = len(factors) // 2
            factors = [*factors[:half], self.more(left_out, "factors"), *factors[half:]]
        return self.dot.join(factors)

    def _sum(self, terms: list[str]) -> str:
        return " + ".join(terms).replace(f"+ {self.minus}", f"{self.minus} ")

    def line(self, equation: Equation) -> str:
        """The whole equation, indented by its depth and broken at equals signs if it is long."""
        indent = "  " * equation.depth
        left = self._derivative_of(equation)
        lines = [f"{indent}{left}"]
        for side in dict.fromkeys(self.sides(equation)):
            if len(lines[-1]) + len(side) + 3 > _WIDTH and lines[-1].strip() != left:
                lines.append(f"{indent}{' ' * len(left)}")
            lines[-1] += f" = {side}"
        return "\n".join(lines)


class LatexNotation(Notation):
    """Writes equations in LaTeX."""

    dot = r" \cdot "
    minus = "-"

    def written(self, name: str) -> str:
        """The name with what follows the first underscore or the letters as its index."""
        return latex_name(name)

    def number(self, number: float) -> str:
        """A number, an exponent as a power of ten."""
        mantissa, _, exponent = number_text(number, self.digits).replace("−", "-").partition("e")
        if mantissa.lstrip("-") == "inf":
            mantissa = mantissa.replace("inf", r"\infty")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    def derivative(self, over: Value, under: Value, *, is_immediate: bool = False) -> str:
        r"""\frac{\partial over}{\partial under}, or \frac{\partial^{+} over}{\partial under}."""
        above = r"\partial^{+}" if is_immediate else r"\partial"
        return rf"\frac{{{above} {self.name(over)}}}{{\partial {self.name(under)}}}"

    def expression(self, expression: Expression, *, with_numbers: bool) -> str:
        """A formula with names, or with numbers in their places."""
        show = self._in_formula if with_numbers else self.name
        return self.formulas.write(expression, "latex", show)

    def more(self, count: int, what: str) -> str:
        """A remark among formulas."""
        return rf"(\text{{{count} more {what}}})"

    def line(self, equation: Equation) -> str:
        """The whole equation, aligned at the first equals sign."""
        left = self._derivative_of(equation)
        return f"{left} &= " + " = ".join(dict.fromkeys(self.sides(equation)))
