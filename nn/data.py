"""Samples and targets as plain numbers, checked before anything is trained on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Integral

from nn._numbers import as_number, is_list

__all__ = ["Row", "as_rows", "paired_rows"]

# One sample or one target: a number, or a tuple of numbers.
Row = float | tuple[float, ...]


def paired_rows(samples: object, targets: object) -> tuple[list[Row], list[Row]]:
    """Samples and targets, checked, as many of the one as of the other.

    Raises ValueError if there are none, if their numbers differ, if rows are of different lengths
    and for NaN and infinity; TypeError for text and whatever else is no number.

    >>> paired_rows([[0, 1], [1, 1]], [1, 0])
    ([(0.0, 1.0), (1.0, 1.0)], [1, 0])
    """
    checked_samples, checked_targets = as_rows(samples, "samples"), as_rows(targets, "targets")
    if len(checked_samples) != len(checked_targets):
        raise ValueError(
            f"there are {len(checked_samples)} samples but {len(checked_targets)} targets: every "
            f"sample needs one target, a number or a list"
        )
    return checked_samples, checked_targets


def as_rows(rows: object, name: str) -> list[Row]:
    """A list or array of numbers, or of rows of numbers that are all of one length.

    Whole numbers that stand alone stay whole, since they may be the numbers of classes. Raises as
    `paired_rows` does; `name` is what messages call the rows.
    """
    if not is_list(rows):
        raise TypeError(
            f"{name} is {rows!r}, a {type(rows).__name__}: give a list with one entry per sample"
        )
    checked = [_row(row, f"{name}[{i}]") for i, row in enumerate(_elements(rows))]
    if not checked:
        raise ValueError(f"{name} is empty: there is nothing to learn from")
    for i, row in enumerate(checked):
        if _length(row) != _length(checked[0]):
            raise ValueError(
                f"{name}[{i}] is {_size(row)}, but {name}[0] is {_size(checked[0])}: all rows must "
                f"be of one length"
            )
    return checked


def _elements(rows: object) -> Sequence[object]:
    assert isinstance(rows, Iterable)
    return list(rows)


def _row(row: object, where: str) -> Row:
    if is_list(row):
        numbers = tuple(_number(x, f"{where}[{j}]") for j, x in enumerate(_elements(row)))
        if not numbers:
            raise ValueError(f"{where} is an empty list: a row needs at least one number")
        return numbers
    if isinstance(row, Integral) and not isinstance(row, bool):
        return int(row)
    return _number(row, where)


def _number(number: object, where: str) -> float:
    if isinstance(number, str | bytes):
        raise TypeError(
            f"{where} is the text {number!r}: give numbers. Classes are numbered 0, 1, …, or one "
            f"output each, 1.0 for the right one and 0.0 for the others"
        )
    checked = as_number(number, where)
    if not math.isfinite(checked):
        raise ValueError(f"{where} is {checked!r}: repair or leave out samples that are not finite")
    return checked


def _length(row: Row) -> int | None:
    return len(row) if isinstance(row, tuple) else None


def _size(row: Row) -> str:
    if not isinstance(row, tuple):
        return "a single number"
    return f"a row of {len(row)} number{'s' if len(row) > 1 else ''}"
