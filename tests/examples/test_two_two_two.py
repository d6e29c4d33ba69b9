from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value
from examples.two_two_two import Network, example, updated_weights

Reference = Callable[[str], Any]
NumberIn = Callable[[Value, str], float]

DERIVATIVES = {
    "dE_dout_o1": "E_total/out_o1",
    "dE_dout_o2": "E_total/out_o2",
    "dout_dnet_o1": "out_o1/net_o1",
    "dout_dnet_o2": "out_o2/net_o2",
    "dout_dnet_h1": "out_h1/net_h1",
    "dout_dnet_h2": "out_h2/net_h2",
    "dE_dnet_o1": "E_total/net_o1",
    "dE_dnet_o2": "E_total/net_o2",
    "dEo1_dout_h1": "E_o1/out_h1",
    "dEo2_dout_h1": "E_o2/out_h1",
    "dEo1_dout_h2": "E_o1/out_h2",
    "dEo2_dout_h2": "E_o2/out_h2",
    "dE_dout_h1": "E_total/out_h1",
    "dE_dnet_h1": "E_total/net_h1",
    "dE_dout_h2": "E_total/out_h2",
    "dE_dnet_h2": "E_total/net_h2",
    **{f"dE_dw{k}": f"E_total/w{k}" for k in range(1, 9)},
    "dE_db1_shared": "E_total/b1",
    "dE_db2_shared": "E_total/b2",
}


def near(exact: object) -> object:
    return pytest.approx(exact, rel=0.0, abs=1e-15)


def test_forward_pass_is_exact(reference: Reference, number_in: NumberIn) -> None:
    E_total = Network().E_total
    for name, exact in reference("000_two_two_two")["forward"].items():
        assert number_in(E_total, name) == near(exact), name


def test_every_gradient_is_exact(reference: Reference, number_in: NumberIn) -> None:
    exact = reference("000_two_two_two")["gradients"]
    assert exact.keys() == DERIVATIVES.keys()
    E_total = Network().E_total
    for name, quantity in DERIVATIVES.items():
        assert number_in(E_total, quantity) == near(exact[name]), quantity


def test_updates_are_exact(reference: Reference) -> None:
    exact = reference("000_two_two_two")
    after = updated_weights(Network())
    assert after == near(list(exact["after_one_update_biases_fixed"].values()))
    assert Network(after).E_total.data == near(exact["E_total_after_updates_biases_fixed"]["1"])


def test_number_after_one_update_comes_from_the_rule_that_its_mark_names(
    reference: Reference,
) -> None:
    exact = reference("000_two_two_two")
    rule = "E_total_after_updates_hidden_gradients_from_already_updated_output_weights"
    [row] = [row for row in example().tables[0].rows if row.cells[0] == "E_total+"]
    assert row.status == "known wrong"
    assert float(row.cells[1]) == pytest.approx(exact[rule]["1"], abs=5e-10)


def test_all_printed_numbers_agree_but_two() -> None:
    [table] = example().tables
    assert {row.status for row in table.rows} == {"agrees", "known wrong"}
    known = [row.cells[0] for row in table.rows if row.status == "known wrong"]
    assert known == ["∂E_o2/∂out_h1", "E_total+"]
    assert all(row.group for row in table.rows)


def test_each_update_and_each_factor_of_both_chains_is_claimed() -> None:
    [table] = example().tables
    claimed = {row.cells[0] for row in table.rows}
    assert claimed >= {f"w{k}+" for k in range(1, 9)}
    assert claimed >= {"∂E_total/∂out_o1", "∂out_o1/∂net_o1", "∂net_o1/∂w5", "∂E_total/∂w5"}
    assert claimed >= {"∂E_total/∂out_h1", "∂out_h1/∂net_h1", "∂net_h1/∂w1", "∂E_total/∂w1"}
