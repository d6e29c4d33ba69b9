from __future__ import annotations

from xml.etree import ElementTree

from examples.presenting.curve import Move, curve_svg

UP, DOWN = Move("a & b", (1.0, 1.0), (2.0, 4.0)), Move("c", (3.0, 9.0), (1.0, 1.0))


def elements(svg: str, tag: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f".//{{http://www.w3.org/2000/svg}}{tag}")


def test_curve_spans_the_interval_with_its_highest_point_at_the_top() -> None:
    svg = curve_svg(lambda x: x * x, (0, 4), [], top=("B", 4.0))
    [line] = elements(svg, "polyline")
    points = [tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()]
    across, down = zip(*points, strict=True)
    assert list(across) == sorted(across)
    assert list(down) == sorted(down, reverse=True)
    assert [text.text for text in elements(svg, "text")] == ["0", "1", "2", "3", "4", "B"]


def test_moves_start_filled_end_open_and_show_where_they_lead() -> None:
    svg = curve_svg(lambda x: x * x, (0, 4), [UP, DOWN], top=("B", 4.0))
    fills = [circle.attrib["fill"] for circle in elements(svg, "circle")]
    assert fills[1::2] == ["white", "white"]
    assert fills[0] != fills[2]
    assert UP.rises
    assert not DOWN.rises
    assert [text.text for text in elements(svg, "text")][-2:] == ["a & b", "c"]
