"""Three articles with mistakes of many kinds, from the claims file to the diagnosis.

Their numbers, right and wrong, were worked out apart from the engine.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd.checking import Report, Row, Verdict, read_claims, verify
from autograd.checking.scripts import run_script

ARTICLES = Path(__file__).parent / "articles"

WRONG = {
    "tangent": {
        "n2": "w21 taken for w22 in n2",
        "z": "values rounded to 2 decimal places on the way, fewer than are printed",
        "∂y/∂z": "the logistic derivative y·(1 − y) used on tanh at z",
        "∂E/∂n1": "tanh′ at n1 forgotten",
        "∂E/∂w21": "v1 taken for v2 in ∂z/∂h2",
        "v1+": "climbed: the step added along the gradient instead of against it",
        "w11+": "hidden gradients from the already updated output weights (v1, v2)",
    },
    "entropy": {
        "z3": "the bias b forgotten in z3",
        "dL/dw1": "3 times the right number: a 1/3 lost",
        "w1 after 2 updates": "the bias correction omitted",
        "w2 after 3 updates": "β₁ and β₂ swapped",
        "L after 3 updates": "one update fewer: 2 updates made",
    },
    "residual": {
        "dE/do": "the exponent as a factor of the derivative forgotten, base o − t",
        "dE/du": "the path to u over r missing: only the one over y kept (= for +=)",
        "a1 after 2 updates": "the raw previous gradient in the momentum instead of the previous "
        "step",
        "a2 after 3 updates": "the momentum left out",
    },
}
FOLLOWING = {
    "tangent": {"h2": ("n2",), "∂E/∂z": ("∂y/∂z",)},
    "entropy": {"p3": ("z3",)},
    "residual": {"dE/da1": ("dE/du",)},
}


def checked(name: str) -> Report:
    file = ARTICLES / f"{name}.toml"
    document = read_claims(file)
    found = run_script(document.script, file.parent)
    return verify(found.outputs, document.claims, found.values, document.update)


def having(report: Report, verdict: Verdict) -> list[Row]:
    return [row for row in report.rows if row.verdict is verdict]


@pytest.mark.parametrize("name", WRONG)
def test_an_article(name: str) -> None:
    report = checked(name)
    assert report.ok, "what is marked as known to be wrong, and nothing else, is wrong"
    wrong = {row.claim.quantity: row.diagnosis[0].text for row in having(report, Verdict.WRONG)}
    assert wrong == WRONG[name]
    following = {row.claim.quantity: row.follows_from for row in having(report, Verdict.FOLLOWS)}
    assert following == FOLLOWING[name]
    assert not having(report, Verdict.ROUNDED)
    assert not having(report, Verdict.UNKNOWN)


def test_the_articles_hold_at_least_seven_kinds_of_mistakes() -> None:
    kinds = {
        row.diagnosis[0].mistake for name in WRONG for row in having(checked(name), Verdict.WRONG)
    }
    assert len(kinds) >= 7, kinds
