"""What is said about wrong numbers: document 000's, document 001's, and those of small graphs."""

from __future__ import annotations

import math

import pytest

from autograd import Value, mean, tanh, total
from autograd.checking import Claim, Report, Update, Verdict, verify

RULE = Update("sgd", learning_rate=0.5, parameters=["w*"])


def texts(report: Report) -> list[str]:
    (row,) = report.rows
    assert row.verdict is Verdict.WRONG
    return [diagnosis.text for diagnosis in row.diagnosis]


def first(output: Value, quantity: str, printed: str, update: Update | None = None) -> str:
    found = texts(verify(output, {quantity: printed}, update=update))
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("quantity", "printed"),
    [
        ("E_total+", "0.291027924"),
        ("E_total after 1 update", "0.291027924"),
        ("out_o1 after 10,000 updates", "0.015912196"),
        ("out_o2 after 10000 updates", "0.984065734"),
    ],
)
def test_document_000_hidden_gradients_from_updated_weights(
    E_total: Value, quantity: str, printed: str
) -> None:
    assert texts(verify(E_total, {quantity: printed}, update=RULE)) == [
        "hidden gradients from the already updated output weights (w5, w6, w7, w8)"
    ]


def test_document_000_one_update_fewer(E_total: Value) -> None:
    assert texts(verify(E_total, {"E_total after 10000 updates": "0.0000351085"}, update=RULE)) == [
        "one update fewer: 9999 updates made"
    ]


def test_document_000_rounding_on_the_way(E_total: Value) -> None:
    report = verify(E_total, {"∂E_o2/∂out_h1": "-0.019049119", "∂E_total/∂out_h1": "0.036350306"})
    rounded, agreeing = report.rows
    assert rounded.verdict is Verdict.ROUNDED
    assert rounded.note == "values and derivatives rounded to 9 decimal places"
    assert agreeing.verdict is Verdict.AGREES
    assert report.ok


def test_document_000_swapped_operand(E_total: Value) -> None:
    """The backward text writes w3 where the forward text has w2."""
    claims = [Claim("net_h1", "0.3775", "forward"), Claim("net_h1", "0.3825", "backward")]
    right, wrong = verify(E_total, claims).rows
    assert right.verdict is Verdict.AGREES
    assert [d.text for d in wrong.diagnosis] == ["w3 taken for w2 in net_h1"]


def test_document_001_logistic_derivative_on_tanh() -> None:
    """`BPNN` computes tanh and differentiates it as y − y²."""
    w, x, t = Value(0.4, "w"), Value(1.5, "x"), Value(1.0, "t")
    y = tanh((w * x).named("net")).named("y")
    E = (0.5 * (t - y) ** 2).named("E")
    number = math.tanh(0.6)
    by_hand = (number - 1.0) * (number - number**2) * 1.5
    assert (
        first(E, "dE/dw", f"{by_hand:.9f}")
        == "the logistic derivative y·(1 − y) used on tanh at net"
    )


@pytest.mark.parametrize(
    ("quantity", "printed", "expected"),
    [
        ("∂E_total/∂w5", "0.4398", "σ′ at net_o1 forgotten"),
        ("∂E_total/∂w1", "0.0018175", "σ′ at net_h1 forgotten"),
        ("∂E_total/∂out_h1", "0.0553994", "the path to out_h1 over net_o2 missing: only the one"),
        ("∂E_total/∂out_h1", "0.0399", ""),
        ("∂E_o1/∂out_h1", "0.0623244", "w6 taken for w5 in ∂net_o1/∂out_h1"),
        ("∂E_total/∂w5", "-0.0821670", "the −1 of ∂(target_o1 − out_o1)/∂out_o1 forgotten"),
        ("∂E_total/∂w5", "0.164334", "the factor 0.5 of E_o1 forgotten"),
        ("E_total", "0.596742", "the factor 0.5 of E_o1, E_o2 forgotten"),
        ("net_h1", "0.0275", "the bias b1 forgotten in net_h1"),
        ("out_h1", "0.3775", "the activation forgotten: net_h1 taken for out_h1"),
        ("out_h1", f"{math.tanh(0.3775):.6f}", "tanh taken for the logistic function at out_h1"),
        ("w5+", "0.441084", "climbed"),
        ("w5+", "0.317833", "the learning rate forgotten"),
        ("w5 after 2 updates", "0.358916", "one update fewer: one update made"),
        ("w5", "0.5", ""),
    ],
)
def test_single_mistakes(E_total: Value, quantity: str, printed: str, expected: str) -> None:
    found = first(E_total, quantity, printed, RULE)
    assert found.startswith(expected)
    assert bool(found) == bool(expected)


def test_weights_of_several_layers_updated_too_early() -> None:
    x, t, w1, w2, w3, rate = 1.5, 0.5, 0.4, -0.6, 0.8, 0.1
    h1 = math.tanh(w1 * x)
    h2 = math.tanh(w2 * h1)
    error = w3 * h2 - t
    moved3 = w3 - rate * error * h2
    error2 = error * moved3 * (1 - h2**2)
    moved2 = w2 - rate * error2 * h1
    moved1 = w1 - rate * error2 * moved2 * (1 - h1**2) * x
    inner = tanh(Value(w2, "w2") * tanh(Value(w1, "w1") * x))
    L = (0.5 * (Value(w3, "w3") * inner - t) ** 2).named("L")
    rule = Update("sgd", learning_rate=rate, parameters=["w*"])
    said = "gradients from the already updated weights of the layers nearer to the output (w3, w2)"
    assert first(L, "w1+", f"{moved1:.9f}", rule) == said
    said = "hidden gradients from the already updated output weights (w3)"
    assert first(L, "w2+", f"{moved2:.9f}", rule) == said


def test_a_divisor_updated_too_early() -> None:
    x, t, w1, w2, rate = 1.5, 0.5, 0.4, -0.6, 0.1
    error = w1 * x / w2 - t
    moved2 = w2 + rate * error * w1 * x / w2**2
    moved1 = w1 - rate * error * x / moved2
    y = Value(w1, "w1") * x / Value(w2, "w2") + Value(0.0, "b")
    L = (0.5 * (y - t) ** 2).named("L")
    rule = Update("sgd", learning_rate=rate, parameters=["w*", "b"])
    assert first(L, "w1+", f"{moved1:.9f}", rule) == (
        "hidden gradients from the already updated output weights (w2)"
    )


def test_an_operand_that_stands_twice() -> None:
    x = Value(3.0, "x")
    y = (x * x).named("y")
    assert first(y, "dy/dx", "3") == "x stands twice in y and was counted once"


def test_mean_and_sum() -> None:
    terms = [Value(number, f"e{k}") * 2.0 for k, number in enumerate((0.3, 0.5, 1.1, 0.2))]
    assert first(mean(terms).named("L"), "L", "4.2") == (
        "the sum of the 4 terms taken for the mean in L"
    )
    assert first(total(terms).named("L"), "L", "1.05") == (
        "the mean of the 4 terms taken for the sum in L"
    )


def test_what_explains_more_of_the_document_comes_first(E_total: Value) -> None:
    """The lost 2 is in both derivatives, one lost path would explain only the first."""
    claims = {"∂E_total/∂w5": "0.164334", "∂E_total/∂w6": "0.165335", "E_o1": "0.549622"}
    report = verify(E_total, claims)
    assert {row.diagnosis[0].text for row in report.rows if row.diagnosis} == {
        "the factor 0.5 of E_o1 forgotten"
    }


def test_what_contradicts_an_agreeing_number_is_told_only_if_nothing_else_fits(
    E_total: Value,
) -> None:
    """E_o1 was computed with its ½, so the factor 2 in the derivative is another mistake."""
    claims = {"E_o1": "0.274811083", "∂E_total/∂w5": "0.164334"}
    row = verify(E_total, claims).rows[1]
    assert row.note == "twice the right number: a ½ lost or a factor 2 too many"


def test_a_slip_in_one_of_several_chains_is_told_with_a_reservation(E_total: Value) -> None:
    """Whoever works out each derivative afresh may forget σ′ in one of them."""
    claims = {"∂E_total/∂w5": "0.4398", "∂E_total/∂w6": "0.082667628", "w6+": "0.408666186"}
    row = verify(E_total, claims, update=RULE).rows[0]
    assert row.note == "σ′ at net_o1 forgotten"
    assert not row.diagnosis[0].contradicts, "w6 alone says little"
    row = verify(E_total, {**claims, "∂E_total/∂out_h1": "0.036350306"}).rows[0]
    assert row.note == "σ′ at net_o1 forgotten"
    assert row.diagnosis[0].contradicts


def test_what_is_on_the_way_and_agrees_is_suspected_last(E_total: Value) -> None:
    lost_path = {"∂E_total/∂w1": "0.000668396"}
    assert "the path to out_h1" in verify(E_total, lost_path).rows[0].note
    claims = {"∂E_total/∂net_h1": "0.00877135", **lost_path}
    agrees, wrong = verify(E_total, claims).rows
    assert agrees.verdict is Verdict.AGREES
    assert all(each.contradicts for each in wrong.diagnosis)
    assert wrong.note.endswith(", though ∂E_total/∂net_h1 is printed right")


def test_a_zero_is_not_half_of_a_number() -> None:
    y = (Value(0.1, "a") * Value(1.0, "b")).named("y")
    assert texts(verify(y, {"y": "0.0"})) == []
    assert texts(verify(y, {"dy/db": "0.0"})) == ["b taken for a constant in y"]


@pytest.mark.parametrize(("printed", "times"), [("0.82167", "ten times"), ("0.0082167", "a tenth")])
def test_a_decimal_point_one_place_off(E_total: Value, printed: str, times: str) -> None:
    found = first(E_total, "∂E_total/∂w5", printed)
    assert found.startswith(times)
    assert found.endswith("the right number: the decimal point one place off")


def test_what_the_sign_and_the_factor_belong_to(E_total: Value) -> None:
    flipped = texts(verify(E_total, {"w5+": "0.441084"}, update=RULE))
    assert flipped[-1] == "the sign of the gradient flipped"
    doubled = texts(verify(E_total, {"w6+": "0.367332"}, update=RULE))
    assert doubled[-1].startswith("twice the right gradient")


def test_a_forgotten_minus_is_called_by_what_it_stands_before() -> None:
    p, q = Value(0.3, "p"), Value(0.2, "q")
    L = (-(p * p * q + p * q * q + q * q * q * p * p)).named("L")
    assert texts(verify(L, {"dL/dp": "0.1648"}))[0] == (
        "the minus sign of L forgotten in the derivative"
    )


def test_the_first_wrong_number_is_marked_and_others_follow_from_it(E_total: Value) -> None:
    claims = {
        "∂E_total/∂w1": "0.000463",
        "out_h1": f"{(out := 1 / (1 + math.exp(-0.3825))):.9f}",
        "net_h1": "0.3825",
        "∂out_h1/∂net_h1": f"{out * (1 - out):.9f}",
        "∂E_total/∂w8": "-0.02274",
    }
    report = verify(E_total, claims)
    by_quantity = {row.claim.quantity: row for row in report.rows}
    assert by_quantity["net_h1"].is_first_wrong
    assert "✗ wrong, start here" in str(report)
    for quantity in ("out_h1", "∂out_h1/∂net_h1"):
        assert by_quantity[quantity].verdict is Verdict.FOLLOWS
        assert by_quantity[quantity].follows_from == ("net_h1",)
        assert by_quantity[quantity].note == "follows from net_h1 = 0.3825"
    assert by_quantity["∂E_total/∂w8"].verdict is Verdict.AGREES
    assert by_quantity["∂E_total/∂w1"].verdict is Verdict.WRONG


def test_updates_follow_from_a_wrong_gradient(E_total: Value) -> None:
    claims = {
        "∂E_total/∂w5": "-0.0821670",
        "w5+": f"{0.4 + 0.5 * 0.0821670:.7f}",
        "w6+": "0.408666186",
    }
    report = verify(E_total, claims, update=RULE)
    assert [row.verdict for row in report.rows] == [Verdict.WRONG, Verdict.FOLLOWS, Verdict.AGREES]


def test_errors_after_an_update_follow_from_wrong_weights(E_total: Value) -> None:
    right = verify(E_total, {"w5+": "1", "w6+": "0.408666186"}, update=RULE)
    assert right.rows[0].verdict is Verdict.WRONG
    moved = E_total_with_w5(0.5)
    claims = {"w5+": "0.5", "E_total+": f"{moved:.9f}"}
    report = verify(E_total, claims, update=RULE)
    assert report.rows[1].verdict is Verdict.FOLLOWS


def E_total_with_w5(w5: float) -> float:
    """After one update of all other weights by the document's rule."""

    def s(x: float) -> float:
        return 1 / (1 + math.exp(-x))

    w1, w2, w3, w4 = 0.14978071613276284, 0.19956143226552564, 0.24975114363236958, 0.2995022872647
    w6, w7, w8 = 0.4086661860762334, 0.5113012702387375, 0.5613701211079891
    h1, h2 = s(w1 * 0.05 + w2 * 0.1 + 0.35), s(w3 * 0.05 + w4 * 0.1 + 0.35)
    o1, o2 = s(w5 * h1 + w6 * h2 + 0.6), s(w7 * h1 + w8 * h2 + 0.6)
    return ((0.01 - o1) ** 2 + (0.99 - o2) ** 2) / 2


def test_nothing_is_said_where_nothing_fits(E_total: Value) -> None:
    (row,) = verify(E_total, {"∂E_total/∂w5": "0.0923456"}).rows
    assert row.diagnosis == ()
    assert row.note.endswith("below; no known mistake gives this number")


def test_a_given_leaf_is_not_diagnosed(E_total: Value) -> None:
    (row,) = verify(E_total, {"w5": "0.45"}).rows
    assert row.note == "5 units of the last printed place (0.01) below"


def test_cut_off_digits_are_named(E_total: Value) -> None:
    report = verify(E_total, {"out_h1": "0.5932", "∂E_total/∂out_o2": "-0.2170"})
    assert [row.verdict for row in report.rows] == [Verdict.CUT_OFF, Verdict.CUT_OFF]
    assert report.ok
    assert report.rows[0].note == "the digits are cut off, not rounded"


def test_known_wrong_numbers_keep_their_reason_and_get_a_diagnosis(E_total: Value) -> None:
    claim = Claim("net_h1", "0.3825", known_wrong="w3 was meant to be w2")
    (row,) = verify(E_total, [claim]).rows
    assert row.ok
    assert row.note == "known: w3 was meant to be w2"
    assert row.diagnosis[0].text == "w3 taken for w2 in net_h1"


def test_many_diagnoses_are_counted(E_total: Value) -> None:
    (row,) = verify(E_total, {"w5+": "0.441084"}, update=RULE).rows
    assert len(row.diagnosis) == 3
    assert row.note.count("; or ") == 2


def test_leaves_assigned_after_the_forward_pass(E_total: Value) -> None:
    """The numbers of the graph are those of the forward pass; replays from other leaves are not."""
    leaves(E_total)["w5"].data = 0.3
    report = verify(E_total, {"E_total": "0.298371109", "∂E_total/∂w5": "0.4398"})
    assert report.rows[0].verdict is Verdict.AGREES
    assert report.rows[1].diagnosis[0].text == "σ′ at net_o1 forgotten"
    with pytest.raises(ValueError, match="leaves have been assigned"):
        verify(E_total, {"w5+": "0.4"}, update=RULE)


def leaves(output: Value) -> dict[str, Value]:
    pending, found = [output], {}
    while pending:
        node = pending.pop()
        if node.is_leaf:
            found[node.name] = node
        pending.extend(node.parents)
    return found
