from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

from autograd import Value
from autograd.ops import dot, total
from autograd.showing import draw

PROGRAM = """
from autograd import Value
from autograd.showing import draw
values = [Value(k / 7, name=f"w{k}") for k in range(12)]
y = sum(a * b.tanh() for a in values for b in values)
print(draw(y, groups={"first": values[:3], "second": values[3:5]}, limit=500).dot)
"""


def neuron() -> Value:
    w, x = Value(0.5, name="w"), Value(2.0, name="x")
    return (w * x).sigmoid().named("y")


def lines(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines()]


def arrows(source: str) -> list[str]:
    return [line for line in lines(source) if "->" in line]


def test_the_source_of_a_neuron() -> None:
    y = neuron()
    y.backward()
    assert lines(draw(y).dot) == [
        'digraph "graph" {',
        'graph [bgcolor=white fontcolor="#555555" fontname=Verdana fontsize=9 '
        'label="beside each arrow: the local derivative, ∂head/∂tail" labelloc=b margin=0.15 '
        "nodesep=0.2 rankdir=LR ranksep=0.3]",
        'node [fontcolor="#1a1a1a" fontname=Verdana fontsize=11 margin="0.1,0.04" shape=record]',
        'edge [arrowsize=0.7 color="#666666" fontcolor="#555555" fontname=Verdana fontsize=9]',
        'n0 [label="w|0.5|grad 0.393224" class=leaf color="#0072b2" fillcolor="#dcebf7" '
        'id="node-0" style="rounded,filled"]',
        'n1 [label="x|2|grad 0.0983060" class=leaf color="#0072b2" fillcolor="#dcebf7" '
        'id="node-1" style="rounded,filled"]'.replace("0983060", "098306"),
        'n2 [label="w × x|1|grad 0.196612" class=operation color="#444444" fillcolor=white '
        'id="node-2" style=filled]',
        'n3 [label="y|σ(·)|0.731059|grad 1" class=output color="#b34700" fillcolor="#fde6c4" '
        'id="node-3" penwidth=2.6 style=filled]',
        'n0 -> n2 [label=" 2 " id="edge-0-2-0"]',
        'n1 -> n2 [label=" 0.5 " id="edge-1-2-1"]',
        'n2 -> n3 [label=" 0.196612 " id="edge-2-3-0"]',
        "}",
    ]


def test_the_source_of_the_reversed_neuron() -> None:
    source = draw(neuron().named("y"), direction="backward").dot
    assert [line.split(" class=")[0] for line in lines(source)[4:8]] == [
        'n0 [label="∂y/∂w|0.393224"',
        'n1 [label="∂y/∂x|0.098306"',
        'n2 [label="∂y/∂(w × x)|0.196612"',
        'n3 [label="∂y/∂y|1|◄ σ′(·) = 0.196612"',
    ]
    assert arrows(source) == [
        'n0 -> n2 [label=" × 2 " dir=back id="edge-0-2-0"]',
        'n1 -> n2 [label=" × 0.5 " dir=back id="edge-1-2-1"]',
        'n2 -> n3 [dir=back id="edge-2-3-0"]',
    ]


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    runs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
    assert runs.pop().startswith(b'digraph "graph" {')


def test_a_repeated_operand_has_an_arrow_for_each_use() -> None:
    a = Value(3.0, name="a")
    assert arrows(draw(a + a).dot) == [
        'n0 -> n1 [label=" 1 " id="edge-0-1-0"]',
        'n0 -> n1 [label=" 1 " id="edge-0-1-1"]',
    ]


def test_arrows_say_which_operand_they_are_where_the_formula_does_not() -> None:
    a, b = Value(3.0), Value(2.0)
    source = draw(a - b).dot
    assert 'label="① − ②|1"' in source
    assert 'n0 -> n1 [label=" ① 1 "' in source.replace("n0 -> n2", "n0 -> n1")
    assert 'n1 -> n2 [label=" ② -1 "' in source


def test_a_reversed_arrow_is_marked_only_where_its_box_shows_the_formula() -> None:
    a, b = Value(3.0), Value(2.0)
    assert 'label=" ② × -1 "' in draw(a - b, direction="backward").dot
    assert 'label=" × -1 "' in draw((a - b).named("d"), direction="backward").dot


def test_the_arrow_of_an_amplifier_points_along_the_flow() -> None:
    y = neuron()
    arrow = {
        rankdir: draw(y, direction="backward", rankdir=rankdir).dot.partition("σ′")[0][-2]
        for rankdir in ("LR", "RL", "TB", "BT")
    }
    assert arrow == {"LR": "◄", "RL": "►", "TB": "▲", "BT": "▼"}


def test_groups_are_boxes_around_their_nodes() -> None:
    y = neuron()
    w, x = y.parents[0].parents
    other = Value(1.0)
    source = lines(draw(y, groups={"in": [x, w, w], "elsewhere": [other], "out": [y]}).dot)
    first = source.index("subgraph cluster_0 {")
    assert "label=in" in source[first + 1]
    assert source[first + 2 : first + 5] == ["n1", "n0", "}"]
    assert "subgraph cluster_1 {" not in source
    second = source.index("subgraph cluster_2 {")
    assert source[second + 2 : second + 4] == ["n3", "}"]


def test_what_is_left_out_is_counted() -> None:
    leaves = [Value(float(k), name=f"x{k}") for k in range(5)]
    y = dot(leaves[:2], leaves[2:4], leaves[4]).named("net").sigmoid()
    source = draw(y, depth=1).dot
    assert 'n0_more [label="… 5 more"' in source
    assert "n0_more -> n0 [style=dashed]" in source
    assert "n0_more -> n0 [dir=back style=dashed]" in draw(y, depth=1, direction="backward").dot
    assert "more" not in draw(y, depth=2).dot


def test_only_large_graphs_are_laid_out_in_haste() -> None:
    assert "nslimit" not in draw(total([Value(1.0) for _ in range(149)])).dot
    assert "mclimit=0.5 " in draw(total([Value(1.0) for _ in range(150)])).dot


def test_many_long_arrows_are_drawn_straight_and_soon(texts: Callable[[str], Counter[str]]) -> None:
    shared, state = Value(0.5, name="w"), Value(0.1, name="h0")
    for _ in range(99):
        state = shared * state
    picture = draw(state.named("h99"))
    assert "splines=line" in picture.dot
    assert texts(picture.svg)["h99"] == 1
    assert "splines" not in draw(state, depth=9).dot
