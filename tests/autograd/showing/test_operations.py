from __future__ import annotations

import pydoc

import pytest

import autograd
from autograd.ops import TABLE
from autograd.rows import Op
from autograd.showing.operations import operations_table
from autograd.symbol import Symbol, variables, write


def test_the_table_has_a_line_for_every_operation_and_stays_readable() -> None:
    lines = operations_table().splitlines()[2:]
    assert [line.partition("(")[0] for line in lines] == [
        f"| `{op.__reduce__()}" for op in TABLE.values()
    ]
    assert max(map(len, lines)) < 180
    assert all(line.replace(r"\|", "").count("|") == 5 for line in lines)


def test_the_table_tells_what_an_operand_is_that_is_not_given() -> None:
    assert "| `leaky_relu(x, slope=0.01)` |" in operations_table()


@pytest.mark.parametrize("op", TABLE.values(), ids=str)
def test_help_tells_every_partial_the_domain_and_an_example(op: Op) -> None:
    shown = pydoc.render_doc(getattr(autograd, op.__reduce__()), renderer=pydoc.TextDoc())
    for parameter, partial in zip(op.parameters, op.partials, strict=True):
        slope = partial(Symbol("y"), *variables(op))
        for part in slope if isinstance(slope, tuple) else [slope]:
            assert write(part, "text") in shown.partition(f"∂y/∂{parameter} = ")[2]
    assert f"Domain: {op.requires}" in shown
    assert ("At a kink" in shown) == (op.kink is not None)
    assert ">>>" in shown
