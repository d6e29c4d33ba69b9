from __future__ import annotations

import base64
import re
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import Value
from autograd.ops import dot, sigmoid, total
from autograd.showing import Drawing, Unit, draw, draw_layers, walkthrough
from autograd.showing.labels import visible

Texts = Callable[[str], Counter[str]]
SVG = "{http://www.w3.org/2000/svg}"

NASTY_NAMES = [
    '<>|{}"\\',
    "a|b",
    "{x}",
    "<port> x",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    '"/><script>alert(1)</script>',
    "]]><!--",
    "&lt;",
    "&amp;",
    "&#8706;",
    "R&D",
    "\\N \\G \\L \\E \\T \\H",
    "\\n\\l\\r",
    "ends in \\",
    "\\",
    '"',
    "'",
    "隐藏层₁",
    "ネット",
    "σ₁²′",
    "∂E/∂w₅",
    "🙂",
    "digraph",
    "node",
    "%s {0}",
    "x" * 500,
    "two\nlines",
    "nul\0 and \x1b[31m and \ud800",
    "right\u202eleft",
]


def network() -> tuple[Value, dict[str, Value]]:
    """Document 000's network, with the names that it uses."""
    named: dict[str, Value] = {}

    def leaf(name: str, data: float) -> Value:
        return named.setdefault(name, Value(data, name=name))

    def neuron(unit: str, weights: list[Value], inputs: list[Value], bias: Value) -> Value:
        net = dot(weights, inputs, bias).named(f"net_{unit}")
        out = sigmoid(net).named(f"out_{unit}")
        named.update({net.name: net, out.name: out})
        return out

    inputs = [leaf("i1", 0.05), leaf("i2", 0.10)]
    w = [leaf(f"w{k}", 0.10 + 0.05 * k) for k in range(1, 5)]
    w += [leaf(f"w{k}", 0.15 + 0.05 * k) for k in range(5, 9)]
    b1, b2 = leaf("b1", 0.35), leaf("b2", 0.60)
    h = [neuron("h1", w[0:2], inputs, b1), neuron("h2", w[2:4], inputs, b1)]
    o = [neuron("o1", w[4:6], h, b2), neuron("o2", w[6:8], h, b2)]
    errors = [
        (0.5 * (leaf(f"target_o{k}", target) - out) ** 2).named(f"E_o{k}")
        for k, target, out in zip((1, 2), (0.01, 0.99), o, strict=True)
    ]
    return (errors[0] + errors[1]).named("E_total"), named


@pytest.mark.usefixtures("backend")
def test_names_come_out_of_the_picture_as_they_went_in(texts: Texts) -> None:
    leaves = [Value(1.0, name=name) for name in NASTY_NAMES]
    leaves.append(total(leaves).named("all"))
    picture = draw(leaves[-1], groups={leaf.name: [leaf] for leaf in leaves[:-1]})
    shown = texts(picture.svg)
    for name in NASTY_NAMES:
        assert shown[visible(name)] == 2, name


@pytest.mark.usefixtures("backend")
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(st.text(max_size=40), min_size=1, max_size=40))
def test_any_text_can_be_a_name(names: list[str], texts: Texts) -> None:
    shown = texts(draw([Value(1.0, name=name) for name in names]).svg)
    assert shown - Counter(["1"] * len(names)) == Counter(v for n in names if (v := visible(n)))


@pytest.mark.usefixtures("backend")
def test_a_name_cannot_smuggle_anything_into_the_picture() -> None:
    nodes = [Value(1.0, name=name) for name in NASTY_NAMES]
    picture = draw([x.exp() for x in nodes], groups={name: [] for name in NASTY_NAMES})
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(picture.svg).iter()}
    assert tags <= {"svg", "g", "title", "polygon", "polyline", "path", "text"}


@pytest.mark.usefixtures("backend")
def test_the_picture_of_document_000(texts: Texts) -> None:
    E_total, _ = network()
    E_total.backward()
    shown = texts(draw(E_total, digits=9).svg)
    for text in ["net_h1", "0.3775", "σ(net_h1)", "0.593269992", "E_total", "0.298371109"]:
        assert text in shown
    assert shown["grad 0.0821670406"] == 1
    assert shown["0.186815602"] == 1
    assert shown["1"] == 8  # ∂net/∂bias four times, both targets and both parts of E_total


@pytest.mark.usefixtures("backend")
def test_the_gradient_is_shown_once_a_backward_pass_has_reached_the_node(texts: Texts) -> None:
    x, y = Value(3.0, name="x"), Value(4.0, name="y")
    product = x * y
    square = (x * x).named("square")
    assert not any("grad" in text for text in texts(draw([product, square]).svg))
    product.backward()
    shown = texts(draw([product, square]).svg)
    assert Counter({t: n for t, n in shown.items() if "grad" in t}) == Counter(
        ["grad 4", "grad 3", "grad 1"]
    )


@pytest.mark.usefixtures("without_dot")
def test_both_backends_draw_the_same(
    contents: Callable[[str], dict[str, list[tuple[str, ...]]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    E_total, named = network()
    E_total.backward()
    groups = {"hidden <1>": [named["net_h1"], named["out_h1"]], "{}|": [named["net_o1"]]}

    def pictures() -> list[str]:
        weights = [leaf for name, leaf in named.items() if name.startswith("w")]
        units = [Unit(f"h{k}", weights[2 * k - 2 : 2 * k], named["b1"]) for k in (1, 2)]
        return [
            draw(E_total, groups=groups).svg,
            draw(E_total, direction="backward").svg,
            walkthrough(E_total, groups=groups).svg,
            walkthrough(E_total, groups=groups).animation,
            draw_layers([units]).svg,
        ]

    by_webassembly = pictures()
    monkeypatch.undo()
    if shutil.which("dot") is None:
        pytest.skip("Graphviz (`dot`) is not installed, so there is nothing to compare with")
    for one, other in zip(pictures(), by_webassembly, strict=True):
        assert contents(one) == contents(other)
        assert len(contents(one)) > 5


def adjoint(picture: Drawing, name: str) -> float:
    """The number in the box ∂…/∂name."""
    (found,) = re.findall(rf'label="∂\w+/∂{name}\|([^|"]+)', picture.dot)
    return float(found)


def test_the_reversed_network_of_document_000() -> None:
    E_total, _ = network()
    picture = draw(E_total, direction="backward", digits=8)
    assert f"{adjoint(picture, 'w5'):.9f}" == "0.082167041"
    assert f"{adjoint(picture, 'w1'):.9f}" == "0.000438568"
    assert f"{adjoint(picture, 'out_h1'):.9f}" == "0.036350306"
    assert "◄ σ′(net_o1) = 0.1868156" in picture.dot
    assert not any(node.reached for node in picture.nodes)


def test_the_reversed_network_of_document_004() -> None:
    """∂l/∂z = σ′(z) · (w3 · ∂l/∂z1 + w4 · ∂l/∂z2), every number read from the picture."""
    x1, x2 = Value(1.0, name="x1"), Value(-1.0, name="x2")
    w1, w2, b = Value(1.0, name="w1"), Value(-2.0, name="w2"), Value(1.0, name="b")
    z = dot([w1, w2], [x1, x2], b).named("z")
    a = sigmoid(z).named("a")
    z1, z2 = (0.5 * a).named("z1"), (-0.3 * a).named("z2")
    loss = (sigmoid(z1).named("y1") - sigmoid(z2).named("y2")).named("l")
    picture = draw(loss, direction="backward", digits=17)
    gain = float(re.search(r"◄ σ′\(z\) = ([^\"|]+)", picture.dot)[1])  # type: ignore[index]
    to_a = re.findall(r"n(\d+) -> n\d+ \[label=\" × (0\.5|-0\.\d+) \"", picture.dot)
    w3, w4 = (float(weight) for _, weight in to_a)
    arrived = w3 * adjoint(picture, "z1") + w4 * adjoint(picture, "z2")
    assert adjoint(picture, "a") == pytest.approx(arrived, rel=1e-15)
    assert adjoint(picture, "z") == pytest.approx(gain * arrived, rel=1e-15)


def test_adjoints_of_a_neighbourhood_count_the_ways_outside_of_it() -> None:
    x = Value(2.0, name="x")
    y = ((x + 1.0) + 1.0) + x
    picture = draw(y.named("y"), depth=1, direction="backward")
    assert adjoint(picture, "x") == 2.0


def test_drawing_changes_nothing() -> None:
    E_total, named = network()
    E_total.backward()
    before = [(node.grad, node.data, node.name) for node in named.values()]
    draw(E_total, direction="backward")
    draw(E_total)
    assert [(node.grad, node.data, node.name) for node in named.values()] == before


def test_a_picture_is_a_snapshot(texts: Texts) -> None:
    x = Value(2.0, name="x")
    picture = draw(x)
    x.data = 3.0
    assert texts(picture.svg) == texts(draw(Value(2.0, name="x")).svg)


def test_a_neighbourhood_in_a_deep_graph() -> None:
    node = Value(0.0)
    for _ in range(100_000):
        node = node + 1.0
    assert len(draw(node, depth=3).nodes) == 4
    with pytest.raises(ValueError, match="more than 300 nodes"):
        draw(node)


def test_ids_in_the_picture_lead_back_to_the_values() -> None:
    E_total, named = network()
    picture = draw(E_total)
    ids = {e.get("id"): e for e in ET.fromstring(picture.svg).iter(f"{SVG}g")}
    place = picture.nodes.index(named["w5"])
    assert "".join(ids[f"node-{place}"].itertext()).split()[1] == "w5"
    assert ids[f"node-{place}"].get("class", "").split()[-1] == "leaf"


def test_saving_by_suffix(tmp_path: Path) -> None:
    picture = draw(Value(1.0, name="隐藏 ∂"))
    saved = picture.save(tmp_path / "net.svg")
    assert saved.read_text(encoding="utf-8") == picture.svg
    assert ET.parse(saved).getroot().tag == f"{SVG}svg"
    assert picture.save(str(tmp_path / "net.DOT")).read_text(encoding="utf-8") == picture.dot


@pytest.mark.parametrize("name", ["net.png", "net", "net.svg.gz"])
def test_saving_as_anything_else_says_what_is_possible(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in \.svg .* or \.dot"):
        draw(Value(1.0)).save(tmp_path / name)
    assert not (tmp_path / name).exists()


@pytest.mark.usefixtures("backend")
def test_notebooks_get_text_svg_and_an_image() -> None:
    picture = draw(Value(1.0, name='<img src=x onerror="alert(1)">'))
    bundle = picture._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "image/svg+xml", "text/html"]
    assert bundle["text/plain"] == repr(picture)
    assert bundle["image/svg+xml"].startswith("<svg")
    image = ET.fromstring(bundle["text/html"]).find("img")
    assert image is not None
    assert set(image.attrib) == {"alt", "style", "src"}
    head, _, data = image.attrib["src"].partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == picture.svg


def test_notebooks_get_text_where_the_layout_fails() -> None:
    bundle = Drawing("digraph {", [], "drawing of a ruin")._repr_mimebundle_(include=["text/html"])
    assert list(bundle) == ["text/plain"]
    assert "could not be laid out" in bundle["text/plain"]


def test_the_repr_says_what_it_is() -> None:
    E_total, _ = network()
    assert repr(draw(E_total)).startswith("<drawing of E_total: 29 nodes, forward")
    assert "a graph: 1 node, backward" in repr(draw(Value(1.0), direction="backward"))


def test_unnamed_things_have_names_in_the_reversed_network() -> None:
    y = Value(2.0) * Value(3.0)
    source = draw(y, direction="backward").dot
    for title in ("∂output/∂2", "∂output/∂3", "∂output/∂(① × ②)"):
        assert title in source


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (3.0, r"got float 3\.0: a plain number does not know how it was made"),
        ("y", "got str 'y'"),
        (None, "got NoneType None"),
        ([Value(1.0), 2.0], r"output 1 is float 2\.0, not a Value"),
    ],
)
def test_what_cannot_be_drawn_is_a_type_error(output: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        draw(output)  # type: ignore[arg-type]  # the wrong type is the point


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"direction": "reverse"}, ValueError, "direction='reverse' .* 'forward', 'backward'"),
        ({"rankdir": "lr"}, ValueError, "rankdir='lr' .* 'LR', 'RL', 'TB', 'BT'"),
        ({"depth": -1}, ValueError, "depth must be at least 0, got -1"),
        ({"depth": 1.5}, TypeError, r"depth is a whole number, got 1\.5"),
        ({"digits": 0}, ValueError, "digits must be from 1 to 17, got 0"),
        ({"digits": 18}, ValueError, "digits must be from 1 to 17, got 18"),
        ({"digits": True}, TypeError, "digits is a whole number, got True"),
        ({"limit": 0}, ValueError, "limit must be at least 1, got 0"),
        ({"groups": 3}, TypeError, "groups is int 3, but must map titles to lists of Values"),
        ({"groups": [Value(1.0)]}, TypeError, r"groups is list \[Value\(1\.0\)\]"),
        ({"groups": {3: [Value(1.0)]}}, TypeError, "groups is dict .*, but must map titles"),
        ({"groups": {"layer": Value(1.0)}}, TypeError, "'layer'.* is Value .*not a list of Values"),
        ({"groups": {"layer": [1.0]}}, TypeError, r"'layer'.* holds 1\.0, which is not a Value"),
    ],
)
def test_wrong_options_say_what_is_right(
    options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        draw(Value(1.0), **options)  # type: ignore[arg-type]  # the wrong type is the point


def test_drawings_are_made_by_draw() -> None:
    with pytest.raises(TypeError, match=r"made by draw\(output\)"):
        Drawing(3, [], "of nothing")  # type: ignore[arg-type]  # the wrong type is the point


def test_a_node_cannot_be_in_two_boxes() -> None:
    h = Value(1.0, name="h")
    with pytest.raises(ValueError, match=r"'h'.*is in the groups 'one' and 'two'"):
        draw(h, groups={"one": [h], "two": [h]})


def test_several_outputs_are_drawn_together_but_reversed_one_by_one() -> None:
    x = Value(1.0, name="x")
    outputs = [x.exp(), x.sin()]
    assert draw(outputs).dot.count("class=output") == 2
    assert draw([outputs[0], outputs[0]], direction="backward").dot.count("class=output") == 1
    with pytest.raises(ValueError, match="starts at one output, got 2"):
        draw(outputs, direction="backward")
    with pytest.raises(ValueError, match="empty list"):
        draw([])
