"""`no_grad`: nothing is recorded inside, and nobody else notices."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from autograd import Value, dot, no_grad, scalar_rule, total
from autograd.recording import names

# Printed methods, operators with a number on either side, lists short and long (which are not
# printed), and a row that only knows floats.
OPERATIONS: list[Callable[[Any], Value]] = [
    lambda x: x * x,
    lambda x: x - 1,
    lambda x: 1.0 / x,
    lambda x: x.tanh(),
    lambda x: x.leaky_relu(),
    lambda x: dot([x, 1.0], [2.0, x], x),
    lambda x: total([x] * 200),
    lambda x: total([x, 1.0]),
    scalar_rule("half", lambda x: float(x) / 2.0, lambda y, x: 0.5),
]
every_operation = pytest.mark.parametrize("f", OPERATIONS)


@pytest.fixture(autouse=True)
def nobody_is_counted_in_the_end() -> Generator[None, None, None]:
    """While the count is not 0, every operation of every thread has to ask whose pause it is."""
    yield
    assert not names["paused"]


def recorded(x: Value) -> set[bool]:
    return {not f(x).is_leaf for f in OPERATIONS}


@every_operation
def test_inside_the_same_numbers_come_without_a_history(f: Callable[[Value], Value]) -> None:
    x = Value(0.5, name="x")
    with no_grad():
        y = f(x)
    assert y.data.hex() == f(x).data.hex()
    assert y.is_leaf
    assert y.operands == ()
    y.data = 1.0
    y.backward()
    assert not x.reached


def test_blocks_nest() -> None:
    x = Value(2.0)
    with no_grad():
        with no_grad():
            assert recorded(x) == {False}
        assert recorded(x) == {False}
    assert recorded(x) == {True}


def test_an_error_ends_the_block() -> None:
    x = Value(2.0)
    with pytest.raises(ZeroDivisionError), no_grad():
        x / 0
    assert recorded(x) == {True}


def test_as_a_decorator() -> None:
    x = Value(2.0)

    @no_grad()
    def inside() -> set[bool]:
        return recorded(x)

    assert inside() == {False}
    assert recorded(x) == {True}


def test_a_graph_made_before_can_be_swept_inside() -> None:
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
    assert x.grad == 6.0


def test_another_thread_goes_on_recording() -> None:
    x = Value(2.0)
    with no_grad(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(recorded, x).result() == {True}
        assert recorded(x) == {False}


def test_another_threads_block_is_its_own() -> None:
    x = Value(2.0)
    entered, leave = threading.Event(), threading.Event()

    def pause() -> set[bool]:
        with no_grad():
            entered.set()
            leave.wait()
            return recorded(x)

    with ThreadPoolExecutor(1) as pool:
        paused = pool.submit(pause)
        try:
            entered.wait()
            assert recorded(x) == {True}
            with no_grad():
                assert recorded(x) == {False}
            assert recorded(x) == {True}
        finally:
            leave.set()
        assert paused.result() == {False}
    assert recorded(x) == {True}


def test_overlapping_blocks_of_many_threads() -> None:
    x, threads = Value(2.0), 8
    together = threading.Barrier(threads)

    def work(pausing: bool) -> set[bool]:
        seen: set[bool] = set()
        for _ in range(50):
            together.wait()
            if pausing:
                with no_grad():
                    seen |= recorded(x)
            else:
                seen |= recorded(x)
        return seen

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(work, [True, False] * (threads // 2)))
    assert results == [{False}, {True}] * (threads // 2)
    assert recorded(x) == {True}


def test_another_task_goes_on_recording() -> None:
    x = Value(2.0)

    async def pause(entered: asyncio.Event, leave: asyncio.Event) -> set[bool]:
        with no_grad():
            entered.set()
            await leave.wait()
            return recorded(x)

    async def main() -> tuple[set[bool], set[bool], set[bool]]:
        entered, leave = asyncio.Event(), asyncio.Event()
        paused = asyncio.create_task(pause(entered, leave))
        await entered.wait()
        beside = recorded(x)
        leave.set()
        return beside, await paused, recorded(x)

    assert asyncio.run(main()) == ({True}, {False}, {True})


def test_a_task_that_outlives_its_makers_block_is_of_one_mind() -> None:
    """It inherits the pause with the context, for every kind of operation."""
    x = Value(2.0)

    async def child(go: asyncio.Event) -> set[bool]:
        await go.wait()
        return recorded(x)

    async def main() -> tuple[set[bool], set[bool]]:
        go = asyncio.Event()
        with no_grad():
            task = asyncio.create_task(child(go))
            await asyncio.sleep(0)
        go.set()
        return await task, recorded(x)

    inherited, own = asyncio.run(main())
    assert len(inherited) == 1
    assert own == {True}


def test_a_generator_that_is_never_finished_leaves_no_count_behind() -> None:
    x = Value(2.0)

    def steps() -> Generator[set[bool], None, None]:
        with no_grad():
            yield recorded(x)
            yield recorded(x)

    generator = steps()
    assert next(generator) == {False}
    generator.close()
    assert recorded(x) == {True}
