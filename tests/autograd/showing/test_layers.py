from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from autograd import Unit, Value, draw_layers

Texts = Callable[[str], Counter[str]]

SVG = "{http://www.w3.org/2000/svg}"


def layer(n_in: int, n_out: int, data: float = 0.5) -> list[Unit]:
    return [Unit(f"h{j}", [Value(data) for _ in range(n_in)], Value(0.1)) for j in range(n_out)]


def line(dot: str, name: str) -> dict[str, str]:
    [found] = [row for row in dot.splitlines() if f'id="{name}"' in row]
    return dict(re.findall(r'(\w+)="?([^"\s\]]*)', found))


def test_width_and_colour_tell_size_and_sign() -> None:
    w = [Value(data) for data in (1.0, -0.5, 0.0)]
    dot = draw_layers([[Unit("h", w)]]).dot
    looks = [line(dot, f"weight-0-{i}-0") for i in range(3)]
    assert [float(look["penwidth"]) for look in looks] == [6.0, 3.2, 0.4]
    assert [look["color"][:7] for look in looks] == ["#0072b2", "#d55e00", "#8b9199"]
    assert [look["style"] for look in looks] == ["solid", "dashed", "solid"]
    assert [look["taillabel"] for look in looks] == ["1", "-0.5", "0"]


@pytest.mark.usefixtures("backend")
def test_a_small_network_shows_every_name_and_number(texts: Texts) -> None:
    w1, w2, b = Value(0.15), Value(-0.2), Value(0.35)
    shown = texts(draw_layers([[Unit("h1", [w1, w2], b)]], inputs=["i1", "i2"]).svg)
    assert set(shown) == {
        "i1",
        "i2",
        "h1",
        "bias 0.35",
        "0.15",
        "-0.2",
        "value of each weight (line) and bias (outline): blue positive, orange dashed negative; "
        "the widest is 0.35",
    }


def test_gradients_are_drawn_once_there_are_some() -> None:
    w, x = Value(0.5), Value(3.0)
    layers = [[Unit("h", [w, x])]]
    with pytest.raises(ValueError, match=r"call backward\(\)"):
        draw_layers(layers, by="gradient")
    (w * x).backward()
    dot = draw_layers(layers, by="gradient").dot
    assert [line(dot, f"weight-0-{i}-0")["taillabel"] for i in range(2)] == ["3", "0.5"]


@pytest.mark.usefixtures("backend")
def test_of_large_layers_the_first_and_the_last_units_are_drawn(texts: Texts) -> None:
    picture = draw_layers([layer(100, 30), layer(30, 2)], limit=10)
    assert repr(picture).startswith("<drawing of layers 100 → 30 → 2 by value: 3092 parameters")
    dot = picture.dot
    units = Counter(re.findall(r"unit-(\d)-", dot))
    assert units == {"0": 10, "1": 10, "2": 2}
    assert len(re.findall(r"weight-", dot)) == 10 * 10 + 10 * 2
    assert re.findall(r"unit-1-(\d+)", dot) == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "25",
        "26",
        "27",
        "28",
        "29",
    ]
    shown = texts(picture.svg)
    assert shown["⋮ 90 more"] == 1
    assert shown["⋮ 20 more"] == 1
    assert any("110 units are left out" in text for text in shown)


@pytest.mark.usefixtures("backend")
def test_units_keep_their_order() -> None:
    svg = draw_layers([layer(6, 8), layer(8, 7)]).svg.replace("&#45;", "-")
    for column, count in ((0, 6), (1, 8), (2, 7)):
        heights = [
            float(found)
            for i in range(count)
            for found in re.findall(
                rf'id="unit-{column}-{i}".*?<ellipse[^>]* cy="([^"]*)"', svg, re.DOTALL
            )
        ]
        assert heights == sorted(heights)
        assert len(set(heights)) == count


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 3, 1), (1, 3, 1), (4, 1), (6, 1), (1, 6, 1)])
def test_no_line_runs_through_a_number(sizes: Sequence[int]) -> None:
    layers = [layer(n_in, n_out, -0.1234) for n_in, n_out in pairwise(sizes)]
    svg = ET.fromstring(draw_layers(layers).svg)
    weights = [g for g in svg.iter(f"{SVG}g") if g.get("id", "").startswith("weight")]
    numbers = [text for group in weights for text in group.iter(f"{SVG}text")]
    paths = [path.get("d", "") for group in weights for path in group.iter(f"{SVG}path")]
    assert len(numbers) == len(paths) == sum(a * b for a, b in pairwise(sizes))
    for number in numbers:
        middle, foot = (float(number.get(side, "")) for side in ("x", "y"))
        for path in paths:
            for x, y in points(path):
                assert abs(x - middle) > 18 or not foot - 7 < y < foot, number.text


def points(path: str) -> list[tuple[float, float]]:
    """Many points on a straight line, from one end to the other."""
    x0, y0, *_, x1, y1 = (float(number) for number in re.findall(r"-?[\d.]+", path))
    return [(x0 + (x1 - x0) * k / 99, y0 + (y1 - y0) * k / 99) for k in range(100)]


@pytest.mark.parametrize("data", [0.0, float("nan"), float("inf"), -float("inf")])
@pytest.mark.usefixtures("backend")
def test_no_number_is_too_strange_to_be_drawn(data: float, texts: Texts) -> None:
    picture = draw_layers([[Unit("h", [Value(data), Value(1.0)], Value(data))]])
    assert texts(picture.svg)["h"] == 1
    assert "penwidth=nan" not in picture.dot


@pytest.mark.usefixtures("backend")
def test_names_are_text(texts: Texts) -> None:
    names = ['<b>"|{}\\N', "&lt;", "two\nlines"]
    shown = texts(draw_layers([[Unit(names[0], [Value(1.0)] * 2)]], inputs=names[1:]).svg)
    assert {'<b>"|{}\\N', "&lt;", "two lines"} <= set(shown)


@pytest.mark.parametrize(
    ("layers", "inputs", "complaint"),
    [
        ([], (), "there must be a layer"),
        ([[]], (), "a unit in each"),
        ([[Unit("h", [])]], (), "a weight for each of its inputs"),
        ([layer(2, 3), layer(2, 1)], (), "h0 of layer 1 has 2 weights, but there are 3 units"),
        ([layer(2, 3)], ("x",), "h0 of layer 0 has 2 weights, but there are 1 inputs"),
    ],
)
def test_what_does_not_fit_is_refused(
    layers: Sequence[Sequence[Unit]], inputs: Sequence[str], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        draw_layers(layers, inputs=inputs)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"layers": 3},
            r'layers is 3, but must be a list of lists of Units, such as \[\[Unit\("h1"',
        ),
        ({"layers": [Unit("h", [])]}, "must be a list of lists of Units"),
        ({"layers": [[Value(1.0)]]}, r"layers is \[\[Value\(1\.0\)\]\]"),
        ({"layers": [[Unit("h", Value(1.0))]]}, "must have a list of Values as weights"),  # type: ignore[arg-type]  # the point
        ({"layers": [[Unit("h", [1.0])]]}, "must have a list of Values as weights"),  # type: ignore[list-item]  # the point
        ({"layers": [[Unit("h", [], 0.5)]]}, "and a Value or None as bias"),  # type: ignore[arg-type]  # the point
        ({"layers": [[Unit(3, [])]]}, "the name of a unit is text, got 3"),  # type: ignore[arg-type]  # the point
        ({"inputs": "x"}, "inputs is a list of names, got 'x'"),
        ({"inputs": [3]}, r"inputs is a list of names, got \[3\]"),
        ({"digits": 2.5}, r"digits is a whole number, got 2\.5"),
        ({"limit": "9"}, "limit is a whole number, got '9'"),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        draw_layers(**{"layers": [layer(1, 1)], **arguments})


def test_choices_are_checked() -> None:
    with pytest.raises(ValueError, match="by='size' is neither"):
        draw_layers([layer(1, 1)], by="size")  # type: ignore[arg-type]  # a typing error
    with pytest.raises(ValueError, match="limit must be at least 2, got 1"):
        draw_layers([layer(1, 1)], limit=1)
