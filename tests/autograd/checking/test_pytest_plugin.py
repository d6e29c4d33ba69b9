"""The plugin, in a pytest of its own."""

from __future__ import annotations

import pytest

pytest_plugins = "pytester"

PROGRAM = "from autograd import Value\na, b = Value(5.0), Value(6.0)\ny = a * b\n"
CLAIM = '[[claim]]\nquantity = "{}"\nprinted = "{}"\nwhere = "p. 1"\n'
OURS = ("-p", "no:scalar_autograd", "-p", "autograd.checking.pytest_plugin")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(net=PROGRAM)
    claims = [("y", "30"), ("dy/da", "-6.0"), ("y", "30")]
    text = 'script = "net.py"\n\n' + "\n".join(CLAIM.format(*claim) for claim in claims)
    pytester.makefile(".toml", net_claims=text, other=text)
    return pytester


def test_each_claim_is_a_test_case(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess(*OURS, "-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "net_claims.toml::y = 30 PASSED*",
            "net_claims.toml::dy/da = -6.0 FAILED*",
            "net_claims.toml::y = 30 (2) PASSED*",
            "wrong: sign flipped",
            "dy/da is printed as -6.0 (p. 1)",
            "computed: 6.0",
            "FAILED net_claims.toml::dy/da = -6.0 - wrong: sign flipped*",
        ]
    )


def test_what_comes_first_and_what_follows(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(net=PROGRAM + "z = 2.0 * y\nv = 3.0 * y\n")
    claims = [("y", "-30.000"), ("z", "-60.000"), ("dv/db", "-15.000")]
    text = 'script = "net.py"\n\n' + "\n".join(CLAIM.format(*claim) for claim in claims)
    pytester.makefile(".toml", claims=text)
    result = pytester.runpytest_inprocess(*OURS)
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            "wrong, start here: sign flipped",
            "follows from y = -30.000",
            "z is printed as -60.000 (p. 1)",
            "wrong: *sign flipped",
        ]
    )


def test_files_are_chosen_by_pattern(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nclaims_files = other.toml\n")
    result = project.runpytest_inprocess(*OURS, "other.toml")
    result.assert_outcomes(passed=2, failed=1)


@pytest.mark.parametrize("name", ["claims", "claims_net", "net_claims"])
def test_a_file_without_a_program(pytester: pytest.Pytester, name: str) -> None:
    pytester.makefile(".toml", **{name: CLAIM.format("y", "30")})
    result = pytester.runpytest_inprocess(*OURS)
    result.assert_outcomes(failed=1)
    path = str(pytester.path / f"{name}.toml")
    result.stdout.fnmatch_lines([f"{path} does not say which program computes its graph*"])
    assert "pytest_plugin.py" not in result.stdout.str()
    assert "CallInfo" not in result.stdout.str()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y = = 3", "*claims.toml cannot be read as TOML: *"),
        ('[[claim]]\nquantity = "y"\n', "*claim 1 (y): printed, where missing*"),
    ],
)
def test_a_file_that_cannot_be_read(pytester: pytest.Pytester, text: str, message: str) -> None:
    pytester.makefile(".toml", claims=text)
    result = pytester.runpytest_inprocess(*OURS)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])
    assert "pytest_plugin.py" not in result.stdout.str()


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        (
            PROGRAM + "def f():\n    return 1 / 0\nf()\n",
            ["*File*net.py*in f*", "ZeroDivisionError: division by zero"],
        ),
        ("raise SystemExit('no')\n", ["*File*net.py*", "SystemExit: no"]),
        ("a = = 3\n", ["*File*net.py*", "SyntaxError: invalid syntax"]),
        (None, ["*there is no such program*net.py*"]),
        ("n = 3\n", ["*net.py leaves no Value behind*"]),
    ],
)
def test_a_program_that_cannot_be_run(
    pytester: pytest.Pytester, program: str | None, lines: list[str]
) -> None:
    if program is not None:
        counted = "with open('runs', 'a') as file:\n    file.write('x')\n"
        pytester.path.joinpath("net.py").write_text(counted + program, encoding="utf-8")
    claims = 'script = "net.py"\n' + CLAIM.format("y", "30") + CLAIM.format("a", "5")
    pytester.makefile(".toml", claims=claims)
    result = pytester.runpytest_inprocess(*OURS)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["net.py cannot be run, or computes no graph:", *lines])
    assert "pytest_plugin.py" not in result.stdout.str()
    assert "runpy" not in result.stdout.str()
    if (runs := pytester.path / "runs").exists():
        assert runs.read_text(encoding="utf-8") == "x"


def test_an_update_that_cannot_be_applied(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(net=PROGRAM)
    update = '[update]\nrule = "sgd"\nlearning_rate = 1\nparameters = "q"\n'
    pytester.makefile(".toml", claims='script = "net.py"\n' + update + CLAIM.format("a+", "5"))
    result = pytester.runpytest_inprocess(*OURS)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*claims.toml: update: no leaf of the graph is meant by 'q'*"])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_an_assertion_says_how_far_off_the_number_is(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "from autograd import Value, printed\n"
        "def test_float():\n    assert 0.08236 == printed('0.0822')\n"
        "def test_value():\n    assert printed('0.0822') == Value(0.08236)\n"
        "def test_cut_off():\n    assert 0.08226 == printed('0.0822')\n"
        "def test_text():\n    assert printed('0.0822') == 'text'\n"
        "def test_other():\n    assert 1 == 2\n"
    )
    result = pytester.runpytest_inprocess(*OURS)
    result.assert_outcomes(failed=5)
    result.stdout.fnmatch_lines(
        [
            "E*0.08236 == printed('0.0822', 0.08215 to 0.08225)",
            "E*the number is 1.6 units of the last printed place (0.0001) above",
            "E*its digits are cut off, not rounded",
        ]
    )
