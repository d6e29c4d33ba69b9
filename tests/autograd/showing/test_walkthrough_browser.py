"""The walk-through as people use it: in a real browser, with mouse and keyboard."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from autograd import Value, gradients, printed, total
from autograd.backprop import topological_order
from autograd.showing import Walkthrough, walkthrough
from autograd.showing.labels import called
from examples.two_two_two import Network

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

HOSTILE = [
    "</script><script>window.harmed = 1</script>",
    "<img src=x onerror='window.harmed = 2'>",
    '"><svg onload="window.harmed = 3">',
    "<!--",
    "&lt;b&gt;",
    "${window.harmed = 4}",
]


def shown(page: Page) -> list[tuple[str, str]]:
    """Value and gradient in each node's box, "" for what is hidden."""
    pairs = page.locator(".node").evaluate_all(
        """groups => groups.map(group => [group.id, ...[".value", ".gradient"].map(kind => {
            const text = group.querySelector(kind);
            return getComputedStyle(text).visibility === "visible" ? text.textContent : "";
        })])"""
    )
    boxes = {name: (clean(value), clean(gradient)) for name, value, gradient in pairs}
    return [boxes[f"node-{index}"] for index in range(len(boxes))]


def clean(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").strip()


def position(page: Page) -> int:
    found = re.match(r"step (\d+) of \d+ · \w+$", page.locator("#count").text_content() or "")
    assert found is not None
    return int(found[1])


def moving_arrows(page: Page) -> dict[str, list[str]]:
    """What is to be seen beside the arrows of this step."""
    found = page.locator(".edge.now").evaluate_all(
        """groups => groups.map(group => [group.id, Array.from(group.querySelectorAll("text"))
            .filter(text => getComputedStyle(text).visibility === "visible")
            .map(text => text.textContent)])"""
    )
    return {arrow: [clean(text) for text in texts] for arrow, texts in found}


def texts_beside_arrows(page: Page) -> int:
    return int(
        page.locator(".edge text").evaluate_all(
            "texts => texts.filter(t => getComputedStyle(t).visibility === 'visible').length"
        )
    )


@pytest.mark.usefixtures("backend")
def test_a_whole_walk_through_shows_the_numbers_of_the_engine(opened: Open) -> None:
    network = Network()
    E = network.E_total
    order = topological_order(E)
    computed = [node for node in order if not node.is_leaf]
    slope = dict(zip(order, gradients(E, order), strict=True))
    walk = walkthrough(E, groups=network.layers)
    page = opened(walk)
    last = 2 * len(computed) + 1

    known, complete = {node for node in order if node.is_leaf}, set[Value]()
    for step in range(last + 1):
        assert position(page) == step
        assert int(page.locator("#slider").input_value()) == step
        if 0 < step <= len(computed):
            node = computed[step - 1]
            known.add(node)
            assert (
                page.locator("#step h2").text_content() == f"{walk_label(walk, node)} is computed"
            )
            assert page.locator("#step p").last.text_content() == f"= {node.data:.9g}"
            assert_arrows_show_partials(page, walk, node)
        elif step == len(computed) + 1:
            complete.add(E)
        elif step > 0:
            node = computed[last - step]
            assert node in complete
            assert_arrows_carry_gradients(page, walk, node, slope)
            complete |= arrived(walk, page, node)
        handed_on = [] if step <= len(computed) else computed[last - step :]
        recorded = sum(len(node.parents) for node in computed[:step])
        assert texts_beside_arrows(page) == recorded + 2 * sum(len(n.parents) for n in handed_on)
        for node, (value, gradient) in zip(walk.nodes, shown(page), strict=True):
            assert value == (f"{node.data:.6g}" if node in known else "")
            if node in complete:
                assert gradient == f"grad {slope[node]:.6g}"
            else:
                assert gradient == "" or gradient.endswith("+ …")
        if step < last:
            page.locator("#next").click()
    assert complete == set(order)
    assert page.locator("#next").is_disabled()


def walk_label(walk: Walkthrough, node: Value) -> str:
    if node.name:
        return node.name
    alike = [other for other in walk.nodes if called(other) == called(node)]
    return called(node) + (f" #{walk.nodes.index(node)}" if len(alike) > 1 else "")


def assert_arrows_show_partials(page: Page, walk: Walkthrough, node: Value) -> None:
    arrows = moving_arrows(page)
    assert len(arrows) == len(node.parents)
    for arrow, [local] in arrows.items():
        tail, head, which = (int(part) for part in arrow.split("-")[1:])
        assert (walk.nodes[head], walk.nodes[tail]) == (node, node.parents[which])
        assert float(local) == pytest.approx(node.partials[which], rel=1e-5)
    rows = page.locator("#step tbody tr").all()
    cells = [row.locator("td").all_inner_texts() for row in rows]
    for (name, value, local), parent, partial in zip(
        cells, node.parents, node.partials, strict=True
    ):
        assert name == walk_label(walk, parent)
        assert parent.data == printed(value) or float(value) == parent.data
        assert partial == printed(local) or float(local) == partial


def assert_arrows_carry_gradients(
    page: Page, walk: Walkthrough, node: Value, slope: dict[Value, float]
) -> None:
    arrows = moving_arrows(page)
    assert len(arrows) == len(node.parents)
    for arrow, [local, upstream, share] in arrows.items():
        tail, head, which = (int(part) for part in arrow.split("-")[1:])
        assert (walk.nodes[head], walk.nodes[tail]) == (node, node.parents[which])
        exact = node.partials[which]
        assert float(local) == pytest.approx(exact, rel=1e-5)
        assert float(upstream.removeprefix("× ")) == pytest.approx(slope[node], rel=1e-5)
        assert float(share.removeprefix("= ")) == pytest.approx(exact * slope[node], rel=1e-5)


def arrived(walk: Walkthrough, page: Page, node: Value) -> set[Value]:
    """The operands of the node whose boxes say that their gradient is complete."""
    boxes = dict(zip(walk.nodes, shown(page), strict=True))
    return {parent for parent in node.parents if boxes[parent][1].startswith("grad ")}


def test_the_ledger_adds_up_to_the_gradient(opened: Open) -> None:
    network = Network()
    walk = walkthrough(network.E_total)
    page = opened(walk)
    page.keyboard.press("End")
    slopes = gradients(network.E_total, walk.nodes)
    for index, (node, exact) in enumerate(zip(walk.nodes, slopes, strict=True)):
        page.locator("#node").select_option(str(index))
        lines = page.locator("#entries").inner_text().splitlines()
        assert f"value {node.data!r}" in lines
        assert lines[-1].removeprefix("sum: ").split(" = ")[-1] == repr(exact)


def test_a_ledger_that_was_chosen_stays_while_its_sum_grows(opened: Open) -> None:
    x = Value(3.0, name="x")
    page = opened(walkthrough((x * x + x).named("y")))
    page.locator("#node-0").click()
    sums = []
    for _ in range(6):
        text = page.locator("#entries").inner_text()
        sums.append((re.findall(r"sum: .*", text) or [""])[-1])
        page.keyboard.press("ArrowRight")
    assert sums == ["", "", "", "", "sum: 1.0 + …", "sum: 4.0 + 3.0 = 7.0"]
    assert "chosen" in (page.locator("#node-0").get_attribute("class") or "")
    page.locator("#node-0").click()
    assert page.locator("#node").input_value() == ""


def test_keys_buttons_slider_and_fragment_lead_to_steps(opened: Open) -> None:
    x = Value(3.0, name="x")
    page = opened(walkthrough((x * x + x).named("y")), fragment="#2")
    assert position(page) == 2
    for key, there in [("ArrowRight", 3), ("ArrowLeft", 2), ("End", 5), ("Home", 0)]:
        page.keyboard.press(key)
        assert position(page) == there
    page.keyboard.press("ArrowLeft")
    assert position(page) == 0
    for button, there in [("next", 1), ("back", 0), ("last", 5), ("first", 0)]:
        page.locator(f"#{button}").click()
        assert position(page) == there
    page.locator("#slider").focus()
    page.keyboard.press("ArrowRight")
    assert position(page) == 1
    assert page.locator("#slider").get_attribute("aria-valuetext") == "1 of 5: (x × x) is computed"


def test_it_plays_by_itself_to_the_end_and_can_be_paused(opened: Open) -> None:
    x = Value(3.0, name="x")
    page = opened(walkthrough((x * x + x).named("y")))
    page.locator("#speed").select_option("fast")
    page.locator("#picture").focus()
    page.keyboard.press(" ")
    assert page.locator("#play").inner_text() == "⏸ pause"
    page.get_by_text("step 2 of 5 · forward").wait_for()
    page.keyboard.press(" ")
    assert page.locator("#play").inner_text() == "▶ play"
    assert position(page) == 2
    page.locator("#play").click()
    page.get_by_text("step 5 of 5 · backward").wait_for()
    assert page.locator("#play").inner_text() == "▶ play"


def test_everything_can_be_reached_and_is_named_without_a_mouse(opened: Open) -> None:
    page = opened(walkthrough(Network().E_total))
    page.keyboard.press("ArrowRight")
    reached = []
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert {"first", "back", "play", "next", "last", "slider", "speed", "picture", "node"} <= {
        *reached
    }
    assert page.locator("#step").get_attribute("aria-live") == "polite"
    assert page.get_by_role("slider", name="Step").count() == 1
    assert page.get_by_role("img", name="Walk-through of E_total").count() == 1
    for name in ("One step on", "One step back", "To the first step", "To the last step"):
        assert page.get_by_role("button", name=name).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_the_picture_can_be_read(scheme: str, opened: Open) -> None:
    page = opened(walkthrough(Network().E_total, groups=Network().layers), color_scheme=scheme)
    for step in (0, 8, 25, 31):
        page.evaluate(f"show({step})")
        for text, ink, paper in page.evaluate(COLOURS):
            assert contrast(ink, paper) >= 4.5, (step, text, ink, paper)


# Every visible text of the boxes with its colour and that of its box, then those of the panels.
COLOURS = """() => {
  const found = [];
  for (const group of document.querySelectorAll(".node:not(.unmade)")) {
    const paper = getComputedStyle(group.querySelector("path, polygon")).fill;
    for (const text of group.querySelectorAll("text"))
      found.push([text.textContent, getComputedStyle(text).fill, paper]);
  }
  const panel = getComputedStyle(document.getElementById("step")).backgroundColor;
  for (const text of document.querySelectorAll("#step h2, #step p, #step th, #step td, .hint"))
    found.push([text.textContent, getComputedStyle(text).color, panel]);
  const page = getComputedStyle(document.body).backgroundColor;
  for (const text of document.querySelectorAll(".edge.now text"))
    found.push([text.textContent, getComputedStyle(text).fill, page]);
  return found;
}"""


def contrast(ink: str, paper: str) -> float:
    """The contrast ratio of two colours, as the accessibility guidelines (WCAG 2) define it."""
    lighter, darker = sorted(map(luminance, (ink, paper)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_hostile_names_run_no_script(opened: Open) -> None:
    leaves = [Value(1.0, name=name) for name in HOSTILE]
    walk = walkthrough(total(leaves).named(HOSTILE[0] + "!"), groups={n: [] for n in HOSTILE})
    page = opened(walk)
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("window.harmed === undefined")
    assert page.locator("script").count() == 2
    assert page.locator("img, svg svg").count() == 0
    options = page.locator("#node option").all_inner_texts()[1:]
    assert set(HOSTILE[3:5]) <= set(options)

    frame = opened(f"<!DOCTYPE html>{walk._repr_mimebundle_()['text/html']}")
    frame.frame_locator("iframe").locator("#last").click()
    assert frame.evaluate("window.harmed === undefined")
    assert frame.locator("script").count() == 0


def test_a_notebook_shows_the_frame_or_else_picture_and_ledger(opened: Open) -> None:
    bundle = walkthrough(Network().E_total)._repr_mimebundle_()
    page = opened(f"<!DOCTYPE html>{bundle['text/html']}")
    inside = page.frame_locator("iframe")
    inside.locator("#next").click()
    assert "step 1 of 31" in inside.locator("#count").inner_text()
    assert not page.locator("img").is_visible()

    # Notebooks that are not trusted take out frames, styles and scripts.
    stripped = re.sub(r"<(style|iframe)\b.*?</\1>", "", bundle["text/html"], flags=re.DOTALL)
    page = opened(f"<!DOCTYPE html>{stripped}")
    assert page.locator("img").is_visible()
    assert page.locator("img").evaluate("image => image.naturalWidth") > 500
    page.locator("summary").click()
    assert page.get_by_text("0.08216704056423078").first.is_visible()


def test_what_is_laid_out_late_still_fits(opened: Open) -> None:
    # JupyterLab lays out what is in the frame of a cell only when the cell comes into view.
    page = opened(walkthrough(Value(1.0, name="x")).html.replace("<body>", "<body hidden>"))
    assert page.evaluate("[innerWidth, svg.clientWidth]") == [1280, 0]
    page.evaluate("document.body.hidden = false")
    page.wait_for_function("svg.clientWidth > 1.49 * naturalWidth", timeout=5000)


def test_without_scripts_the_picture_and_the_ledger_are_there(opened: Open) -> None:
    page = opened(walkthrough(Network().E_total), java_script_enabled=False)
    assert page.get_by_text("Scripts may not run here").is_visible()
    assert not page.locator("#controls").is_visible()
    assert page.get_by_text("0.08216704056423078", exact=True).first.is_visible()
    assert page.get_by_text("grad 0.082167", exact=False).first.is_visible()


def test_on_paper_the_whole_ledger_is_there_and_the_controls_are_not(opened: Open) -> None:
    page = opened(walkthrough(Network().E_total))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("#controls").is_visible()
    assert page.locator("#forward tbody tr").last.is_visible()
    assert page.locator("#backward tbody tr").last.is_visible()
    assert page.locator("#count").evaluate("count => count.value") == "step 31 of 31 · backward"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#count").evaluate("count => count.value") == "step 0 of 31 · given"


@pytest.mark.parametrize("count", [1, 2, 300])
def test_graphs_of_every_size_can_be_walked_through(count: int, opened: Open) -> None:
    y = Value(0.5, name="x")
    for _ in range(count - 1):
        y = y.tanh()
    page = opened(walkthrough(y))
    page.keyboard.press("End")
    assert position(page) == 2 * (count - 1) + 1
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    now, frame = page.locator(".node.now").bounding_box(), page.locator("#picture").bounding_box()
    assert now is not None
    assert frame is not None
    assert frame["y"] - 5 <= now["y"]
    assert now["y"] + now["height"] <= frame["y"] + frame["height"] + 5


def test_the_size_and_the_theme_can_be_changed(opened: Open) -> None:
    page = opened(walkthrough(Network().E_total), color_scheme="light")
    width = page.locator("#picture svg").evaluate("svg => svg.clientWidth")
    page.locator("#larger").click()
    assert page.locator("#picture svg").evaluate("svg => svg.clientWidth") > width
    page.locator("#fit").click()
    assert page.locator("#picture svg").evaluate("svg => svg.clientWidth") == width
    assert luminance(page.evaluate("getComputedStyle(document.body).backgroundColor")) > 0.9
    page.locator("#theme").click()
    assert luminance(page.evaluate("getComputedStyle(document.body).backgroundColor")) < 0.1


def test_the_notebook_frame_is_the_page_to_the_letter() -> None:
    walk = walkthrough(Value(1.0, name='"&<>'))
    [inside] = re.findall(r'srcdoc="([^"]*)"', walk._repr_mimebundle_()["text/html"])
    assert html.unescape(inside) == walk.html
