"""C source to a loaded library: which compiler, where results are kept, and for whom."""

from __future__ import annotations

import atexit
import ctypes
import functools
import hashlib
import importlib.util
import os
import platform
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["compiler", "is_usable", "library"]

# Results are those of Python's own arithmetic and of the C library that Python calls: nothing is
# contracted into fused operations, reordered, or computed beforehand by the compiler, whose pow
# and exp may differ from the library's in the last bit.
_FLAGS = [
    *("-std=c11", "-shared", "-fPIC", "-ffp-contract=off", "-fno-fast-math", "-fno-builtin"),
    *("-fno-math-errno", "-ftrapping-math", "-fno-sanitize=undefined"),
]
_SUFFIX = ".dll" if os.name == "nt" else ".so"


def compiler() -> list[str]:
    """The command of the C compiler: `CC`, cc, gcc, clang, or that of the ziglang package.

    Raises RuntimeError if there is none.
    """
    given = shlex.split(os.environ.get("CC", ""))
    for command in [given] if given else [["cc"], ["gcc"], ["clang"]]:
        if found := shutil.which(command[0]):
            return [found, *command[1:]]
    if given:
        raise RuntimeError(
            f"the environment variable CC is {os.environ['CC']!r}, but there is no such program: "
            f"set it to a C compiler, or unset it"
        )
    if importlib.util.find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc"]
    raise RuntimeError(
        'backend "c" needs a C compiler, and there is no cc, gcc or clang on the PATH: install '
        'one, or `pip install ziglang`, which brings one; backend "python" needs nothing'
    )


@functools.cache
def is_usable() -> bool:
    """Whether there is a C compiler that works."""
    try:
        library("int one(void) { return 1; }\n")
    except RuntimeError:
        return False
    return True


def library(source: str, level: str = "-O1") -> tuple[ctypes.CDLL, bool]:
    """The compiled source, and whether it was found compiled already.

    Raises RuntimeError if it cannot be compiled or loaded.
    """
    command = [*compiler(), *_FLAGS, level]
    folder = _folder()
    path = folder / (_key(source, command) + _SUFFIX)
    if path.exists():
        # What cannot be loaded, because a disk was full perhaps, is compiled again.
        with suppress(OSError):
            return ctypes.CDLL(str(path)), True
    _compile(source, command, path)
    try:
        return ctypes.CDLL(str(path)), False
    except OSError as error:
        raise RuntimeError(f"the compiled program could not be loaded: {error}") from error


def _key(source: str, command: list[str]) -> str:
    """The name of the result: another one for whatever could make it another result."""
    made_by = Path(command[0]).stat()
    facts = [source, *command, str(made_by.st_size), str(made_by.st_mtime_ns)]
    facts += [platform.machine(), platform.platform(), *platform.libc_ver()]
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:40]


def _compile(source: str, command: list[str], path: Path) -> None:
    """Compile beside the path and move the result there, which no reader can see half done."""
    with tempfile.TemporaryDirectory(dir=path.parent) as own:
        text, made = Path(own) / "program.c", Path(own) / path.name
        text.write_text(source, encoding="ascii")
        done = subprocess.run(
            [*command, "-o", str(made), str(text), "-lm"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise RuntimeError(
                f"the C compiler {command[0]} refused a program: "
                f"{done.stderr.strip()[:1000] or f'it ended with {done.returncode}'}"
            )
        try:
            made.replace(path)
        except PermissionError:
            # Windows keeps a library that another process has loaded; it is the same one.
            if not path.exists():
                raise


def _folder() -> Path:
    """Where compiled programs are kept: where nobody else can put one."""
    with suppress(OSError):
        folder = _user_cache() / "scalar-autograd" / "programs"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_private(folder):
            return folder
    return _temporary_folder()


def _user_cache() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir())
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given)
    home = Path("~").expanduser()
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"


def _is_private(folder: Path) -> bool:
    """Whether it is a folder of this user's, in which nobody else can write, and writable."""
    about = folder.lstat()
    if os.name == "nt":
        return stat.S_ISDIR(about.st_mode)
    return (
        stat.S_ISDIR(about.st_mode)
        and about.st_uid == os.geteuid()
        and not about.st_mode & 0o077
        and os.access(folder, os.W_OK | os.X_OK)
    )


@functools.cache
def _temporary_folder() -> Path:
    """A folder for this process alone, where there is no other."""
    folder = tempfile.mkdtemp(prefix="scalar-autograd-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
