"""A derivative as an account: what each consumer of a node contributes to it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from autograd.checking.table import Tone, html_table, text_table
from autograd.showing.derivation import Derivation
from autograd.showing.labels import called
from autograd.value import Value

_HEADINGS = ("node", "consumer", "local", "upstream", "contribution", "")
_MOST_NODES = 30


@dataclass(frozen=True)
class Entry:
    """local · upstream = contribution: what one consumer adds to the derivative of a node."""

    node: Value
    consumer: Value
    local: float
    upstream: float

    @property
    def contribution(self) -> float:
        """∂consumer/∂node · ∂output/∂consumer."""
        return self.local * self.upstream


@dataclass(frozen=True)
class Account:
    """All entries of one node; their sum is ∂output/∂node."""

    node: Value
    entries: tuple[Entry, ...]

    @property
    def total(self) -> float:
        """∂output/∂node."""
        # As backward() adds: from Python 3.12 on, `sum` has other bits.
        return reduce(operator.add, (entry.contribution for entry in self.entries), 0.0)

    @property
    def reconciles(self) -> bool | None:
        """Whether the total is the node's `.grad`; None before any backward pass."""
        if not self.node.reached:
            return None
        return math.isclose(self.total, self.node.grad, rel_tol=1e-9, abs_tol=1e-300)


class Ledger:
    """The accounts of all named nodes between two, from the output down."""

    def __init__(
        self, accounts: list[Account], left_out: int, number: Callable[[float], str]
    ) -> None:
        self.accounts = accounts
        self.left_out = left_out
        self._number = number

    def __str__(self) -> str:
        cells = [row for account in self.accounts for row in self._rows(account)]
        rest = f"\n… {self.left_out} more nodes left out" if self.left_out else ""
        return text_table(_HEADINGS, cells) + rest

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = [(row, self._tone(a)) for a in self.accounts for row in self._rows(a)]
        caption = "local · upstream = contribution"
        if self.left_out:
            caption += f"; {self.left_out} more nodes left out"
        return html_table(_HEADINGS, [row for row, _ in rows], [tone for _, tone in rows], caption)

    def _tone(self, account: Account) -> Tone:
        return "bad" if account.reconciles is False else "good"

    def _rows(self, account: Account) -> list[list[str]]:
        rows = [
            [
                called(account.node) if place == 0 else "",
                entry.consumer.name or "output",
                self._number(entry.local),
                self._number(entry.upstream),
                self._number(entry.contribution),
                "",
            ]
            for place, entry in enumerate(account.entries)
        ]
        return [*rows, ["", "total", "", "", self._number(account.total), self._remark(account)]]

    def _remark(self, account: Account) -> str:
        if account.reconciles is None:
            return ""
        if account.reconciles:
            return "= .grad"
        return (
            f".grad is {self._number(account.node.grad)}: of another output, or of several passes"
        )


def ledger(derivation: Derivation, number: Callable[[float], str]) -> Ledger:
    """The accounts of every variable of a derivation but its output."""
    nodes = [node for node in reversed(derivation.variables) if node is not derivation.output]
    adjoints = derivation.adjoints()
    accounts = [
        Account(
            node,
            tuple(
                Entry(node, consumer, derivation.slopes[consumer][node], adjoints[consumer])
                for consumer in derivation.consumers[node]
            ),
        )
        for node in [*nodes[: _MOST_NODES - 1], *nodes[_MOST_NODES - 1 :][-1:]]
    ]
    return Ledger(accounts, len(nodes) - len(accounts), number)
