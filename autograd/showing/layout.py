"""DOT source to SVG: by an installed `dot`, otherwise by Graphviz compiled to WebAssembly."""

from __future__ import annotations

import shutil
import subprocess

from autograd.showing import webassembly

__all__ = ["FONT", "svg_from_dot"]

# The WebAssembly build knows the widths of a few fonts by name, not of a list of families. Text
# fits its box everywhere if it is laid out for Verdana, a wide font, and shown in Verdana where
# there is one (Windows, macOS) or in its equally wide sister (Linux).
FONT = "Verdana"
_FAMILIES = "Verdana,DejaVu Sans,sans-serif"

# Seconds. Old versions of `dot` need a minute for some graphs that today's build does in a
# tenth of a second, so its replacement gets a chance too.
_DOT_TIMEOUT = 15.0
_WEBASSEMBLY_TIMEOUT = 30.0


def svg_from_dot(source: str) -> str:
    """The SVG text that DOT source draws, starting at its `<svg` tag.

    A `dot` program on the PATH does the layout. Where there is none, or it fails, Graphviz
    compiled to WebAssembly does it inside this process: the same picture, a few points wider or
    narrower. Raises TimeoutError when the layout takes too long, RuntimeError when neither can
    lay the source out.

    >>> svg_from_dot('digraph { x -> y [label="0.5"] }')[:4]
    '<svg'
    """
    program = shutil.which("dot")
    if program is None:
        return _finished(webassembly.render_svg(source, _WEBASSEMBLY_TIMEOUT))
    try:
        return _finished(_installed_dot(program, source))
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        try:
            return _finished(webassembly.render_svg(source, _WEBASSEMBLY_TIMEOUT))
        except (RuntimeError, TimeoutError) as error:
            raise type(error)(f"{error} (before that, {program} failed too: {problem})") from None


def _installed_dot(program: str, source: str) -> str:
    finished = subprocess.run(
        [program, "-Tsvg"],
        input=source.encode(),
        capture_output=True,
        check=True,
        timeout=_DOT_TIMEOUT,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # exists on Windows only
    )
    return finished.stdout.decode()


def _finished(svg: str) -> str:
    """Without the prolog, which HTML does not allow and which names the version of `dot`."""
    return svg[svg.index("<svg") :].replace(f'font-family="{FONT}"', f'font-family="{_FAMILIES}"')
