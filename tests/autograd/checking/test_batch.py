"""A batch of two samples with cross entropy: what is said about the mistakes made in it."""

from __future__ import annotations

import math
import random

import pytest

from autograd import Value, dot, leaky_relu, log, mean, sigmoid
from autograd.checking import Claim, Report, Update, Verdict, verify
from tests.autograd.checking.batch_by_hand import (
    ARTICLE,
    RATE,
    SLOPE,
    UNITS,
    Batch,
    Numbers,
    Slip,
    random_batch,
    worked,
)
from tests.autograd.checking.test_mistake_table import Tally, is_visible, printed_digits

RULE = Update("sgd", learning_rate=RATE, parameters=["w*", "b*", "v*", "c"])


def graph(batch: Batch) -> Value:
    """The batch as the engine sees it."""
    p = {name: Value(number, name) for name, number in batch.parameters.items()}
    losses = []
    for s, (x, t) in enumerate(zip(batch.samples, batch.targets, strict=True), start=1):
        nets = [
            dot([p[f"w{j}1"], p[f"w{j}2"]], x, p[f"b{j}"]).named(f"net_h{j}_s{s}") for j in UNITS
        ]
        h = [leaky_relu(net, SLOPE).named(f"h{j}_s{s}") for j, net in enumerate(nets, start=1)]
        z = dot([p[f"v{j}"] for j in UNITS], h, p["c"]).named(f"z_s{s}")
        y = sigmoid(z).named(f"p_s{s}")
        losses.append((-(t * log(y) + (1 - t) * log(1 - y))).named(f"L_s{s}"))
    return mean(losses).named("L")


def printed(numbers: Numbers) -> dict[str, str]:
    return {
        quantity: f"{number:.6f}".replace("-0.000000", "0.000000")
        for quantity, number in numbers.items()
    }


def checked(slip: Slip, *, steps: bool = True) -> Report:
    return verify(graph(ARTICLE), printed(worked(ARTICLE, slip, steps=steps)), update=RULE)


def said(report: Report) -> dict[str, str]:
    """The first diagnosis of every claim that is wrong by itself."""
    return {
        row.claim.quantity: row.diagnosis[0].text if row.diagnosis else ""
        for row in report.rows
        if row.verdict is Verdict.WRONG
    }


@pytest.mark.parametrize("steps", [True, False])
def test_the_article_without_mistakes(steps: bool) -> None:
    assert checked(Slip(""), steps=steps).summary == f"{60 if steps else 46} claims: agrees " + (
        "60" if steps else "46"
    )


OF_ONE_STEP = {
    Slip("slope 0"): {
        "dL/dnet_h1_s2": "relu's slope 0 taken for leaky_relu's 0.1 at net_h1_s2",
    },
    Slip("slope 0.01"): {
        "dL/dnet_h1_s2": "the slope 0.01 taken for 0.1 in leaky′ at net_h1_s2",
    },
    Slip("slope 1"): {"dL/dnet_h1_s2": "leaky′ at net_h1_s2 forgotten"},
    Slip("sides reversed"): {
        "dL/dnet_h1_s1": "leaky′ at net_h1_s1 taken from the other side of 0",
        "dL/dnet_h1_s2": "leaky′ at net_h1_s2 taken from the other side of 0",
    },
    Slip("σ′ once more"): {
        "dL/dz_s1": "σ′ at z_s1 multiplied in twice",
        "dL/dz_s2": "σ′ at z_s2 multiplied in twice",
    },
    Slip("neighbouring weight"): {
        "dL/dh1_s1": "v2 taken for v1 in ∂z_s1/∂h1_s1",
        "dL/dh1_s2": "v2 taken for v1 in ∂z_s2/∂h1_s2",
    },
    Slip("climbed"): {
        "b2+": "climbed: the step added along the gradient instead of against it",
    },
}
OF_SEVERAL_STEPS = {
    Slip("slope 0"): dict.fromkeys(
        ("dL/dw11", "dL/dw12", "dL/db1"),
        "relu's slope 0 taken for leaky_relu's 0.1 at net_h1_s2",
    ),
    Slip("slope 0.01"): dict.fromkeys(
        ("dL/dw11", "dL/dw12", "dL/db1"), "the slope 0.01 taken for 0.1 in leaky′ at net_h1_s2"
    ),
    Slip("sides reversed"): dict.fromkeys(
        ("dL/dw11", "dL/dw12", "dL/db1"),
        "leaky′ at all of net_h1_s1, net_h1_s2 taken from the other side of 0",
    ),
    Slip("neighbouring weight"): dict.fromkeys(
        ("dL/dw11", "dL/dw12", "dL/db1"), "v2 taken for v1 in ∂z_s1/∂h1_s1, ∂z_s2/∂h1_s2"
    ),
    Slip("net for out"): {
        "dL/dv1": "net_h1_s2 taken for h1_s2 in ∂z_s2/∂v1",
    },
    Slip("inputs swapped", unit=2): {
        "dL/dw21": "this is the number of ∂L/∂w22",
        "dL/dw22": "this is the number of ∂L/∂w21",
    },
    Slip("old parameter"): {"L+": "the old c used, all others updated"},
    Slip("old biases"): {"L+": "the old b1, b2, b3 used, all others updated"},
}


@pytest.mark.parametrize("slip", OF_ONE_STEP)
def test_a_mistake_where_every_step_is_printed(slip: Slip) -> None:
    assert said(checked(slip)) == OF_ONE_STEP[slip]


@pytest.mark.parametrize("slip", OF_SEVERAL_STEPS)
def test_a_mistake_where_only_gradients_are_printed(slip: Slip) -> None:
    assert said(checked(slip, steps=False)) == OF_SEVERAL_STEPS[slip]


def test_a_factor_multiplied_in_once_more_everywhere() -> None:
    found = said(checked(Slip("σ′ once more"), steps=False))
    assert len(found) == 13
    assert set(found.values()) == {"σ′ at all of z_s1, z_s2 multiplied in twice"}


def test_a_learning_rate_off_by_ten() -> None:
    found = said(checked(Slip("learning rate")))
    assert len(found) == 13
    assert set(found.values()) == {"a step with a tenth of the learning rate (0.03)"}


REPEATED = {
    Slip("sum for mean"): {"L": "the sum of the 2 terms taken for the mean in L"},
    Slip("log10 for ln"): {
        "L_s1": "log10 taken for ln everywhere",
        "L_s2": "log10 taken for ln everywhere",
    },
    Slip("slope 0.01 forward", unit=3): {
        "h3_s1": "leaky_relu at net_h3_s1 computed with the slope 0.01, not 0.1",
        "h3_s2": "leaky_relu at net_h3_s2 computed with the slope 0.01, not 0.1",
    },
    Slip("relu forward", unit=3): {"h3_s1": "relu taken for leaky_relu at h3_s1"},
    Slip("sides reversed forward"): {
        "h1_s1": "leaky_relu at net_h1_s1 taken from the other side of 0",
        "h1_s2": "leaky_relu at net_h1_s2 taken from the other side of 0",
    },
    Slip("minus of the loss forgotten"): {"L_s1": "sign flipped"},
}


@pytest.mark.parametrize("slip", REPEATED)
def test_a_mistake_repeats_after_the_update(slip: Slip) -> None:
    report = checked(slip)
    assert said(report) == REPEATED[slip]
    after = next(row for row in report.rows if row.claim.quantity == "L+")
    assert after.verdict is Verdict.FOLLOWS
    assert after.follows_from == tuple(REPEATED[slip])
    found = [row.diagnosis for row in report.rows if row.verdict is Verdict.WRONG]
    assert all(any(each.text in after.note for each in diagnosis) for diagnosis in found)


def test_a_mistake_that_was_not_repeated_after_the_update() -> None:
    report = checked(Slip("net for out forward", unit=3))
    assert said(report) == {"h3_s1": "the activation forgotten: net_h3_s1 taken for h3_s1"}
    assert "follows from h3_s1" in report.rows[-1].note


def test_a_factor_of_what_comes_after_the_update() -> None:
    right = worked(ARTICLE)["L+"]
    for factor, text in ((2.0, "twice the right number"), (-1.0, "sign flipped")):
        (row,) = verify(graph(ARTICLE), {"L+": f"{factor * right:.6f}"}, update=RULE).rows
        assert row.note.startswith(text)


@pytest.mark.parametrize(
    ("digits", "verdict"), [("-0.2024500", Verdict.ROUNDED), ("-0.202449", Verdict.CUT_OFF)]
)
def test_what_is_rounded_or_cut_off_on_the_way_is_evidence_too(
    digits: str, verdict: Verdict
) -> None:
    """With dL/dh1_s1 as it is, hardly anything can be wrong with σ′."""
    wrong = {"dL/dnet_h1_s1": "-0.050605"}
    (alone,) = verify(graph(ARTICLE), wrong).rows
    assert alone.note == "σ′ at z_s1 multiplied in twice"
    claims = {"p_s1": "0.493875", "dL/dh1_s1": digits, **wrong}
    _, before, row = verify(graph(ARTICLE), claims).rows
    assert before.verdict is verdict
    assert row.verdict is Verdict.WRONG
    assert row.note == ("σ′ at z_s1 multiplied in twice, though ∂L/∂h1_s1 is printed right")


def test_of_one_kind_the_mistake_nearest_to_the_wrong_number_comes_first() -> None:
    (row,) = verify(graph(ARTICLE), {"dL/dw11": "-0.202450"}).rows
    missing = [each.text for each in row.diagnosis if each.mistake == "path missing"]
    assert [text.split(" over ")[0] for text in missing] == ["the path to w11", "the path to p_s2"]


@pytest.mark.parametrize("digits", ["1e300", "1.23456e-300", "123456", "12345600e10"])
def test_digits_far_away(digits: str) -> None:
    for number in (1.0, 1e308, -1e-308, math.inf, math.nan):
        y = (Value(number, "x") * 1.0).named("y")
        assert verify(y, {"y": digits}).rows[0].verdict is Verdict.WRONG


def test_no_diagnosis_contradicts_what_has_agreed() -> None:
    """dL/dz and dL/dh agree, so only what comes after them can be wrong."""
    for slip in OF_ONE_STEP:
        for row in checked(slip).rows:
            assert not any(diagnosis.contradicts for diagnosis in row.diagnosis)
    (row,) = (row for row in checked(Slip("climbed")).rows if row.verdict is Verdict.WRONG)
    assert len(row.diagnosis) == 1


@pytest.mark.parametrize(
    ("quantity", "digits"),
    [("dL/dv1", "-0.067673"), ("v1+", "0.802032"), ("w11+", "0.568429"), ("L", "0.634264")],
)
def test_swapped_digits(quantity: str, digits: str) -> None:
    right = printed(worked(ARTICLE))[quantity]
    (row,) = verify(graph(ARTICLE), {quantity: digits}, update=RULE).rows
    assert [d.text for d in row.diagnosis] == [f"two neighbouring digits of {right} swapped"]


# What each mistake is called, and in which claims it is looked for.
NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "slope 0": ("dL/", ("another slope below 0",)),
    "slope 0.01": ("dL/", ("another slope below 0",)),
    "slope 1": ("dL/", ("activation's derivative forgotten",)),
    "sides reversed": ("dL/", ("other side of the kink",)),
    "σ′ once more": ("dL/", ("activation's derivative twice",)),
    "σ′ once more in one": ("dL/", ("activation's derivative twice",)),
    "neighbouring weight": ("dL/", ("operand swapped in the derivative",)),
    "net for out": ("dL/", ("operand swapped in the derivative",)),
    "inputs swapped": ("dL/", ("another quantity's number", "operand swapped in the derivative")),
    "sum for mean backward": ("dL/", ("factor",)),
    "slope 0.01 forward": ("h z_ p_ L_", ("leaky_relu of another slope",)),
    "relu forward": ("h z_ p_ L_", ("another activation",)),
    "sides reversed forward": ("h z_ p_ L_", ("other side of the kink, forward",)),
    "log10 for ln": ("L_", ("another logarithm",)),
    "minus of the loss forgotten": ("L_", ("sign flipped",)),
    "learning rate": ("w b v c", ("learning rate",)),
    "climbed": ("b2+", ("update rule",)),
    "old parameter": ("L+", ("old parameter",)),
}


def named(batch: Batch, slip: Slip, chance: random.Random) -> str | None:
    """What is said about one claim, alone, that the mistake made wrong."""
    wrong, right = worked(batch, slip), worked(batch)
    beginnings, names = NAMES[slip.kind]
    visible = [
        quantity
        for quantity in wrong
        if quantity.startswith(tuple(beginnings.split()))
        and is_visible(wrong[quantity], right[quantity])
    ]
    if not visible:
        return None
    quantity = chance.choice(visible)
    claim = Claim(quantity, printed_digits(wrong[quantity]))
    (row,) = verify(graph(batch), [claim], update=RULE).rows
    if not row.diagnosis:
        return "nothing"
    first = row.diagnosis[0].number
    same = [d for d in row.diagnosis if math.isclose(d.number, first, rel_tol=1e-12)]
    if any(d.mistake in names for d in same):
        return "first"
    return "named" if any(d.mistake in names for d in row.diagnosis) else "other"


def measure_batches(rounds: int, seed: int) -> Tally:
    chance = random.Random(seed)
    tally = Tally()
    for _ in range(rounds):
        for kind in NAMES:
            batch = random_batch(chance)
            slip = Slip(kind, chance.choice(UNITS), chance.choice((1, 2)))
            if outcome := named(batch, slip, chance):
                tally.add(kind, "two samples, leaky_relu, cross entropy", outcome)
    return tally


def false_alarms_in_batches(count: int, seed: int, *, share: float) -> int:
    """How many of `count` numbers that are wrong by chance, by up to ± `share`, are explained."""
    chance = random.Random(seed)
    alarms = 0
    for _ in range(count):
        batch = random_batch(chance)
        quantity, right = chance.choice(list(worked(batch).items()))
        digits = printed_digits(right * (1 + chance.uniform(-share, share)))
        (row,) = verify(graph(batch), [Claim(quantity, digits)], update=RULE).rows
        alarms += bool(row.diagnosis) or row.verdict is Verdict.ROUNDED
    return alarms


def test_the_mistake_that_was_made_is_the_first_named() -> None:
    tally = measure_batches(rounds=6, seed=1)
    assert tally.share_of_first >= 0.95, str(tally)


def test_numbers_that_are_wrong_by_chance_get_no_diagnosis() -> None:
    assert false_alarms_in_batches(200, seed=2, share=1.0) <= 1
