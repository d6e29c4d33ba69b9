"""How the examples are shown: one result each, printed in the terminal and laid out as a page."""

from __future__ import annotations

from examples.presenting.graph import units as units
from examples.presenting.plots import Panel as Panel
from examples.presenting.plots import curves_plot as curves_plot
from examples.presenting.plots import regions_plot as regions_plot
from examples.presenting.plots import surfaces_plot as surfaces_plot
from examples.presenting.result import Example as Example
from examples.presenting.result import Figure as Figure
from examples.presenting.result import Row as Row
from examples.presenting.result import Table as Table
from examples.presenting.result import claims_table as claims_table
from examples.presenting.run import run as run
