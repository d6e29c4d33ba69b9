"""Whatever names say, nothing that shows them runs a script, fetches a thing or is a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from autograd import Update, Value, check_gradients, draw, draw_layers, explain, total, verify
from autograd.checking.claims import Claim
from autograd.checking.report import Report
from autograd.showing import Drawing, Unit, walkthrough

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

HOSTILE = [
    "<script>window.harmed = 1</script>",
    "</title></text></svg><script>window.harmed = 2</script>",
    "\"><img src='missing' onerror='window.harmed = 3'>",
    '" onload="window.harmed = 4',
    "' onclick='window.harmed = 5",
    'x", URL="javascript:window.harmed = 6", tooltip="',
    'x\\", href="javascript:window.harmed = 7"]; y [label="',
    "javascript:window.harmed = 8",
    "]]><script>window.harmed = 9</script><![CDATA[",
    "--><script>window.harmed = 10</script><!--",
    "&lt;script&gt;window.harmed = 11&lt;/script&gt;",
    "&#60;script&#62;window.harmed = 12&#60;/script&#62;",
    "<<b>bold</b>>",
    "<a xlink:href='javascript:window.harmed = 13'>here</a>",
    "<foreignObject><iframe srcdoc='<script>parent.harmed = 14</script>'></foreignObject>",
    "\\N\\G\\E\\l|{<port>}",
    "<?xml-stylesheet href='missing.css'?><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "${window.harmed = 15}{{constructor.constructor('window.harmed = 16')()}}",
    "*/ } </style><script>window.harmed = 17</script>",
]


@pytest.fixture
def y() -> Value:
    leaves = [Value(0.1 * place, name=name) for place, name in enumerate(HOSTILE, 1)]
    result = total([leaf.tanh().named(f"{leaf.name}!") for leaf in leaves]).named(HOSTILE[0] * 2)
    result.backward()
    return result


def forward(y: Value) -> Drawing:
    groups = {f"{node.name}?": [node] for node in y.parents}
    return draw(y, groups=groups)


def layers(y: Value) -> Drawing:
    weights = [node.parents[0] for node in y.parents]
    return draw_layers([[Unit(name, weights, weights[0]) for name in HOSTILE]], inputs=HOSTILE)


def report(y: Value) -> Report:
    claims = [Claim(name, "7", name, known_wrong=name) for name in HOSTILE]
    claims += [Claim(f"d{y.name}/d{name}", "0.5", name) for name in HOSTILE]
    return verify(
        y,
        [*claims, Claim(f"{HOSTILE[0]}+", "1")],
        update=Update("sgd", 0.1, [y.parents[0].parents[0]]),
    )


# Every way to show names, as a file or as part of a page.
SHOWN: dict[str, Callable[[Value], str]] = {
    "picture": lambda y: forward(y).svg,
    "reversed": lambda y: draw(y, direction="backward").svg,
    "in a notebook": lambda y: forward(y)._repr_mimebundle_()["text/html"],
    "layers": lambda y: layers(y).svg,
    "end of a walk-through": lambda y: walkthrough(y).svg,
    "animation": lambda y: walkthrough(y).animation,
    "claims": lambda y: report(y).to_html(),
    "slopes": lambda y: check_gradients(lambda x: x * x, y.parents[2].parents[0])._repr_html_(),
    "ledger": lambda y: explain(y, y.parents[0]).ledger._repr_html_(),
}
shown = pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)


def assert_harmless(page: Page) -> None:
    """Nothing ran while it was loaded, and nothing is there that could be made to run."""
    for element in page.locator("svg text, td, caption").all()[:50]:
        element.dispatch_event("click")
    assert page.evaluate("window.harmed === undefined")
    dangerous = "script, iframe, foreignObject, a, object, embed, [onload], [onerror], [onclick]"
    assert page.locator(dangerous).count() == 0
    assert page.locator("img:not([src^='data:image/svg+xml;base64,'])").count() == 0


@shown
def test_on_its_own(show: Callable[[Value], str], y: Value, opened: Open) -> None:
    assert_harmless(opened(show(y)))


@shown
def test_inside_a_page(show: Callable[[Value], str], y: Value, opened: Open) -> None:
    inner = show(y)
    if inner.startswith("<?xml"):
        inner = inner[inner.index("<svg") :]
    page = opened(f"<!DOCTYPE html><title>A page</title><body><p>before</p>{inner}<p>after</p>")
    assert_harmless(page)
    assert page.locator("body > p").all_inner_texts() == ["before", "after"]


@pytest.mark.usefixtures("backend")
def test_both_ways_to_lay_out(y: Value, opened: Open) -> None:
    page = opened(forward(y).svg)
    assert_harmless(page)
    assert page.locator("g.node").count() == 2 * len(HOSTILE) + 1


def test_names_are_shown_as_they_are(opened: Open) -> None:
    for name in ["<b>&amp;</b>", '"><img src=x>', "javascript:alert(1)"]:
        shown = opened(draw(Value(1.0, name=name)).svg).locator("g.node text").first.text_content()
        assert (shown or "").replace("\N{NO-BREAK SPACE}", " ") == name
