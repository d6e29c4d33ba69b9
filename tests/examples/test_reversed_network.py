from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value
from examples.reversed_network import Network, example

VALUES = ["z", "a", "y1", "y2", "l"]
LEAVES = ["w1", "w2", "b", "w3", "w4", "b3", "b4", "x1", "x2"]
NAMES = {
    **{name: name for name in VALUES},
    "z1": "z'",
    "z2": "z''",
    "dl_dy1": "l/y1",
    "dl_dy2": "l/y2",
    "dy1_dz1": "y1/z'",
    "dy2_dz2": "y2/z''",
    "dl_dz1": "l/z'",
    "dl_dz2": "l/z''",
    "dl_da": "l/a",
    "sigma_prime_z": "a/z",
    "dl_dz": "l/z",
    "dz_dw1": "z/w1",
    "dz_dw2": "z/w2",
    **{f"dl_d{leaf}": f"l/{leaf}" for leaf in LEAVES},
}


def test_instance_is_exact(
    reference: Callable[[str], Any], number_in: Callable[[Value, str], float]
) -> None:
    exact = reference("004_reversed_network")["instance"]["values"]
    assert exact.keys() == NAMES.keys()
    network = Network()
    for name, quantity in NAMES.items():
        found = number_in(network.loss, quantity)
        assert found == pytest.approx(exact[name], rel=0.0, abs=1e-15), quantity


def test_all_formulas_and_numbers_hold() -> None:
    formulas, claims = example().tables
    assert {row.status for row in (*formulas.rows, *claims.rows)} == {"agrees"}
    assert len(formulas.rows) == 7
    assert len(claims.rows) == 23


def test_same_network_is_drawn_forward_and_reversed() -> None:
    forward, backward = example().figures
    for name in ("neuron", "next layer"):
        assert name in forward.svg
        assert name in backward.svg
    assert "∂l/∂z" in backward.svg
    assert "∂l/∂z" not in forward.svg
