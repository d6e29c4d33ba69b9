"""The layout of the house: what stands where, and which way imports point.

Every rule is a function from a checkout to the list of its violations. Each is proven able to
fail on small trees that break it, then applied to this checkout.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FACE = "autograd/__init__.py"
PACKAGES = ("autograd", "nn", "examples")
AT_THE_TOP = {*PACKAGES, "tests", "pyproject.toml", "README.md", "LICENSE"}
MOST_LINES = 400
SOURCES = {".py", ".js", ".css", ".html"}

# What each part of autograd may import of the others. `__init__` and `__main__` stand above all.
CORE = ("backprop", "spelling", "rows", "ops", "symbol", "recording", "value", "functional")
BELOW: dict[str, tuple[str, ...]] = {
    "backprop": (),
    "spelling": (),
    "row_parts": ("spelling",),
    "rows": ("spelling", "row_parts"),
    "ops": ("spelling", "rows"),
    "symbol": ("backprop", "spelling", "rows", "ops"),
    "recorder": ("rows", "ops", "symbol"),
    "recording": ("rows",),
    "copying": ("backprop", "rows"),
    "value": ("backprop", "rows", "ops", "symbol", "recorder", "recording", "copying"),
    "storing": ("backprop", "rows", "ops", "copying", "value"),
    "functional": ("backprop", "rows", "ops", "symbol", "recording", "value"),
    "codegen": CORE,
    "checking": CORE,
    "showing": (*CORE, "checking"),
    "__main__": ("", *CORE, "codegen", "checking", "showing"),
}

# The table of operations is one list of rows, however long it grows.
LONG_TABLES = {Path("autograd/ops.py")}

Rule = Callable[[Path], list[str]]


def modules(root: Path, package: str) -> dict[str, Path]:
    """Every module of the package by its dotted name; a package goes by its own name."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path, known: set[str]) -> Iterator[tuple[int, str]]:
    """Line and module of every import, wherever it stands; `from a import b` is a.b if a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = name.split(".") if path.stem == "__init__" else name.split(".")[:-1]
                above = here[: len(here) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield node.lineno, whole if whole in known else base


def own_imports(root: Path, package: str) -> Iterator[tuple[str, str, str]]:
    """Place, importing module and imported module, for every import of ours in the package."""
    known = {name for each in PACKAGES for name in modules(root, each)}
    for name, path in modules(root, package).items():
        for line, imported in imports(name, path, known):
            if imported.split(".")[0] in {*PACKAGES, "tests"}:
                yield f"{path.relative_to(root)}:{line}", name, imported


def engine_imports_point_down(root: Path) -> list[str]:
    violations = []
    for place, name, imported in own_imports(root, "autograd"):
        if imported.split(".")[0] != "autograd":
            violations.append(f"{place}: autograd imports {imported}")
            continue
        part, target = (f"{module}.".split(".")[1] for module in (name, imported))
        if part not in {"", target} and target not in BELOW.get(part, ()):
            violations.append(f"{place}: {part} imports {target or 'the face of the package'}")
    return violations


def engine_parts_have_a_layer(root: Path) -> list[str]:
    parts = {name.split(".")[1] for name in modules(root, "autograd") if "." in name}
    return [f"autograd.{part} stands in no layer" for part in sorted(parts - BELOW.keys())]


def users_import_faces_only(root: Path) -> list[str]:
    faces = {"nn": {"autograd"}, "examples": {"autograd", "nn"}}
    return [
        f"{place}: {package} imports {imported}"
        for package, allowed in faces.items()
        for place, _, imported in own_imports(root, package)
        if imported not in allowed and imported.split(".")[0] != package
    ]


def imports_form_no_cycle(root: Path) -> list[str]:
    graph: dict[str, list[str]] = {}
    for package in PACKAGES:
        for _, name, imported in own_imports(root, package):
            graph.setdefault(name, []).append(imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [f"imports form a cycle: {' <- '.join(error.args[1])}"]
    return []


def face_only_re_exports(root: Path) -> list[str]:
    path = root / FACE
    if not path.exists():
        return [f"{FACE} is missing"]

    def belongs(statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):
                return True
            case ast.ImportFrom(module=module, level=level, names=names):
                ours = level > 0 or (module or "").split(".")[0] in {"autograd", "__future__"}
                # The table lists its own functions, so that a new row needs no second entry.
                return ours and (
                    module == "autograd.ops" or all(alias.name != "*" for alias in names)
                )
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
                return all(isinstance(name, ast.Constant) for name in names)
            case _:
                return False

    return [
        f"{FACE}:{statement.lineno}: more than a re-export"
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        if not belongs(statement)
    ]


def files_are_short(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {lines} lines, more than {MOST_LINES}"
        for package in (*PACKAGES, "tests")
        for path in sorted((root / package).rglob("*"))
        if path.suffix in SOURCES
        and path.relative_to(root) not in LONG_TABLES
        and "output" not in path.parts  # what the examples wrote
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    ]


def tracked_by_git(root: Path) -> set[str] | None:
    """First part of every tracked path; None outside a checkout or without git."""
    if not (root / ".git").exists() or shutil.which("git") is None:
        return None
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False
    )
    if listing.returncode:
        return None
    return {path.split("/")[0] for path in listing.stdout.split("\0") if path}


def top_is_as_agreed(root: Path) -> list[str]:
    names = tracked_by_git(root)
    if names is None:
        ignored = (root / ".gitignore").read_text(encoding="utf-8").split("\n")
        names = {
            path.name
            for path in root.iterdir()
            if not any(fnmatch(path.name, pattern) for pattern in ignored)
        }
    foreign = {name for name in names - AT_THE_TOP if not name.startswith(".")}
    return [f"{name} does not belong at the top" for name in sorted(foreign)]


BROKEN: list[tuple[Rule, dict[str, str], str]] = [
    (
        engine_imports_point_down,
        {"autograd/ops.py": "import math\nimport autograd.value"},
        "autograd/ops.py:2: ops imports value",
    ),
    (
        engine_imports_point_down,
        {"autograd/ops.py": "from autograd import value"},
        "autograd/ops.py:1: ops imports value",
    ),
    (
        engine_imports_point_down,
        {"autograd/ops.py": "from autograd import Value"},
        "autograd/ops.py:1: ops imports the face of the package",
    ),
    (
        engine_imports_point_down,
        {"autograd/backprop.py": "from autograd.ops import OPS"},
        "autograd/backprop.py:1: backprop imports ops",
    ),
    (
        engine_imports_point_down,
        {"autograd/symbol.py": "from .value import Value"},
        "autograd/symbol.py:1: symbol imports value",
    ),
    (
        engine_imports_point_down,
        {"autograd/value.py": "def f():\n    from . import functional"},
        "autograd/value.py:2: value imports functional",
    ),
    (
        engine_imports_point_down,
        {"autograd/ops.py": "if TYPE_CHECKING:\n    from autograd.value import Value"},
        "autograd/ops.py:2: ops imports value",
    ),
    (
        engine_imports_point_down,
        {"autograd/checking/claims.py": "from ..showing.drawing import draw"},
        "autograd/checking/claims.py:1: checking imports showing",
    ),
    (
        engine_imports_point_down,
        {"autograd/checking/__init__.py": "from ..codegen import c"},
        "autograd/checking/__init__.py:1: checking imports codegen",
    ),
    (
        engine_imports_point_down,
        {"autograd/showing/page.py": "import autograd.codegen.c as c"},
        "autograd/showing/page.py:1: showing imports codegen",
    ),
    (
        engine_imports_point_down,
        {"autograd/functional.py": "import nn"},
        "autograd/functional.py:1: autograd imports nn",
    ),
    (
        engine_imports_point_down,
        {"autograd/__main__.py": "from nn.layers import Layer"},
        "autograd/__main__.py:1: autograd imports nn.layers",
    ),
    (engine_parts_have_a_layer, {"autograd/extra.py": ""}, "autograd.extra stands in no layer"),
    (
        engine_parts_have_a_layer,
        {"autograd/extra/deep.py": ""},
        "autograd.extra stands in no layer",
    ),
    (
        users_import_faces_only,
        {"nn/layers.py": "from autograd.value import Value"},
        "nn/layers.py:1: nn imports autograd.value",
    ),
    (
        users_import_faces_only,
        {"nn/layers.py": "from autograd import value"},
        "nn/layers.py:1: nn imports autograd.value",
    ),
    (
        users_import_faces_only,
        {"nn/layers.py": "from examples import mazur"},
        "nn/layers.py:1: nn imports examples.mazur",
    ),
    (
        users_import_faces_only,
        {"examples/mazur.py": "from autograd.showing import draw"},
        "examples/mazur.py:1: examples imports autograd.showing",
    ),
    (
        users_import_faces_only,
        {"examples/mazur.py": "from nn import layers"},
        "examples/mazur.py:1: examples imports nn.layers",
    ),
    (
        users_import_faces_only,
        {"examples/mazur.py": "import tests.helpers"},
        "examples/mazur.py:1: examples imports tests.helpers",
    ),
    (
        imports_form_no_cycle,
        {"nn/optim.py": "import nn.layers", "nn/layers.py": "import nn.optim"},
        "imports form a cycle: nn.layers <- nn.optim <- nn.layers",
    ),
    (
        imports_form_no_cycle,
        {"nn/layers.py": "import nn"},
        "imports form a cycle: nn <- nn.layers <- nn",
    ),
    *(
        (face_only_re_exports, {FACE: statement}, f"{FACE}:1: more than a re-export")
        for statement in (
            "import math",
            "from numpy import array",
            "from autograd.value import *",
            "def half(): return 0.5",
            "half = 0.5",
            "__all__ = [name for name in names]",
            "__all__ = [name]",
        )
    ),
    *(
        (files_are_short, {path: "pass\n" * 401}, f"{path}: 401 lines, more than 400")
        for path in ("autograd/value.py", "autograd/showing/page.html", "tests/test_value.py")
    ),
    (top_is_as_agreed, {"notes.md": ""}, "notes.md does not belong at the top"),
    (top_is_as_agreed, {"tools/run.py": ""}, "tools does not belong at the top"),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in BROKEN))
SOUND = {
    ".ci/run": "",
    ".gitignore": "# residue\nbuild\n*.egg-info\n",
    "LICENSE": "",
    "README.md": "",
    "pyproject.toml": "",
    "build/lib/a.py": "",
    "scalar_autograd.egg-info/PKG-INFO": "",
    FACE: '"""Face."""\nfrom __future__ import annotations\n'
    "from autograd.value import Value\nfrom .checking import verify\n__all__ = ['Value', 'verify']",
    "autograd/__main__.py": "from autograd import Value\nfrom autograd.showing.drawing import draw",
    "autograd/rows.py": "import math",
    "autograd/ops.py": "from autograd import rows",
    "autograd/backprop.py": "pass\n" * 400,
    "autograd/symbol.py": "from autograd.ops import OPS",
    "autograd/value.py": "from .symbol import Symbol\nfrom . import backprop",
    "autograd/functional.py": "from autograd.value import Value",
    "autograd/codegen/__init__.py": "from autograd.codegen.c import program",
    "autograd/codegen/c.py": "from autograd.functional import gradients",
    "autograd/checking/__init__.py": "from .claims import verify",
    "autograd/checking/claims.py": "from ..value import Value",
    "autograd/showing/drawing.py": "import graphviz\nfrom autograd.checking import verify",
    "nn/__init__.py": "from nn import layers\nfrom .optim import SGD",
    "nn/layers.py": "import autograd\nfrom autograd import Value",
    "nn/optim.py": "from . import layers",
    "examples/__main__.py": "from examples import mazur",
    "examples/mazur.py": "import nn\nfrom autograd import Value\nfrom nn import SGD",
    "tests/test_value.py": "from autograd.value import Value",
}


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", RULES)
def test_this_checkout_keeps_the_rule(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_sound_tree_keeps_the_rule(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path, SOUND)) == []


@pytest.mark.parametrize(("rule", "files", "violation"), BROKEN)
def test_a_tree_that_breaks_the_rule_is_reported(
    rule: Rule, files: dict[str, str], violation: str, tmp_path: Path
) -> None:
    assert rule(plant(tmp_path, SOUND | files)) == [violation]


def test_face_cannot_be_missing(tmp_path: Path) -> None:
    assert face_only_re_exports(tmp_path) == [f"{FACE} is missing"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_in_a_git_checkout_only_tracked_files_count(tmp_path: Path) -> None:
    plant(tmp_path, SOUND | {"scratch.py": "", "kept.py": ""})
    for command in (["init", "--quiet"], ["add", "LICENSE", "autograd", "kept.py"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    assert tracked_by_git(tmp_path) == {"LICENSE", "autograd", "kept.py"}
    assert top_is_as_agreed(tmp_path) == ["kept.py does not belong at the top"]
