"""`python -m autograd`: check the numbers of an article, or the derivatives of a function."""

from __future__ import annotations

import argparse
import inspect
import io
import runpy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from autograd import Value
from autograd.checking import check_gradients, read_claims, verify
from autograd.checking.junit import junit_xml
from autograd.checking.scripts import run_script, split
from autograd.showing.operations import operations_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit status: 0, 1 for what is wrong, 2 for misuse."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        status: int = given.run(given)
    except (OSError, ValueError, TypeError) as error:
        if given.trace:
            raise
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m autograd", description=__doc__)
    parser.add_argument("--trace", action="store_true", help="show where an error comes from")
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("verify", help="check the claims of a file against a program")
    command.add_argument("claims", type=Path, help="a claims file, in TOML")
    command.add_argument(
        "script",
        nargs="?",
        default="",
        help="net.py, or net.py:function: the program that computes the graph, if the claims "
        "file does not name it",
    )
    command.add_argument("--html", type=Path, metavar="FILE", help="write the table as a page")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON")
    command.add_argument("--junit", type=Path, metavar="FILE", help="write test cases as JUnit XML")
    command.set_defaults(run=_verify)

    command = commands.add_parser("check", help="compare derivatives with measured slopes")
    command.add_argument("function", metavar="FILE:function", help="takes Values, returns one")
    command.add_argument(
        "--at", type=float, nargs="+", metavar="X", help="the inputs; else the default values"
    )
    command.add_argument("--tolerance", type=float, default=1e-6, help="default: %(default)g")
    command.set_defaults(run=_check)

    command = commands.add_parser("operations", help="the table of operations, in Markdown")
    command.set_defaults(run=_operations)
    return parser


def _verify(given: argparse.Namespace) -> int:
    document = read_claims(given.claims)
    if given.script:
        found = run_script(given.script)
    elif document.script:
        found = run_script(document.script, given.claims.parent)
    else:
        raise ValueError(
            f"which program computes the graph? Give it behind {given.claims}, or begin that file "
            f'with script = "net.py"'
        )
    report = verify(found.outputs, document.claims, found.values, document.update)
    print(report)
    for path, text in (
        (given.html, report.to_html),
        (given.json, report.to_json),
        (given.junit, lambda: junit_xml(report, given.claims.stem)),
    ):
        if path is not None:
            path.write_text(text(), encoding="utf-8", newline="\n")
    return 0 if report.ok else 1


def _check(given: argparse.Namespace) -> int:
    path, name = split(given.function)
    if not name:
        raise ValueError(f"write FILE:function, as in net.py:loss, not {given.function!r}")
    function = runpy.run_path(path, run_name=Path(path).stem).get(name)
    if not callable(function):
        raise ValueError(f"{path} has no function {name!r}")
    report = check_gradients(function, *_inputs(function, given.at), tolerance=given.tolerance)
    print(report)
    print(f"\n{report.summary}")
    return 0 if report.ok else 1


def _inputs(function: Callable[..., Value], at: Sequence[float] | None) -> Sequence[float | Value]:
    if at is not None:
        return at
    parameters = inspect.signature(function).parameters.values()
    missing = [p.name for p in parameters if p.default is p.empty]
    if missing:
        raise ValueError(
            f"{', '.join(missing)} of {getattr(function, '__name__', function)} "
            f"{'has' if len(missing) == 1 else 'have'} no default value: give the inputs with --at"
        )
    return [p.default for p in parameters]


def _operations(given: argparse.Namespace) -> int:
    del given
    print(operations_table())
    return 0


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or pipe that knows no ∂ shows a question mark instead of failing.
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
