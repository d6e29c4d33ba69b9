"""Both passes as one moving picture that plays by itself: an SVG without any script."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, fields
from functools import cached_property
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from autograd.showing.dot_source import Picture
from autograd.showing.labels import formula, number, visible
from autograd.showing.walkthrough.passes import Passes
from autograd.value import Value

__all__ = ["Scene", "animated", "scene"]

# Seconds from one beat to the next, and how many beats the picture rests when all is done.
_BEAT = 1.0
_REST = 4

# Of the whole running time, in percent: how long something takes to appear.
_FADE = 1.0

_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Scene(Picture):
    """A picture for both passes, in which everything that can happen at once does.

    Beat 0 shows the leaves. A node is computed in the beat after the last of its operands, the
    seed 1 follows, and a node hands its gradient on in the beat after its last share has come.
    """

    passes: Passes = field(kw_only=True)

    @cached_property
    def computed(self) -> dict[Value, int]:
        """The beat in which each node has its value."""
        beats: dict[Value, int] = dict.fromkeys(self.passes.given, 0)
        for node in self.passes.computed:
            beats[node] = 1 + max(beats[parent] for parent in node.parents)
        return beats

    @property
    def seed(self) -> int:
        """The beat in which the backward pass starts."""
        return self.computed[self.passes.output] + 1

    @cached_property
    def handed_on(self) -> dict[Value, int]:
        """The beat in which each computed node hands its gradient on."""
        beats: dict[Value, int] = {}
        for node in reversed(self.passes.computed):
            received = self.passes.received[node]
            beats[node] = 1 + max((beats[share.head] for share in received), default=self.seed)
        return beats

    @property
    def last(self) -> int:
        """The beat after which nothing happens any more."""
        return max(self.handed_on.values(), default=self.seed)

    def sums(self, node: Value) -> list[tuple[int, str]]:
        """What stands in a node's gradient field, and from which beat on."""
        if node is self.passes.output:
            return [(self.seed, "grad 1")]
        sums: dict[int, float] = {}
        for share in self.passes.received[node]:
            beat = self.handed_on[share.head]
            sums[beat] = sums.get(beat, 0.0) + share.amount
        *others, last = sorted(sums)
        running, texts = 0.0, list[tuple[int, str]]()
        for beat in others:
            running += sums[beat]
            texts.append((beat, f"{number(running, self.digits)} + …"))
        return [*texts, (last, f"grad {number(self.passes.gradients[node], self.digits)}")]

    def rows(self, node: Value) -> list[str]:
        """Name or operation, the value, and a field wide enough for the gradient and its sums."""
        texts = [text for _, text in self.sums(node)]
        missing = max(map(len, texts)) - len(texts[-1])
        gradient = f"{missing * _SPACE}{texts[-1]}{missing * _SPACE}"
        name = visible(node.name) or formula(node, self.digits)
        return [*filter(None, [name]), number(node.data, self.digits), gradient]

    def caption(self) -> str:
        """One line for each pass."""
        if not self.passes.computed:
            return ""
        return (
            "forward: each value from those before it; beside each arrow the local derivative\n"
            "backward: gradient × local derivative along each arrow; where arrows meet, add"
        )


def scene(picture: Picture, passes: Passes) -> Scene:
    """The picture as a scene for these passes."""
    given = {each.name: getattr(picture, each.name) for each in fields(Picture)}
    return Scene(**given, passes=passes)


def animated(scene: Scene, svg: str, style: str) -> str:
    """The picture of the scene, laid out in `svg`, set in motion by CSS alone.

    Where animations do not run, or a reader asked for less motion, it shows the last state.
    """
    # Without its namespace for a while, which would stand before every name.
    root = ElementTree.fromstring(svg.replace(_NAMESPACE, "", 1))
    groups = {group.get("id", ""): group for group in root.iter("g")}
    motion = _Motion(scene.last + _REST)
    for group in groups.values():
        for title in group.findall("title"):
            group.remove(title)  # shown by browsers where the pointer rests: the ids of DOT
    _set_captions(groups["graph0"], scene, motion)
    for place, node in enumerate(scene.nodes):
        _set_node(groups[f"node-{place}"], scene, node, motion)
    places = {node: place for place, node in enumerate(scene.nodes)}
    for head in scene.passes.computed:
        for share in scene.passes.shares[head]:
            edge = groups[f"edge-{places[share.tail]}-{places[head]}-{share.which}"]
            _set_edge(edge, scene.computed[head], scene.handed_on[head], motion)
    element = Element("style")
    element.text = f"\n{style}{motion.css()}"
    root.insert(0, element)
    text = ElementTree.tostring(root, encoding="unicode")
    return text.replace("<svg", f'<svg role="img"{_NAMESPACE}', 1) + "\n"


class _Motion:
    """Classes of elements that come or go with a beat, and what CSS has to say about them."""

    def __init__(self, beats: int) -> None:
        self._beats = beats
        self._used: dict[str, str] = {}

    def appear(self, element: Element, beat: int) -> None:
        """Hidden before the beat."""
        if beat:
            self._add(element, f"from-{beat}", [(beat, 0, 1)])

    def brighten(self, element: Element, beat: int) -> None:
        """Pale before the beat."""
        if beat:
            self._add(element, f"pale-{beat}", [(beat, 0.4, 1)])

    def show(self, element: Element, beat: int, until: int) -> None:
        """Seen only between two beats."""
        self._add(element, f"only-{beat}-{until}", [(beat, 0, 1), (until, 1, 0)])

    def _add(self, element: Element, name: str, changes: list[tuple[int, float, float]]) -> None:
        frames = [(0.0, changes[0][1])]
        for beat, before, after in changes:
            at = 100 * beat / self._beats
            frames += [(at, before), (at + _FADE, after)]
        frames.append((100.0, changes[-1][2]))
        steps = " ".join(f"{at:.4g}% {{ opacity: {opacity} }}" for at, opacity in frames)
        self._used[name] = (
            f"@keyframes {name} {{ {steps} }}\n"
            f".{name} {{ animation: {name} {self._beats * _BEAT:g}s infinite }}\n"
        )
        element.set("class", f"{element.get('class', '')} {name.partition('-')[0]} {name}".strip())

    def css(self) -> str:
        """The rules of all classes used; none for readers who asked for less motion."""
        rules = "".join(self._used[name] for name in sorted(self._used))
        return f"@media (prefers-reduced-motion: no-preference) {{\n{rules}}}\n"


def _texts(group: Element) -> list[Element]:
    return group.findall("text")


def _inserted(group: Element, after: Element, kind: str) -> Element:
    """A copy of a shape, above it and below what comes next, with a class of its own."""
    copy = deepcopy(after)
    for attribute in ("fill", "stroke", "stroke-width"):
        copy.attrib.pop(attribute, None)
    copy.set("class", kind)
    group.insert(list(group).index(after) + 1, copy)
    return copy


def _set_captions(graph: Element, scene: Scene, motion: _Motion) -> None:
    passes = {"forward": (0, scene.seed), "backward": (scene.seed, scene.last + 1)}
    for text, (kind, beats) in zip(_texts(graph), passes.items(), strict=False):
        bright = deepcopy(text)
        bright.set("class", kind)
        graph.insert(list(graph).index(text) + 1, bright)
        motion.show(bright, *beats)


def _set_node(group: Element, scene: Scene, node: Value, motion: _Motion) -> None:
    motion.brighten(group, scene.computed[node])
    shape = next(_shapes(group))
    for beat in _active(scene, node):
        motion.show(_inserted(group, shape, "glow"), beat, beat + 1)
    *_, value, gradient = _texts(group)
    value.set("class", "value")
    motion.appear(value, scene.computed[node])
    *others, (last, _) = sums = scene.sums(node)
    for (beat, text), (until, _) in zip(others, sums[1:], strict=True):
        sum_so_far = deepcopy(gradient)
        sum_so_far.text = text
        sum_so_far.set("class", "gradient")
        group.append(sum_so_far)
        motion.show(sum_so_far, beat, until)
    gradient.set("class", "gradient")
    motion.appear(gradient, last)


def _active(scene: Scene, node: Value) -> Iterator[int]:
    if scene.computed[node]:
        yield scene.computed[node]
    if node is scene.passes.output:
        yield scene.seed
    if node in scene.handed_on:
        yield scene.handed_on[node]


def _set_edge(group: Element, made: int, passed: int, motion: _Motion) -> None:
    motion.brighten(group, made)
    for text in _texts(group):
        motion.appear(text, made)
    path = next(_shapes(group))
    for kind, beat in (("forth", made), ("back", passed)):
        line = _inserted(group, path, kind)
        frame = Element("g")
        place = list(group).index(line)
        group.remove(line)
        frame.append(line)
        group.insert(place, frame)
        motion.show(frame, beat, beat + 1)


def _shapes(group: Element) -> Iterator[Element]:
    return (part for part in group if part.tag in ("path", "polygon"))
