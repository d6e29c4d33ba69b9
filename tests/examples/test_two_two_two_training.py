from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograd import printed
from examples.two_two_two import INPUTS
from examples.two_two_two_training import example, network, train, train_output_first

Reference = Callable[[str], Any]


def near(exact: object) -> object:
    return pytest.approx(exact, rel=1e-13, abs=1e-17)


def some(errors: list[float], exact: dict[str, float]) -> dict[str, float]:
    """The errors after as many updates as there are exact ones for."""
    return {count: errors[int(count)] for count in exact if int(count) < len(errors)}


def test_errors_and_outputs_by_old_weights_are_exact(reference: Reference) -> None:
    numbers = reference("000_two_two_two")
    exact = numbers["E_total_after_updates_biases_fixed"]
    del exact["10001"]
    net = network().freeze("*bias")
    assert some(train(net), exact) == near(exact)
    outputs = numbers["outputs_after_10000_updates_biases_fixed"]
    assert net.predict(INPUTS) == near([outputs["out_o1"], outputs["out_o2"]])


def test_errors_and_outputs_by_updated_output_weights_are_exact(reference: Reference) -> None:
    numbers, rule = reference("000_two_two_two"), "hidden_gradients_from_already_updated_output"
    exact = numbers[f"E_total_after_updates_{rule}_weights"]
    net = network().freeze("*bias")
    errors = train_output_first(net)
    assert some(errors, exact) == near(exact)
    outputs = numbers[f"outputs_after_10000_updates_{rule}_weights"]
    assert net.predict(INPUTS) == near([outputs["out_o1"], outputs["out_o2"]])
    assert errors[1] == printed("0.291027924")
    assert net.predict(INPUTS) == [printed("0.015912196"), printed("0.984065734")]


def test_errors_and_outputs_with_biases_trained_are_exact(reference: Reference) -> None:
    exact = reference("000_biases_trained")
    net = network()
    errors = train(net)
    assert some(errors, exact["E_total_after_updates"]) == near(exact["E_total_after_updates"])
    outputs = exact["outputs_after_10000_updates"]
    assert net.predict(INPUTS) == near([outputs["out_o1"], outputs["out_o2"]])


def test_each_printed_number_is_said_of_both_rules_and_true_of_one() -> None:
    shown = example()
    assert shown.failures == ()
    [_, claims] = shown.tables
    for digits in ("0.291027924", "0.015912196", "0.984065734", "0.0000351085"):
        found = [row.status for row in claims.rows if row.cells[1] == digits]
        assert found.count("agrees") == 1
        assert "known wrong" in found
