from __future__ import annotations

import random

import pytest

from examples.one_neuron import (
    SCENARIOS,
    STARTS,
    both_at_once,
    example,
    one_after_the_other,
    random_step,
    uphill,
)


def test_method_2_gives_the_printed_number_bit_for_bit() -> None:
    assert [one_after_the_other(start) for start in STARTS] == [30.616035999999998] * 2


def test_simultaneous_update_gives_another_number() -> None:
    assert [both_at_once(start) for start in STARTS] == pytest.approx([30.613] * 2, abs=1e-14)


def test_random_steps_lead_up_from_positive_inputs_and_down_from_negative_ones() -> None:
    chance = random.Random(1).random
    up, down = ([random_step(start, chance) for _ in range(200)] for start in STARTS)
    assert 30.0 < min(up) < max(up) < 30.1101
    assert 29.8901 < min(down) < max(down) < 30.0


def test_printed_random_results_are_possible() -> None:
    rows = example().tables[0].rows
    assert [row.status for row in rows] == ["agrees", "agrees"]
    assert [row.cells[2] for row in rows] == ["30 … 30.1101", "29.8901 … 30"]


def test_one_rule_leads_up_from_both_sides_unless_the_step_is_too_large() -> None:
    a, c, near, too_far = (uphill(*scenario) for scenario in SCENARIOS)
    assert a.rises
    assert c.rises
    assert a.end[0] > a.start[0]
    assert c.end[0] < c.start[0]
    assert near.start == too_far.start
    assert near.rises
    assert not too_far.rises
