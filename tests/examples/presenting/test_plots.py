from __future__ import annotations

import sys
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from examples.presenting import Figure, Panel, curves_plot, regions_plot, surfaces_plot

PANEL = Panel("title σ", lambda point: point[0] * point[1], [(0.0, 1.0), (1.0, 2.0)], [0.0, 2.0])


def curves() -> Figure | str:
    return curves_plot("n", "c", {"a": [1.0, 0.1], "b": [2.0]}, across="x", up="y", first=1)


def regions() -> Figure | str:
    return regions_plot("n", "c", PANEL, levels=[0.0, 1.0, 2.0], borders=[0.5])


@pytest.mark.parametrize("plot", [curves, regions])
def test_plots_are_svg_and_the_same_bytes_each_time(plot: Callable[[], Figure | str]) -> None:
    figure = plot()
    assert isinstance(figure, Figure)
    assert figure == plot()
    assert figure.file == "n.svg"
    assert ElementTree.fromstring(figure.svg).tag == "{http://www.w3.org/2000/svg}svg"


def test_surfaces_are_png() -> None:
    figure = surfaces_plot("n", "c", [[PANEL, PANEL]])
    assert isinstance(figure, Figure)
    assert figure.file == "n.png"
    assert figure.content.startswith(b"\x89PNG")


def test_plane_spans_the_points_with_a_margin_and_is_measured_row_by_row() -> None:
    xs, ys, heights = PANEL.over_the_plane(3)
    assert (xs, ys) == ([-0.5, 0.5, 1.5], [0.5, 1.5, 2.5])
    assert heights == [[-0.25, 0.25, 0.75], [-0.75, 0.75, 2.25], [-1.25, 1.25, 3.75]]


def test_without_matplotlib_a_text_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a process that has not got it finds at the import.
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    text = curves()
    assert isinstance(text, str)
    assert "pip install 'scalar-autograd[plot]'" in text
