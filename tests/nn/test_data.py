from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from nn.data import as_rows, paired_rows


def test_rows_may_be_of_any_real_numbers() -> None:
    rows = as_rows(
        [[1, True - 0.5], (Fraction(1, 4), Decimal("0.75")), np.array([2, 3], dtype="float32")],
        "samples",
    )

    assert rows == [(1.0, 0.5), (0.25, 0.75), (2.0, 3.0)]
    assert {type(number) for row in rows if isinstance(row, tuple) for number in row} == {float}


@pytest.mark.parametrize("rows", [np.array([[0.5, 1.0], [2.0, 4.0]]), iter([[0.5, 1], [2, 4]])])
def test_arrays_and_iterators_serve(rows: object) -> None:
    assert as_rows(rows, "samples") == [(0.5, 1.0), (2.0, 4.0)]


def test_whole_numbers_that_stand_alone_stay_whole() -> None:
    rows = as_rows(np.array([2, 0]), "targets")

    assert [type(row) for row in rows] == [int, int]


@pytest.mark.parametrize(
    ("samples", "targets", "error", "message"),
    [
        ([], [], ValueError, "samples is empty"),
        (np.zeros((0, 2)), [], ValueError, "samples is empty"),
        ([[1.0]], [], ValueError, "targets is empty"),
        ([[]], [1.0], ValueError, r"samples\[0\] is an empty list"),
        ([[1.0], [2.0]], [1.0], ValueError, "there are 2 samples but 1 targets"),
        (
            [[1.0, 2.0], [3.0, 4.0], [5.0]],
            [0, 1, 2],
            ValueError,
            r"samples\[2\] is a row of 1 number, but samples\[0\] is a row of 2 numbers",
        ),
        ([[1.0], 2.0], [0, 1], ValueError, r"samples\[1\] is a single number, but samples\[0\]"),
        ([[1.0], [2.0]], [[0.0], [0.0, 1.0]], ValueError, r"targets\[1\] is a row of 2 numbers"),
        ([[1.0]], ["cat"], TypeError, r"targets\[0\] is the text 'cat': give numbers\. Classes"),
        ([["1.0"]], [1.0], TypeError, r"samples\[0\]\[0\] is the text '1\.0'"),
        ([[1.0]], "cat", TypeError, "targets is 'cat', a str: give a list"),
        (3.0, [1.0], TypeError, r"samples is 3\.0, a float"),
        ([[1.0, math.nan]], [1.0], ValueError, r"samples\[0\]\[1\] is nan"),
        ([[1.0]], [[-math.inf]], ValueError, r"targets\[0\]\[0\] is -inf"),
        ([[1.0]], [True], TypeError, r"targets\[0\].*got bool True"),
        ([[1j]], [1.0], TypeError, r"samples\[0\]\[0\].*got complex"),
        ([[[1.0]]], [1.0], TypeError, r"samples\[0\]\[0\].*got list"),
        ([[None]], [1.0], TypeError, r"samples\[0\]\[0\].*got NoneType"),
    ],
)
def test_data_that_cannot_be_are_refused(
    samples: object, targets: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        paired_rows(samples, targets)
