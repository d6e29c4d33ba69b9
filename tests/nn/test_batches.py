from __future__ import annotations

import json

import pytest

from nn.batches import Batches, Order


def series(batches: Batches, count: int) -> list[list[int]]:
    found = []
    for _ in range(count):
        found.append(list(batches.upcoming()))
        batches.advance()
    return found


def spans(batches: Batches, count: int) -> list[tuple[int, int]]:
    return [(batch[0], batch[-1] + 1) for batch in series(batches, count)]


def test_the_wrapping_window_is_that_of_document_002() -> None:
    assert spans(Batches(100, 40, "wrapping"), 10) == [
        (0, 40), (40, 80), (80, 100), (20, 60), (60, 100),
        (0, 40), (40, 80), (80, 100), (20, 60), (60, 100),
    ]  # fmt: skip


def test_a_window_as_large_as_the_data_or_larger_wraps_to_the_remainder() -> None:
    assert spans(Batches(6, 6, "wrapping"), 2) == [(0, 6), (0, 6)]
    assert spans(Batches(6, 40, "wrapping"), 3) == [(0, 6), (4, 6), (2, 6)]


def test_a_sequential_pass_begins_with_the_first_sample() -> None:
    assert spans(Batches(100, 40), 5) == [(0, 40), (40, 80), (80, 100), (0, 40), (40, 80)]


def test_full_takes_all_samples() -> None:
    batches = Batches(5, 2, "full")

    assert spans(batches, 2) == [(0, 5), (0, 5)]
    assert batches.per_pass == 1


@pytest.mark.parametrize(("samples", "size", "expected"), [(6, 1, 6), (100, 40, 3), (80, 40, 2)])
def test_batches_per_pass(samples: int, size: int, expected: int) -> None:
    assert Batches(samples, size).per_pass == expected


def test_a_shuffled_pass_holds_every_sample_once_in_an_order_of_its_own() -> None:
    batches = Batches(10, 4, "shuffled", seed=3)

    first, second = ([i for batch in series(batches, 3) for i in batch] for _ in range(2))

    assert sorted(first) == sorted(second) == list(range(10))
    assert len({tuple(first), tuple(second), tuple(range(10))}) == 3


def test_the_seed_decides_the_order() -> None:
    same, again, other = (Batches(10, 4, "shuffled", seed) for seed in (3, 3, 4))

    assert series(same, 9) == series(again, 9) != series(other, 9)


def test_looking_does_not_advance() -> None:
    batches = Batches(10, 4, "shuffled")

    assert batches.upcoming() == batches.upcoming()


@pytest.mark.parametrize("order", ["sequential", "wrapping", "shuffled", "full"])
@pytest.mark.parametrize("taken", [0, 1, 3, 7])
def test_going_on_from_a_saved_position_gives_the_same_batches(order: Order, taken: int) -> None:
    whole, first, second = (Batches(10, 4, order, seed=5) for _ in range(3))
    series(first, taken)

    second.load_state_dict(json.loads(json.dumps(first.state_dict())))

    assert series(second, 12) == series(whole, taken + 12)[taken:]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"samples": 11}, "had samples 11, these have 10"),
        ({"size": 5}, "had size 5"),
        ({"order": "full"}, "had order 'full', these have 'shuffled'"),
        ({"seed": 6}, "had seed 6"),
        ({"start": 10}, "no position in these batches: passes 0, start 10"),
    ],
)
def test_a_position_in_other_batches_is_refused(changed: dict[str, object], message: str) -> None:
    batches = Batches(10, 4, "shuffled", seed=5)
    state = {**batches.state_dict(), **changed}

    with pytest.raises(ValueError, match=message):
        batches.load_state_dict(state)


@pytest.mark.parametrize(
    ("size", "order", "seed", "error", "message"),
    [
        (0, "sequential", 0, ValueError, "batch_size is 0: give 1 or above"),
        (-4, "wrapping", 0, ValueError, "batch_size is -4"),
        (2.5, "sequential", 0, TypeError, r"batch_size is 2\.5: give a whole number"),
        (4, "random", 0, ValueError, "order is 'random': give one of 'sequential', 'wrapping'"),
        (4, "shuffled", None, TypeError, "seed is None, a NoneType: give a whole number"),
    ],
)
def test_arguments_that_cannot_be_are_refused(
    size: int, order: Order, seed: int, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Batches(10, size, order, seed)
