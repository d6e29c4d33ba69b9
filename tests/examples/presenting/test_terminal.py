from __future__ import annotations

from pathlib import Path

from examples.presenting import Example, Figure, Row, Table
from examples.presenting.terminal import example_text, table_text


def test_columns_are_aligned_under_their_groups() -> None:
    rows = (
        Row(("net_h1", "0.3775"), group="forward pass"),
        Row(("E", "0.298"), group="forward pass"),
        Row(("∂E/∂w5", "0.08"), group="backward pass"),
    )
    assert table_text(Table("Title", ("quantity", "printed"), rows, "3 claims"), 80) == (
        "Title\n"
        "\n"
        "quantity  printed\n"
        "────────  ───────\n"
        "· forward pass\n"
        "net_h1    0.3775\n"
        "E         0.298\n"
        "· backward pass\n"
        "∂E/∂w5    0.08\n"
        "\n"
        "3 claims"
    )


def test_notes_are_wrapped_below_their_row() -> None:
    table = Table("", ("x",), (Row(("1",), note="one two three four"),))
    assert table_text(table, 16).splitlines()[2:] == ["1", "    one two", "    three four"]


def test_text_is_wrapped_and_pictures_are_named_by_their_file() -> None:
    example = Example("name", "Title", ("one two three", Figure("net", "a picture", "<svg/>")))
    assert example_text(example, {"net": Path("net.svg")}, 20) == (
        "Title\n═════\n\none two three\n\nPicture: a picture\nnet.svg"
    )
