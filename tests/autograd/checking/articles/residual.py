"""An article's residual block: the input of a relu is added to what comes out behind it."""

from __future__ import annotations

from autograd import Value, relu


class Block:
    """y = u + a2·relu(u) with u = a1·x, and the squared error of a3·y."""

    def __init__(self) -> None:
        self.x, self.t = Value(1.5, "x"), Value(2.0, "t")
        self.a1, self.a2, self.a3 = Value(0.8, "a1"), Value(-0.4, "a2"), Value(1.2, "a3")
        self.u = self.a1 * self.x
        self.r = relu(self.u)
        self.q = self.a2 * self.r
        self.y = self.u + self.q
        self.o = self.a3 * self.y
        self.E = (self.o - self.t) ** 2
        self.rate = 0.05
