"""Programs over arrays: numpy always, jax where it is installed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, elu, erf, gelu, maximum, relu, sigmoid, where
from autograd.codegen import compile

w = [Value(0.5, name="w1"), Value(-1.5, name="w2")]
b = Value(0.25, name="b")


def network(x: Any, y: Any) -> Any:
    net = dot(w, [x, y], b)
    return where(net > 0.0, erf(net), elu(net)) * maximum(x, sigmoid(y)) + relu(net) + gelu(y)


X = np.linspace(-3.0, 3.0, 41)
Y = np.cos(X)


def test_columns_give_what_rows_give() -> None:
    value, by_parameters, (by_x, by_y) = compile(network).for_arrays(np, 0.0, 0.0)(
        [0.5, -1.5, 0.25], X, Y
    )
    program = compile(network)
    for place, (x, y) in enumerate(zip(X.tolist(), Y.tolist(), strict=True)):
        for leaf in (*w, b):
            leaf.grad = 0.0
        one, slopes = program.value_and_grad(x, y)
        assert value[place] == pytest.approx(one, rel=1e-14)
        assert (by_x[place], by_y[place]) == pytest.approx(slopes, rel=1e-13)
        assert [g[place] for g in by_parameters] == pytest.approx([p.grad for p in (*w, b)])


def test_the_parameters_say_which_gradient_is_whose() -> None:
    f = compile(lambda x: b * x + w[0]).for_arrays(np, 0.0)
    assert f.parameters == [b, w[0]]
    _, (by_b, by_w), _ = f([1.0, 2.0], X)
    assert by_b.tolist() == X.tolist()
    assert by_w.tolist() == [1.0] * len(X)


def test_a_parameter_without_gradient_has_a_column_of_zeros() -> None:
    f = compile(lambda x: where(b > 0.0, x, 2.0 * x) * w[0]).for_arrays(np, 0.0)
    assert f.parameters == [w[0], b]
    _, (by_w, by_b), _ = f([1.0, 2.0], X)
    assert by_w.tolist() == X.tolist()
    assert by_b.tolist() == [0.0] * len(X)


def test_arguments_keep_their_structure() -> None:
    f = compile(lambda point: point["x"] * point["y"][0]).for_arrays(np, {"x": 0.0, "y": [0.0]})
    value, _, (by_point,) = f([], {"x": X, "y": [Y]})
    np.testing.assert_array_equal(value, X * Y)
    np.testing.assert_array_equal(by_point["x"], Y)
    np.testing.assert_array_equal(by_point["y"][0], X)


def test_a_branch_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"cannot branch, but the function asks whether x > 0 \("):
        compile(lambda x: x if x > 0.0 else -x).for_arrays(np, 1.0)


def test_a_program_without_scipy_still_has_the_error_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("scipy", "scipy.special"):
        monkeypatch.setitem(sys.modules, module, None)
    f = compile(erf).for_arrays(np, 0.0)
    assert f([], np.array([0.5]))[0].tolist() == [erf(0.5)]


def test_numpy_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ImportError, match='backend "numpy" needs the package numpy'):
        compile(lambda x: x * x, "numpy")(1.0)


# In a process of its own: jax takes its settings before it starts.
_WITH_JAX = """
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from test_columns import X, Y, compile, network

f = compile(network).for_arrays(jnp, 0.0, 0.0)
numbers = jnp.array([leaf.data for leaf in f.parameters])
expected = compile(network).for_arrays(np, 0.0, 0.0)([0.5, -1.5, 0.25], X, Y)
mapped = jax.vmap(lambda x, y: f(numbers, x, y))
devices = NamedSharding(Mesh(np.array(jax.devices()), ("batch",)), PartitionSpec("batch"))
split = [jax.device_put(column[:40], devices) for column in (X, Y)]
for result in (jax.jit(f)(numbers, X, Y), jax.jit(mapped)(X, Y)):
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12), result, expected)
value, _, _ = jax.jit(f)(numbers, *split)
np.testing.assert_allclose(value, expected[0][:40], rtol=1e-12)
assert len(value.sharding.device_set) == 2
"""


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="jax is not installed")
def test_jax_compiles_maps_and_spreads_it_over_devices(request: pytest.FixtureRequest) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITH_JAX],
        capture_output=True,
        text=True,
        check=False,
        cwd=request.path.parent,
        env={"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"},
    )
    assert done.returncode == 0, done.stderr
