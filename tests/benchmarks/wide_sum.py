"""Sums of products, from a thousand to a hundred thousand: python -m tests.benchmarks.wide_sum.

A product of a parameter and a number is what counts as one node. To build a compiled sum is to
trace, print and compile it.
"""

from __future__ import annotations

from tests.benchmarks.growth import grow

if __name__ == "__main__":
    grow("wide_sum", __doc__ or "", most=100_000, linear="autograd, python: total of products")
