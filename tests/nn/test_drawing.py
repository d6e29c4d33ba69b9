from __future__ import annotations

import re

import pytest

import nn
from autograd import Value


def weights(dot: str) -> dict[str, str]:
    """The number beside each line of a small picture."""
    return {
        name: number
        for number, name in re.findall(r'headlabel="?([-\d.]+)"? id="weight-([\d-]+)"', dot)
    }


def test_weights_stand_between_the_units_that_they_connect() -> None:
    w = [[0.15, 0.2], [0.25, 0.3]]
    dot = nn.draw(nn.Layer(2, 2, weights=w, bias=0.35), inputs=["i1", "i2"]).dot
    assert weights(dot) == {"0-0-0": "0.15", "0-1-0": "0.2", "0-0-1": "0.25", "0-1-1": "0.3"}


@pytest.mark.parametrize(
    ("model", "sizes"),
    [
        (nn.Neuron([0.5, 0.1]), "2 → 1"),
        (nn.Layer(3, 2), "3 → 2"),
        (nn.MLP(2, [16, 16, 1]), "2 → 16 → 16 → 1"),
    ],
)
def test_every_network_of_the_package_is_drawn(model: nn.Module, sizes: str) -> None:
    assert repr(nn.draw(model)).startswith(f"<drawing of layers {sizes} by value")


def test_layers_of_own_modules_are_found_in_their_order() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            self._hidden_from_search = nn.Layer(7, 7)
            self.first = [nn.Neuron([1.0, 2.0], name="a"), nn.Neuron([3.0, 4.0], name="b")]
            self.rest = {"middle": nn.Layer(2, 3), "last": (nn.MLP(3, [1]),)}
            self.scale = Value(2.0)

    assert repr(nn.draw(Net())).startswith("<drawing of layers 2 → 2 → 3 → 1 by value")


def test_gradients_can_be_drawn() -> None:
    model = nn.Layer(1, 1, "identity", weights=[[2.0]])
    [out] = model([3.0])
    out.backward()
    assert weights(nn.draw(model, by="gradient").dot) == {"0-0-0": "3"}


def test_what_has_no_neurons_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no neurons"):
        nn.draw(nn.Module())
    with pytest.raises(TypeError, match=r"drawn by autograd\.draw\(\)"):
        nn.draw(Value(1.0))  # type: ignore[arg-type]  # what users hand over all the same
