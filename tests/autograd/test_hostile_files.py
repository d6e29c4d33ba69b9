"""Claims files and graphs of a stranger, read by a Python that reports whatever it does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Takes what to do and the files to do it with. Prints for each file what came out of it, and what
# Python says that it did meanwhile: opened, compiled, ran, imported, started, connected to.
WATCHED = """
import json, sys
from autograd import from_json, load_claims, verify
from autograd.checking import read_claims

def read(file):
    if file.endswith(".json"):
        with open(file, encoding="utf-8") as text:
            return from_json(text.read())
    return load_claims(file), read_claims(file)

def check(file):
    graph = read(file)
    report = verify(graph, file.removesuffix(".json") + ".toml")
    return str(report) + report.to_html() + report.to_json()

def run(file):
    with open(file) as text:
        exec(text.read())

def watch(event, arguments):
    if watching:
        events.append([event, *map(repr, arguments)])

watching, events = False, []
sys.addaudithook(watch)
for file in sys.argv[2:]:
    events.clear()
    watching = True
    try:
        outcome = {"read": read, "check": check, "run": run}[sys.argv[1]](file)
    except (TypeError, ValueError, OverflowError) as error:
        outcome = error
    watching = False
    print(json.dumps([str(outcome), events]))
"""
Outcome = tuple[str, list[list[str]]]
Watched = Callable[[str, Sequence[Path]], list[Outcome]]

SECRET = "the words of another file"
CLAIM = "[[claim]]\nquantity = {0}\nprinted = '1'\nwhere = {0}\nknown_wrong = {0}\n"
HARMLESS = CLAIM.format("'a'")
UPDATE = "[update]\nrule = {}\nlearning_rate = 0.1\nparameters = [{}]\nobjective = {}\n"


@pytest.fixture
def watched() -> Watched:
    def watch(action: str, files: Sequence[Path]) -> list[Outcome]:
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, action, *map(str, files)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        outcomes = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(outcomes) == len(files) > 0
        return outcomes

    return watch


@pytest.fixture
def hostile_words(tmp_path: Path) -> list[str]:
    """Words that run a program or tell a secret, if they are taken for more than words."""
    trap, secret, trace = (tmp_path / name for name in ("trap.py", "secret", "trace"))
    trap.write_text(f"open({str(trace)!r}, 'w')\n")
    secret.write_text(SECRET)
    command = f"touch {trace}"
    run_the_trap = f"exec(open({str(trap)!r}).read())"
    return [
        *(f"__import__('os').system({command!r})", run_the_trap, "lambda: 1", "x := 1", "9**9"),
        *(f"$({command})", f"`{command}`", f"| {command}", "!!python/object:os.getcwd []"),
        *("{0.__class__.__init__.__globals__}", "{self!r:>999999999}", "%(x)s %n", "${HOME}"),
        *(secret.as_uri(), str(secret), f"@{secret}", f"{secret}\0", "../secret", r"\\host\secret"),
        *("trap.py", "trap", "trap.py:open", f"d{trap}/d{secret}", f"d({run_the_trap})/dx"),
        *("1e999999999", "1" * 5000, "(" * 5000, "d" + "/d" * 300, "a after 99,999,999 updates"),
        *("\u202ex\r\n\x1b[2J", "</script><script>alert(1)</script>", "os.system('x')+", "a++"),
    ]


def written(folder: Path, ending: str, texts: Sequence[str]) -> list[Path]:
    files = [folder / f"{count}{ending}" for count in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def claims(words: Sequence[str]) -> str:
    """A claims file with these words wherever a claim holds text that is not digits."""
    return "".join(map(CLAIM.format, map(json.dumps, words)))


def graph(names: Sequence[str], **changes: object) -> dict[str, object]:
    """Products of two leaves, named like this: that many graphs in one document."""
    nodes: list[dict[str, object]] = [{"name": name, "data": 2.0} for name in names]
    for i, name in enumerate(names):
        operands = [{"node": i}, {"node": 0}]
        nodes.append(
            {"op": "mul", "operands": operands, "partials": [2.0, 2.0], "data": 4.0}
            | {"name": f"({name})"}
        )
    whole = {"format": "autograd graph", "version": 1, "nodes": nodes}
    return whole | {"output": [len(names) + i for i in range(len(names))]} | changes


def opened(events: list[list[str]]) -> list[list[str]]:
    """Which files were opened, and how."""
    return [event[1:3] for event in events if event[0] == "open"]


def test_the_watch_sees_what_must_not_happen(watched: Watched, tmp_path: Path) -> None:
    """Else whatever a file did would content the tests below."""
    program, secret = tmp_path / "program.py", tmp_path / "secret"
    secret.write_text(SECRET)
    program.write_text(
        f"import os, socket, subprocess, wave\neval('1 + 1')\nopen({str(secret)!r}).close()\n"
        "os.system('exit')\nsocket.socket().close()\n"
        f"subprocess.run([{sys.executable!r}, '-c', ''])\n"
    )
    [(_, events)] = watched("run", [program])
    seen = {event for event, *_ in events}
    assert seen >= {"import", "compile", "exec", "os.system", "socket.__new__", "subprocess.Popen"}
    assert opened(events)[0] == [repr(str(program)), "'r'"]
    assert [repr(str(secret)), "'r'"] in opened(events)


def test_to_read_claims_opens_the_file_and_does_nothing_else(
    watched: Watched, tmp_path: Path, hostile_words: list[str]
) -> None:
    texts = [claims(hostile_words)]
    for word in map(json.dumps, hostile_words):
        texts += [
            f"script = {word}\n{HARMLESS}",
            UPDATE.format("'sgd'", word, word) + HARMLESS,
            UPDATE.format(word, word, word) + HARMLESS,
            HARMLESS.replace("'1'", word),
            f"{word} = {word}\n{HARMLESS}",
        ]
    for number in ("[" * 9999, "{a = " * 9999, "0x" + "f" * 9999, "9" * 9999, "1e999"):
        texts += [
            f"script = {number}\n{HARMLESS}",
            UPDATE.format(number, number, number) + HARMLESS,
        ]
    files = written(tmp_path, ".toml", texts)
    for file, (outcome, events) in zip(files, watched("read", files), strict=True):
        assert {event for event, *_ in events} == {"open"}
        assert opened(events) in ([[repr(str(file)), "'r'"]] * times for times in (1, 2))
        assert SECRET not in outcome
    assert not (tmp_path / "trace").exists()


def test_to_read_a_graph_does_nothing_at_all(
    watched: Watched, tmp_path: Path, hostile_words: list[str]
) -> None:
    leaf: dict[str, object] = {"data": 1.0}
    product = {"op": "mul", "operands": [{"node": 0}, 2.0], "partials": [2.0], "data": 2.0}
    documents = [graph(hostile_words)]
    for word in hostile_words:
        documents += [graph(["a"], **{key: word}) for key in ("output", "format", "nodes", word)]
        documents += [graph(["a"], output={word: 0}), graph(["a"], nodes=[{"data": word}])]
        documents += [
            graph(["a"], nodes=[leaf, product | {key: word}], output=1)
            for key in ("op", "operands", "partials", word)
        ]
    texts = [
        *map(json.dumps, documents),
        "[" * 99_999,
        '{"a":' * 99_999,
        "9" * 9_999,
        "1e999",
        "NaN",
    ]
    files = written(tmp_path, ".json", texts)
    for file, (outcome, events) in zip(files, watched("read", files), strict=True):
        # The one file is opened by the test itself: `from_json` takes text.
        assert [event[:3] for event in events] == [["open", repr(str(file)), "'r'"]]
        assert SECRET not in outcome
    assert not (tmp_path / "trace").exists()


def test_to_check_a_strangers_claims_about_a_strangers_graph_runs_none_of_their_words(
    watched: Watched, tmp_path: Path, hostile_words: list[str]
) -> None:
    """All that is compiled are the operations, and their source is the same whatever the names."""

    def checked(stem: str, words: list[str]) -> list[list[str]]:
        derivatives = [f"d({word})/d{word}" for word in words]
        wrong = claims([*words, *derivatives]).replace("known_wrong", "# ")
        (tmp_path / f"{stem}.toml").write_text(wrong, encoding="utf-8")
        file = tmp_path / f"{stem}.json"
        file.write_text(json.dumps(graph(words)), encoding="utf-8")
        [(outcome, events)] = watched("check", [file])
        assert f"{2 * len(words)} claims: wrong" in outcome
        assert SECRET not in outcome
        assert {event for event, *_ in events} <= {"open", "compile", "exec", "builtins.id"}
        expected = [[repr(str(tmp_path / (stem + end))), "'r'"] for end in (".json", ".toml")]
        assert opened(events) == expected
        return [event for event in events if event[0] == "compile"]

    sources = checked("innocent", [f"w{i}" for i in range(len(hostile_words))])
    assert sources == checked("hostile", hostile_words) != []
    assert not (tmp_path / "trace").exists()
