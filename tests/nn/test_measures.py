from __future__ import annotations

import numpy as np
import pytest

from nn.data import Row
from nn.measures import percent_wrong, residual_norm


@pytest.mark.parametrize(
    ("prediction", "target"), [(0.5, -2.0), ((0.5, 1.0, -3.0), (2.0, 2.5, 0.25))]
)
def test_the_norm_of_the_residual_is_numpys(prediction: Row, target: Row) -> None:
    expected = float(np.linalg.norm(np.atleast_1d(prediction) - np.atleast_1d(target)))

    assert residual_norm(prediction, target) == pytest.approx(expected, rel=1e-15)


def test_a_residual_needs_as_many_targets_as_outputs() -> None:
    with pytest.raises(ValueError, match="the numbers of outputs and targets are 2 and 1"):
        residual_norm((1.0, 2.0), 1.0)


@pytest.mark.parametrize(
    ("threshold", "prediction", "target", "right"),
    [
        (0.5, 0.6, 1, True),
        (0.5, 0.4, 1, False),
        (0.5, (0.4,), (0.0,), True),
        (0.5, (0.6,), 0, False),
        (0.0, 0.3, 1, True),
        (0.0, 0.3, -1, False),
        (0.0, (-0.3,), (-1.0,), True),
        (0.5, (0.1, 0.7, 0.2), 1, True),
        (0.5, (0.1, 0.7, 0.2), 2, False),
        (0.5, (0.1, 0.7, 0.2), (0.0, 1.0, 0.0), True),
        (0.5, (0.1, 0.7, 0.2), (1.0, 0.0, 0.0), False),
    ],
)
def test_a_sample_is_wholly_right_or_wholly_wrong(
    threshold: float, prediction: Row, target: Row, right: bool
) -> None:
    assert percent_wrong(threshold)(prediction, target) == (0.0 if right else 100.0)
