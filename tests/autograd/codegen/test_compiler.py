"""Which C compiler is taken, and that nobody else can slip in a compiled program."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograd.codegen import compile, compiler
from autograd.codegen.compiler import _folder, is_usable, library

pytestmark = pytest.mark.skipif(os.name == "nt", reason="owners and modes are those of POSIX")
with_compiler = pytest.mark.skipif(not is_usable(), reason="there is no C compiler")
SOURCE = "int answer(void) { return 42; }\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    is_usable.cache_clear()
    yield tmp_path / "scalar-autograd" / "programs"
    is_usable.cache_clear()


@with_compiler
def test_a_program_is_compiled_once(cache: Path) -> None:
    first, was_there = library(SOURCE)
    assert first.answer() == 42
    assert not was_there
    again, was_there = library(SOURCE)
    assert again.answer() == 42
    assert was_there
    assert len(list(cache.iterdir())) == 1


@with_compiler
def test_another_source_compiler_or_level_is_another_program(cache: Path) -> None:
    library(SOURCE)
    library(SOURCE.replace("42", "43"))
    library(SOURCE, "-O0")
    assert len(list(cache.iterdir())) == 3


@with_compiler
def test_the_cache_is_the_users_alone(cache: Path) -> None:
    library(SOURCE)
    assert cache.stat().st_mode & 0o777 == 0o700
    assert cache.stat().st_uid == os.geteuid()


@pytest.mark.parametrize("mode", [0o777, 0o750, 0o500])
def test_a_folder_that_others_can_use_or_we_cannot_is_not_used(cache: Path, mode: int) -> None:
    cache.mkdir(parents=True)
    cache.chmod(mode)
    if mode == 0o500 and os.geteuid() == 0:
        pytest.skip("root can write anywhere")
    assert _folder() != cache
    assert _folder().stat().st_mode & 0o777 == 0o700
    cache.chmod(0o700)


def test_a_link_is_not_used(cache: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    cache.parent.mkdir(parents=True)
    cache.symlink_to(elsewhere)
    assert _folder() not in (cache, elsewhere)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_a_folder_of_somebody_else_is_not_used(cache: Path) -> None:
    cache.mkdir(parents=True, mode=0o700)
    os.chown(cache, 12345, 12345)
    assert _folder() != cache


def test_a_cache_that_cannot_be_made_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert _folder().is_dir()
    assert tmp_path not in _folder().parents


@with_compiler
def test_what_is_left_of_an_accident_is_compiled_again() -> None:
    command = [*compiler.compiler(), *compiler._FLAGS, "-O1"]
    found = _folder() / (compiler._key(SOURCE, command) + compiler._SUFFIX)
    found.write_bytes(b"\x7fELF cut short")
    made, was_there = library(SOURCE)
    assert made.answer() == 42
    assert not was_there


@with_compiler
def test_many_can_compile_the_same_at_once(cache: Path) -> None:
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(library(SOURCE)[0].answer()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [42] * 8
    assert len(list(cache.iterdir())) == 1


@with_compiler
def test_a_later_process_finds_the_program(cache: Path) -> None:
    program = (
        "from autograd.codegen import compile\n"
        "f = compile(lambda x: x * x, 'c')\n"
        "print(f(3.0), f.report().cache_hit)\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert outputs == [["9.0", "False"], ["9.0", "True"]]
    assert cache.is_dir()


def test_without_a_compiler_c_is_refused_and_auto_is_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    f = compile(lambda x: x * x, "auto")
    assert (f(3.0), f.backend) == (9.0, "python")
    with pytest.raises(RuntimeError, match="needs a C compiler, and there is no cc, gcc or clang"):
        compile(lambda x: x * x, "c")(3.0)


def test_a_compiler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler -m64")
    with pytest.raises(RuntimeError, match="CC is 'no-such-compiler -m64', but there is no such"):
        compile(lambda x: x * x, "c")(3.0)


def test_a_compiler_that_fails_is_quoted_and_auto_is_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'no space left' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    with pytest.raises(RuntimeError, match="refused a program: no space left"):
        compile(lambda x: x * x, "c")(3.0)
    assert compile(lambda x: x * x, "auto").backend == "python"


@with_compiler
def test_the_ziglang_package_is_the_last_resort(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert compiler.compiler() == [sys.executable, "-m", "ziglang", "cc"]


@with_compiler
def test_auto_is_c_where_it_works() -> None:
    assert compile(lambda x: x * x, "auto").backend == "c"
