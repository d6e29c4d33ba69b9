"""What an operation may be made of: an error names the operation, the argument and what came."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import Value, scalar_rule
from autograd.rows import Op
from autograd.spelling import Spelling


def made(**different: Any) -> Op:
    parts: dict[str, Any] = {
        "name": "product",
        "value": lambda a, b: a * b,
        "partials": [lambda y, a, b: b, lambda y, a, b: a],
        **different,
    }
    return scalar_rule(parts.pop("name"), parts.pop("value"), *parts.pop("partials"), **parts)


@pytest.mark.parametrize(
    ("argument", "thing", "kind", "says"),
    [
        ("name", 3, TypeError, "name is 3 (int), not text"),
        ("name", "", ValueError, "needs a name"),
        ("value", 3, TypeError, "value is 3 (int), not a function of the operands"),
        ("partials", [3, None], TypeError, "the partial towards 'a' is 3 (int), not a function"),
        ("symbol", 3, TypeError, "symbol is 3 (int), not text"),
        ("requires", None, TypeError, "requires is None (NoneType), not text"),
        ("advice", ["x"], TypeError, "advice is ['x'] (list), not text"),
        ("spelling", 3, TypeError, "spelling is 3 (int), not a Spelling for each language"),
        ("spelling", {"c": "{0}"}, TypeError, "spelling is {'c': '{0}'} (dict), not a Spelling"),
        ("sequences", 3, TypeError, "sequences is 3 (int), not a list of the operands' names"),
        ("sequences", "a", TypeError, "as in sequences=['a']"),
        ("conditions", [3], TypeError, "conditions is [3] (list), not a list of the operands'"),
        ("conditions", ["c"], TypeError, "has no operand 'c'"),
        ("domain", 3, TypeError, "domain is 3 (int), not a list of pairs of numbers"),
        ("domain", [1, 2], TypeError, "as in domain=[(-1.0, 1.0), (-1.0, 1.0)]"),
        ("domain", [(1,), (2,)], TypeError, "not a list of pairs"),
        ("domain", [("0", "1"), (0, 1)], TypeError, "not a list of pairs of numbers"),
        ("domain", [(0, 1)], ValueError, "1 intervals for 2 operands (a, b)"),
        ("domain", [(0, 1), (2, 1)], ValueError, "cannot pick 'b' in (2, 1)"),
        ("domain", [(-math.inf, 0), (0, 1)], ValueError, "cannot pick 'a' in (-inf, 0)"),
        ("domain", [(0, math.inf), (0, 1)], ValueError, "cannot pick 'a' in (0, inf)"),
        ("domain", [(math.nan, 0), (0, 1)], ValueError, "two finite numbers"),
        ("kink", 0.0, TypeError, "kink is 0.0 (float), no Kink"),
    ],
)
def test_a_part_of_the_wrong_kind(
    argument: str, thing: object, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind) as caught:
        made(**{argument: thing})
    assert says in str(caught.value)
    assert argument == "name" or str(caught.value).startswith("operation 'product'")


def test_parts_of_the_right_kind_are_kept() -> None:
    spelling = {"text": Spelling("{0} times {1}")}
    op = made(domain=[[0, 1], (2.0, 2.0)], conditions={"b"}, symbol="p", spelling=spelling)
    assert op.domain == ([0, 1], (2.0, 2.0))
    assert (op.conditions, op.symbol, op.spelling) == ({"b"}, "p", spelling)
    assert op(Value(3.0), 2.0).data == 6.0
