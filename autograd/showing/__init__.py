"""Showing a computation: pictures, pages and derivations."""

from __future__ import annotations

from autograd.showing.drawing import Drawing as Drawing
from autograd.showing.drawing import draw as draw
from autograd.showing.explain import Explanation as Explanation
from autograd.showing.explain import explain as explain
from autograd.showing.layers import Unit as Unit
from autograd.showing.layers import draw_layers as draw_layers
from autograd.showing.operations import operations_table as operations_table
from autograd.showing.walkthrough import Walkthrough as Walkthrough
from autograd.showing.walkthrough import walkthrough as walkthrough
from autograd.showing.why import why as why
