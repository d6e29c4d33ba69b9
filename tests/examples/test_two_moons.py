from __future__ import annotations

from math import dist

from examples.two_moons import example, moons


def test_points_lie_along_two_half_circles_that_reach_into_each_other() -> None:
    points, classes = moons(noise=0.0, seed=3)
    assert classes == [0.0, 1.0] * 50
    for (x, y), wanted in zip(points, classes, strict=True):
        middle = (1.0, 0.5) if wanted else (0.0, 0.0)
        assert abs(dist((x, y), middle) - 1.0) < 1e-12
        assert y <= 0.5 if wanted else y >= 0.0


def test_noise_moves_the_points_by_its_size() -> None:
    still, noisy = moons(noise=0.0, seed=3)[0], moons(noise=0.1, seed=3)[0]
    assert still != noisy
    assert moons(noise=0.1, seed=3)[0] == noisy


def test_all_points_are_classified_rightly() -> None:
    shown = example()
    [table] = shown.tables
    [row] = table.rows
    assert row.cells == ("100", "100")
    assert [figure.name for figure in shown.figures] == ["two_moons", "two_moons_loss"]
