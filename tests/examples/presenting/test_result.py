from __future__ import annotations

from autograd import Value, verify
from examples.presenting import Example, Row, Table, claims_table

a = Value(2.0, "a")
TITLE = ("quantity", "printed", "computed", "verdict")


def shown(*tables: Table) -> Example:
    return Example("name", "title", tables)


def test_claims_become_rows_with_a_status() -> None:
    table = claims_table(verify(a, {"a": "2.0", "da/da": "3", "b": "1"}))
    assert table.headings == TITLE
    assert [row.cells for row in table.rows] == [
        ("a", "2.0", "2.0", "✓ agrees"),
        ("da/da", "3", "1.0", "✗ wrong"),
        ("b", "1", "", "✗ unknown quantity"),
    ]
    assert [row.status for row in table.rows] == ["agrees", "fails", "fails"]
    assert "b" in table.rows[2].note


def test_summary_counts_what_was_checked_in_all_tables() -> None:
    right, wrong = Row(("1",), "agrees"), Row(("2",), "fails")
    known, silent = Row(("3",), "known wrong"), Row(("4",))
    tables = [Table("", ("",), rows) for rows in [(right, silent), (right, known, wrong)]]
    assert shown(*tables).summary == "4 checked: 2 agree, 1 known wrong, 1 WRONG"
    assert shown(*tables).failures == (wrong,)
    assert shown(Table("", ("",), (silent,))).summary == "nothing to check"


def test_text_tables_and_figures_are_told_apart() -> None:
    table = Table("", ("",), ())
    example = Example("name", "title", ("a paragraph", table))
    assert example.tables == (table,)
    assert example.figures == ()
