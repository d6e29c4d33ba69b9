"""Checks of the plain numbers that say how a training goes."""

from __future__ import annotations

import math

from nn._numbers import as_number


def not_negative(number: object, where: str) -> float:
    """The number as a float; ValueError unless 0 ≤ number < ∞.

    >>> not_negative(1, "learning_rate")
    1.0
    """
    checked = as_number(number, where)
    if not 0.0 <= checked < math.inf:
        raise ValueError(f"{where} is {checked!r}: give a finite number, 0 or above")
    return checked


def fraction(number: object, where: str) -> float:
    """The number as a float; ValueError unless 0 ≤ number < 1.

    >>> fraction(0.9, "momentum")
    0.9
    """
    checked = as_number(number, where)
    if not 0.0 <= checked < 1.0:
        raise ValueError(
            f"{where} is {checked!r}: give a number from 0 up to, but not including, 1"
        )
    return checked


def count(number: object, where: str) -> int:
    """The whole number; TypeError if it is none, ValueError unless it is 1 or above.

    >>> count(40, "batch_size")
    40
    """
    checked = as_number(number, where)
    if not checked.is_integer():
        raise TypeError(f"{where} is {number!r}: give a whole number")
    if checked < 1.0:
        raise ValueError(f"{where} is {number!r}: give 1 or above")
    return int(checked)
