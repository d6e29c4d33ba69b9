"""The expected numbers were made by 50-digit decimal arithmetic and rounded to a float."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, no_grad, sigmoid
from autograd.checking import numerical_derivative

untyped: Any = nn  # for arguments that annotations rule out
OUTPUTS = [0.3, -1.2, 2.5]
TARGETS = [0.1, 0.4, 2.0]
CASES = [
    (nn.half_squared_error, OUTPUTS, TARGETS, 1.425),
    (nn.mean_squared_error, OUTPUTS, TARGETS, 0.95),
    (nn.root_mean_squared_error, OUTPUTS, TARGETS, 0.9746794344808963),
    (nn.mean_absolute_error, OUTPUTS, TARGETS, 0.7666666666666666),
    (nn.hinge, OUTPUTS, [1.0, -1.0, 1.0], 0.23333333333333334),
    (nn.binary_cross_entropy, [0.3, 0.9, 0.25], [1.0, 0.0, 0.4], 1.4112282950796688),
    (nn.binary_cross_entropy_from_logits, OUTPUTS, [1.0, 0.0, 0.4], 0.798842482033036),
    (nn.binary_cross_entropy_from_logits, [40.0], [1.0], 4.248354255291589e-18),
    (nn.softmax_cross_entropy, OUTPUTS, 2, 0.12709658280048583),
    (nn.softmax_cross_entropy, OUTPUTS, [0.0, 1.0, 0.0], 3.8270965828004857),
    (nn.softmax_cross_entropy, OUTPUTS, [0.2, 0.5, 0.3], 2.417096582800486),
]
LOSSES = [
    nn.half_squared_error,
    nn.mean_squared_error,
    nn.root_mean_squared_error,
    nn.mean_absolute_error,
    nn.hinge,
    nn.binary_cross_entropy,
    nn.binary_cross_entropy_from_logits,
    nn.softmax_cross_entropy,
]

Loss = Callable[..., Value]
logits = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=5)


@pytest.mark.parametrize(("loss", "outputs", "targets", "expected"), CASES)
def test_value(loss: Loss, outputs: list[float], targets: object, expected: float) -> None:
    found = loss([Value(output) for output in outputs], targets)
    assert found.data == pytest.approx(expected, rel=1e-14, abs=0.0)


@pytest.mark.parametrize(("loss", "outputs", "targets"), [case[:3] for case in CASES])
def test_gradient_is_the_measured_slope(loss: Loss, outputs: list[float], targets: object) -> None:
    values = [Value(output) for output in outputs]
    loss(values, targets).backward()
    for i, value in enumerate(values):

        def moved(output: float, i: int = i) -> float:
            return loss([*outputs[:i], output, *outputs[i + 1 :]], targets).data

        slope = numerical_derivative(moved, outputs[i], scale=0.05)
        assert value.grad == pytest.approx(slope.value, rel=1e-7, abs=10 * slope.error + 1e-15)


@pytest.mark.parametrize(("loss", "outputs", "targets", "expected"), CASES)
def test_plain_numbers_and_arrays_serve_as_well(
    loss: Loss, outputs: list[float], targets: object, expected: float
) -> None:
    goal = np.array(targets) if isinstance(targets, list) else np.int64(2)
    assert loss(np.array(outputs), goal).data == pytest.approx(expected, rel=1e-14, abs=0.0)


def test_parts_of_the_half_squared_error_go_by_the_names_of_document_000() -> None:
    outputs = [Value(0.7513650695523157, "out_o1"), Value(0.7729284653214626, "out_o2")]
    E_total = nn.half_squared_error(outputs, [0.01, 0.99])
    E_o1, E_o2 = E_total.parents
    assert [node.name for node in (E_total, E_o1, E_o2)] == ["E_total", "E_o1", "E_o2"]
    assert E_o1.data == pytest.approx(0.27481108317615494, abs=1e-15)
    assert E_o2.data == pytest.approx(0.023560025583847736, abs=1e-15)
    assert E_total.data == pytest.approx(0.29837110876000267, abs=1e-15)


def test_unnamed_outputs_leave_the_error_unnamed() -> None:
    E = nn.half_squared_error([Value(1.0)], [0.0])
    assert (E.name, E.parents[0].name) == ("", "")


def test_one_output_needs_no_list() -> None:
    assert nn.mean_squared_error(Value(3.0), 1.0).data == 4.0
    assert nn.hinge([Value(3.0)], -1).data == 4.0


@pytest.mark.parametrize("loss", [nn.root_mean_squared_error, nn.mean_absolute_error])
def test_an_exact_output_has_gradient_0_where_the_error_has_a_kink(loss: Loss) -> None:
    outputs = [Value(0.25), Value(-1.0)]
    error = loss(outputs, [0.25, -1.0])
    error.backward()
    assert [error.data, *(output.grad for output in outputs)] == [0.0, 0.0, 0.0]


@given(logits, st.floats(-1e3, 1e3))
def test_softmax_cross_entropy_does_not_depend_on_a_common_shift(
    numbers: list[float], shift: float
) -> None:
    before = nn.softmax_cross_entropy(numbers, 1).data
    after = nn.softmax_cross_entropy([number + shift for number in numbers], 1).data
    assert after == pytest.approx(before, abs=1e-12 * (1000.0 + abs(shift)))


@given(st.floats(-700.0, 700.0))
def test_two_classes_are_a_binary_choice(logit: float) -> None:
    softmax = nn.softmax_cross_entropy([logit, 0.0], 0).data
    assert softmax == pytest.approx(nn.binary_cross_entropy_from_logits(logit, 1).data, abs=1e-12)


@given(st.floats(-15.0, 15.0), st.floats(0.0, 1.0))
def test_logits_and_their_probabilities_have_one_cross_entropy(logit: float, share: float) -> None:
    of_probability = nn.binary_cross_entropy(sigmoid(Value(logit)), share)
    of_logit = nn.binary_cross_entropy_from_logits(Value(logit), share)
    assert of_probability.data == pytest.approx(of_logit.data, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("size", [1e3, 1e150, 1e300])
def test_losses_from_logits_never_overflow(size: float) -> None:
    values = [Value(size), Value(-size)]
    for loss, expected in (
        (nn.softmax_cross_entropy(values, 1), 2 * size),
        (nn.softmax_cross_entropy(values, [0.0, 1.0]), 2 * size),
        (nn.binary_cross_entropy_from_logits(values, [0.0, 1.0]), size),
    ):
        loss.backward()
        assert loss.data == expected
    assert values[0].grad == 2.5
    assert [p.data for p in nn.softmax(values)] == [1.0, 0.0]


def test_a_certain_and_right_probability_costs_nothing() -> None:
    probabilities = [Value(1.0), Value(0.0)]
    assert nn.binary_cross_entropy(probabilities, [1.0, 0.0]).data == 0.0


def test_softmax() -> None:
    probabilities = [p.data for p in nn.softmax([Value(number) for number in OUTPUTS])]
    expected = [0.09757864772562469, 0.021772739294085856, 0.8806486129802894]
    assert probabilities == pytest.approx(expected, rel=1e-14, abs=0.0)


def test_l2_penalty() -> None:
    weights = [Value(number) for number in OUTPUTS]
    penalty = nn.l2_penalty(weights, 0.01)
    penalty.backward()
    assert penalty.data == pytest.approx(0.0389, rel=1e-14, abs=0.0)
    assert [weight.grad for weight in weights] == pytest.approx(
        [0.003, -0.012, 0.025], rel=1e-15, abs=0.0
    )


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("outputs", "targets", "error", "message"),
    [
        ([0.5, 0.5], [1.0], ValueError, "outputs and targets are 2 and 1"),
        ([], [], ValueError, "there are no outputs"),
        ([0.5, 0.5], ["cat", 1.0], TypeError, "target 0 of .*got str 'cat'"),
        ([0.5, "dog"], [0.0, 1.0], TypeError, "output 1 of .*got str 'dog'"),
        ([[0.5], [0.5]], [[1.0], [1.0]], TypeError, "output 0 is a list.*mean of their losses"),
        ([0.5, 0.5], [[1.0], 1.0], TypeError, "target 0 of .*got list"),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_so(
    loss: Loss, outputs: Sequence[object], targets: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as raised:
        loss(outputs, targets)
    assert getattr(loss, "__name__", "") in str(raised.value)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.hinge(Value(0.5), 0), ValueError, "target 0 is 0.0.*−1 and 1"),
        (lambda: nn.binary_cross_entropy(Value(0.5), -1), ValueError, "target 0 is -1.0"),
        (
            lambda: nn.binary_cross_entropy_from_logits([0.0, 0.0], [1, 2]),
            ValueError,
            "target 1 is 2.0",
        ),
        (
            lambda: nn.binary_cross_entropy(Value(0.0, "p"), 1),
            ValueError,
            "^binary_cross_entropy: output 0 is Value.0.0, name='p'.*target 1.0.*takes logits",
        ),
        (lambda: nn.binary_cross_entropy([0.5, 1.0], [0, 0.25]), ValueError, "output 1 is .*0.25"),
        (lambda: nn.softmax_cross_entropy([0.0, 0.0], [1.0, 1.0]), ValueError, "add up to 2.0"),
        (lambda: nn.softmax_cross_entropy([0.0, 0.0], 2), ValueError, "classes 0 to 1"),
        (lambda: nn.softmax_cross_entropy([0.0, 0.0], -1), ValueError, "class -1"),
        (lambda: untyped.softmax_cross_entropy([0.0, 0.0], "cat"), TypeError, "'cat' is a str"),
        (lambda: untyped.softmax_cross_entropy([0.0, 0.0], 1.0), TypeError, "1.0 is a float"),
        (lambda: nn.l2_penalty([Value(1.0)], -0.1), ValueError, "-0.1"),
        (lambda: nn.l2_penalty([], 0.1), ValueError, "no parameters"),
    ],
)
def test_targets_that_mean_nothing_are_errors(
    call: Callable[[], Value], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("number", [1.5, -0.25])
@pytest.mark.parametrize("target", [0.0, 0.25, 1.0, Value(0.0), Value(0.25), Value(1.0)])
def test_what_is_no_probability_is_named_by_the_loss_that_takes_one(
    number: float, target: Value | float
) -> None:
    told = f"^binary_cross_entropy: output 1 is .*{number}.*from 0 to 1.*'sigmoid'.*from_logits"
    with pytest.raises(ValueError, match=told):
        nn.binary_cross_entropy([Value(0.5), Value(number)], [1.0, target])


def test_an_output_that_is_not_a_number_stays_one() -> None:
    assert math.isnan(nn.binary_cross_entropy(Value(math.nan), 1.0).data)


@pytest.mark.parametrize(("loss", "outputs", "targets", "expected"), CASES)
def test_nothing_is_recorded_under_no_grad(
    loss: Loss, outputs: list[float], targets: object, expected: float
) -> None:
    with no_grad():
        found = loss([Value(output) for output in outputs], targets)
    assert found.is_leaf
    assert found.data == pytest.approx(expected, rel=1e-14, abs=0.0)
