from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from autograd.showing.webassembly import render_svg

TANGLED = "digraph {" + " ".join(f"{i} -> {j}" for j in range(150) for i in range(j)) + "}"


def test_threads_draw_one_after_the_other_and_all_get_the_same() -> None:
    with ThreadPoolExecutor(8) as threads:
        pictures = set(threads.map(lambda _: render_svg("digraph { a -> b -> c }", 60), range(80)))
    assert len(pictures) == 1


def test_a_layout_that_takes_too_long_is_stopped_and_the_next_one_works() -> None:
    with pytest.raises(TimeoutError, match=r"not ready after 0\.05 s"):
        render_svg(TANGLED, timeout=0.05)
    assert "<svg" in render_svg("digraph { a }", timeout=60)


def test_a_breakdown_is_an_error_that_says_why_and_spoils_nothing() -> None:
    with pytest.raises(RuntimeError, match=r"call stack exhausted.*draw less of the graph"):
        render_svg("digraph {" + "{" * 100_000 + "}" * 100_000 + "}", 60)
    assert "<svg" in render_svg("digraph { a }", timeout=60)


def test_an_error_spoils_nothing() -> None:
    before = render_svg("digraph { a -> b }", 60)
    with pytest.raises(RuntimeError, match="parse"):
        render_svg("digraph { a -> ", 60)
    assert render_svg("digraph { a -> b }", 60) == before
