"""What rounding on the way excuses, and what it does not."""

from __future__ import annotations

import math

import pytest

from autograd import Value, dot, gradients, leaky_relu, log, mean, sigmoid
from autograd.checking import Report, Verdict, verify

WEIGHTS = {
    "w11": 0.5,
    "w12": -0.2,
    "w21": -0.4,
    "w22": 0.6,
    "w31": 0.2,
    "w32": -0.7,
    "b1": 0.1,
    "b2": -0.2,
    "b3": 0.05,
    "v1": 0.8,
    "v2": -0.5,
    "v3": 0.3,
    "c": 0.15,
}


def network() -> tuple[Value, dict[str, Value]]:
    """Two samples, three leaky units, cross entropy; no gradient of it is zero."""
    p = {name: Value(number, name=name) for name, number in WEIGHTS.items()}
    losses = []
    for s, (x, t) in enumerate([((1.0, 2.0), 1), ((-1.5, 0.5), 0)], start=1):
        h = []
        for j in (1, 2, 3):
            net = dot([p[f"w{j}1"], p[f"w{j}2"]], x, p[f"b{j}"]).named(f"net_h{j}_s{s}")
            h.append(leaky_relu(net, 0.1).named(f"h{j}_s{s}"))
        z = dot([p["v1"], p["v2"], p["v3"]], h, p["c"]).named(f"z_s{s}")
        out = sigmoid(z).named(f"p_s{s}")
        losses.append((-log(out) if t else -log(1 - out)).named(f"L_s{s}"))
    return mean(losses).named("L"), p


def right_claims() -> dict[str, str]:
    """All gradients and what they are computed from, to six places."""
    L, p = network()
    pending, nodes = [L], {}
    while pending:
        node = pending.pop()
        nodes[node.name] = node
        pending.extend(node.parents)
    named = [node for name, node in nodes.items() if name and name != "L"]
    slopes = zip(named, gradients(L, named), strict=True)
    forward = {name: f"{node.data:.6f}" for name, node in nodes.items() if name not in ("", *p)}
    return forward | {f"dL/d{node.name}": f"{slope:.6f}" for node, slope in slopes}


def test_one_digit_is_not_excused_by_rounding() -> None:
    """0.7487 is 0.75 to two places, and 0.75 is 0.8 to one."""
    p = (Value(0.7487, name="a") * 1.0).named("p")
    y = (p * 1.0).named("y")
    (row,) = verify(y, {"y": "0.8"}).rows
    assert row.verdict is Verdict.WRONG
    assert verify(y, {"y": "0.748"}).rows[0].verdict is Verdict.CUT_OFF
    z = (p * 0.01).named("z")
    assert verify(z, {"z": "0.0074"}).rows[0].verdict is Verdict.WRONG
    q = (Value(0.7449, name="a") * 1.0).named("q")
    two = (q * 1.0).named("y")
    assert verify(two, {"y": "0.75"}).rows[0].verdict is Verdict.ROUNDED


@pytest.mark.parametrize("zero", ["0.000000", "0.0000", "0.000", "0.00", "0"])
def test_a_printed_zero_is_not_excused_by_rounding(zero: str) -> None:
    L, p = network()
    around = right_claims()
    for name, weight in p.items():
        (slope,) = gradients(L, [weight])
        if abs(slope) <= 0.5 * 10.0 ** -len(zero[2:]):
            continue
        quantity = f"dL/d{name}"
        for claims in ({quantity: zero}, {**around, quantity: zero}):
            report = verify(L, claims)
            (row,) = [row for row in report.rows if row.claim.quantity == quantity]
            assert row.verdict is Verdict.WRONG, f"{len(claims)} claims, {row}"
            assert not report.ok


def the_row(report: Report, quantity: str) -> tuple[Verdict, str]:
    (row,) = [row for row in report.rows if row.claim.quantity == quantity]
    return row.verdict, row.note


def test_a_zero_that_says_nothing_is_no_evidence() -> None:
    L, _ = network()
    claims = {**right_claims(), "dh1_s2/dnet_h1_s2": "0", "dL/dnet_h1_s2": "0.000000"}
    report = verify(L, claims)
    verdict, note = the_row(report, "dh1_s2/dnet_h1_s2")
    assert (verdict, note) == (Verdict.AGREES, "no significant digit: says only |x| ≤ 0.5")
    assert the_row(report, "dL/dnet_h1_s2")[0] is Verdict.WRONG


@pytest.mark.parametrize(
    ("printed", "number", "note"),
    [
        ("0", -0.147, "no significant digit: says only |x| ≤ 0.5"),
        ("0.00", 0.001, "no significant digit: says only |x| ≤ 0.005"),
        ("-0.0", -0.01, "no significant digit: says only -0.05 ≤ x ≤ 0"),
        ("+0.0", 0.01, "no significant digit: says only 0 ≤ x ≤ 0.05"),
        ("0.0", 0.0, ""),
        ("1", 0.6, ""),
    ],
)
def test_a_claim_without_a_significant_digit_says_so(
    printed: str, number: float, note: str
) -> None:
    (row,) = verify(Value(number, name="x"), {"x": printed}).rows
    assert (row.verdict, row.note) == (Verdict.AGREES, note)


def neuron() -> Value:
    net = dot([Value(0.15, "w1"), Value(0.21, "w2")], [0.05, 0.1], Value(0.35, "b")).named("net")
    return sigmoid(net).named("out")


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_rounding_to_fewer_places_than_are_printed_is_named_and_no_excuse() -> None:
    """The net input is 0.3785."""
    (row,) = verify(neuron(), {"out": f"{logistic(0.38):.6f}"}).rows
    assert row.verdict is Verdict.WRONG
    assert row.note == "values rounded to 2 decimal places on the way, fewer than are printed"
    assert [diagnosis.mistake for diagnosis in row.diagnosis] == ["rounded too coarsely"]


def test_what_is_computed_from_printed_digits_is_excused() -> None:
    report = verify(neuron(), {"net": "0.38", "out": f"{logistic(0.38):.6f}"})
    assert the_row(report, "out") == (Verdict.ROUNDED, "computed from the digits printed before")


def test_a_product_of_a_printed_number_is_excused_and_one_of_an_unprinted_is_not() -> None:
    q = (neuron() * 0.5).named("q")
    slope = round(logistic(0.3785) * (1 - logistic(0.3785)), 4)
    product = {"dq/dnet": f"{0.5 * slope:.5f}"}
    assert verify(q, {**product, "dout/dnet": f"{slope:.4f}"}).ok
    assert "rounded to 4 decimal places" in verify(q, product).rows[0].note
