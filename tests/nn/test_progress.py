from __future__ import annotations

import io
import sys

import pytest

import nn.progress
from nn.fitting import fit
from nn.layers import Neuron
from nn.losses import half_squared_error
from nn.optim import SGD
from nn.stopping import ErrorBelow


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def train(progress: bool | None, *, bounded: bool = True) -> None:
    neuron = Neuron([0.0], 0.0, "identity")
    fit(
        neuron,
        [[1.0], [2.0]],
        [2.0, 4.0],
        loss=half_squared_error,
        optimiser=SGD(neuron, 0.1),
        epochs=30 if bounded else None,
        stop=None if bounded else ErrorBelow(0.01),
        progress=progress,
    )


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nn.progress, "_DELAY", 0.0)


@pytest.mark.usefixtures("at_once")
def test_the_bar_counts_epochs_and_shows_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    train(True)

    shown = capsys.readouterr().err
    assert "30/30" in shown
    assert "epoch/s, error " in shown


@pytest.mark.usefixtures("at_once")
def test_the_bar_does_without_a_known_number_of_epochs(capsys: pytest.CaptureFixture[str]) -> None:
    train(True, bounded=False)

    assert "epoch [" in capsys.readouterr().err


def test_a_short_training_shows_none(capsys: pytest.CaptureFixture[str]) -> None:
    train(True)

    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("progress", [None, False])
def test_where_no_terminal_is_it_is_quiet(
    progress: bool | None, capsys: pytest.CaptureFixture[str]
) -> None:
    train(progress)

    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("progress", "shown"), [(None, True), (False, False)])
def test_a_terminal_shows_it_unless_told_not_to(
    progress: bool | None, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    train(progress)

    assert ("30/30" in terminal.getvalue()) is shown


def test_a_program_without_standard_error_trains_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", None)

    train(None)
