"""Claims against graphs: the quantities that can be named, verdicts, and reports of them."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.checking.claims import Claim
from autograd.checking.report import Report, Verdict
from autograd.checking.updates import Update
from autograd.checking.verify import verify


def verdicts(report: Report) -> list[str]:
    return [str(row.verdict) for row in report.rows]


def test_a_named_node_is_its_value(E: Value) -> None:
    report = verify(E, {"E": "9", "net": "-3.00", "a": "3.0", "p": "6", "b": "-2.1"})
    assert verdicts(report) == ["agrees", "agrees", "agrees", "wrong", "wrong"]
    assert [row.computed for row in report.rows] == [9.0, -3.0, 3.0, -6.0, -2.0]
    assert report.rows[4].note == "1 unit of the last printed place (0.1) above"
    assert not report.ok


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("dE/dnet", -6.0),
        ("∂E/∂a", 6.0),
        ("∂E / ∂b", -18.0),
        (" d E/d b ", -18.0),
        ("dE/∂p", -6.0),
        ("dnet/da", -1.0),
        ("dp/db", 3.0),
        ("dE/dE", 1.0),
        ("dp/dnet", 0.0),
        ("da/dE", 0.0),
    ],
)
def test_derivatives_between_any_two_named_nodes(E: Value, quantity: str, expected: float) -> None:
    (row,) = verify(E, {quantity: "0"}).rows
    assert row.computed == expected


def test_more_digits_than_a_float_has() -> None:
    """1/7 and tanh 0.6 to 28 digits, and what is a unit in the last place away from a float."""
    seventh = (Value(1.0, name="x") / 7.0).named("q")
    h = Value(0.6, name="z").tanh().named("h")
    report = verify(
        [seventh, h],
        {
            "q": "0.1428571428571428571428571429",
            "h": "0.5370495669980352859",
            "dq/dx": repr(math.nextafter(1 / 7, 1)),
            "dh/dz": f"{math.nextafter(1 - h.data**2, 1):.30f}",
        },
    )
    assert verdicts(report) == ["agrees"] * 4
    assert {row.note for row in report.rows} == {
        "agrees to 15 digits; float arithmetic vouches for no more"
    }
    assert verify(seventh, {"q": repr(1 / 7)}).rows[0].note == ""


@pytest.mark.parametrize("places", [17, 20, 28])
@pytest.mark.parametrize("ulps", [17, 40, 100])
def test_no_mistake_is_as_small_as_rounding(ulps: int, places: int) -> None:
    """Many a term is zero at the first step; to forget it moves nothing."""
    w, u, h = Value(0.6, name="w"), Value(0.4, name="u"), 0.0 * Value(1.0)
    for step, x in enumerate((0.5, -0.3), 1):
        h = (w * x + u * h).tanh().named(f"h{step}")
    number = h.data
    for _ in range(ulps):
        number = math.nextafter(number, 1)
    (row,) = verify(h, {"h2": f"{number:.{places}f}"}).rows
    assert row.verdict is Verdict.WRONG
    assert row.diagnosis == ()
    assert row.note.endswith("no known mistake gives this number")


@pytest.mark.parametrize(
    ("digits", "number"),
    [("1", 1.534), ("0.2", 0.2889), ("-0.28", -0.2889), ("30", 30.7), ("7e-5", 7.9e-5)],
)
def test_few_digits_are_not_excused_as_cut_off(digits: str, number: float) -> None:
    y = (Value(number, name="x") * 1.0).named("y")
    (given, computed) = verify(y, {"g": digits, "y": digits}, {"g": number}).rows
    for row in (given, computed):
        assert row.verdict is Verdict.WRONG
        assert row.note == "the digits are cut off, not rounded"
    assert computed.diagnosis[0].mistake == "cut off"
    more = f"{number:.12e}"
    assert verify(y, {"y": f"{more[:5]}{more[-4:]}"}).ok


def test_no_gradient_is_touched(E: Value) -> None:
    E.backward()
    before = E.grad
    verify(E, {"dE/da": "6", "dnet/da": "-1"})
    assert E.grad == before
    assert not verify(E, {"dE/da": "7"}).ok


def test_given_values_may_be_any_number(E: Value) -> None:
    values: dict[str, float | Value] = {
        "w5+": 0.3589,
        "F": Value(1.0),
        "n": 3,
        "x": np.float64(0.5),
    }
    report = verify(E, {"w5+": "0.359", "F": "1", "n": "4", "x": "0.50"}, values)
    assert verdicts(report) == ["agrees", "agrees", "wrong", "agrees"]
    assert [row.note for row in report.rows] == [
        "",
        "",
        "1 unit of the last printed place (1) below",
        "",
    ]
    with pytest.raises(TypeError, match=r"'w5\+'.*real number"):
        verify(E, {"w5+": "1"}, {"w5+": "0.5"})  # type: ignore[dict-item]  # the point


@pytest.mark.parametrize(
    ("quantity", "right"),
    [("E", 9.0), ("dE/dnet", -6.0), ("a+", 2.4), ("dE/dnet after 1 update", 3.84)],
)
def test_what_the_graph_has_is_not_compared_with_given_numbers(
    E: Value, quantity: str, right: float
) -> None:
    """An article's numbers that stand in the program as well are no evidence for themselves."""
    rule = Update("sgd", 0.1, ["a", "b"])
    (row,) = verify(E, {quantity: "7.0"}, {quantity: 7.0, "a": 7}, rule).rows
    assert row.verdict is Verdict.WRONG
    assert row.computed == pytest.approx(right)
    assert row.note.endswith("; the graph's number is compared, not the given 7.0 of this name")
    (row,) = verify(E, {quantity: f"{right}"}, {quantity: right + 1e-14}, rule).rows
    assert (row.verdict, row.note) == (Verdict.AGREES, "")


def test_nodes_that_are_given_values_too_still_move(E: Value) -> None:
    rule = Update("sgd", 0.1, ["a", "b"])
    assert verify(E, {"a+": "2.4", "b+": "-0.2"}, {"a": 3.0, "b": -2.0}, rule).ok
    (row,) = verify(E, {"z+": "1"}, {"z": Value(2.0) * 3.0}, rule).rows
    assert row.note == "'z+': updates move what is in the graph, and nothing else"


def test_names_that_look_like_derivatives() -> None:
    dx, dy = Value(2.0, name="dx"), Value(5.0, name="a/b")
    out = (dx * dy).named("ddx/dy")
    report = verify(out, {"ddx/dy": "10", "d ddx/dy/d a/b": "2.0", "da/b/ddx": "0", "dx": "2"})
    assert [row.computed for row in report.rows] == [10.0, 2.0, 0.0, 2.0]


@pytest.mark.parametrize(
    ("quantity", "note"),
    [
        ("ent", "no node and no value is named 'ent'; near: net"),
        ("NET", "no node and no value is named 'NET'; near: net"),
        ("w55+", "no node and no value is named 'w55+'; near: w5+"),
        ("zzz", "no node and no value is named 'zzz'"),
        ("E++", "several updates are written 'E after 2 updates'"),
        ("dE/da ⁺⁺⁺", "several updates are written 'dE/da after 3 updates'"),
        ("q++", "no node and no value is named 'q++'"),
        ("∂⁺E/∂q", "no node is named 'q'"),
        ("∂⁺E/∂a+", "'∂⁺E/∂a+': updates move nodes and derivatives, and nothing else"),
        ("dE/dnett", "no node is named 'nett'; near: net"),
        ("∂F/∂q", "no node is named 'F'; no node is named 'q'"),
        ("dE/dw5+", "'w5+' is a given value, and only nodes have derivatives"),
        (
            "E/net",
            "no node and no value is named 'E/net'; near: net; a derivative is written dE/dw",
        ),
    ],
)
def test_unknown_quantities_list_the_near_ones(E: Value, quantity: str, note: str) -> None:
    report = verify(E, {quantity: "1"}, {"w5+": 0.5})
    (row,) = report.rows
    assert (row.verdict, row.computed, row.note) == (Verdict.UNKNOWN, None, note)
    assert not report.ok


def test_a_name_of_several_nodes_is_not_guessed_at() -> None:
    w, x = Value(2.0, name="w"), Value(3.0, name="w")
    y = (w * x).named("y")
    report = verify(y, {"w": "2", "dy/dw": "3", "y": "6"})
    assert verdicts(report) == ["unknown quantity", "unknown quantity", "agrees"]
    assert report.rows[0].note == "2 different nodes are named 'w': give each a name of its own"


def test_several_outputs_share_their_nodes() -> None:
    a = Value(3.0, name="a")
    outputs = [(a * 2.0).named("double"), (a * a).named("square")]
    assert verify(outputs, {"double": "6", "square": "9", "a": "3", "dsquare/da": "6"}).ok
    assert verify(iter(outputs), {"ddouble/da": "2"}).ok
    assert verify([], {"y": "30.6"}, values={"y": 30.616}).ok


def test_known_wrong_claims_must_stay_wrong(E: Value) -> None:
    wrong = Claim("E", "10", "p. 1", known_wrong="the square was forgotten")
    report = verify(E, [wrong, Claim("net", "-3")])
    assert report.ok
    assert report.rows[0].verdict is Verdict.WRONG
    assert report.rows[0].note == "known: the square was forgotten"

    report = verify(E, [Claim("E", "9", known_wrong="the square was forgotten")])
    assert not report.ok
    assert "yet it agrees: remove the mark" in report.rows[0].note

    report = verify(E, [Claim("F", "9", known_wrong="the square was forgotten")])
    assert not report.ok


def test_nan_is_wrong() -> None:
    y = Value(math.nan, name="y")
    (row,) = verify(y, {"y": "0"}).rows
    assert (row.verdict, row.note) == (Verdict.WRONG, "nan is not a finite number")
    assert json.loads(verify(y, {"y": "0"}).to_json())["rows"][0]["computed"] == "nan"


def test_a_claims_file(E: Value, tmp_path: Path) -> None:
    file = tmp_path / "claims.toml"
    file.write_text('[[claim]]\nquantity = "E"\nprinted = "9.0"\nwhere = "end"\n')
    for path in (file, str(file)):
        report = verify(E, path)
        assert report.ok
        assert report.rows[0].claim == Claim("E", "9.0", "end")


def test_wrong_arguments(E: Value) -> None:
    with pytest.raises(ValueError, match="no claims"):
        verify(E, {})
    with pytest.raises(TypeError, match=r"list of Values, and not 9\.0 \(float\)"):
        verify([E, 9.0], {"E": "9"})  # type: ignore[list-item]  # the point
    with pytest.raises(TypeError, match="printed must be text"):
        verify(E, {"E": 9.0})  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"output": 3}, r"output is a Value, or a list of Values, and not 3 \(int\)"),
        ({"output": None}, r"and not None \(NoneType\)"),
        ({"claims": 3}, r"claims map quantities to printed digits.* not 3 \(int\)"),
        ({"claims": ["E"]}, r"not 'E' \(str\)"),
        ({"claims": b"claims.toml"}, "or are the path of a claims file"),
        ({"values": 3}, r"values is 3 \(int\), but must map names to numbers"),
        ({"values": ["w"]}, r"values is \['w'\] \(list\)"),
        ({"values": {1: 2.0}}, r"values is \{1: 2.0\} \(dict\)"),
        ({"update": "sgd"}, r"update is 'sgd' \(str\), not an Update"),
    ],
)
def test_arguments_of_the_wrong_kind(E: Value, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        verify(**{"output": E, "claims": {"E": "9"}, **arguments})


@pytest.mark.parametrize(
    "quantity", ["E" + "+" * 9999, "E" + " " * 99999 + "x", "E after " + "9" * 9999 + " updates"]
)
@pytest.mark.parametrize("update", [None, Update("sgd", 0.1, "a")])
def test_quantities_of_any_length_are_read(E: Value, quantity: str, update: Update | None) -> None:
    (row,) = verify(E, {quantity: "1"}, update=update).rows
    assert row.verdict is Verdict.UNKNOWN


@pytest.fixture
def report(E: Value) -> Report:
    return verify(
        E,
        [
            Claim("E", "9.0", "end"),
            Claim("net", "3", "first line", known_wrong="sign lost"),
            Claim("dE/d<b>", "-18", "輸出"),
        ],
    )


def test_text(report: Report) -> None:
    heading, rule, *lines = str(report).splitlines()
    assert heading == "quantity  printed  computed  verdict             where       note"
    assert rule.startswith("────────  ───────  ────────  ──────────────────  ──────────  ──────")
    assert lines == [
        "E         9.0      9.0       ✓ agrees            end",
        "net       3        -3.0      ✓ wrong (known)     first line  known: sign lost",
        "dE/d<b>   -18                ✗ unknown quantity  輸出        " + report.rows[2].note,
        "",
        "3 claims: agrees 1, wrong (known) 1, unknown quantity 1",
    ]


def test_repr_names_what_failed_and_says_why_for_the_first(E: Value, report: Report) -> None:
    assert repr(report).endswith(
        "unknown quantity 1; look at dE/d<b>; "
        "dE/d<b> = -18: unknown quantity: no node is named '<b>'>"
    )
    claims = {"x": "1", "E": "-9.000", "net": "3.000", "dE/da": "-6.000", "a": "2"}
    assert repr(verify(E, claims)).endswith(
        "; look at x, E, net and 2 more; a = 2: wrong, start here: "
        "1 unit of the last printed place (1) above>"
    )
    assert repr(verify(E, {"E": "9"})) == "<Report of 1 claim: agrees 1>"


def test_a_reason_is_said_once(E: Value) -> None:
    report = verify(E, {"net": "3.000", "E": "13", "p": "0.000", "dnet/dp": "1"})
    assert [report.reason(row) for row in report.rows] == [
        "follows from p = 0.000",
        "wrong: 4 units of the last printed place (1) below; no known mistake gives this number",
        "wrong, start here: 6000 units of the last printed place (0.001) below; "
        "no known mistake gives this number",
        "agrees",
    ]


def test_html_is_escaped_and_coloured_by_verdict(report: Report) -> None:
    html = report._repr_html_()
    assert "dE/d&lt;b&gt;" in html
    assert "<b>" not in html
    tints = {line.split('"')[1] for line in html.splitlines() if line.startswith("<tr style")}
    assert len(tints) == 3


def test_a_page_begins_with_what_is_to_be_looked_at(E: Value) -> None:
    """The rows themselves have no scroll box there, as they have in a notebook."""
    report = verify(E, {"net": "3.000", "E": "5", "q<": "1", "p": "0.000", "dnet/dp": "1"})
    page = report.to_html()
    assert "max-height" in report._repr_html_()
    assert "max-height" not in page
    tables = [re.findall("<tr style.*?<td.*?>(.*?)</td>", t) for t in page.split("<table>")[1:]]
    assert tables == [["p", "E", "q&lt;"], ["net", "E", "q&lt;", "p", "dnet/dp"]]
    assert "wrong, start here" in page.split("</table>")[0]
    assert "<h2>" not in verify(E, {"E": "9"}).to_html()


def test_json(report: Report) -> None:
    document = json.loads(report.to_json())
    assert document == report.as_dict()
    assert document["ok"] is False
    assert document["rows"][1] == {
        "quantity": "net",
        "printed": "3",
        "where": "first line",
        "known_wrong": "sign lost",
        "computed": -3.0,
        "verdict": "wrong",
        "ok": True,
        "note": "known: sign lost",
        "diagnosis": ["the term with p forgotten in net", "sign flipped"],
        "follows_from": [],
    }


def test_many_claims_share_one_backward_pass_per_numerator() -> None:
    node = Value(1.0, name="w0")
    for count in range(1, 10_001):
        node = (node * 1.0).named(f"w{count}")
    report = verify(node, {f"dw10000/dw{count}": "1.0" for count in range(1_000)})
    assert report.ok


@pytest.mark.parametrize("quantity", ["grad_a", "a.grad"])
def test_who_writes_a_derivative_otherwise_is_told_how(E: Value, quantity: str) -> None:
    (row,) = verify(E, {quantity: "1"}).rows
    assert row.verdict is Verdict.UNKNOWN
    assert row.note.endswith("; a derivative is written dE/dw")


def test_names_that_have_the_asked_one_as_a_part_are_near() -> None:
    h = Value(0.5, name="net_h1").tanh().named("out_h1")
    (row,) = verify(h, {"h1": "0.5"}).rows
    assert "near: net_h1, out_h1" in row.note
