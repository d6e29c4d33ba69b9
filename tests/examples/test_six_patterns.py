from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd import Value
from examples.six_patterns import (
    CAT,
    DOG,
    EPOCHS,
    HAND_CODED,
    PRINTED_ANSWERS,
    QUERIES,
    START,
    STARTS,
    PreviousGradient,
    answers,
    derivatives_table,
    has_learnt,
    learnt_table,
    network,
    stops_table,
    train,
    train_all,
)

Reference = Callable[[str], Any]


def test_every_start_ends_where_the_program_of_the_document_does(reference: Reference) -> None:
    exact = reference("001_bpnn")["starts 8 to 11 after 200 epochs"]
    for (way, outputs), runs in train_all(range(8, 12), 200).items():
        found = [run.net.predict([CAT, DOG]) for run in runs]
        assert found == [
            [pytest.approx(row, rel=0.0, abs=1e-12) for row in rows]
            for rows in exact[way][str(outputs)]
        ], (way, outputs)


def test_the_sixty_starts_learn_as_in_the_program_of_the_document(reference: Reference) -> None:
    all_starts = "starts 0 to 59 after 1000 epochs, x where all six patterns are learnt"
    learnt = reference("001_bpnn")[all_starts]
    trained = train_all(range(STARTS), EPOCHS)
    for (way, outputs), runs in trained.items():
        found = "".join(".x"[has_learnt(run.net)] for run in runs)
        assert found == learnt[way][str(outputs)], (way, outputs)
    rows = learnt_table(trained).rows
    counts = [("30 of 60", "15 of 60"), *[("60 of 60", "60 of 60")] * 2]
    assert [row.cells[1:] for row in rows] == counts


@pytest.mark.parametrize("outputs", [1, 2])
def test_printed_start_reproduces_outputs_and_least_error(
    outputs: int, reference: Reference
) -> None:
    exact = reference("001_bpnn")["start 21 after 1000 epochs"][HAND_CODED][str(outputs)]
    net = network(HAND_CODED, outputs, START)
    history = train(net, nn.Epochs(EPOCHS))
    assert net.predict([CAT, DOG]) == [
        pytest.approx(row, rel=0.0, abs=1e-12) for row in exact["outputs"]
    ]
    assert history.least_errors[-1] == pytest.approx(exact["least error"], rel=1e-12)
    assert answers(net, QUERIES) == PRINTED_ANSWERS


def test_only_the_hand_coded_derivative_is_unequal_to_the_slope() -> None:
    rows = derivatives_table().rows
    assert [row.status for row in rows] == ["known wrong"] * 2 + ["agrees"] * 4
    assert [row.cells[0] for row in rows[:2]] == [HAND_CODED] * 2


def test_momentum_adds_a_part_of_the_previous_gradient() -> None:
    w = Value(2.0)
    optimiser = PreviousGradient([w], learning_rate=0.5)
    moved = []
    for gradient in (4.0, -1.0, 0.0):
        w.grad = gradient
        optimiser.step()
        moved.append(w.data)
    assert moved == pytest.approx([0.0, 0.1, 0.2], abs=1e-15)


def test_each_stop_rule_fires_and_says_why() -> None:
    reasons = [row.note for row in stops_table().rows]
    wanted = ["largest change", "the error of epoch", "is 0, below 1", "100 epochs are done"]
    assert all(words in reason for words, reason in zip(wanted, reasons, strict=True))
