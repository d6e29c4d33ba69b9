"""Why gradients are zero, tiny, infinite or NaN."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from autograd import Value, dot, maximum, no_grad, sqrt, where
from autograd.showing.why import Reason, why


@pytest.fixture
def x() -> Value:
    return Value(4.0, "x")


def name(reason: Reason) -> str:
    assert reason.node is not None
    return reason.node.name


def test_an_ordinary_gradient(x: Value) -> None:
    answer = why((x * 2.0).named("y"), x)
    assert (answer.kind, answer.number) == ("ordinary", 2.0)
    assert str(answer).splitlines()[0] == "∂y/∂x = 2"
    assert why(x).kind == "ordinary"


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda x: (-x).named("net").relu(), "relu at y is dead: its input net = −4 gives it"),
        (lambda x: (x * 100).named("net").sigmoid(), "sigmoid at y is saturated: at net = 400"),
        (lambda x: x * 0.0, "the factor of x in y is 0"),
        (lambda x: dot([x, 2.0], [0.0, 3.0]), "the factor of x in y is 0"),
        (lambda x: maximum(x, 5.0), "maximum at y did not choose x = 4"),
        (lambda x: where(False, x, 1.0), "where at y did not choose x = 4"),
        (
            lambda x: abs((x - 4.0).named("d")),
            "d = 0 is exactly at the kink of abs at y: slope −1 from the left, 1 from the right; "
            "0 is taken",
        ),
        (
            lambda x: (x - 4.0).named("net").relu(),
            "net = 0 is exactly at the kink of relu at y: slope 0 from the left, 1 from the right",
        ),
        (lambda x: (x - 4.0).named("d") ** 2, "the slope of y (pow) towards d = 0 is 0"),
    ],
)
def test_a_zero_has_a_place(x: Value, make: Callable[[Value], Value], text: str) -> None:
    answer = why(make(x).named("y"), x)
    assert (answer.kind, answer.number) == ("zero", 0.0)
    [reason] = answer.reasons
    assert reason.text.startswith(text)
    assert reason.chain[0].name == "y"
    assert reason.chain[-1] is x


def test_a_kink_is_told_where_the_derivative_is_not_zero(x: Value) -> None:
    h = (x - 4.0).named("net").leaky_relu(0.1).named("h")
    tie = maximum((x * 2.0).named("a"), 8.0).named("m")
    [leaky] = why(h, x).reasons
    assert (leaky.kind, leaky.node) == ("kink", h)
    assert leaky.text == (
        "net = 0 is exactly at the kink of leaky_relu at h: slope 0.1 from the left, 1 from the "
        "right; 0.1 is taken"
    )
    assert [name(reason) for reason in why((h + tie).named("y"), x).reasons] == ["m", "h"]
    assert "0.5 is taken" in str(why(tie, x))
    assert why(h, h.parents[0]).kind == "kink"
    assert why((h * 1.0).named("z"), h).kind == "ordinary"  # the kink lies below


def test_a_kink_beside_another_reason_is_told_once(x: Value) -> None:
    h = (x - 4.0).named("net").relu().named("h")
    y = ((h * 0.0).named("none") + (x - 4.0).named("d").leaky_relu().named("l")).named("y")
    found = why(y, x).reasons
    # Where a factor 0 follows, a kink has no share.
    assert [(reason.kind, name(reason)) for reason in found] == [("kink", "l")]
    found = why((h * 0.0).named("none"), x).reasons
    assert [(reason.kind, name(reason)) for reason in found] == [("zero", "none"), ("zero", "h")]


@pytest.mark.parametrize("times", [2, 3])
def test_backward_that_ran_several_times(x: Value, times: int) -> None:
    y = (x * x).named("y")
    for _ in range(times):
        y.backward()
    answer = why(y, "x")
    assert (answer.number, answer.kind) == (8.0, ".grad")
    assert answer.reasons[0].text.startswith(
        f".grad of x is {8 * times}, {times} times as much: backward() adds to it and seems to "
        f"have run {times} times since it was last set to 0 (by .grad = 0.0, or zero_grad() of"
    )


def test_gradients_of_something_else(x: Value) -> None:
    net = (x * 2.0).named("net")
    y, z = (net * net).named("y"), (net * 3.0).named("z")
    y.backward()
    z.backward()
    answer = why(y, x)
    assert str(answer).splitlines()[0] == "∂y/∂x = 32"
    assert answer.reasons[0].text.startswith(
        ".grad of x is 38: backward() adds to it, and ran from another output, on other numbers or "
        "with another seed since it was last set to 0"
    )
    inner = why(y, net)
    assert inner.number == 16.0
    assert inner.reasons[0].text == (
        ".grad of net is 3, of the last backward(), which began at another output or with another "
        "seed"
    )
    assert why(z, net).kind == "ordinary"
    dead = (-x).relu().named("dead")
    assert [reason.kind for reason in why(dead, x).reasons] == ["zero", ".grad"]
    assert [reason.kind for reason in why(Value(1.0), x).reasons] == ["no path", ".grad"]


def test_gradients_that_fit_are_not_spoken_of(x: Value) -> None:
    y = ((x * 0.1).named("a") + (x * 0.2).named("b") - (x * 0.3).named("c")).named("y")
    y.backward()
    assert [reason.kind for reason in why(y, x).reasons] == ["cancellation"]
    y.backward()
    x.grad = 0.0
    assert [reason.kind for reason in why(y, x).reasons] == ["cancellation"]
    root = sqrt((x - 4.0).named("d")).named("r")
    root.backward()
    assert [reason.kind for reason in why(root, x).reasons] == ["infinite"]


def test_every_blocked_node_of_the_way_is_named(x: Value) -> None:
    y = (((-x).named("a").relu().named("b") * 0.0).named("c")).named("y")
    assert [name(reason) for reason in why(y, x).reasons] == ["y", "b"]


def test_the_way_with_the_fewest_zeros_is_told(x: Value) -> None:
    blocked = ((-x).relu() * 0.0).named("twice blocked")
    once = (x * 0.0).named("once blocked")
    found = why((blocked + once).named("y"), x).reasons
    assert [name(reason) for reason in found] == ["once blocked"]


def test_paths_that_cancel(x: Value) -> None:
    a, b = (x * 3.0).named("a"), (x * -3.0).named("b")
    answer = why((a + b).named("y"), x)
    assert answer.kind == "cancellation"
    assert answer.reasons[0].text == "the paths to x cancel each other: −3 over b, 3 over a"


def test_no_path(x: Value) -> None:
    y = (Value(1.0) * 2.0).named("y")
    text = why(y, x).reasons[0].text
    assert text.startswith("y was not computed from x; if it went through float(…), math.exp or")
    lost = (Value(math.exp(x)) * x.exp()).named("lost")
    assert why(lost.parents[0], x).kind == "no path"
    with no_grad():
        z = (x * 2.0).named("z")
    answer = why(z, x)
    assert (answer.kind, answer.number) == ("no path", 0.0)
    assert "under no_grad()" in answer.reasons[0].text


def test_tiny_gradients_name_the_saturated_factor(x: Value) -> None:
    y = (x * 5.0).named("net").sigmoid().named("y")
    answer = why(y, x)
    assert answer.kind == "tiny"
    assert answer.reasons[0].text.startswith("sigmoid at y is saturated: at net = 20 its slope is")
    assert answer.reasons[0].text.endswith("2.06115e−09")


def test_tiny_gradients_of_many_steps(x: Value) -> None:
    y = x - 4.0
    for k in range(12):
        y = y.sigmoid().named(f"s{k}")
    answer = why(y, x)
    assert answer.kind == "tiny"
    assert answer.reasons[0].text == "12 factors below 1 are multiplied along 13 steps"
    assert "(2 more)" in str(answer)


def test_a_product_below_the_range_of_floats(x: Value) -> None:
    y = x * 1e-200
    assert "too small for a float" in why((y * 1e-200).named("y"), x).reasons[0].text


def test_the_edge_of_a_domain(x: Value) -> None:
    root = sqrt((x - 4.0).named("d")).named("r")
    answer = why(root, x)
    assert (answer.kind, answer.number) == ("infinite", math.inf)
    assert answer.reasons[0].text == (
        "sqrt at r is at the edge of its domain: at d = 0 its slope is inf"
    )
    answer = why((root * 0.0).named("y"), x)
    assert answer.kind == "nan"
    assert answer.reasons[0].text.endswith("0 · ∞ or ∞ − ∞ is not a number")


def test_overflow_of_a_product_of_slopes(x: Value) -> None:
    y = (x * 1e-300).named("a") * 1e200
    z = ((y * 1e-200) * 1e300).named("z")
    assert why(z, x).kind == "ordinary"
    w = Value(0.0, "w")
    answer = why(((w * 1e200) * 1e200).named("big"), w)
    assert (answer.kind, answer.number) == ("infinite", math.inf)
    assert "too large for a float" in answer.reasons[0].text


def test_the_first_bad_value_is_named(x: Value) -> None:
    big = (x * 1e308).named("big")
    answer = why(((big - big).named("nan") + 1.0).named("y"))
    assert answer.kind == "infinite"
    assert answer.reasons[0].text == "mul at big overflowed to inf: x = 4, 1e308"
    assert why((big - big).named("nan"), x).reasons[0].node is big
    bad = Value(math.nan, "bad")
    assert why((bad + 1.0).named("y")).reasons[0].text == "bad was given as nan"
    inf = Value(math.inf, "inf")
    answer = why((inf - 1.0).named("y"))
    assert answer.reasons[0].text == "inf was given as inf"


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start(10)
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("traced")
def test_the_line_of_the_program_is_told_if_it_was_traced() -> None:
    x = Value(-1.0, "x")
    y = x.relu().named("y")  # this line
    reason = why(y, x).reasons[0]
    assert reason.source.startswith(__file__)
    assert reason.source.endswith('y = x.relu().named("y")  # this line')
    assert f"made by {reason.source}" in str(reason)


def test_without_tracing_there_is_no_line(x: Value) -> None:
    assert why((x * 0.0).named("y"), x).reasons[0].source == ""


def test_unnamed_nodes_and_many_operands() -> None:
    xs = [Value(1e308) for _ in range(6)]
    answer = why(dot(xs, [10.0] * 6))
    assert answer.question == "output"
    assert answer.reasons[0].text.startswith("dot at (dot([①, ②, ③,…")
    assert ") overflowed to inf: 1e308, 1e308" in answer.reasons[0].text
    assert answer.reasons[0].text.endswith(", …")
    assert repr(answer) == str(answer)


def test_wrong_arguments(x: Value) -> None:
    with pytest.raises(TypeError, match=r"output is 1\.0, a float"):
        why(1.0)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"wrt is 2\.0, a float"):
        why(x, 2.0)  # type: ignore[arg-type]  # the point


def test_a_node_can_be_named(x: Value) -> None:
    y = (x * Value(-1.0, name="weight")).relu().named("y")
    assert str(why(y, "weight")) == str(why(y, y.parents[0].parents[1]))
    with pytest.raises(ValueError, match=r"no node is named 'wieght' .* did you mean 'weight'\?"):
        why(y, "wieght")
    with pytest.raises(ValueError, match="2 nodes are named 'x'"):
        why(y * Value(1.0, name="x"), "x")


def test_nodes_without_a_name_are_called_as_in_pictures(x: Value) -> None:
    y = ((x * 2.0) ** 2 * 0.0).named("y")
    assert "chain: y ← (· ** 2) ← (x × 2) ← x" in str(why(y, x))
    below, above = Value(-1.5), Value(1.5)
    assert str(why(below * above, below)).startswith("∂output/∂(−1.5) = 1.5\n")
    assert str(why(below * above, above)).startswith("∂output/∂1.5 = −1.5\n")
