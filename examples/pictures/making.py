"""What the README shows: a network's two passes as a moving picture, and the plan of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from autograd import walkthrough
from examples.pictures.house import house
from examples.two_two_two import Network

__all__ = ["FOLDER", "PICTURES", "both_passes"]

FOLDER = Path(__file__).parent


def both_passes() -> str:
    """The network of `two_two_two`, forward and backward, as a moving SVG."""
    network = Network()
    return walkthrough(network.E_total, groups=network.layers, digits=4).animation


PICTURES: Mapping[str, Callable[[], str]] = {
    "two_two_two.svg": both_passes,
    "house.svg": lambda: house().svg,
}
