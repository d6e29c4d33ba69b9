"""Which samples each iteration takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal, NamedTuple, get_args

from nn._arguments import count

__all__ = ["Batches", "Order", "Position"]

Order = Literal["sequential", "wrapping", "shuffled", "full"]


class Position(NamedTuple):
    """Where in the endless series of batches: passes made through the data, and the next sample."""

    passes: int = 0
    start: int = 0


class Batches:
    """The endless series of batches of `size` from samples 0, 1, … `samples` − 1.

    - "sequential": from the first sample to the last, again and again; the last batch of a pass
      is shorter if it must be.
    - "wrapping": the window of document 002. It starts at (start + size) mod samples and is cut
      at the end, so a pass does not begin with the first sample unless `size` divides `samples`.
    - "shuffled": as sequential, in a new random order for every pass. The order of pass p depends
      on the seed and p alone, so a training that goes on later needs no generator's state.
    - "full": all samples in every batch; `size` plays no part.

    `position` says which batch is next. Raises ValueError for an unknown order and a size below 1,
    TypeError for a size or seed that is no whole number.

    >>> batches = Batches(100, 40, "wrapping")
    >>> for _ in range(4):
    ...     print(batches.upcoming())
    ...     batches.advance()
    range(0, 40)
    range(40, 80)
    range(80, 100)
    range(20, 60)
    """

    def __init__(self, samples: int, size: int, order: Order = "sequential", seed: int = 0) -> None:
        if order not in get_args(Order):
            known = ", ".join(map(repr, get_args(Order)))
            raise ValueError(f"order is {order!r}: give one of {known}")
        if not isinstance(seed, int):
            raise TypeError(
                f"seed is {seed!r}, a {type(seed).__name__}: give a whole number, so that the same "
                f"training can be made again"
            )
        self.samples = count(samples, "the number of samples")
        self.size = self.samples if order == "full" else count(size, "batch_size")
        self.order = order
        self.seed = seed
        self._pass, self._indices = -1, self._order_of(0)
        self.position = Position()

    @property
    def per_pass(self) -> int:
        """The number of batches that hold every sample once, the last maybe shorter."""
        return -(-self.samples // self.size)

    def upcoming(self) -> Sequence[int]:
        """The samples of the next batch; `advance` goes on to the one after."""
        passes, start = self.position
        if passes != self._pass:
            self._pass, self._indices = passes, self._order_of(passes)
        return self._indices[start : start + self.size]

    def advance(self, batches: int = 1) -> None:
        """Go on to the next batch, or by more of them."""
        passes, start = self.position
        if self.order == "wrapping":
            more, start = divmod(start + batches * self.size, self.samples)
        else:
            more, place = divmod(start // self.size + batches, self.per_pass)
            start = place * self.size
        self.position = Position(passes + more, start)

    def round(self) -> list[Sequence[int]]:
        """The batches from the next one on, before the same come again in the same order.

        In the order "shuffled" they never do: then it is those to the end of the pass.

        >>> Batches(100, 40, "wrapping").round()
        [range(0, 40), range(40, 80), range(80, 100), range(20, 60), range(60, 100)]
        """
        before, batches = self.position, []
        try:
            while True:
                batches.append(self.upcoming())
                self.advance()
                start = 0 if self.order == "shuffled" else before.start
                if self.position.start == start:
                    return batches
        finally:
            self.position = before

    def state_dict(self) -> dict[str, int | str]:
        """The position and what it is a position in, ready for JSON."""
        return {**self._kind(), **self.position._asdict()}

    def load_state_dict(self, state: Mapping[str, object]) -> None:
        """Go on where the batches that gave this state were.

        Raises ValueError if they were of another number of samples, size, order or seed; nothing
        has changed then.
        """
        for name, here in self._kind().items():
            if state.get(name) != here:
                raise ValueError(
                    f"the batches that were saved had {name} {state.get(name)!r}, these have "
                    f"{here!r}; going on from there needs the same data and the same batches"
                )
        passes, start = state.get("passes"), state.get("start")
        if not (isinstance(passes, int) and isinstance(start, int) and 0 <= start < self.samples):
            raise ValueError(f"no position in these batches: passes {passes!r}, start {start!r}")
        self.position = Position(passes, start)

    def _kind(self) -> dict[str, int | str]:
        return {
            "samples": self.samples,
            "size": self.size,
            "order": self.order,
            "seed": self.seed,
        }

    def _order_of(self, passes: int) -> Sequence[int]:
        if self.order != "shuffled":
            return range(self.samples)
        indices = list(range(self.samples))
        Random(f"{self.seed}, {passes}").shuffle(indices)
        return indices
