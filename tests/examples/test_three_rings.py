from __future__ import annotations

from examples.surfaces import Experiment
from examples.three_rings import example, ring


def test_rings_lie_around_the_middle() -> None:
    assert [ring((x, 0.0)) for x in (0.0, 1.2, -1.3, 1.8, -1.9, 2.0)] == [0, 0, 1, 1, 2, 2]
    counts = [[ring(point) for point in Experiment().points].count(number) for number in range(3)]
    assert counts == [31, 31, 38]


def test_nearly_all_points_are_classified_rightly() -> None:
    shown = example()
    [table] = shown.tables
    assert [int(row.cells[1]) for row in table.rows] == [31, 31, 38]
    assert sum(int(row.cells[2]) for row in table.rows) >= 90
    assert [figure.name for figure in shown.figures] == ["three_rings", "three_rings_loss"]
