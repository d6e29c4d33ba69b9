"""An article's network: two inputs, two hidden units and one output, all with tanh."""

from __future__ import annotations

from autograd import Value, dot, tanh

i1, i2, t = Value(0.6, "i1"), Value(-0.4, "i2"), Value(0.8, "t")
w11, w12, b1 = Value(0.5, "w11"), Value(-0.3, "w12"), Value(0.1, "b1")
w21, w22, b2 = Value(0.2, "w21"), Value(0.7, "w22"), Value(-0.15, "b2")
v1, v2, c = Value(0.9, "v1"), Value(-0.6, "v2"), Value(0.05, "c")

n1 = dot([w11, w12], [i1, i2], b1)
n2 = dot([w21, w22], [i1, i2], b2)
h1, h2 = tanh(n1), tanh(n2)
z = dot([v1, v2], [h1, h2], c)
y = tanh(z)
E = 0.5 * (t - y) ** 2
