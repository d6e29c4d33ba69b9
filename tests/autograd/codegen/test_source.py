"""Programs read like what a person would write: document 000's network, to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from autograd import Value, dot, relu, sigmoid
from autograd.codegen import CompiledFunction, compile
from autograd.codegen.compiler import is_usable
from autograd.codegen.targets import Backend

START = (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)

PYTHON = """\
from math import exp


def value_and_gradients(arguments, parameters):
    (i1, i2, target_o1, target_o2) = arguments
    (w1, w2, b1, w3, w4, w5, w6, b2, w7, w8) = parameters

    # forward
    net_h1 = w1 * i1 + w2 * i2 + b1
    # out_h1 = sigmoid(net_h1)
    t1 = exp(-abs(net_h1))
    out_h1 = (1.0 if net_h1 >= 0.0 else t1) / (1.0 + t1)
    net_h2 = w3 * i1 + w4 * i2 + b1
    # out_h2 = sigmoid(net_h2)
    t2 = exp(-abs(net_h2))
    out_h2 = (1.0 if net_h2 >= 0.0 else t2) / (1.0 + t2)
    net_o1 = w5 * out_h1 + w6 * out_h2 + b2
    # out_o1 = sigmoid(net_o1)
    t3 = exp(-abs(net_o1))
    out_o1 = (1.0 if net_o1 >= 0.0 else t3) / (1.0 + t3)
    net_o2 = w7 * out_h1 + w8 * out_h2 + b2
    # out_o2 = sigmoid(net_o2)
    t4 = exp(-abs(net_o2))
    out_o2 = (1.0 if net_o2 >= 0.0 else t4) / (1.0 + t4)
    v1 = target_o1 - out_o1
    E_o1 = 0.5 * v1 ** 2.0
    v2 = target_o2 - out_o2
    E_o2 = 0.5 * v2 ** 2.0
    E_total = E_o1 + E_o2

    # backward: dE_total_dx stands for ∂E_total/∂x
    dE_total_dv2 = 0.5 * (2.0 * v2)
    dE_total_dout_o2 = -dE_total_dv2
    dE_total_dnet_o2 = dE_total_dout_o2 * (out_o2 * (1.0 - out_o2))
    dE_total_dw7 = dE_total_dnet_o2 * out_h1
    dE_total_dw8 = dE_total_dnet_o2 * out_h2
    dE_total_dv1 = 0.5 * (2.0 * v1)
    dE_total_dout_o1 = -dE_total_dv1
    dE_total_dnet_o1 = dE_total_dout_o1 * (out_o1 * (1.0 - out_o1))
    dE_total_dw5 = dE_total_dnet_o1 * out_h1
    dE_total_dw6 = dE_total_dnet_o1 * out_h2
    dE_total_dout_h1 = dE_total_dnet_o2 * w7 + dE_total_dnet_o1 * w5
    dE_total_dout_h2 = dE_total_dnet_o2 * w8 + dE_total_dnet_o1 * w6
    dE_total_db2 = dE_total_dnet_o2 + dE_total_dnet_o1
    dE_total_dnet_h2 = dE_total_dout_h2 * (out_h2 * (1.0 - out_h2))
    dE_total_dw3 = dE_total_dnet_h2 * i1
    dE_total_dw4 = dE_total_dnet_h2 * i2
    dE_total_dnet_h1 = dE_total_dout_h1 * (out_h1 * (1.0 - out_h1))
    dE_total_dw1 = dE_total_dnet_h1 * i1
    dE_total_dw2 = dE_total_dnet_h1 * i2
    dE_total_di1 = dE_total_dnet_h2 * w3 + dE_total_dnet_h1 * w1
    dE_total_di2 = dE_total_dnet_h2 * w4 + dE_total_dnet_h1 * w2
    dE_total_db1 = dE_total_dnet_h2 + dE_total_dnet_h1

    return (
        E_total, dE_total_di1, dE_total_di2, dE_total_dv1, dE_total_dv2, dE_total_dw1, dE_total_dw2,
        dE_total_db1, dE_total_dw3, dE_total_dw4, dE_total_dw5, dE_total_dw6, dE_total_db2,
        dE_total_dw7, dE_total_dw8,
    )
"""

MOMENTUM = """\
            # update
            w5_memory = 0.5 * w5_memory - rate * dE_total_dw5
            w5 = w5 + w5_memory
            w6_memory = 0.5 * w6_memory - rate * dE_total_dw6
            w6 = w6 + w6_memory
            updates += 1
"""


def network(backend: Backend = "python") -> tuple[CompiledFunction, list[Value]]:
    w = [Value(number, name=f"w{i}") for i, number in enumerate(START, start=1)]
    b1, b2 = Value(0.35, name="b1"), Value(0.60, name="b2")

    def unit(name: str, weights: list[Value], inputs: list[Any], bias: Value) -> Any:
        net = dot(weights, inputs, bias).named(f"net_{name}")
        return sigmoid(net).named(f"out_{name}")

    def error(i1: Any, i2: Any, target_o1: Any, target_o2: Any) -> Any:
        hidden = [unit("h1", w[0:2], [i1, i2], b1), unit("h2", w[2:4], [i1, i2], b1)]
        o1, o2 = unit("o1", w[4:6], hidden, b2), unit("o2", w[6:8], hidden, b2)
        E_o1 = (0.5 * (target_o1 - o1) ** 2).named("E_o1")
        E_o2 = (0.5 * (target_o2 - o2) ** 2).named("E_o2")
        return (E_o1 + E_o2).named("E_total")

    return compile(error, backend), w


def test_the_program_is_the_documents_backpropagation() -> None:
    f, _ = network()
    value, _ = f.value_and_grad(0.05, 0.10, 0.01, 0.99)
    assert value == pytest.approx(0.298371109, abs=5e-10)
    assert f.source == PYTHON


def test_the_program_runs_by_itself() -> None:
    f, w = network()
    expected, _ = f.value_and_grad(0.05, 0.10, 0.01, 0.99)
    names: dict[str, Any] = {}
    exec(f.source, names)
    parameters = [*START[:2], 0.35, *START[2:6], 0.60, *START[6:]]
    value, *_, w7, w8 = names["value_and_gradients"]([0.05, 0.10, 0.01, 0.99], parameters)
    assert (value, w7, w8) == (expected, w[6].grad, w[7].grad)


def train(backend: Backend, *, keeps_figures: bool) -> str:
    f, w = network(backend)

    def change(gradient: Any, rate: Any, memory: Any) -> Any:
        velocity = 0.5 * memory[0] - rate * gradient
        return velocity, (velocity,)

    trainer = f.trainer(
        [(0.05, 0.10, 0.01, 0.99)], w[4:6], change, memory=(0.0,), keeps_figures=keeps_figures
    )
    trainer.run([0], [1], [0.5])
    return trainer.source


def test_the_loop_moves_each_weight_in_its_own_line() -> None:
    source = train("python", keeps_figures=False)
    assert MOMENTUM in source
    assert "dE_total_dw1" not in source, "nobody asked for it"


@pytest.mark.skipif(not is_usable(), reason="there is no C compiler")
def test_c_reads_like_python() -> None:
    source = train("c", keeps_figures=True)
    assert "/* out_h1 = sigmoid(net_h1) */\n" in source
    assert "const double net_h1 = w1 * i1 + w2 * i2 + b1;\n" in source
    assert "const double E_o1 = 0.5 * pow(v1, 2.0);\n" in source
    assert source.isascii()


def test_names_of_the_graph_are_kept_as_far_as_languages_allow() -> None:
    w = Value(2.0, name="ω′")

    def f(x: Any) -> Any:
        net = (w * x["in put"]).named("net/σ")
        return (net * net).named("∂") + Value(3.0, name="lambda") * net

    program = compile(f)
    program.value_and_grad({"in put": 1.0})
    assert "(x_in_put,) = arguments" in program.source
    assert "(omega_prime,) = parameters" in program.source
    assert "    net_sigma = omega_prime * x_in_put\n" in program.source
    assert "    d = net_sigma * net_sigma\n" in program.source
    assert "    f = d + 3.0 * net_sigma\n" in program.source
    assert "    df_dnet_sigma = 3.0 + net_sigma + net_sigma\n" in program.source


def test_names_that_programs_need_are_not_taken() -> None:
    def f(exp: Any, arguments: Any, t1: Any) -> Any:
        return sigmoid(exp) * arguments.exp() * t1.named("v1")

    program = compile(f)
    assert program.value_and_grad(0.5, 0.25, 2.0)[0] == pytest.approx(1.598507204)
    assert "(exp_2, arguments_2, v1) = arguments" in program.source


def test_a_long_list_of_names_is_wrapped() -> None:
    program = compile(lambda *xs: relu(sum(xs[1:], start=xs[0])))
    program.value_and_grad(*[1.0] * 100)
    assert max(map(len, program.source.splitlines())) <= 1200
    assert all(len(line) <= 100 for line in program.source.splitlines() if "=" not in line)
