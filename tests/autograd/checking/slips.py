"""Mistakes made by hand: what is then claimed, and what the diagnosis should say."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from autograd.checking import Update
from tests.autograd.checking.by_hand import (
    RATE,
    RIGHT,
    Net,
    Numbers,
    Rule,
    Slip,
    adam,
    gradients_by_hand,
    node,
    parameters,
    sgd,
    updated_by_hand,
    values_by_hand,
)


@dataclass
class Made:
    """A mistake that was made: what was claimed, and what it should be called."""

    slip: str
    claims: Numbers
    right: Numbers
    names: tuple[str, ...]
    places: tuple[str, ...] = ()
    update: Update | None = None


def quantities(found: Numbers) -> Numbers:
    return {f"dE/d{name}": number for name, number in found.items()}


BACKWARD: dict[str, tuple[str, ...]] = {
    "sign flipped": ("sign flipped", "inner −1 forgotten"),
    "½ of the loss forgotten": ("constant factor forgotten", "factor"),
    "mean for sum": ("mean and sum confused", "factor"),
    "σ′ forgotten": ("activation's derivative forgotten",),
    "σ′ forgotten in a layer": ("activation's derivative forgotten",),
    "σ′ at the output": ("activation's derivative at the output",),
    "net for out in σ′": ("input in the activation's derivative",),
    "other derivative": ("another activation's derivative",),
    "path missing": ("path missing",),
    "= for +=": ("only one path kept everywhere", "path missing"),
    "factor forgotten": ("local derivative forgotten",),
    "neighbour in the derivative": ("operand swapped in the derivative",),
    "transposed": ("weights transposed",),
}
FORWARD: dict[str, tuple[str, ...]] = {
    "weight swapped": ("operand swapped",),
    "bias forgotten": ("bias forgotten",),
    "activation forgotten": ("another activation", "operand swapped"),
}


def backward_slip(net: Net, kind: str, chance: random.Random) -> Made | None:
    sizes = net.sizes()
    layers = len(sizes) - 1
    layer = chance.randrange(layers)
    slip = Slip(kind, layer, chance.randrange(sizes[layer + 1]), chance.randrange(sizes[layer]))
    places: tuple[str, ...] = ()
    if kind in ("σ′ forgotten", "σ′ at the output", "net for out in σ′"):
        places = (node("net", layer, slip.unit),)
    if kind in ("path missing", "factor forgotten", "neighbour in the derivative"):
        if layer == 0 or (kind == "path missing" and sizes[layer + 1] < 2):
            return None
        if kind == "neighbour in the derivative" and slip.operand + 1 >= sizes[layer]:
            return None
        places = (node("net", layer, slip.unit), node("out", layer - 1, slip.operand))
    if kind == "transposed" and (layer == 0 or sizes[layer] != sizes[layer + 1]):
        return None
    w = parameters(net)
    claims = quantities(gradients_by_hand(net, w, slip))
    right = quantities(gradients_by_hand(net, w, RIGHT))
    return Made(kind, claims, right, BACKWARD[kind], places)


def forward_slip(net: Net, kind: str, chance: random.Random) -> Made | None:
    sizes = net.sizes()
    layer = chance.randrange(len(sizes) - 1)
    slip = Slip(kind, layer, chance.randrange(sizes[layer + 1]), chance.randrange(sizes[layer]))
    if kind == "weight swapped" and slip.operand + 1 >= sizes[layer]:
        return None
    w = parameters(net)
    claims = values_by_hand(net, slip)
    right = values_by_hand(net, RIGHT)
    above = f"w{len(sizes) - 1}_"
    if layer < len(sizes) - 2:
        wrong = quantities(gradients_by_hand(net, w, slip))
        claims |= {name: number for name, number in wrong.items() if name[4:].startswith(above)}
        right |= quantities(gradients_by_hand(net, w, RIGHT))
    return Made(kind, claims, right, FORWARD[kind], (f"{layer + 1}_{slip.unit + 1}",))


MOVES: dict[str, tuple[str, Rule, int, int, bool, str]] = {
    # what was done: declared rule, rule used, updates claimed, updates made, too early, its name
    "weights updated too early": ("sgd", sgd(0.0), 1, 1, True, "already updated parameter"),
    "too early, 5 updates": ("sgd", sgd(0.0), 5, 5, True, "already updated parameter"),
    "one update fewer": ("sgd", sgd(0.0), 5, 4, False, "update count"),
    "one update more": ("sgd", sgd(0.0), 5, 6, False, "update count"),
    "momentum left out": ("momentum", sgd(0.0), 3, 3, False, "update rule"),
    "momentum's sign": ("momentum", sgd(-0.5), 3, 3, False, "update rule"),
    "raw previous gradient": ("momentum", sgd(0.5, raw=True), 3, 3, False, "update rule"),
    "Nesterov for classical": ("momentum", sgd(0.5, nesterov=True), 3, 3, False, "update rule"),
    "β₁ and β₂ swapped": ("adam", adam(0.999, 0.9), 3, 3, False, "update rule"),
    "no bias correction": ("adam", adam(corrected=False), 3, 3, False, "update rule"),
    "ε inside the root": ("adam", adam(inside=True), 3, 3, False, "update rule"),
    "t from 2": ("adam", adam(begin=1), 3, 3, False, "update rule"),
    "decay coupled for decoupled": ("adamw", adam(decay=0.1), 3, 3, False, "update rule"),
    "decay left out": ("adamw", adam(), 3, 3, False, "update rule"),
}
WORDS = {
    "momentum left out": "momentum left out",
    "momentum's sign": "wrong sign",
    "raw previous gradient": "raw previous",
    "Nesterov for classical": "Nesterov momentum for classical",
    "β₁ and β₂ swapped": "β₁ and β₂",
    "no bias correction": "bias correction omitted",
    "ε inside the root": "inside the root",
    "t from 2": "starts from 2",
    "decay coupled for decoupled": "coupled weight decay for decoupled",
    "decay left out": "weight decay left out",
    "one update fewer": "fewer",
    "one update more": "more",
}
DECLARED = {
    "sgd": (Update("sgd", RATE, "w*"), sgd(0.0)),
    "momentum": (Update("sgd", RATE, "w*", momentum=0.5), sgd(0.5)),
    "adam": (Update("adam", RATE, "w*", epsilon=0.01), adam()),
    "adamw": (
        Update("adam", RATE, "w*", epsilon=0.01, weight_decay=0.1, decoupled=True),
        adam(decay=0.1, decoupled=True),
    ),
}


def update_slip(net: Net, kind: str) -> Made:
    declared, rule, claimed, made, early, name = MOVES[kind]
    update, right_rule = DECLARED[declared]
    after = f" after {claimed} updates"
    wrong = updated_by_hand(net, made, rule, early=early)
    right = updated_by_hand(net, claimed, right_rule)
    words = (WORDS[kind],) if kind in WORDS else ()
    return Made(
        kind,
        {key + after: number for key, number in wrong.items()},
        {key + after: number for key, number in right.items()},
        (name,),
        words,
        update,
    )


def slips(net: Net, chance: random.Random) -> Iterator[Made | None]:
    for kind in BACKWARD:
        yield backward_slip(net, kind, chance)
    for kind in FORWARD:
        yield forward_slip(net, kind, chance)
    for kind in MOVES:
        yield update_slip(net, kind)
