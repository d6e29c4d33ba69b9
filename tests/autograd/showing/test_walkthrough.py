from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, dot, gradients, logsumexp, maximum, mean, total
from autograd.backprop import topological_order
from autograd.showing import Walkthrough, draw, walkthrough
from autograd.showing.walkthrough.passes import passes

NASTY_NAMES = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "$title ${data} \\ {0} %s",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "\u2028 \ud800 \0",
    "</title></style>",
]


MAKERS: list[Callable[[Value, Value], Value]] = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - 0.5 * b,
    lambda a, b: a.tanh() + b,
    maximum,
    lambda a, b: dot([a, b, a], [b, 0.25, b], a),
    lambda a, b: logsumexp([a, b]),
    lambda a, b: mean([a, b, a]),
]


def square() -> Value:
    x = Value(3.0, name="x")
    return (x * x + x).named("y")


def data(page: Walkthrough) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.html)
    assert found is not None
    return json.loads(found[1])


class Elements(HTMLParser):
    """The start tags of a page and the texts of its tables' cells, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {key for key, _ in attrs}
        if tag == "table":
            self._rows = self.tables.setdefault(dict(attrs)["id"] or "", [])
        elif tag == "tbody":
            self._rows.clear()
        elif tag == "tr":
            self._rows.append([])
        elif tag == "td":
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self.tags.append("/td")

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["td"]:
            self._rows[-1][-1] += data.strip("\n")


@st.composite
def graphs(draw_from: st.DrawFn) -> Value:
    numbers = st.floats(-2.0, 2.0)
    nodes = [Value(draw_from(numbers), name=f"x{k}") for k in range(draw_from(st.integers(1, 4)))]
    pick = st.sampled_from(nodes)
    for _ in range(draw_from(st.integers(1, 12))):
        made = draw_from(st.sampled_from(MAKERS))(draw_from(pick), draw_from(pick))
        nodes.append(made)
        pick = st.sampled_from(nodes)
    return nodes[-1]


@given(output=graphs())
def test_the_last_sum_of_every_node_is_its_gradient_to_the_last_bit(output: Value) -> None:
    nodes = topological_order(output)
    found = passes(output, nodes)
    exact = dict(zip(nodes, gradients(output, nodes), strict=True))
    assert found.gradients == exact
    for node in nodes:
        received = found.received[node]
        if node is output:
            assert received == []
            continue
        assert received[-1].after == exact[node]
        assert [share.is_last for share in received] == [False] * (len(received) - 1) + [True]


@given(output=graphs())
def test_every_node_is_computed_after_its_operands_and_hands_on_after_all_its_shares(
    output: Value,
) -> None:
    found = passes(output, topological_order(output))
    known = set(found.given)
    for node in found.computed:
        assert set(node.parents) <= known
        known.add(node)
    assert known == set(found.nodes)
    complete = {output}
    for node in reversed(found.computed):
        assert node in complete
        complete |= {share.tail for share in found.shares[node] if share.is_last}


def test_a_share_is_what_the_arrow_carries() -> None:
    y = square()
    [x, _, _] = topological_order(y)
    arriving = passes(y, topological_order(y)).received[x]
    assert [(s.local, s.upstream, s.amount, s.before, s.after) for s in arriving] == [
        (1.0, 1.0, 1.0, None, 1.0),
        (3.0, 1.0, 3.0, 1.0, 4.0),
        (3.0, 1.0, 3.0, 4.0, 7.0),
    ]


def test_the_whole_ledger_is_in_the_page() -> None:
    assert Elements(walkthrough(square()).html).tables == {
        "forward": [
            ["x", "given", "3.0"],
            ["(x × x)", "x × x", "9.0"],
            ["y", "(x × x) + x", "12.0"],
        ],
        "backward": [
            ["y", "the start", "", "", "1.0", "1.0"],
            ["(x × x)", "y", "1.0", "1.0", "1.0", "1.0"],
            ["x", "y", "1.0", "1.0", "1.0", "1.0 + …"],
            ["x", "(x × x)", "3.0", "1.0", "3.0", "1.0 + 3.0 = 4.0 + …"],
            ["x", "(x × x)", "3.0", "1.0", "3.0", "4.0 + 3.0 = 7.0"],
        ],
    }


def test_steps_say_what_happens_in_the_order_in_which_it_does() -> None:
    steps = data(walkthrough(square()))["steps"]
    assert [(step["phase"], step["title"]) for step in steps] == [
        ("given", "What is given"),
        ("forward", "(x × x) is computed"),
        ("forward", "y is computed"),
        ("backward", "The backward pass starts at y"),
        ("backward", "y hands its gradient on"),
        ("backward", "(x × x) hands its gradient on"),
    ]
    assert steps[1]["lines"] == ["(x × x) = x × x", "= 3 × 3", "= 9"]
    assert steps[5]["rows"] == [
        ["x", "3", "1", "3", "1 + 3 = 4 + …"],
        ["x", "3", "1", "3", "4 + 3 = 7"],
    ]


def test_sums_and_products_of_lists_are_written_out() -> None:
    w, x, b = Value(0.5, name="w"), Value(-2.0, name="a * b"), Value(0.25, name="b")
    [_, step, *_] = data(walkthrough(dot([w, 3.0], [x, w], b).named("net")))["steps"]
    assert step["lines"] == [
        "net = w × a * b + 3 × w + b",
        "= 0.5 × (-2) + 3 × 0.5 + 0.25",
        "= 0.75",
    ]


def test_names_that_are_missing_or_shared_are_told_apart_by_their_number() -> None:
    a, b = Value(1.0, name="w"), Value(2.0, name="w")
    page = walkthrough((a * b).exp())
    assert [node["label"] for node in data(page)["nodes"]] == [
        "w #0",
        "w #1",
        "(w① × w②)",
        "(exp(·))",
    ]


def test_it_stands_on_the_picture_that_draw_makes() -> None:
    y = square()
    assert walkthrough(y).nodes == draw(y).nodes


def test_no_gradient_is_touched_and_none_is_needed() -> None:
    y = square()
    assert '"1.0 + 3.0' not in walkthrough(y).html
    assert not any(node.reached for node in topological_order(y))
    y.backward(seed=5.0)
    before = [node.grad for node in topological_order(y)]
    assert data(walkthrough(y))["nodes"][0]["sums"][-1] == [5, "grad 7"]
    assert [node.grad for node in topological_order(y)] == before


def test_a_single_leaf_has_a_page_too() -> None:
    page = walkthrough(Value(2.0, name="x"))
    assert repr(page) == "<walk-through of x: 1 node, 2 steps; .save('walk.html') writes it>"
    assert [step["phase"] for step in data(page)["steps"]] == ["given", "backward"]


def test_graphs_that_are_too_large_are_refused() -> None:
    wide = total([Value(float(k)) for k in range(299)])
    assert len(data(walkthrough(wide))["nodes"]) == 300
    with pytest.raises(ValueError, match="more than 300 nodes"):
        walkthrough(wide + 1.0)


def test_data_assigned_after_the_forward_pass_is_refused() -> None:
    x = Value(3.0, name="x")
    y = (2.0 * x).named("y")
    x.data = 4.0
    with pytest.raises(ValueError, match="y was computed when an operand of it had another data"):
        walkthrough(y)


@pytest.mark.parametrize("given", [3.0, "y", None, [Value(1.0)]])
def test_only_one_value_can_be_walked_through(given: object) -> None:
    with pytest.raises(TypeError, match="takes the Value that was computed last"):
        walkthrough(given)  # type: ignore[arg-type]  # what users hand over all the same


def test_groups_of_the_wrong_kind() -> None:
    with pytest.raises(TypeError, match="groups is int 3, but must map titles to lists of Values"):
        walkthrough(Value(1.0), groups=3)  # type: ignore[arg-type]  # as above


def test_walk_throughs_are_made_by_walkthrough() -> None:
    with pytest.raises(TypeError, match=r"made by walkthrough\(output\)"):
        Walkthrough(Value(1.0))  # type: ignore[arg-type]  # as above


def test_infinities_and_nan_are_numbers_like_others() -> None:
    x = Value(float("inf"), name="x")
    assert data(walkthrough((x * 0.0).named("y")))["nodes"][1]["value"] == "nan"


def test_names_are_text_wherever_they_stand() -> None:
    leaves = [Value(1.0, name=name) for name in NASTY_NAMES]
    output = total(leaves).named("</h1><script>alert(0)</script>")
    page = walkthrough(output, groups={leaf.name: [leaf] for leaf in leaves})
    nasty, plain = Elements(page.html), Elements(walkthrough(total([Value(1.0)] * 9)).html)
    assert set(nasty.tags) == set(plain.tags)
    assert nasty.tags.count("script") == 2
    assert not {name for name in nasty.attributes if name.startswith("on")}
    labels = [node["label"] for node in data(page)["nodes"]]
    assert labels[:2] == ["</script><scr…t(1)</script>", "<img src=x onerror=alert(2)>"]


def test_the_page_allows_its_own_style_and_script_and_nothing_else() -> None:
    html = walkthrough(square()).html
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    [style] = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    [script] = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    prints = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{prints[0]}'; script-src 'sha256-{prints[1]}'"
    )
    assert not re.search(r"""(src|href)\s*=\s*["']?(?!#)|@import|url\((?!#)|\sstyle=""", html)


def test_it_is_saved_as_a_page_or_as_an_animation(tmp_path: Path) -> None:
    page = walkthrough(square())
    for name, text in (("y.html", page.html), ("y.SVG", page.animation)):
        assert page.save(tmp_path / name).read_text(encoding="utf-8") == text
    with pytest.raises(ValueError, match=r"the name must end in \.html .* or \.svg"):
        page.save(tmp_path / "y.png")


def test_notebooks_show_a_frame_and_what_is_left_without_it() -> None:
    bundle = walkthrough(square())._repr_mimebundle_()
    assert bundle["text/plain"].startswith("<walk-through of y")
    html = bundle["text/html"]
    assert Elements(html).tags[:4] == ["style", "iframe", "div", "div"]
    assert 'sandbox="allow-scripts allow-modals"' in html
    assert 'src="data:image/svg+xml;base64,' in html
    assert "1.0 + 3.0 = 4.0 + …" in html.partition("</iframe>")[2]


def test_a_notebook_is_told_why_nothing_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def svg(page: Walkthrough) -> str:
        raise TimeoutError(f"no time for {len(page.nodes)} nodes")

    monkeypatch.setattr(Walkthrough, "svg", property(svg))
    bundle = walkthrough(square())._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert "could not be laid out: no time for 3 nodes" in bundle["text/plain"]


@pytest.mark.usefixtures("backend")
def test_every_box_and_arrow_has_the_rows_that_the_page_looks_for() -> None:
    y = square()
    svg = walkthrough(y).svg
    groups = {
        found[1].replace("&#45;", "-"): re.findall(r"<text[^>]*>([^<]*)</text>", found[2])
        for found in re.finditer(r'<g id="([^"]*)" class="(?:node|edge)(.*?)</g>', svg, re.DOTALL)
    }
    texts = {key: [text.strip(" \xa0") for text in found] for key, found in groups.items()}
    texts = {key: [t.replace("&#160;", "").strip() for t in found] for key, found in texts.items()}
    assert texts == {
        "node-0": ["x", "3", "grad 7"],
        "node-1": ["x × x", "9", "grad 1"],
        "node-2": ["y", "(x × x) + x", "12", "grad 1"],
        "edge-0-1-0": ["3", "× 1", "= 3"],
        "edge-0-1-1": ["3", "× 1", "= 3"],
        "edge-1-2-0": ["1", "× 1", "= 1"],
        "edge-0-2-1": ["1", "× 1", "= 1"],
    }
