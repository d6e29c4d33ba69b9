from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from autograd import Value, gradients
from autograd.showing import walkthrough
from autograd.showing.drawing import checked_picture
from autograd.showing.walkthrough.animation import Scene, scene
from autograd.showing.walkthrough.passes import passes
from examples.two_two_two import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

Texts = Callable[[str], Counter[str]]


def uneven() -> Value:
    """x reaches y over ways of different lengths, so that its gradient grows in three beats."""
    x = Value(3.0, name="x")
    u = (x * x).named("u")
    return (u.tanh() * x + x).named("y")


def scene_of(output: Value) -> Scene:
    picture = checked_picture(
        output,
        direction="forward",
        rankdir=None,
        groups=None,
        depth=None,
        digits=6,
        limit=300,
    )
    return scene(picture, passes(output, picture.nodes))


@pytest.mark.parametrize("make", [uneven, lambda: Network().E_total])
def test_everything_happens_in_the_beat_after_what_it_needs(make: Callable[[], Value]) -> None:
    film = scene_of(make())
    for node in film.passes.computed:
        assert film.computed[node] == 1 + max(film.computed[parent] for parent in node.parents)
        heads = [film.handed_on[share.head] for share in film.passes.received[node]]
        assert film.handed_on[node] == 1 + max(heads, default=film.seed)
    assert film.seed == 1 + max(film.computed.values())
    assert all(film.computed[leaf] == 0 for leaf in film.passes.given)


def test_a_gradient_grows_by_what_arrives_in_each_beat() -> None:
    y = uneven()
    film = scene_of(y)
    [x] = film.passes.given
    [slope] = gradients(y, [x])
    beats, texts = zip(*film.sums(x), strict=True)
    assert list(beats) == sorted(set(beats))
    tanh_u = y.parents[0].parents[0].data
    assert list(texts[:2]) == ["1 + …", f"{1 + tanh_u:.6g} + …"]
    assert texts[2:] == (f"grad {slope:.6g}",)


@pytest.mark.usefixtures("backend")
def test_it_shows_the_engines_numbers_and_nothing_runs_in_it(texts: Texts) -> None:
    network = Network()
    E = network.E_total
    walk = walkthrough(E, groups=network.layers)
    shown = texts(walk.animation)
    for node, slope in zip(walk.nodes, gradients(E, walk.nodes), strict=True):
        assert shown[f"{node.data:.6g}"] >= 1
        assert shown[f"grad {slope:.6g}"] >= 1
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(walk.animation).iter()}
    assert tags <= {"svg", "style", "g", "polygon", "polyline", "path", "text"}
    assert not re.search(r"@import|url\(|href", walk.animation)


def test_a_single_leaf_has_an_animation_too(texts: Texts) -> None:
    shown = texts(walkthrough(Value(2.0, name="x")).animation)
    assert shown == Counter({"x": 1, "2": 1, "grad 1": 1})


def test_names_stay_texts(texts: Texts) -> None:
    name = "</style><script>"
    assert texts(walkthrough(Value(2.0, name=name).exp()).animation)[name] == 1


def seen(page: Page) -> Counter[str]:
    """The texts in boxes that are fully to be seen."""
    found = page.locator(".node text").evaluate_all(
        """texts => texts.filter(text => getComputedStyle(text).opacity === "1")
            .map(text => text.textContent.trim())"""
    )
    return Counter(found)


def test_in_a_browser_numbers_come_one_after_another(opened: Callable[..., Page]) -> None:
    y = uneven()
    walk = walkthrough(y)
    end = Counter(text for node in scene_of(y).nodes for text in scene_of(y).rows(node))
    end = Counter({text.replace("\N{NO-BREAK SPACE}", " ").strip(): n for text, n in end.items()})

    still = opened(walk.animation, reduced_motion="reduce")
    assert seen(still) == end

    def at(seconds: float) -> Counter[str]:
        moving.evaluate(
            "time => document.getAnimations().forEach(a => { a.pause(); a.currentTime = time; })",
            1000 * seconds,
        )
        return seen(moving)

    moving = opened(walk.animation)
    film = scene_of(y)
    assert at(0.5)["3"] == 1
    assert "grad 1" not in at(film.seed - 0.5)
    assert at(film.seed + 0.9)["grad 1"] == 1
    [x] = film.passes.given
    for (beat, text), (until, _) in zip(film.sums(x), film.sums(x)[1:], strict=False):
        assert at((beat + until) / 2 + 0.2)[text] == 1
    assert at(film.last + 2) == end
