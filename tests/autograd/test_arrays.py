"""Values as the elements of numpy's arrays, and beside its arrays of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from autograd import Value, dot, total


def test_arrays_of_values() -> None:
    a, b = Value(2.0), Value(3.0)
    row: npt.NDArray[np.object_] = np.array([a, b])
    assert row.dtype == object
    for result, expected in [
        (row + row[::-1], [5.0, 5.0]),
        (row - 1, [1.0, 2.0]),
        (1 - row, [-1.0, -2.0]),
        (row * np.array([10.0, 100.0]), [20.0, 300.0]),
        (np.array([10.0, 100.0]) / row, [5.0, 100.0 / 3.0]),
        (row**2, [4.0, 9.0]),
        (a * row, [4.0, 6.0]),
        (row / a, [1.0, 1.5]),
        (a - np.array([1.0, 2.0]), [1.0, 0.0]),
        (np.array([1.0, 2.0]) - a, [-1.0, 0.0]),
        (np.tanh(row), [math.tanh(2.0), math.tanh(3.0)]),
        (-row, [-2.0, -3.0]),
    ]:
        assert [type(element) for element in result] == [Value, Value]
        assert [element.data for element in result] == expected


@pytest.mark.parametrize(
    ("reduce", "value", "slopes"),
    [
        (lambda row: row.sum(), 5.0, [1.0, 1.0]),
        (lambda row: row.mean(), 2.5, [0.5, 0.5]),
        (lambda row: row @ row, 13.0, [4.0, 6.0]),
        (lambda row: row @ np.array([10.0, 100.0]), 320.0, [10.0, 100.0]),
        (lambda row: np.array([[10.0, 100.0]]) @ row, 320.0, [10.0, 100.0]),
        (lambda row: row.prod(), 6.0, [3.0, 2.0]),
        (lambda row: row.max(), 3.0, [0.0, 1.0]),
        (lambda row: total(list(row)), 5.0, [1.0, 1.0]),
        (lambda row: dot(row, np.array([10.0, 100.0])), 320.0, [10.0, 100.0]),
    ],
)
def test_reductions_of_arrays(
    reduce: Callable[..., object], value: float, slopes: list[float]
) -> None:
    a, b = Value(2.0), Value(3.0)
    result = np.asarray(reduce(np.array([a, b]))).item()
    assert isinstance(result, Value)
    assert result.data == value
    result.backward()
    assert [a.grad, b.grad] == slopes


def test_an_array_without_dimensions_is_a_number() -> None:
    x = Value(2.0)
    for result in (np.array(3.0) * x, x * np.array(3.0)):
        assert isinstance(result, Value)
        assert result.data == 6.0
        assert result.parents == (x,)
