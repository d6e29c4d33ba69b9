from __future__ import annotations

import base64
import re

from examples.presenting import Example, Figure, Row, Table
from examples.presenting.page import page_html

HOSTILE = "<b>&\"'</b>"
ESCAPED = "&lt;b&gt;&amp;&quot;&#x27;&lt;/b&gt;"


def test_text_from_anywhere_is_escaped() -> None:
    row = Row((HOSTILE,), "fails", group=HOSTILE, note=HOSTILE)
    table = Table(HOSTILE, (HOSTILE,), (row,), HOSTILE)
    figure = Figure("net", HOSTILE, "<svg/>")
    page = page_html([Example("name", HOSTILE, (HOSTILE, table, figure), source=HOSTILE)])
    assert "<b>" not in page
    # Title (2), paragraph, table (6), caption (2), source (2).
    assert page.count(ESCAPED) == 13


def test_picture_stands_in_the_page_and_links_to_its_file() -> None:
    page = page_html([Example("name", "title", (Figure("net", "caption", "<svg>σ</svg>"),))])
    [data] = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert base64.b64decode(data).decode() == "<svg>σ</svg>"
    assert page.count('href="net.svg"') == 2


def test_png_is_shown_as_such() -> None:
    page = page_html([Example("name", "title", (Figure("net", "caption", png=b"bytes"),))])
    [data] = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert base64.b64decode(data) == b"bytes"
    assert page.count('href="net.png"') == 2


def test_rows_show_their_status() -> None:
    statuses = (Row(("1",), "agrees"), Row(("2",), "known wrong", note="why"), Row(("3",)))
    page = page_html([Example("name", "title", (Table("", ("x",), statuses),))])
    assert '<tr class="agrees"><td>1</td></tr>' in page
    assert '<tr class="known-wrong"><td>2</td></tr>' in page
    assert '<tr class="note known-wrong"><td colspan="1">why</td></tr>' in page
    assert 'class="card agrees"' in page
