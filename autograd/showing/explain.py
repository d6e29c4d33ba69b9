"""Why a derivative is what it is: its derivation in the graph's own names."""

from __future__ import annotations

from functools import cached_property

from autograd.showing.asking import LOST, asked_node, check_whole
from autograd.showing.derivation import Derivation, Equation
from autograd.showing.ledger import Ledger, ledger
from autograd.showing.notation import LatexNotation, Notation, number_text
from autograd.value import Value

# What is said below a derivation in which ∂⁺ occurs.
_IMMEDIATE = "the immediate derivative, with everything else held"

# With room between the fractions of two lines.
_NEXT_LINE = " \\\\[0.5em]\n"


def explain(
    output: Value,
    wrt: Value | str,
    digits: int = 9,
    *,
    most_terms: int = 8,
    most_factors: int = 12,
    most_equations: int = 40,
) -> Explanation:
    """The chain rule for ∂output/∂wrt, with numbers to so many decimal places.

    Named nodes are the variables; unnamed ones are multiplied through. Where `wrt` acts on the
    output on several ways, the derivative is a sum, and each part of it is derived in turn, down
    to the local derivatives, which are printed as formulas from the rows of their operations. A
    sum of plain terms, such as E_total = E_o1 + E_o2, is differentiated term by term. Where a node
    depends on another both directly and through others, as on a weight that is used at every step,
    the direct part is written ∂⁺a/∂w, the immediate derivative with everything else held.

    `wrt` is a node or its name. Sums of more than `most_terms`, products of more than
    `most_factors` and derivations of more than `most_equations` are cut, and a line says what was
    left out. The result prints as text; `markdown`, `latex` and `ledger` are other views of it,
    and a notebook shows the LaTeX.

    Raises ValueError if no node, or more than one, has the name; TypeError for what is no Value.

    >>> w, x = Value(0.5, name="w"), Value(3.0, name="x")
    >>> a = (w * x).named("z").sigmoid().named("a")
    >>> print(explain(a, w, digits=4))
    ∂a/∂w = ∂a/∂z · ∂z/∂w = 0.1491 · 3 = 0.4474
      ∂a/∂z = a·(1 − a) = 0.8176·(1 − 0.8176) = 0.1491
      ∂z/∂w = x = 3
    """
    under = asked_node("explain", output, wrt)
    check_whole("explain", "digits", digits, 0)
    check_whole("explain", "most_terms", most_terms, 1)
    check_whole("explain", "most_factors", most_factors, 1)
    check_whole("explain", "most_equations", most_equations, 1)
    most = (most_terms, most_factors, most_equations)
    return Explanation(Derivation(output, under), digits, most)


class Explanation:
    """A derivation of one derivative, to be read in several forms.

    Attributes:
        derivation: what there is between the two nodes.
        digits: decimal places of the numbers.
        equations: the derivation, from the whole to its parts; each part once.
        left_out: how many parts, at least, are not derived, because there are too many.
    """

    def __init__(self, derivation: Derivation, digits: int, most: tuple[int, int, int]) -> None:
        self.derivation = derivation
        self.digits = digits
        self.equations: list[Equation] = []
        self.left_out = 0
        if self.paths and derivation.output is not derivation.wrt:
            self.equations, self.left_out = derivation.equations(*most)

    @property
    def number(self) -> float:
        """The derivative; 0 where there is no path."""
        return self.equations[0].number if self.equations else float(self.paths)

    @cached_property
    def paths(self) -> int:
        """On how many ways through named nodes the one acts on the other."""
        return self.derivation.paths

    @cached_property
    def ledger(self) -> Ledger:
        """Local · upstream = contribution for every consumer of every named node in between.

        >>> x = Value(3.0, name="x")
        >>> y = ((x * 2.0).named("a") + (x * x).named("b")).named("y")
        >>> y.backward()
        >>> print(explain(y, x).ledger)
        node  consumer  local  upstream  contribution
        ────  ────────  ─────  ────────  ────────────  ───────
        b     y         1      1         1
              total                      1             = .grad
        a     y         1      1         1
              total                      1             = .grad
        x     a         2      1         2
              b         6      1         6
              total                      8             = .grad
        """
        return ledger(self.derivation, lambda number: number_text(number, self.digits))

    def __str__(self) -> str:
        notation = Notation(self.derivation, self.digits)
        if not self.equations:
            return self._trivial(notation) + self._remark(" ({})")
        meaning = [f"∂⁺: {_IMMEDIATE}"] if self._has_immediate else []
        return "\n".join([*map(notation.line, self.equations), *self._rest(), *meaning])

    def __repr__(self) -> str:
        return str(self)

    @property
    def latex(self) -> str:
        r"""The derivation in LaTeX, aligned at the equals signs.

        >>> x = Value(3.0, name="x")
        >>> print(explain((x * x).named("y"), x).latex)
        \begin{aligned}
        \frac{\partial y}{\partial x} &= 2 \cdot x = 2 \cdot 3 = 6
        \end{aligned}
        """
        notation = LatexNotation(self.derivation, self.digits)
        if not self.equations:
            return self._trivial(notation) + self._remark(r" \quad\text{{({})}}")
        rest = [rf"&\text{{{line}}}" for line in self._rest()]
        meaning = [rf"&\partial^{{+}}\text{{: {_IMMEDIATE}}}"] if self._has_immediate else []
        lines = [*map(notation.line, self.equations), *rest, *meaning]
        return "\\begin{aligned}\n" + _NEXT_LINE.join(lines) + "\n\\end{aligned}"

    @property
    def markdown(self) -> str:
        """The derivation as a nested list, with formulas between dollar signs."""
        notation = LatexNotation(self.derivation, self.digits)
        if not self.equations:
            return f"${self._trivial(notation)}$" + self._remark(" ({})")
        lines = [
            f"{'  ' * equation.depth}- ${notation.line(equation).replace(' &= ', ' = ')}$"
            for equation in self.equations
        ]
        meaning = [rf"$\partial^{{+}}$: {_IMMEDIATE}"] if self._has_immediate else []
        return "\n".join([*lines, *(f"- {line}" for line in (*self._rest(), *meaning))])

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"

    def _trivial(self, notation: Notation) -> str:
        derivative = notation.derivative(self.derivation.output, self.derivation.wrt)
        return f"{derivative} = {notation.number(self.number)}"

    def _remark(self, form: str) -> str:
        """Why there is nothing to derive; "" for the output itself."""
        is_same = self.derivation.output is self.derivation.wrt
        return "" if is_same else form.format(f"no path; {LOST}")

    @property
    def _has_immediate(self) -> bool:
        factors = (f for e in self.equations for term in e.terms for f in term.factors)
        return any(factor.is_immediate for factor in factors)

    def _rest(self) -> list[str]:
        if not self.left_out:
            return []
        more = f"at least {self.left_out} more derivative{'s' * (self.left_out > 1)}"
        return [f"… {more} on {self.paths} paths left out: ask for each by explain()"]
