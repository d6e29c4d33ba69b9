"""What every operation makes of signed zeros, infinities, NaN and the ends of the range.

The tables are there to be read: `tiny` is the smallest float, 5e-324, `max` the largest, and `~` an
ordinary number, which is compared with 50 digits. `domain`, `zero` and `over` stand for ValueError,
ZeroDivisionError and OverflowError.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator

import mpmath
import pytest

from autograd import Value, gradients
from autograd.checking.evaluation import evaluate
from autograd.ops import TABLE
from autograd.rows import Op

NUMBERS = {
    "-inf": -math.inf,
    "-max": -sys.float_info.max,
    "-tiny": -5e-324,
    "max": sys.float_info.max,
    "tiny": 5e-324,
}
ERRORS = {"domain": ValueError, "zero": ZeroDivisionError, "over": OverflowError}

# Of one operand: result'slope.
OF_ONE = """
operation       -inf     -max    -tiny       -0        0     tiny      max      inf      nan
neg           inf'-1   max'-1  tiny'-1     0'-1    -0'-1 -tiny'-1  -max'-1  -inf'-1   nan'-1
abs           inf'-1   max'-1  tiny'-1      0'0      0'0   tiny'1    max'1    inf'1    nan'0
exp              0'0      0'0      1'1      1'1      1'1      1'1     over  inf'inf  nan'nan
expm1           -1'0     -1'0  -tiny'1     -0'1      0'1   tiny'1     over  inf'inf  nan'nan
log           domain   domain   domain   domain   domain    ~'inf      ~'~    inf'0  nan'nan
log1p         domain   domain  -tiny'1     -0'1      0'1   tiny'1      ~'~    inf'0  nan'nan
sqrt          domain   domain   domain   -0'inf    0'inf      ~'~      ~'~    inf'0  nan'nan
sin           domain      ~'~  -tiny'1     -0'1      0'1   tiny'1      ~'~   domain  nan'nan
cos           domain      ~'~   1'tiny      1'0     1'-0  1'-tiny      ~'~   domain  nan'nan
tan           domain      ~'~  -tiny'1     -0'1      0'1   tiny'1      ~'~   domain  nan'nan
tanh            -1'0     -1'0  -tiny'1     -0'1      0'1   tiny'1      1'0      1'0  nan'nan
erf             -1'0     -1'0  -tiny'~     -0'~      0'~   tiny'~      1'0      1'0  nan'nan
erfc            2'-0     2'-0      1'~      1'~      1'~      1'~     0'-0     0'-0  nan'nan
sigmoid          0'0      0'0 0.5'0.25 0.5'0.25 0.5'0.25 0.5'0.25      1'0      1'0  nan'nan
relu             0'0      0'0      0'0      0'0      0'0   tiny'1    max'1    inf'1    nan'1
leaky_relu    -inf'~      ~'~     -0'~     -0'~      0'~   tiny'1    max'1    inf'1    nan'1
elu             -1'0     -1'0  -tiny'1     -0'1      0'1   tiny'1    max'1    inf'1    nan'1
softplus         0'0      0'0    ~'0.5    ~'0.5    ~'0.5    ~'0.5    max'1    inf'1  nan'nan
silu         nan'nan     -0'0   -0'0.5   -0'0.5    0'0.5    0'0.5    max'1  inf'nan  nan'nan
gelu         nan'nan     -0'0   -0'0.5   -0'0.5    0'0.5    0'0.5    max'1  inf'nan  nan'nan
"""

# Of two: the left one down, the right one across.
OF_TWO = """
add            -inf        -1        -0         0      tiny       0.5       max       inf       nan
-inf           -inf      -inf      -inf      -inf      -inf      -inf      -inf       nan       nan
-1             -inf         ~        -1        -1        -1         ~       max       inf       nan
-0             -inf        -1        -0         0      tiny       0.5       max       inf       nan
0              -inf        -1         0         0      tiny       0.5       max       inf       nan
tiny           -inf        -1      tiny      tiny         ~       0.5       max       inf       nan
0.5            -inf         ~       0.5       0.5       0.5         1       max       inf       nan
max            -inf       max       max       max       max       max       inf       inf       nan
inf             nan       inf       inf       inf       inf       inf       inf       inf       nan
nan             nan       nan       nan       nan       nan       nan       nan       nan       nan

sub            -inf        -1        -0         0      tiny       0.5       max       inf       nan
-inf            nan      -inf      -inf      -inf      -inf      -inf      -inf      -inf       nan
-1              inf         0        -1        -1        -1         ~      -max      -inf       nan
-0              inf         1         0        -0     -tiny         ~      -max      -inf       nan
0               inf         1         0         0     -tiny         ~      -max      -inf       nan
tiny            inf         1      tiny      tiny         0         ~      -max      -inf       nan
0.5             inf         ~       0.5       0.5       0.5         0      -max      -inf       nan
max             inf       max       max       max       max       max         0      -inf       nan
inf             inf       inf       inf       inf       inf       inf       inf       nan       nan
nan             nan       nan       nan       nan       nan       nan       nan       nan       nan

mul            -inf        -1        -0         0      tiny       0.5       max       inf       nan
-inf            inf       inf       nan       nan      -inf      -inf      -inf      -inf       nan
-1              inf         1         0        -0     -tiny         ~      -max      -inf       nan
-0              nan         0         0        -0        -0        -0        -0       nan       nan
0               nan        -0        -0         0         0         0         0       nan       nan
tiny           -inf     -tiny        -0         0         0         0         ~       inf       nan
0.5            -inf         ~        -0         0         0      0.25         ~       inf       nan
max            -inf      -max        -0         0         ~         ~       inf       inf       nan
inf            -inf      -inf       nan       nan       inf       inf       inf       inf       nan
nan             nan       nan       nan       nan       nan       nan       nan       nan       nan

div            -inf        -1        -0         0      tiny       0.5       max       inf       nan
-inf            nan       inf      zero      zero      -inf      -inf      -inf       nan       nan
-1                0         1      zero      zero      -inf         ~         ~        -0       nan
-0                0         0      zero      zero        -0        -0        -0        -0       nan
0                -0        -0      zero      zero         0         0         0         0       nan
tiny             -0     -tiny      zero      zero         1         ~         0         0       nan
0.5              -0         ~      zero      zero       inf         1         ~         0       nan
max              -0      -max      zero      zero       inf       inf         1         0       nan
inf             nan      -inf      zero      zero       inf       inf       inf       nan       nan
nan             nan       nan      zero      zero       nan       nan       nan       nan       nan

pow            -inf        -1        -0         0      tiny       0.5       max       inf       nan
-inf              0        -0         1         1       inf       inf       inf       inf       nan
-1                1        -1         1         1    domain    domain         1         1       nan
-0              inf      zero         1         1         0         0         0         0       nan
0               inf      zero         1         1         0         0         0         0       nan
tiny            inf      over         1         1         1         ~         0         0       nan
0.5             inf         2         1         1         1         ~         0         0       nan
max               0         ~         1         1         1         ~      over       inf       nan
inf               0         0         1         1       inf       inf       inf       inf       nan
nan             nan       nan         1         1       nan       nan       nan       nan       nan

maximum        -inf        -1        -0         0      tiny       0.5       max       inf       nan
-inf           -inf        -1        -0         0      tiny       0.5       max       inf       nan
-1               -1        -1        -0         0      tiny       0.5       max       inf       nan
-0               -0        -0        -0         0      tiny       0.5       max       inf       nan
0                 0         0        -0         0      tiny       0.5       max       inf       nan
tiny           tiny      tiny      tiny      tiny      tiny       0.5       max       inf       nan
0.5             0.5       0.5       0.5       0.5       0.5       0.5       max       inf       nan
max             max       max       max       max       max       max       max       inf       nan
inf             inf       inf       inf       inf       inf       inf       inf       inf       nan
nan             nan       nan       nan       nan       nan       nan       nan       nan       nan

minimum        -inf        -1        -0         0      tiny       0.5       max       inf       nan
-inf           -inf      -inf      -inf      -inf      -inf      -inf      -inf      -inf       nan
-1             -inf        -1        -1        -1        -1        -1        -1        -1       nan
-0             -inf        -1        -0         0        -0        -0        -0        -0       nan
0              -inf        -1        -0         0         0         0         0         0       nan
tiny           -inf        -1        -0         0      tiny      tiny      tiny      tiny       nan
0.5            -inf        -1        -0         0      tiny       0.5       0.5       0.5       nan
max            -inf        -1        -0         0      tiny       0.5       max       max       nan
inf            -inf        -1        -0         0      tiny       0.5       max       inf       nan
nan             nan       nan       nan       nan       nan       nan       nan       nan       nan
"""

# base, exponent, and the slopes of base ** exponent by both.
POWERS = """
0 2 0 0
0 1 1 0
0 0.5 inf 0
0 0 0 0
-0 0.5 inf 0
tiny 0 0 -744.4400719213812
tiny 0.5 ~ ~
1e-308 -1 -inf -inf
-2 3 12 nan
inf 2 inf inf
inf -1 -0 nan
nan 2 nan nan
nan 0 nan nan
"""

# At a kink: x, the other operand, the result, and its slopes by both. All is as on the left of it,
# to the sign of a zero.
KINKS = """
leaky_relu  0  0.5   0  0.5  0
leaky_relu -0  0.5  -0  0.5 -0
leaky_relu  0 -0.5  -0 -0.5  0
leaky_relu -0 -0.5   0 -0.5 -0
elu         0  0.5   0  0.5  0
elu        -0  0.5  -0  0.5 -0
elu         0 -0.5  -0 -0.5  0
elu        -0 -0.5   0 -0.5 -0
"""

# The terms, the result and its slopes.
LOGARITHMS_OF_SUMS = """
inf | inf | nan
-inf | -inf | nan
inf 1 | inf | nan 0
-inf 1 | 1 | 0 1
-inf -inf | -inf | nan nan
nan inf | nan | nan nan
max 0 | max | 1 0
-max 0 | 0 | 0 1
-max max | max | 0 1
tiny -0 | 0.6931471805599453 | 0.5 0.5
"""


def number(text: str) -> float:
    return NUMBERS[text] if text in NUMBERS else float(text)


def tables(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Operation, name of the row, name of the column and cell, for every cell."""
    for table in text.strip().split("\n\n"):
        head, *lines = [line.split() for line in table.splitlines()]
        for row, *cells in lines:
            for column, cell in zip(head[1:], cells, strict=True):
                yield head[0], row, column, cell


def assert_cell(cell: str, found: float, exact: Callable[[], mpmath.mpf]) -> None:
    if cell != "~":
        assert found.hex() == number(cell).hex(), (cell, found)
        return
    assert math.isfinite(found)
    with mpmath.workdps(50):
        # mpmath has no subnormal numbers, so theirs is one unit at least.
        assert found == pytest.approx(float(exact()), rel=1e-15, abs=5e-324)


@pytest.mark.parametrize(("place", "column", "cell"), [c[1:] for c in tables(OF_ONE)])
def test_operations_of_one_operand(place: str, column: str, cell: str) -> None:
    op, x = TABLE[place], Value(number(column))
    if cell in ERRORS:
        with pytest.raises(ERRORS[cell], match=f"{op.name} cannot take x = "):
            op(x, *op.defaults)
        return
    output = op(x, *op.defaults)
    value, slope = cell.split("'")
    assert_cell(value, output.data, lambda: evaluate(output, numbers=mpmath).value)
    assert_cell(slope, output.partials[0], lambda: evaluate(output, numbers=mpmath).gradients[x])


@pytest.mark.parametrize(("name", "row", "column", "cell"), list(tables(OF_TWO)))
def test_operations_of_two_operands(name: str, row: str, column: str, cell: str) -> None:
    op, a, b = TABLE[name], number(row), number(column)
    pairs: list[tuple[Value | float, Value | float]]
    pairs = [(Value(a), Value(b)), (Value(a), b), (a, Value(b))]
    for operands in pairs:
        if cell in ERRORS:
            with pytest.raises(ERRORS[cell], match=f"{name} cannot take"):
                op(*operands)
            continue
        output = op(*operands)
        assert isinstance(output, Value)

        def exact(output: Value = output) -> mpmath.mpf:
            return evaluate(output, numbers=mpmath).value

        assert_cell(cell, output.data, exact)


@pytest.mark.parametrize("line", POWERS.strip().splitlines())
def test_slopes_of_powers(line: str) -> None:
    base, exponent, by_base, by_exponent = line.split()
    operands = [Value(number(base)), Value(number(exponent))]
    output = TABLE["pow"](*operands)
    exact = [lambda x=x: evaluate(output, numbers=mpmath).gradients[x] for x in operands]
    for cell, found, reference in zip(
        (by_base, by_exponent), gradients(output, operands), exact, strict=True
    ):
        # Sums do not keep the sign of a zero.
        assert_cell("0" if cell == "-0" else cell, found, reference)


@pytest.mark.parametrize("line", KINKS.strip().splitlines())
def test_kinks(line: str) -> None:
    name, *cells = line.split()
    x, other, *expected = map(number, cells)
    output = TABLE[name](Value(x), Value(other))
    found = [output.data, *output.partials]
    assert [each.hex() for each in found] == [each.hex() for each in expected]


@pytest.mark.parametrize("line", LOGARITHMS_OF_SUMS.strip().splitlines())
def test_logarithms_of_sums(line: str) -> None:
    terms, value, slopes = (part.split() for part in line.split("|"))
    output = TABLE["logsumexp"]([Value(number(term)) for term in terms])
    assert output.data == pytest.approx(number(value[0]), rel=1e-15, nan_ok=True)
    assert output.partials == pytest.approx([number(s) for s in slopes], rel=1e-15, nan_ok=True)


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
def test_no_operation_is_forgotten(op: Op) -> None:
    written = {row for _, row, _, _ in tables(OF_ONE)} | {name for name, *_ in tables(OF_TWO)}
    # These are sums of products or choose one of their operands.
    written |= {"dot", "total", "mean", "where", "logsumexp"}
    assert op.name in written


def test_sums_start_from_nothing() -> None:
    """Not from 0.0, which would make 0 of −0."""
    for name, terms in [("total", [-0.0, -0.0]), ("mean", [-0.0]), ("total", [-0.0])]:
        assert TABLE[name]([Value(term) for term in terms]).data.hex() == "-0x0.0p+0"
    assert TABLE["dot"]([Value(-0.0)], [1.0], -0.0).data.hex() == "-0x0.0p+0"
    assert TABLE["total"]([Value(sys.float_info.max)] * 2).data == math.inf
    assert math.isnan(TABLE["mean"]([Value(math.inf), Value(-math.inf)]).data)
