"""The one check that no other distribution has overwritten this project's packages.

It stands in ``nn`` because another distribution's ``autograd/__init__.py`` may have
replaced this project's own, which then can check nothing.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution


def require_own_packages() -> None:
    """Check that no other distribution shares this project's package names.

    The distributions ``autograd`` and ``nn`` on PyPI install top-level packages of those
    same names. Installers overwrite one with the other without a word, and what is left is
    a mixture of both.

    Raises:
        ImportError: one of them is installed beside ``scalar-autograd``.

    Example:
        >>> require_own_packages()
    """
    for name in ("autograd", "nn"):
        try:
            other = distribution(name)
        except PackageNotFoundError:
            continue
        raise ImportError(
            f"the distribution {name!r} {other.version} is installed in this environment, "
            f"and its files and those of 'scalar-autograd' overwrite each other. Use a fresh "
            f"environment (python3 -m venv .venv) and install only one of the two there"
        )
