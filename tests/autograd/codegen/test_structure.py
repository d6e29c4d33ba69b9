from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Value
from autograd.codegen.structure import built, elements, flattened, places


class Point(NamedTuple):
    x: float
    y: float


THINGS: list[Any] = [
    1.5,
    [1.0, [2.0], []],
    (1.0, (2.0, 3.0)),
    {"a": 1.0, "b": [2.0]},
    Point(1.0, 2.0),
    [None, "text", True, 2.0],
]


@pytest.mark.parametrize("thing", THINGS)
def test_what_is_taken_apart_can_be_put_together(thing: Any) -> None:
    numbers: list[float] = []
    structure = flattened(thing, "x", numbers)
    again = built(structure, iter(numbers), lambda part: part)
    assert again == thing
    assert type(again) is type(thing)
    assert list(elements(structure, thing)) == numbers
    assert len(list(places(structure, "x"))) == len(numbers)
    assert hash(structure) == hash(flattened(thing, "x", []))


def test_arrays_stay_arrays() -> None:
    numbers: list[float] = []
    structure = flattened(np.arange(6).reshape(2, 3), "X", numbers)
    assert numbers == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert list(places(structure, "X")) == ["X_0_0", "X_0_1", "X_0_2", "X_1_0", "X_1_1", "X_1_2"]
    values = built(structure, iter([Value(n) for n in numbers]), lambda part: part)
    assert values.shape == (2, 3)
    assert (values @ values.T)[0, 1].data == 14.0
    assert built(structure, iter(numbers), lambda part: part).dtype == float


def test_numbers_and_values_have_one_structure() -> None:
    numbers: list[float] = []
    structures = {flattened(thing, "x", numbers) for thing in (1, 1.0, np.float64(1.0), Value(1.0))}
    assert len(structures) == 1
    assert numbers == [1.0] * 4


def test_other_lengths_keys_and_texts_are_other_structures() -> None:
    things: list[Any] = [[1.0], [1.0, 1.0], (1.0,), {"a": 1.0}, {"b": 1.0}, "a", "b", True, False]
    assert len({flattened(thing, "x", []) for thing in things}) == len(things)


def test_what_is_no_number_is_refused_with_its_place() -> None:
    with pytest.raises(TypeError, match=r"x\[1\]\['a'\]: expected a real number, got complex"):
        flattened([1.0, {"a": 1j}], "x", [])
