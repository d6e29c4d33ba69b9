from __future__ import annotations

import keyword

import pytest

from autograd.codegen.naming import Names, identifier


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("net_h1", "net_h1"),
        ("E total", "E_total"),
        ("∂E/∂w5", "dE_dw5"),
        ("σ′(z)", "sigma_prime_z"),
        ("Σ", "Sigma"),
        ("x₁²", "x12"),
        ("Höhe", "Hohe"),
        ("w5+", "w5_plus"),
        ("2nd", "_2nd"),
        ("_private_", "_private_"),
        ("猫", ""),
        ("", ""),
    ],
)
def test_names_become_identifiers_of_ascii_letters(name: str, expected: str) -> None:
    assert identifier(name) == expected


def test_no_name_is_given_twice_or_taken_from_the_languages() -> None:
    names = Names(["w"])
    given = [names.given(n) for n in ("w", "w", "exp", "lambda", "double", "猫", "猫", "w_2", "v")]
    assert len(set(given)) == len(given)
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in given)
    assert not {"w", "exp", "lambda", "double", "v"} & set(given)
    assert given[0] == "w_2"


def test_a_long_row_of_equal_names_stays_cheap() -> None:
    names = Names()
    given = [names.given("net") for _ in range(20_000)]
    assert given[-1] == "net_20000"
