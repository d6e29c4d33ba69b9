from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from nn.history import History


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


def history(losses: list[float], errors: list[float] | None = None) -> History:
    made = History(updates=2 * len(losses), seconds=1.5, stopped_by="enough")
    for loss, error in zip(losses, errors or losses, strict=True):
        made.append(
            loss=loss,
            error=error,
            largest_error=2.0 * error,
            largest_change=0.25,
            learning_rate=0.5,
        )
    return made


def test_least_errors_follow_the_errors_down() -> None:
    assert history([9.0] * 5, [0.5, 0.7, 0.3, 0.3, 0.4]).least_errors == [0.5, 0.5, 0.3, 0.3, 0.3]


def test_state_survives_json() -> None:
    before = history([0.1, 1.0 / 3.0], [0.5, 0.7])

    after = History.from_state_dict(json.loads(json.dumps(before.state_dict())))

    assert after.state_dict() == before.state_dict()
    assert (after.losses, after.updates, after.stopped_by) == ([0.1, 1.0 / 3.0], 4, "")


def test_a_state_is_a_copy() -> None:
    made = history([0.5])
    state = made.state_dict()
    restored = History.from_state_dict(state)

    made.shorten(0)

    assert state["losses"] == restored.losses == [0.5]


def test_another_state_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no state of a History: it holds \['loss'\]"):
        History.from_state_dict({"loss": [1.0]})


def test_shortening_shortens_every_list() -> None:
    made = history([0.5, 0.4, 0.3])

    made.shorten(1)

    assert made.epochs == 1
    assert {len(entry) for entry in made.state_dict().values() if isinstance(entry, list)} == {1}


def test_repr_is_one_line() -> None:
    assert repr(history([0.5, 0.25])) == "History(2 epochs, loss 0.5 → 0.25, 1.5 s; enough)"
    assert repr(History()) == "History(0 epochs, 0 s)"


def test_the_summary_of_nothing_is_short() -> None:
    assert History(stopped_by="no reason").summary().splitlines() == [
        "0 epochs, 0 updates, 0 s",
        "stopped:        no reason",
    ]


def test_the_plot_shows_losses_and_errors_on_a_logarithmic_axis() -> None:
    axes = history([0.5, 0.25, 0.0], [0.4, 0.2, 0.1]).plot()

    assert axes.get_yscale() == "log"
    assert {line.get_label(): np.asarray(line.get_ydata()).tolist() for line in axes.lines} == {
        "loss": [0.5, 0.25, 0.0],
        "error": [0.4, 0.2, 0.1],
    }
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [1, 2, 3]
    axes.figure.canvas.draw()


def test_the_plot_draws_into_given_axes_and_one_curve_once() -> None:
    _, axes = plt.subplots()

    assert history([0.5, 0.25]).plot(axes) is axes
    assert len(axes.lines) == 1


def test_losses_that_have_no_logarithm_are_drawn_on_a_plain_axis() -> None:
    axes = history([-0.5, 0.0]).plot()

    assert axes.get_yscale() == "linear"


def test_without_matplotlib_the_plot_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)

    with pytest.raises(ImportError, match=r"pip install 'scalar-autograd\[plot\]'"):
        history([0.5]).plot()


def test_a_notebook_shows_summary_and_plot(monkeypatch: pytest.MonkeyPatch) -> None:
    made = history([0.5, 0.25])
    assert "0.5 → 0.25" in made._repr_html_()
    assert "data:image/png;base64," in made._repr_html_()
    assert plt.get_fignums() == []  # a figure left open would be shown a second time

    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert "<img" not in made._repr_html_()
    assert "0.5 → 0.25" in made._repr_html_()
