from __future__ import annotations

import pytest

from examples.xor import POINTS, START, example, trained

OUTPUTS = [0.06827010090282969, 0.9452422874773968, 0.9373104685654128, 0.04391200660316357]


def test_training_ends_where_the_linked_program_does() -> None:
    """By its loops in plain Python, 2-5-1, after `random.seed(START)`: 10,000 times `train`."""
    net, history = trained(START)
    assert [output for [output] in net.predict(POINTS)] == pytest.approx(
        OUTPUTS, rel=0.0, abs=1e-11
    )
    assert history.updates == 10_000


def test_all_four_points_are_on_the_right_side() -> None:
    [table] = example().tables
    assert [row.status for row in table.rows] == ["agrees"] * 4
    assert [row.cells[1] for row in table.rows] == ["0", "1", "1", "0"]
