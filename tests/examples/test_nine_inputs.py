from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value
from examples.nine_inputs import Network, example

Reference = Callable[[str], Any]
UNITS = ("H1", "H2", "C")


def near(exact: object) -> object:
    return pytest.approx(exact, rel=0.0, abs=1e-15)


def test_units_are_exact(reference: Reference, number_in: Callable[[Value, str], float]) -> None:
    exact, network = reference("001_nine_inputs"), Network(target=1)
    for unit in UNITS:
        assert number_in(network.E, f"net_{unit}") == near(exact["net"][unit])
        assert number_in(network.E, f"out_{unit}") == near(exact["out"][unit])
        assert network.error(unit) == near(exact["Err"][unit])


def test_updates_are_exact(reference: Reference) -> None:
    exact = reference("001_nine_inputs")
    biases = {f"b_{unit}": bias for unit, bias in exact["bias_new"].items()}
    assert Network(target=1).updated() == near(exact["w_new"] | biases)


def test_output_error_follows_the_formula_of_the_document_for_both_targets() -> None:
    for target in (0.0, 1.0):
        network = Network(target)
        out = network.outputs["C"].data
        assert network.error("C") == pytest.approx(out * (1 - out) * (target - out), rel=1e-14)


def test_empty_tables_are_filled_for_both_targets() -> None:
    units, updates, _ = example().tables
    assert [row.cells[0] for row in units.rows] == list(UNITS)
    [_, _, output] = units.rows
    assert output.cells == ("C", "0.8124726718", "0.6926361652", "0.06543508877", "-0.1474562191")
    assert len(updates.rows) == 9 + 9 + 2 + 3
    assert all(row.cells[2:] == row.cells[1:2] * 2 for row in updates.rows if row.cells[0] == "w21")


def test_network_starts_from_what_is_printed() -> None:
    [*_, claims] = example().tables
    assert len(claims.rows) == 33
    assert {row.status for row in claims.rows} == {"agrees"}
