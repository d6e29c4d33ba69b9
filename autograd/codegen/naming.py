"""Names for the variables of a program: those of the graph, as identifiers."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable

from autograd.symbol import PYTHON_NAMES

__all__ = ["Names", "identifier"]

_C_KEYWORDS = re.findall(
    r"\w+",
    """
    auto break case char const continue default do double else enum extern float for goto if
    inline int long register restrict return short signed sizeof static struct switch typedef
    union unsigned void volatile while
    """,
)

# Functions of `math` that no program calls, since C or numpy has others.
_FREE = {"comb", "degrees", "dist", "e", "gamma", "perm", "pi", "prod", "radians", "tau", "ulp"}

_IN_C = {
    *("DBL_MAX", "ERRORS", "ALL", "FOR_LANES", "INLINE_FOR_LANES", "LANES", "SHUFFLED"),
    *("add_four", "add_one", "in_all", "in_any", "lanes", "masks"),
    *("one_seed", "apart", "unaligned"),
    *(f"each_{name}" for name in ("choose", "fabs", *PYTHON_NAMES)),
}

_RESERVED = {
    *keyword.kwlist,
    *_C_KEYWORDS,
    *_IN_C,
    *(PYTHON_NAMES.keys() - _FREE),
    *("abs", "NAN", "INFINITY", "where", "arguments", "parameters", "results", "seed", "v"),
}

_WORDS = {"′": "_prime", "″": "_second", "+": "_plus", "-": "_minus", "−": "_minus", "∂": "d"}


def identifier(name: str) -> str:
    """The name with what Python and C allow, as near as that comes.

    >>> [identifier(name) for name in ("net_h1", "σ(net)", "w5+", "z″", "2x")]
    ['net_h1', 'sigma_net', 'w5_plus', 'z_second', '_2x']
    """
    if name.isascii() and name.isidentifier():
        return name
    text = "".join(map(_ascii, name))
    text = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]+", "_", text))
    text = text.rstrip("_") if not name.endswith("_") else text
    text = text.lstrip("_") if not name.startswith("_") else text
    return f"_{text}" if text[:1].isdigit() else text


def _ascii(character: str) -> str:
    if character in _WORDS:
        return _WORDS[character]
    # A letter with its accents apart from it, which are no ASCII.
    apart = unicodedata.normalize("NFKD", character)
    if plain := "".join(filter(str.isascii, apart)):
        return plain
    described = unicodedata.name(apart[0], "")
    letter = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", described)
    if letter is None:
        return "_"
    return letter[2].capitalize() if letter[1] == "CAPITAL" else letter[2].lower()


class Names:
    """Gives out names, each once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*_RESERVED, *taken}
        self._numbers: dict[str, int] = {}

    def given(self, name: str) -> str:
        """The name as an identifier, with a number if it is taken already."""
        wish = identifier(name) or "x"
        found = wish
        while found in self.taken:
            self._numbers[wish] = self._numbers.get(wish, 1) + 1
            found = f"{wish}_{self._numbers[wish]}"
        self.taken.add(found)
        return found
