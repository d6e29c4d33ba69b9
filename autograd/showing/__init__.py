"""Showing a computation: pictures of its graph."""

from __future__ import annotations

from autograd.showing.drawing import Drawing as Drawing
from autograd.showing.drawing import draw as draw
