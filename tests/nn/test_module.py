from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value


@dataclass
class Line(nn.Module):
    slope: Value
    offset: Value


class TwoTowers(nn.Module):
    """Modules in a dict, a lone Value, a list of Values, and things that are no parameters."""

    def __init__(self) -> None:
        tower = nn.Neuron([1.0, 2.0], None, "identity")
        self.towers = {"left": tower, "right": nn.Neuron([3.0, 4.0], None, "identity")}
        self.again = tower
        self.scale = Value(0.5, "s")
        self.offset = Value(1.0)
        self.nested = [self.offset, (Value(2.0),)]
        self.computed = self.scale * 2.0
        self.label = "two towers"
        self._cache = Value(9.0)

    def __call__(self, inputs: Sequence[Value | float]) -> list[Value]:
        left, right = (tower(inputs) for tower in self.towers.values())
        return [left * self.scale + self.offset, right * self.scale]


PATHS = [
    "towers.left.weights.0",
    "towers.left.weights.1",
    "towers.right.weights.0",
    "towers.right.weights.1",
    "scale",
    "offset",
    "nested.1.0",
]


def test_parameters_are_found_wherever_a_module_keeps_them() -> None:
    module = TwoTowers()
    assert list(module.named_parameters()) == PATHS
    assert module.parameters() == list(module.named_parameters().values())
    assert repr(module) == "TwoTowers(7 parameters)"


def test_paths_of_a_network() -> None:
    paths = list(nn.MLP(2, [3, 1]).named_parameters())
    assert paths[0] == "layers.0.neurons.0.weights.0"
    assert "layers.0.neurons.1.weights.0" in paths
    assert paths[-1] == "layers.1.neurons.0.bias"
    assert len(paths) == 13


def test_display_names_can_be_set() -> None:
    net = nn.MLP(2, [1])
    net.named_parameters()["layers.0.neurons.0.weights.1"].name = "w2"
    assert [value.name for value in net.parameters()] == ["", "w2", ""]


def test_a_parameter_in_two_places_is_one_parameter() -> None:
    w = Value(2.0)
    neuron = nn.Neuron([w, w], w)
    assert neuron.parameters() == [w]
    assert list(neuron.named_parameters()) == ["weights.0"]


def test_a_users_module_predicts_and_records_nothing() -> None:
    module = TwoTowers()
    assert module.predict([1.0, 1.0]) == [2.5, 3.5]
    assert module.predict([[1.0, 1.0], [0.0, 2.0]]) == [[2.5, 3.5], [3.0, 4.0]]


def test_a_users_module_is_not_recorded_while_it_predicts() -> None:
    class Watched(TwoTowers):
        def __call__(self, inputs: Sequence[Value | float]) -> list[Value]:
            self._outputs = super().__call__(inputs)
            return self._outputs

    module = Watched()
    module.predict([1.0, 1.0])
    assert all(output.is_leaf for output in module._outputs)


def test_a_module_may_know_the_one_it_belongs_to() -> None:
    class Child(nn.Module):
        def __init__(self, parent: nn.Module) -> None:
            self.parent = parent
            self.scale = Value(1.0)

    class Parent(nn.Module):
        def __init__(self) -> None:
            self.child = Child(self)

    assert list(Parent().named_parameters()) == ["child.scale"]


def test_a_module_that_computes_nothing_says_what_is_missing() -> None:
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty does not say.*define __call__"):
        Empty()([1.0])
    assert repr(Empty()) == "Empty(0 parameters)"


def test_two_parameters_of_one_path_are_an_error() -> None:
    class Ambiguous(nn.Module):
        def __init__(self) -> None:
            self.a = {"b": {"c": Value(1.0)}, "b.c": Value(2.0)}

    with pytest.raises(ValueError, match=r"'a\.b\.c'"):
        Ambiguous().state_dict()


def test_zero_grad_resets_every_gradient_and_pretends_none() -> None:
    net = nn.MLP(2, [2, 1], seed=1).freeze("layers.0.*")
    net([1.0, 1.0])[0].backward()
    assert all(value.grad for value in net.layers[0].named_parameters().values())
    net.zero_grad()
    assert [value.grad for value in net.named_parameters().values()] == [0.0] * 9
    untouched = nn.MLP(2, [1])
    untouched.zero_grad()
    assert not any(value.reached for value in untouched.parameters())


def test_freeze_takes_parameters_out_and_unfreeze_puts_them_back() -> None:
    net = nn.MLP(2, [2, 1], biases=[Value(0.35, "b1"), Value(0.6, "b2")])
    everything = net.parameters()
    assert len(everything) == 8
    assert net.freeze("*bias") is net
    assert len(net.parameters()) == 6
    assert len(net.named_parameters()) == 8
    assert repr(net) == "MLP(2 → 2 → 1, sigmoid; 8 parameters, 2 of them frozen)"
    net.layers[0].freeze()
    assert net.parameters() == list(net.layers[1].neurons[0].weights)
    net.unfreeze("b1")
    assert net.parameters()[0].name == "b1"
    assert net.unfreeze().parameters() == everything


def test_a_shared_bias_frozen_in_one_place_is_frozen() -> None:
    layer = nn.Layer(1, 2, bias=0.5)
    layer.neurons[1].freeze("bias")
    assert layer.shared_bias not in layer.parameters()
    layer.unfreeze("shared_bias")
    assert layer.shared_bias in layer.parameters()


def test_a_dataclass_can_be_a_module() -> None:
    line = Line(Value(2.0), Value(1.0)).freeze("offset")
    assert line.parameters() == [line.slope]
    assert list(line.named_parameters()) == ["slope", "offset"]


def test_freezing_one_network_leaves_another_that_shares_the_value() -> None:
    w = Value(1.0)
    first, second = nn.Neuron([w]), nn.Neuron([w])
    first.freeze()
    assert first.parameters() == []
    assert w in second.parameters()


def test_frozen_parameters_still_get_gradients() -> None:
    neuron = nn.Neuron([2.0], 1.0, "identity").freeze("bias")
    neuron([3.0]).backward()
    assert neuron.bias is not None
    assert neuron.bias.grad == 1.0


def test_a_pattern_that_fits_nothing_is_an_error_that_lists_the_parameters() -> None:
    neuron = nn.Neuron([Value(2.0, "w1")], 1.0)
    with pytest.raises(ValueError, match=r"'biases'; there are weights\.0 \(w1\), bias"):
        neuron.freeze("biases")
    assert len(neuron.parameters()) == 2


def test_a_state_dict_brings_the_numbers_back() -> None:
    net, other = nn.MLP(2, [3, 1], seed=1), nn.MLP(2, [3, 1], seed=2)
    other.freeze("*bias").load_state_dict(net.state_dict())
    assert other.state_dict() == net.state_dict()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"bias": None}, ValueError, r"missing: bias\. Load"),
        ({"w": 1.0, "v": 2.0}, ValueError, r"unexpected: w, v\."),
        ({"bias": None, "b": 1.0}, ValueError, r"missing: bias; unexpected: b\."),
        ({"bias": "0.5"}, TypeError, "bias.*got str '0.5'"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(
    change: dict[str, object], error: type[Exception], message: str
) -> None:
    neuron = nn.Neuron([1.0, 2.0], 3.0)
    state: dict[str, object] = {"weights.0": 7.0, "weights.1": 8.0, "bias": 9.0, **change}
    kept = {path: number for path, number in state.items() if number is not None}
    with pytest.raises(error, match=message):
        neuron.load_state_dict(kept)  # type: ignore[arg-type]  # a wrong one is the point
    assert neuron.state_dict() == {"weights.0": 1.0, "weights.1": 2.0, "bias": 3.0}


@given(st.lists(st.floats(), min_size=1, max_size=5))
def test_saving_and_loading_restores_the_exact_bits(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float]
) -> None:
    path = tmp_path_factory.getbasetemp() / "net.json"
    nn.Neuron(numbers).save(path)
    loaded = nn.Neuron([0.0] * len(numbers)).load(path)
    for weight, number in zip(loaded.weights, numbers, strict=True):
        if math.isnan(number):
            assert math.isnan(weight.data)
        else:
            assert struct.pack("d", weight.data) == struct.pack("d", number)


def test_a_saved_file_is_standard_json_and_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text("old", encoding="utf-8")
    assert nn.Neuron([math.inf, 0.1], -math.inf).save(path) == path
    assert json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail) == {
        "module": "Neuron(2 → 1, sigmoid; 3 parameters)",
        "parameters": {"weights.0": "inf", "weights.1": 0.1, "bias": "-inf"},
    }
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no json", "net.json does not hold.*JSONDecodeError"),
        ("[1, 2]", "net.json does not hold"),
        ('{"weights": 1}', "net.json does not hold.*'parameters'"),
        ('{"parameters": {"weights.0": "one"}}', "net.json does not hold.*'one'"),
        ('{"parameters": {"weights.0": [1]}}', "net.json does not hold"),
        ('{"parameters": {"weights.0": 5.0}}', "missing: bias"),
        ('{"parameters": {"weights.0": 5.0, "bias": 1.0, "b": 1.0}}', "unexpected: b"),
    ],
)
def test_a_file_of_something_else_is_an_error_and_changes_nothing(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "net.json"
    path.write_text(text, encoding="utf-8")
    neuron = nn.Neuron([1.0], 2.0)
    with pytest.raises(ValueError, match=message):
        neuron.load(path)
    assert neuron.state_dict() == {"weights.0": 1.0, "bias": 2.0}


def test_a_missing_file_is_pythons_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nn.Neuron([1.0]).load(tmp_path / "nowhere.json")


def test_notebooks_show_a_table_of_the_parameters() -> None:
    neuron = nn.Neuron([Value(0.5, "w<1>")], 0.25, "identity").freeze("bias")
    neuron([3.0]).backward()
    page = neuron._repr_html_()
    for cell in ("weights.0", "w&lt;1&gt;", "0.5", "3.0", "frozen", "1 of them frozen"):
        assert cell in page
    assert "… and 287 more" in nn.MLP(2, [16, 16, 1])._repr_html_()


def test_the_table_leaves_out_what_no_parameter_has() -> None:
    headings = re.findall(r"<th[^>]*>([^<]*)</th>", nn.MLP(2, [1])._repr_html_())
    assert headings == ["parameter", "value"]
    assert "0 parameters" in nn.Module()._repr_html_()
