"""A recurrent unit with shared weights: what is said about the slips that are made in it."""

from __future__ import annotations

import math
import random

import pytest

from autograd import Value, dot, tanh
from autograd import gradients as engine_gradients
from autograd.checking import Report, Row, Update, Verdict, verify
from autograd.checking.catalogue import CATALOGUE
from tests.autograd.checking.recurrent_by_hand import (
    INPUTS,
    PARAMETERS,
    RATE,
    STEPS,
    TARGET,
    Numbers,
    forward,
    gradients,
    moved,
    summed,
    worked,
)
from tests.autograd.checking.test_mistake_table import Tally, is_visible, printed_digits

NAMES = {mistake.name for mistake in CATALOGUE}
RULE = Update("sgd", learning_rate=RATE, parameters=list(PARAMETERS))

RIGHT = worked(PARAMETERS)
RIGHT_GRADIENTS = gradients(RIGHT)


def graph(parameters: Numbers = PARAMETERS, *, with_dot: bool = False) -> Value:
    """The unit as the engine sees it."""
    p = {name: Value(number, name) for name, number in parameters.items()}
    h: Value | float = 0.0
    for k, x in enumerate(INPUTS, start=1):
        added = p["w"] * x + p["u"] * h + p["b"]
        a = dot([p["w"], p["u"]], [x, h], p["b"]) if with_dot else added
        h = tanh(a.named(f"a{k}")).named(f"h{k}")
    y = (p["v"] * h + p["c"]).named("y")
    return (0.5 * (y - TARGET) ** 2).named("L")


def digits(number: float) -> str:
    return f"{number:.6f}"


def first(quantity: str, number: float, *, with_dot: bool = False) -> str:
    """The first mistake that is named for one claim alone."""
    claims = {quantity: digits(number)}
    (row,) = verify(graph(with_dot=with_dot), claims, update=RULE).rows
    return row.diagnosis[0].text if row.diagnosis else ""


def last(report: Report) -> Row:
    return report.rows[-1]


def test_what_a_right_claim_speaks_against_is_told_as_the_last_resort() -> None:
    primes = (None, None, None, 1.0)
    wrong = {"dL/dw": digits(gradients(worked(PARAMETERS, primes=primes))["w"])}
    assert last(verify(graph(), wrong)).note == "tanh′ at a3 forgotten"
    row = last(verify(graph(), {"dL/da3": digits(RIGHT.da[3]), **wrong}))
    assert row.note == "tanh′ at a3 forgotten, though ∂L/∂a3 is printed right"
    assert row.diagnosis[0].contradicts
    earlier = {f"dL/da{k}": digits(RIGHT.da[k]) for k in STEPS}
    assert last(verify(graph(), {**earlier, **wrong})).note == row.note, "the first one is named"


def test_an_update_by_a_gradient_that_is_printed_right() -> None:
    u = PARAMETERS["u"] - RATE * RIGHT.da[3] * RIGHT.h[2]
    claims = {"dL/du": digits(RIGHT_GRADIENTS["u"]), "u+": digits(u)}
    row = last(verify(graph(), claims, update=RULE))
    assert row.diagnosis
    assert all(each.contradicts for each in row.diagnosis)
    assert (
        "of the paths to u only the one over u·h2 kept (= for +=), though ∂L/∂u is printed right"
        in row.note
    )


def test_numbers_that_speak_against_a_mistake() -> None:
    """The number of a node, and that of a parameter after an update."""
    a2, b = RIGHT.a[2], PARAMETERS["b"]
    claims = {"a2": digits(a2), "h2": digits(math.tanh(a2 - b))}
    assert last(verify(graph(), claims)).note.startswith(
        "the bias b forgotten in a2, though a2 is printed right"
    )
    wrong = moved(gradients(worked(PARAMETERS, primes=(None, None, None, 1.0))))
    claims = {
        "w+": digits(moved(RIGHT_GRADIENTS)["w"]),
        "L+": digits(forward(wrong).loss),
    }
    row = last(verify(graph(), claims, update=RULE))
    assert row.note == "tanh′ at a3 forgotten, though w+ is printed right"


def test_what_a_right_claim_speaks_against_is_not_told_beside_what_fits() -> None:
    """No h goes into the first step, so that tanh′ at a2 matters to u at that step alone."""
    mixed = [RIGHT.da[0], RIGHT.da[1], RIGHT.dh[2], RIGHT.da[3]]
    wrong = {"dL/du": digits(summed(mixed, (0.0, *RIGHT.h)))}
    in_sum = "∂L/∂h2 taken for ∂L/∂a2 in the gradient of u"
    assert last(verify(graph(), wrong)).note == f"tanh′ at a2 forgotten; or {in_sum}"
    assert last(verify(graph(), {"dL/da2": digits(RIGHT.da[2]), **wrong})).note == in_sum


@pytest.mark.parametrize("with_dot", [False, True])
def test_what_comes_out_of_a_step_taken_for_what_goes_in(with_dot: bool) -> None:
    number = summed(RIGHT.da, RIGHT.h)
    assert first("dL/du", number, with_dot=with_dot) == (
        "h1, h2, h3 taken for 0, h1, h2 in the gradient of u"
    )
    assert first("u+", PARAMETERS["u"] - RATE * number, with_dot=with_dot) == (
        "h1, h2, h3 taken for 0, h1, h2 in the gradient of u"
    )


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (1, "h1 taken for 0 in ∂u·0/∂u"),
        (2, "h2 taken for h1 in ∂u·h1/∂u"),
        (3, "h3 taken for h2 in ∂u·h2/∂u"),
    ],
)
def test_what_comes_out_of_one_step_taken_for_what_goes_in(step: int, text: str) -> None:
    slip = RIGHT.da[step] * (RIGHT.h[step] - RIGHT.h[step - 1])
    assert first("dL/du", RIGHT_GRADIENTS["u"] + slip) == text


def test_many_steps_are_told_by_the_first_and_the_last() -> None:
    w, u, h = Value(0.6, "w"), Value(0.4, "u"), Value(0.2, "h0")
    nets, outputs = [], [h]
    for k in range(1, 15):
        nets.append((w * (k % 5 - 2.0) + u * outputs[-1]).named(f"a{k}"))
        outputs.append(tanh(nets[-1]).named(f"h{k}"))
    L = (0.5 * outputs[-1] ** 2).named("L")
    errors = engine_gradients(L, nets)
    taken = sum(e * h.data for e, h in zip(errors, outputs[1:], strict=True))
    (row,) = verify(L, {"dL/du": f"{taken:.9f}"}).rows
    assert row.note == "h1 … h14 taken for h0 … h13 in the gradient of u"


@pytest.mark.parametrize("with_dot", [False, True])
@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1)])
def test_inputs_in_another_order(order: tuple[int, ...], with_dot: bool) -> None:
    taken = [INPUTS[k] for k in order]
    assert first("dL/dw", summed(RIGHT.da, (0.0, *taken)), with_dot=with_dot) == (
        f"{', '.join(map(str, taken))} taken for 0.5, -0.3, 0.8 in the gradient of w"
    )


@pytest.mark.parametrize("with_dot", [False, True])
@pytest.mark.parametrize(
    ("name", "factors"),
    [("w", (0.0, *INPUTS)), ("u", (0.0, *RIGHT.h)), ("b", (0.0, 1.0, 1.0, 1.0))],
)
def test_the_derivative_before_the_activation_forgotten_in_the_sum_alone(
    name: str, factors: tuple[float, ...], with_dot: bool
) -> None:
    """The derivatives on the way are right: tanh′ is only missing where they are added up."""
    said = first(f"dL/d{name}", summed(RIGHT.dh, factors), with_dot=with_dot)
    h, a = (", ".join(f"∂L/∂{kind}{k}" for k in STEPS) for kind in "ha")
    assert said == f"{h} taken for {a} in the gradient of {name}"
    mixed = [RIGHT.da[0], RIGHT.da[1], RIGHT.da[2], RIGHT.dh[3]]
    said = first(f"dL/d{name}", summed(mixed, factors), with_dot=with_dot)
    assert said == f"∂L/∂h3 taken for ∂L/∂a3 in the gradient of {name}"


@pytest.mark.parametrize(
    ("with_dot", "text"),
    [(False, "w taken for u in ∂u·h2/∂h2"), (True, "w taken for u in ∂a3/∂h2")],
)
def test_the_neighbouring_weight(with_dot: bool, text: str) -> None:
    assert first("dL/dh2", RIGHT.da[3] * PARAMETERS["w"], with_dot=with_dot) == text


def test_the_derivative_of_tanh_misremembered() -> None:
    h3 = RIGHT.h[3]
    assert first("dL/da3", RIGHT.dh[3] * (1 + h3**2)) == "tanh′ at a3 as 1 + y·y, not 1 − y·y"
    assert first("dL/da3", RIGHT.dh[3] * (1 - h3)) == "tanh′ at a3 as 1 − y, not 1 − y·y"
    primes = [None, *(1 + RIGHT.h[k] ** 2 for k in STEPS)]
    everywhere = gradients(worked(PARAMETERS, primes=primes))
    assert first("dL/dw", everywhere["w"]) == "tanh′ everywhere as 1 + y·y, not 1 − y·y"


def test_gradients_from_weights_that_matter() -> None:
    """c is updated before all others, and is in no gradient; b is in none either."""
    v = moved(RIGHT_GRADIENTS)["v"]
    early = moved(gradients(worked(PARAMETERS, v=v)))
    said = "hidden gradients from the already updated output weights (v)"
    assert first("w+", early["w"]) == said
    assert first("b+", early["b"]) == said


def test_the_same_step_made_twice() -> None:
    twice = PARAMETERS["v"] - 2 * RATE * RIGHT_GRADIENTS["v"]
    assert first("v+", twice) == (
        "a step with twice the learning rate (0.2), or the same step made twice"
    )


def old(*names: str) -> float:
    """The loss after an update that has forgotten these parameters."""
    new = moved(RIGHT_GRADIENTS)
    return forward({**new, **{name: PARAMETERS[name] for name in names}}).loss


@pytest.mark.parametrize(
    ("names", "listed"), [("bc", "b, c"), ("wub", "w, u, b"), ("vc", "v, c"), ("b", "b")]
)
def test_parameters_left_old(names: str, listed: str) -> None:
    assert first("L+", old(*names)) == f"the old {listed} used, all others updated"


def test_one_digit_tells_no_mistake_from_another() -> None:
    (row,) = verify(graph(), {"dL/dw": "-0.3"}).rows
    assert row.diagnosis == ()
    assert row.note.endswith("above; one digit tells no mistake from another")


def test_one_digit_where_all_numbers_are_whole() -> None:
    x = Value(3.0, "x")
    (row,) = verify((x * x).named("y"), {"dy/dx": "3"}).rows
    assert row.note.startswith("x stands twice in y and was counted once; or half the right number")
    assert not any(each.may_be_chance for each in row.diagnosis)


@pytest.mark.parametrize(("decimals", "is_few"), [(2, True), (3, True), (4, False)])
def test_few_digits_may_fit_by_chance(decimals: int, is_few: bool) -> None:
    primes = (None, None, None, 1.0)
    number = gradients(worked(PARAMETERS, primes=primes))["w"]
    (row,) = verify(graph(), {"dL/dw": f"{number:.{decimals}f}"}).rows
    assert "tanh′ at a3 forgotten" in [each.text for each in row.diagnosis]
    assert row.note.endswith(" (few digits: may fit by chance)") is is_few
    assert all(each.may_be_chance is is_few for each in row.diagnosis)


def test_the_right_digits_with_the_other_sign_are_no_chance() -> None:
    (row,) = verify(graph(), {"dL/dw": "0.22"}).rows
    assert row.note == "sign flipped"


def slips(p: Numbers) -> dict[str, tuple[str, float, float]]:
    """What each slip of the unit makes of which gradient, and the right one, by its name."""
    done = worked(p)
    right = gradients(done)
    reordered = [INPUTS[2], INPUTS[0], INPUTS[1]]
    primes = [None, *(1 - done.h[k] for k in STEPS)]
    wrong = {
        "output for input of a step": ("u", summed(done.da, done.h)),
        "steps in another order": ("w", summed(done.da, (0.0, *reordered))),
        "activation's derivative forgotten in the sum": ("b", sum(done.dh[1:])),
        "activation's derivative misremembered": ("w", gradients(worked(p, primes=primes))["w"]),
        "activation's derivative forgotten": (
            "w",
            gradients(worked(p, primes=(None, None, 1.0, None)))["w"],
        ),
        "path missing": ("b", done.da[3] + done.da[2]),
    }
    return {slip: (f"dL/d{name}", number, right[name]) for slip, (name, number) in wrong.items()}


def measure_recurrent(rounds: int, seed: int) -> Tally:
    """How often the slip that was made is the first named, in units of other parameters."""
    chance = random.Random(seed)
    tally = Tally()
    for _ in range(rounds):
        p = {name: round(chance.uniform(-1, 1), 2) for name in PARAMETERS}
        for slip, (quantity, wrong, right) in slips(p).items():
            if is_visible(wrong, right):
                (row,) = verify(graph(p), {quantity: printed_digits(wrong)}).rows
                names = [each.mistake for each in row.diagnosis]
                outcome = "named" if slip in names else "other" if names else "nothing"
                tally.add(slip, "recurrent", "first" if names[:1] == [slip] else outcome)
    return tally


def test_the_slip_that_was_made_is_the_first_named() -> None:
    tally = measure_recurrent(rounds=5, seed=1)
    assert tally.share_of_first >= 0.95, str(tally)


def chance_causes(count: int, significant: int, seed: int) -> tuple[int, int]:
    """For how many of `count` numbers wrong at random a mistake is named: surely, with reserve."""
    chance = random.Random(seed)
    values = {f"{kind}{k}": getattr(RIGHT, kind)[k] for kind in "ah" for k in STEPS}
    on_the_way = {f"dL/d{kind}{k}": getattr(RIGHT, f"d{kind}")[k] for kind in "ah" for k in STEPS}
    of_weights = {f"dL/d{name}": number for name, number in RIGHT_GRADIENTS.items()}
    after = {f"{name}+": number for name, number in moved(RIGHT_GRADIENTS).items()}
    right = list((values | on_the_way | of_weights | after).items())
    sure, reserved, seen = 0, 0, 0
    while seen < count:
        quantity, number = chance.choice(right)
        claimed = f"{number * (1 + chance.uniform(-1, 1)):.{significant - 1}e}"
        (row,) = verify(graph(), {quantity: claimed}, update=RULE).rows
        if row.verdict is Verdict.WRONG:
            seen += 1
            has_cause = any(each.mistake in NAMES for each in row.diagnosis)
            may_be_chance = any(each.may_be_chance for each in row.diagnosis)
            sure += has_cause and not may_be_chance
            reserved += may_be_chance
    return sure, reserved


@pytest.mark.parametrize("significant", [1, 2, 3])
def test_few_digits_that_are_wrong_at_random_get_no_sure_cause(significant: int) -> None:
    sure, reserved = chance_causes(60, significant, seed=4)
    assert sure <= 1
    assert reserved <= {1: 0, 2: 20, 3: 4}[significant]
