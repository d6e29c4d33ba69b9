"""Tables: columns stand below each other in a terminal, HTML says nothing it was not told."""

from __future__ import annotations

from autograd.checking.table import html_table, text_table, text_width


def test_wide_and_combining_letters_keep_the_columns_aligned() -> None:
    lines = text_table(["名", "v"], [["輸出", "1"], ["x\u0302", "2"], ["ab", "3"]]).splitlines()
    assert lines == ["名    v", "────  ─", "輸出  1", "x\u0302     2", "ab    3"]
    assert text_width("\uff25\uff57") == 4


def test_empty_columns_are_left_out() -> None:
    assert text_table(["a", "b", "c"], [["1", "", "2"]]).splitlines()[0] == "a  c"


def test_a_last_column_that_finds_no_room_stands_below_its_rows() -> None:
    rows = [["E", "1.5", "three words here"], ["w", "2", ""]]
    wide = text_table(["name", "value", "note"], rows, 29)
    assert wide == text_table(["name", "value", "note"], rows)
    assert text_table(["name", "value", "note"], rows, 17).splitlines() == [
        "name  value",
        "────  ─────",
        "E     1.5",
        "    three words",
        "    here",
        "w     2",
    ]


def test_html_leaves_out_empty_columns_too() -> None:
    html = html_table(["a", "b"], [["1", ""], ["2", ""]], ["good", "bad"], "")
    assert html.count("<td") == 2
    assert ">b<" not in html


def test_html_is_escaped() -> None:
    html = html_table(["<h>"], [["<script>&\"'"]], ["bad"], "<caption>")
    for text in ("&lt;h&gt;", "&lt;script&gt;&amp;&quot;&#x27;", "&lt;caption&gt;"):
        assert text in html
    assert "<script>" not in html
