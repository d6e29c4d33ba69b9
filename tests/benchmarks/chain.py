"""Chains of operations, from a thousand to a million: python -m tests.benchmarks.chain.

Each length is built, swept and dropped in a process of its own, at the default recursion limit;
time should be linear, and our memory at the peak of `backward` at most 300 bytes a node. To build
a compiled chain is to trace, print and compile it.
"""

from __future__ import annotations

from tests.benchmarks.growth import grow

if __name__ == "__main__":
    grow("chain", __doc__ or "", most=1_000_000, linear="autograd, python: value × value")
